"""Does a policy hold the codes that the standard lacks, each with its span?"""

from __future__ import annotations

from services.node.domain.policy import Policy
from tests.behaviour.lines import FAR, agrees
from tests.expect import code_lists as expected

COLUMNS = ("list", "code", "maps_to", "origin")


def check_a_code_is_known_from_its_first_day_to_its_last(policy: Policy) -> None:
    for name, code, maps_to, spans in expected.LINES:
        for since, until, *_ in spans:
            for on in (since, until or FAR):
                assert code in policy.code_lists.codes(name, on)
                row = policy.code_lists.row(name, code, on)
                assert "=".join(row.maps_to or ()) == maps_to


def check_every_line_is_a_row_and_no_other(policy: Policy) -> None:
    agrees(
        policy.code_lists.rows,
        COLUMNS,
        [
            (name, code, maps_to.replace("=", " "), origin, since, until, verified)
            for name, code, maps_to, spans in expected.LINES
            for since, until, origin, verified in spans
        ],
    )
