"""A policy is taken whole or not at all."""

from __future__ import annotations

import pytest

from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import MovesOn, Step
from services.node.domain.policy import RULED_BY, parse_policy
from services.node.domain.referrals import PURPOSE_OF, ReferralType


def refusal(tables: dict[str, bytes], version: str = "vn-2018.1") -> str:
    with pytest.raises(InvalidInputError) as caught:
        parse_policy(version, tables)
    assert caught.value.code == "policy.invalid"
    return caught.value.message


def test_the_seed_is_a_policy(policy) -> None:
    assert policy.version == "vn-2018.1"


def test_missing_and_unknown_tables_are_named_together(seed) -> None:
    tables = {**seed, "colours": b""}
    del tables["steps"]
    message = refusal(tables)
    assert "table steps is missing" in message
    assert "table colours is not known" in message


def test_problems_of_all_tables_are_listed_at_once(seed) -> None:
    message = refusal(
        {
            **seed,
            "steps": seed["steps"].replace(b",offer,giver,none,", b",offer,giver,no,"),
            "deadlines": seed["deadlines"].replace(
                b"delivered,*,1,", b"delivered,*,x,"
            ),
        }
    )
    assert message.startswith("2 problem(s)")
    assert "steps row 2 column from_states" in message
    assert "deadlines row 2 column value" in message


def test_steps_cannot_move_what_may_send_does_not_move(seed) -> None:
    moved = seed["may_send"].replace(b",never,", b",release,")
    message = refusal({**seed, "may_send": moved})
    assert "a tracing moves on release" in message
    assert "a border_handover moves on release" in message


def test_one_referral_type_moves_on_one_event(seed) -> None:
    row = b"tracing,PROVINCE_SOCIAL,MISSION,never"
    moved = seed["may_send"].replace(row, row.replace(b"never", b"minutes"))
    assert "column moves_on: a tracing moves on never" in refusal(
        {**seed, "may_send": moved}
    )


def test_what_the_receiver_logged_has_moved_when_it_arrives(seed) -> None:
    row = b"countersignature,receiver,withdrawn,received,yes,yes,"
    assert seed["steps"].count(row) == 1
    steps = seed["steps"].replace(row, row[:-4] + b"no,")
    assert "column moves_responsibility" in refusal({**seed, "steps": steps})


def test_what_the_giver_logged_moves_only_where_it_is_lawful_as_it_comes(seed) -> None:
    row = b"transfers,release,giver,void,=,yes,%s,no,no,proposal: x,2014-03-25,,no\n"
    parse_policy("v", {**seed, "steps": seed["steps"] + row % b"no"})
    message = refusal({**seed, "steps": seed["steps"] + row % b"yes"})
    assert "column moves_responsibility" in message


def test_a_clock_cannot_start_without_a_step_that_meets_it(seed) -> None:
    deadlines = seed["deadlines"].replace(
        b"minutes,countersignature dispute withdrawal,", b"minutes,,"
    )
    assert "column met_by" in refusal({**seed, "deadlines": deadlines})


@pytest.mark.parametrize("name", sorted(RULED_BY))
def test_a_policy_without_a_deadline_that_a_rule_asks_for_is_none(seed, name) -> None:
    lines = seed["deadlines"].splitlines(keepends=True)
    kept = [each for each in lines if not each.startswith(f"{name},".encode())]
    assert len(kept) < len(lines)
    said = refusal({**seed, "deadlines": b"".join(kept)})
    assert f"no row is {name}, which a rule asks for" in said


def test_a_version_is_one_word(seed) -> None:
    assert "version" in refusal(seed, "vn 2018")
    assert "version" in refusal(seed, "")


EXPECTED_MOVES = {
    ReferralType.RECEPTION: (MovesOn.RELEASE, "reception_shelter"),
    ReferralType.TRACING: (MovesOn.NEVER, "emergency_protection"),
    ReferralType.PROTECTION_ABROAD: (MovesOn.RELEASE, "emergency_protection"),
    ReferralType.VOLUNTARY_RETURN: (MovesOn.MINUTES, "voluntary_return"),
    ReferralType.BORDER_HANDOVER: (MovesOn.NEVER, "border_handover"),
    ReferralType.REINTEGRATION: (MovesOn.RELEASE, "reintegration_services"),
    ReferralType.TIP: (MovesOn.NEVER, "emergency_protection"),
    ReferralType.ESCALATION: (MovesOn.NEVER, "emergency_protection"),
    ReferralType.IDENTITY_VERIFICATION: (MovesOn.NEVER, "identification_verification"),
    ReferralType.STATUS_DECISION: (MovesOn.NEVER, "identification_verification"),
    ReferralType.FAMILY_TRACING: (MovesOn.NEVER, "family_tracing"),
    ReferralType.TRAVEL_DOCUMENT: (MovesOn.NEVER, "travel_document"),
    ReferralType.MEDICAL_CARE: (MovesOn.NEVER, "medical_care"),
    ReferralType.PSYCHOSOCIAL_CARE: (MovesOn.NEVER, "psychosocial_care"),
    ReferralType.LEGAL_AID: (MovesOn.NEVER, "legal_aid"),
    ReferralType.EDUCATION: (MovesOn.NEVER, "education"),
    ReferralType.LIVELIHOOD: (MovesOn.NEVER, "livelihood_finance"),
    ReferralType.CRIMINAL_JUSTICE: (MovesOn.NEVER, "criminal_justice_cooperation"),
}


@pytest.mark.parametrize("referral_type", list(ReferralType))
def test_responsibility_moves_on_the_event_of_the_type(policy, referral_type) -> None:
    moves_on, purpose = EXPECTED_MOVES[referral_type]
    stated = {
        row.moves_on
        for row in policy.may_send.rows
        if row.referral_type is referral_type
    }
    moving = {
        row.step
        for row in policy.steps.rows
        if referral_type in row.referral_types and row.moves_responsibility
    }
    assert stated == {moves_on}
    assert (
        moving
        == {
            MovesOn.NEVER: set(),
            MovesOn.RELEASE: {Step.RELEASE},
            MovesOn.MINUTES: {Step.COUNTERSIGNATURE},
        }[moves_on]
    )
    assert PURPOSE_OF[referral_type] == purpose
