"""What the matrix says beside its cells (those: ``tests/expect/need_to_know.py``)."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.functions import Function
from services.node.domain.referrals import PURPOSE_OF

FIRST_DAY, DAY = date(2014, 3, 25), date(2018, 3, 5)
ALARM = Purpose.EMERGENCY_PROTECTION
ANY = Purpose.RECEPTION_SHELTER


@pytest.mark.parametrize(
    "function",
    [
        Function.HOTLINE,
        Function.SOCIAL_ASSIST_EST,
        Function.VICTIM_SUPPORT_EST,
        Function.MISSION,
        Function.FOREIGN_LIAISON,
        Function.LEGAL_AID,
        Function.HEALTH_FACILITY,
        Function.TRAINING_AND_JOBS,
        Function.BANK,
        Function.MINISTRY_STATS,
        Function.DONOR,
        Function.FOCAL_MINISTRY,
        Function.WOMENS_UNION,
        Function.NGO_PARTNER,
    ],
)
def test_a_need_that_is_bound_to_no_purpose_is_the_same_for_all(
    policy, function
) -> None:
    for category in Category:
        needs = {
            (need.necessity, need.limit)
            for purpose in Purpose
            for need in [
                policy.need_to_know.allowed({function}, category, purpose, DAY)
            ]
        }
        assert len(needs) == 1, category


def test_every_row_is_a_proposal_of_the_first_day(policy) -> None:
    for row in policy.need_to_know.rows:
        assert row.rule.law.startswith("proposal"), row
        district = row.function is Function.DISTRICT_SOCIAL
        until = date(2025, 6, 30) if district else None
        assert (row.rule.valid_from, row.rule.valid_to) == (FIRST_DAY, until), row
        assert not row.rule.verified, row


def test_before_the_first_day_nothing_but_routing_goes(policy) -> None:
    for function in Function:
        for category in Category:
            need = policy.need_to_know.allowed(
                {function}, category, ALARM, date(2014, 3, 24)
            )
            assert (need.necessity == "required") is (category is Category.D0)


def test_of_several_functions_the_one_that_needs_most_decides(policy) -> None:
    both = {Function.HOTLINE, Function.PROVINCE_SOCIAL}
    need = policy.need_to_know.allowed(both, Category.D2, ANY, DAY)
    assert need.necessity == "required"
    assert need.row is not None
    assert need.row.function is Function.PROVINCE_SOCIAL


def test_a_missing_row_says_so(policy) -> None:
    after = date(2025, 7, 1)
    need = policy.need_to_know.allowed(
        {Function.DISTRICT_SOCIAL}, Category.D2, ANY, after
    )
    assert need.row is None
    assert need.reason == "the table need_to_know has no row for it"


def test_who_holds_no_function_does_not_even_get_routing(policy) -> None:
    need = policy.need_to_know.allowed(set(), Category.D0, ANY, DAY)
    assert need.necessity == "refused"


def test_the_ministry_never_gets_identity_health_or_account(policy) -> None:
    for purpose in Purpose:
        for category in ("D2", "D3", "D4", "D5", "D6"):
            need = policy.need_to_know.allowed(
                {Function.FOCAL_MINISTRY}, Category(category), purpose, DAY
            )
            assert need.necessity == "refused"


def test_whoever_may_receive_a_referral_may_know_its_minimum(policy) -> None:
    for row in policy.may_send.rows:
        for category in (Category.D0, Category.D1):
            purpose = PURPOSE_OF[row.referral_type]
            need = policy.need_to_know.allowed({row.receiver}, category, purpose, DAY)
            assert need.necessity != "refused", row
