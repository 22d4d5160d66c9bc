"""Between whom a referral may go (domain.md §5.h)."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.errors import NotLawfulError
from services.node.domain.functions import Function
from services.node.domain.handoff import MovesOn
from services.node.domain.referrals import ReferralType

DAY = date(2018, 3, 5)
ESTABLISHMENTS = {Function.SOCIAL_ASSIST_EST, Function.VICTIM_SUPPORT_EST}

HOST = {Function.FOREIGN_LIAISON, Function.MISSION}
CARERS = {Function.PROVINCE_SOCIAL, Function.COMMUNE_PC, *ESTABLISHMENTS}

ALLOWED: dict[ReferralType, list[tuple[set[Function], set[Function]]]] = {
    ReferralType.RECEPTION: [
        (
            {
                *CARERS,
                Function.HOTLINE,
                Function.POLICE,
                Function.BORDER_GUARD,
                Function.COAST_GUARD,
                Function.MISSION,
                Function.NGO_PARTNER,
            },
            CARERS,
        )
    ],
    ReferralType.TRACING: [
        ({Function.PROVINCE_SOCIAL}, HOST),
        ({Function.FOREIGN_LIAISON}, {Function.PROVINCE_SOCIAL}),
        ({Function.MISSION}, {Function.PROVINCE_SOCIAL, Function.FOREIGN_LIAISON}),
    ],
    ReferralType.PROTECTION_ABROAD: [
        ({Function.PROVINCE_SOCIAL}, HOST),
        ({Function.FOREIGN_LIAISON}, {Function.MISSION}),
        ({Function.MISSION}, {Function.FOREIGN_LIAISON}),
    ],
    ReferralType.VOLUNTARY_RETURN: [
        (HOST, {Function.PROVINCE_SOCIAL}),
        ({Function.PROVINCE_SOCIAL, *ESTABLISHMENTS}, {Function.FOREIGN_LIAISON}),
    ],
    ReferralType.BORDER_HANDOVER: [
        ({*HOST, Function.PROVINCE_SOCIAL}, {Function.BORDER_GUARD})
    ],
    ReferralType.REINTEGRATION: [
        ({Function.PROVINCE_SOCIAL, *ESTABLISHMENTS}, {Function.PROVINCE_SOCIAL}),
    ],
    ReferralType.TIP: [
        (
            {
                *CARERS,
                *HOST,
                Function.HOTLINE,
                Function.WOMENS_UNION,
                Function.NGO_PARTNER,
            },
            {Function.POLICE, Function.BORDER_GUARD, Function.COAST_GUARD},
        ),
        (
            {Function.HOTLINE, Function.WOMENS_UNION, Function.NGO_PARTNER},
            {Function.COMMUNE_PC},
        ),
    ],
    ReferralType.IDENTITY_VERIFICATION: [
        ({Function.PROVINCE_SOCIAL, Function.COMMUNE_PC, *HOST}, {Function.POLICE})
    ],
    ReferralType.STATUS_DECISION: [
        (
            CARERS,
            {
                Function.POLICE,
                Function.BORDER_GUARD,
                Function.COAST_GUARD,
                Function.MISSION,
            },
        ),
        ({Function.FOREIGN_LIAISON}, {Function.MISSION}),
    ],
    ReferralType.FAMILY_TRACING: [
        ({*HOST, Function.PROVINCE_SOCIAL}, {Function.PROVINCE_SOCIAL}),
        ({Function.PROVINCE_SOCIAL}, {Function.FOREIGN_LIAISON}),
    ],
    ReferralType.TRAVEL_DOCUMENT: [
        ({Function.FOREIGN_LIAISON}, {Function.MISSION}),
        ({Function.PROVINCE_SOCIAL}, HOST),
        ({Function.MISSION}, {Function.POLICE}),
    ],
    ReferralType.MEDICAL_CARE: [({*CARERS, *HOST}, {Function.HEALTH_FACILITY})],
    ReferralType.PSYCHOSOCIAL_CARE: [
        (
            CARERS,
            {
                *ESTABLISHMENTS,
                Function.HEALTH_FACILITY,
                Function.WOMENS_UNION,
                Function.NGO_PARTNER,
            },
        )
    ],
    ReferralType.LEGAL_AID: [(CARERS, {Function.LEGAL_AID})],
    ReferralType.EDUCATION: [(CARERS, {Function.TRAINING_AND_JOBS})],
    ReferralType.LIVELIHOOD: [
        (CARERS, {Function.BANK, Function.TRAINING_AND_JOBS}),
        ({Function.COMMUNE_PC, *ESTABLISHMENTS}, {Function.PROVINCE_SOCIAL}),
    ],
    ReferralType.CRIMINAL_JUSTICE: [
        ({*CARERS, Function.MISSION, Function.LEGAL_AID}, {Function.POLICE})
    ],
    ReferralType.ESCALATION: [
        (
            {
                *CARERS,
                *HOST,
                Function.HOTLINE,
                Function.POLICE,
                Function.BORDER_GUARD,
                Function.COAST_GUARD,
                Function.LEGAL_AID,
                Function.WOMENS_UNION,
                Function.NGO_PARTNER,
                Function.HEALTH_FACILITY,
            },
            {
                Function.PROVINCE_SOCIAL,
                Function.FOCAL_MINISTRY,
                Function.POLICE,
                Function.BORDER_GUARD,
            },
        ),
        (
            {Function.FOCAL_MINISTRY},
            {
                *HOST,
                Function.PROVINCE_SOCIAL,
                Function.POLICE,
                Function.BORDER_GUARD,
            },
        ),
    ],
}


@pytest.mark.parametrize("referral_type", list(ReferralType))
@pytest.mark.parametrize("giver", list(Function))
def test_a_function_offers_only_what_and_to_whom_the_table_says(
    policy, referral_type, giver
) -> None:
    allowed = {
        receiver
        for givers, receivers in ALLOWED[referral_type]
        if giver in givers
        for receiver in receivers
    }
    for receiver in Function:
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
