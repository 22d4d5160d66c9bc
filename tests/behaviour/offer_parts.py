"""Does an offer of each type carry what it must and may, and nothing else?"""

from __future__ import annotations

from services.node.domain.categories import Category
from services.node.domain.policy import Policy
from services.node.domain.referrals import ReferralType
from tests.behaviour.lines import DAY
from tests.expect import offer_parts as expected

CODES = [each for each in Category if each is not Category.D0]
DAYS = (
    expected.BEGINS,
    expected.LAST_DAY_OF_2011,
    expected.LAST_DAY_OF_2011 + DAY,
)


def check_an_offer_carries_what_its_type_needs_and_no_more(policy: Policy) -> None:
    for on in DAYS:
        for kind in ReferralType:
            rows = policy.offer_parts.of(kind, on)
            found = {
                code: expected.LETTERS.get((row.need, row.basis))
                for code, row in rows.items()
            }
            letters = expected.CARRIES[kind.value].split(" ")
            told = dict(zip(CODES, letters, strict=True))
            assert found == {
                code: letter for code, letter in told.items() if letter != "-"
            }, (on, kind)


def check_the_duty_of_a_tip_rests_on_the_law_of_its_day(policy: Policy) -> None:
    for on, law in (
        (expected.LAST_DAY_OF_2011, "proposal"),
        (expected.LAST_DAY_OF_2011 + DAY, "Decree 162/2025"),
    ):
        row = policy.offer_parts.of(ReferralType.TIP, on)[Category.D4]
        assert row.rule.law.startswith(law)


def check_nothing_rides_before_the_rules_hold_and_none_is_verified(
    policy: Policy,
) -> None:
    before = expected.BEGINS - DAY
    assert not any(row.rule.in_force(before) for row in policy.offer_parts.rows)
    assert not any(row.rule.verified for row in policy.offer_parts.rows)
