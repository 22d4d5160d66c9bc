"""Does a policy tell which agreement two countries have, and from which day?"""

from __future__ import annotations

from services.node.domain.policy import Policy
from tests.behaviour.lines import DAY, FAR, agrees
from tests.expect import agreements as expected


def check_an_agreement_is_told_from_its_first_day_from_both_sides(
    policy: Policy,
) -> None:
    for both, begins, _, _ in expected.LINES:
        one, other = sorted(both)
        for pair in ((one, other), (other, one)):
            (found,) = policy.agreements.between(*pair, FAR)
            assert found.valid_from == begins
            assert policy.agreements.between(*pair, begins) == (found,)
            assert policy.agreements.between(*pair, begins - DAY) == ()
    for pair in expected.NONE:
        assert policy.agreements.between(*pair, FAR) == ()


def check_every_line_is_a_row_and_no_other(policy: Policy) -> None:
    agrees(policy.agreements.rows, ("countries",), expected.LINES)
