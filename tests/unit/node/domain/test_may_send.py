"""Between whom a referral may go (domain.md §5.h), and on which law."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.errors import NotLawfulError
from services.node.domain.functions import Function
from services.node.domain.handoff import MovesOn
from services.node.domain.referrals import ReferralType
from tests.expect.may_send import ALLOWED, DISTRICT

DAY = date(2018, 3, 5)


@pytest.mark.parametrize("referral_type", list(ReferralType))
@pytest.mark.parametrize("giver", list(Function))
def test_a_function_offers_only_what_and_to_whom_the_table_says(
    policy, referral_type, giver
) -> None:
    allowed = {
        receiver
        for table in (ALLOWED, DISTRICT)
        for givers, receivers in table.get(referral_type.value, [])
        if giver in givers
        for receiver in receivers
    }
    for receiver in Function:
        between = policy.may_send.types_between({giver}, {receiver}, DAY)
        assert (referral_type in between) == (receiver in allowed)
        if receiver in allowed:
            found = policy.may_send.competence(referral_type, {giver}, {receiver}, DAY)
            assert found.receiver_functions == {receiver}
            continue
        with pytest.raises(NotLawfulError) as caught:
            policy.may_send.competence(referral_type, {giver}, {receiver}, DAY)
        assert caught.value.code == "referral.not_between"


def test_only_the_functions_that_receive_count(policy) -> None:
    found = policy.may_send.competence(
        ReferralType.VOLUNTARY_RETURN,
        {Function.FOREIGN_LIAISON},
        {Function.PROVINCE_SOCIAL, Function.POLICE},
        DAY,
    )
    assert found.receiver_functions == {Function.PROVINCE_SOCIAL}
    assert found.moves_on is MovesOn.MINUTES


def test_a_refusal_names_who_could_receive(policy) -> None:
    with pytest.raises(NotLawfulError, match="PROVINCE_SOCIAL"):
        policy.may_send.competence(
            ReferralType.VOLUNTARY_RETURN,
            {Function.FOREIGN_LIAISON},
            {Function.VICTIM_SUPPORT_EST},
            DAY,
        )


def test_nothing_may_go_before_the_rules_hold(policy) -> None:
    with pytest.raises(NotLawfulError):
        policy.may_send.competence(
            ReferralType.RECEPTION,
            {Function.HOTLINE},
            {Function.PROVINCE_SOCIAL},
            date(2014, 3, 24),
        )
    policy.may_send.competence(
        ReferralType.RECEPTION,
        {Function.HOTLINE},
        {Function.PROVINCE_SOCIAL},
        date(2014, 3, 25),
    )


def test_a_district_receives_and_gives_until_it_is_abolished(policy) -> None:
    def may(giver: Function, receiver: Function, on: date) -> bool:
        try:
            policy.may_send.competence(ReferralType.RECEPTION, {giver}, {receiver}, on)
        except NotLawfulError as refused:
            assert "COMMUNE_PC" in (refused.remedy or "") or "nobody" in (
                refused.remedy or ""
            )
            return False
        return True

    last, after = date(2025, 6, 30), date(2025, 7, 1)
    assert may(Function.COMMUNE_PC, Function.DISTRICT_SOCIAL, last)
    assert may(Function.DISTRICT_SOCIAL, Function.PROVINCE_SOCIAL, last)
    assert not may(Function.COMMUNE_PC, Function.DISTRICT_SOCIAL, after)
    assert not may(Function.DISTRICT_SOCIAL, Function.PROVINCE_SOCIAL, after)
    assert may(Function.COMMUNE_PC, Function.PROVINCE_SOCIAL, after)


def test_the_hotline_passes_tips_on_by_law_since_july_2025(policy) -> None:
    for on, law, verified in (
        (date(2025, 6, 30), "proposal: tips are passed on at once", False),
        (date(2025, 7, 1), "Decree 162/2025/ND-CP Arts 4-6", True),
    ):
        (row,) = policy.may_send.competence(
            ReferralType.TIP, {Function.HOTLINE}, {Function.POLICE}, on
        ).rows
        assert (row.rule.law, row.rule.verified) == (law, verified)


@pytest.mark.parametrize(
    ("day", "law"),
    [
        (
            date(2025, 6, 30),
            (
                "proposal: reception after Joint Circular"
                " 01/2014/TTLT-BCA-BQP-BLDTBXH-BNG and Law 66/2011/QH12 Arts 24-26"
            ),
        ),
        (date(2025, 7, 1), "proposal: reception after Law 53/2024/QH15 Arts 27-31"),
    ],
)
def test_a_reception_rests_on_the_law_of_its_day(policy, day, law) -> None:
    (row,) = policy.may_send.competence(
        ReferralType.RECEPTION,
        {Function.HOTLINE},
        {Function.PROVINCE_SOCIAL},
        day,
    ).rows
    assert row.rule.law == law
