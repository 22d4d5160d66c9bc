"""Does a policy keep an identity from leaving the country by one officer?"""

from __future__ import annotations

from services.node.domain.policy import Policy
from tests.behaviour.lines import DAY, FAR, agrees
from tests.expect import second_person as expected


def check_an_identity_crosses_a_border_only_by_two(policy: Policy) -> None:
    for on in (expected.BEGINS, FAR):
        for sent, countries, needed in expected.NEEDED:
            assert policy.second_person.needed_for(sent, countries, on) == needed
    before = expected.BEGINS - DAY
    assert policy.second_person.needed_for(("D2",), ("VN", "CN"), before) == ()


def check_every_line_is_a_row_and_no_other(policy: Policy) -> None:
    agrees(policy.second_person.rows, ("category", "destination"), expected.LINES)
