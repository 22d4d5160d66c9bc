"""Does the calendar declare these days, and no others?"""

from __future__ import annotations

from services.node.domain.policy import Policy
from tests.behaviour.lines import DAY, agrees
from tests.expect import calendar as expected


def check_a_declared_day_is_what_was_declared(policy: Policy) -> None:
    declared = dict(expected.LINES)
    for day, kind in declared.items():
        assert policy.calendar.declared(day) == kind
        for beside in (day - DAY, day + DAY):
            assert policy.calendar.declared(beside) is declared.get(beside)


def check_every_line_is_a_row_and_no_other(policy: Policy) -> None:
    agrees(
        policy.calendar.rows,
        ("day", "kind"),
        [(day, kind, expected.BEGINS, None, False) for day, kind in expected.LINES],
    )
