"""Does a policy hold the quantities that laws and standards fix?"""

from __future__ import annotations

from services.node.domain.policy import Policy
from tests.behaviour.lines import FAR, agrees
from tests.expect import quantities as expected


def check_a_quantity_holds_from_its_first_day_to_its_last(policy: Policy) -> None:
    for name, value, unit, since, until, _ in expected.LINES:
        for on in (since, until or FAR):
            row = policy.quantities.row(name, on)
            assert (row.value, row.unit) == (value, unit)


def check_every_line_is_a_row_and_no_other(policy: Policy) -> None:
    agrees(policy.quantities.rows, ("quantity", "value", "unit"), expected.LINES)
