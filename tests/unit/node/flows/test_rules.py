from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.node.domain.bodies import Decline
from services.node.domain.bodies_return import (
    Appointment,
    AppointmentConfirmation,
    Countersignature,
    Dispute,
    Minutes,
    Reconsent,
    RiskAssessment,
    RiskCountersignature,
)
from services.node.domain.errors import RelaisError
from services.node.domain.handoff import Actor, Handoff, MovesOn
from services.node.domain.policy import TABLES, parse_policy
from services.node.domain.records import ConsentCopy
from services.node.flows.rules import check_content
from services.node.flows.said import SaidStep
from services.node.flows.take_step import STEP_OF

AT = datetime(2018, 3, 20, 2, tzinfo=UTC)
SEEDS = Path(__file__).resolve().parents[4] / "deploy" / "policy" / "vietnam-2018"
POLICY = parse_policy(
    "test", {name: (SEEDS / f"{name}.csv").read_bytes() for name in TABLES}
)
MINUTES = Minutes("lao_cai_hekou", AT, 1, "match", "well", ())
APPOINTMENT = Appointment("lao_cai_hekou", AT, (), 1)


def said(body, digest=b"d" * 32):
    handoff = Handoff(
        event_id=b"e" * 16,
        referral_id=b"r" * 16,
        case_alias="",
        referral_seq=1,
        prev_event=b"",
        step=STEP_OF[type(body)],
        moves_on=MovesOn.MINUTES,
        from_="liaison-yunnan",
        to="lao-cai",
        on_behalf_of="",
        actor=Actor("y-1", "liaison", ""),
        happened_at=AT,
        recorded_at=AT,
        policy_version="test",
        body=body,
    )
    return SaidStep(handoff, digest)


GO = RiskAssessment((), "low", "go", AT)


def reconsent(hours_before, status="given"):
    at = AT - timedelta(hours=hours_before)
    copy = ConsentCopy(
        b"i" * 16, "voluntary_return", "lao-cai", ("D1",), status, "self",
        "written", "vi", "", (), at, at + timedelta(days=90),
    )  # fmt: skip
    return Reconsent(copy)


def refusal(body, *before):
    with pytest.raises(RelaisError) as caught:
        check_content(POLICY, body, list(before))
    return caught.value


def test_minutes_need_a_wish_confirmed_within_24_hours():
    check_content(POLICY, MINUTES, [said(reconsent(24))])
    assert refusal(MINUTES, said(reconsent(25))).code == "return.reconsent_stale"
    assert refusal(MINUTES).code == "referral.step_missing"


def test_the_newest_confirmation_counts():
    check_content(POLICY, MINUTES, [said(reconsent(48)), said(reconsent(2))])


def test_a_refusal_is_no_confirmation():
    assert refusal(reconsent(1, "refused"), said(GO)).code == "return.not_confirmed"


@pytest.mark.parametrize("decision", ["postpone", "no_return"])
def test_nobody_travels_on_a_decision_that_is_no_go(decision):
    before = said(RiskAssessment((), "high", decision, AT))
    for step in (reconsent(1), APPOINTMENT):
        assert refusal(step, before).code == "return.no_go"
    check_content(POLICY, APPOINTMENT, [before, said(GO)])


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (RiskAssessment((), "low", "proceed", AT), "decision"),
        (RiskAssessment((), "none", "go", AT), "residual"),
        (Decline("we are busy"), "reason"),
    ],
)
def test_a_code_outside_its_list_is_refused(body, where):
    assert refusal(body).where == where


def test_an_appointment_is_confirmed_as_it_was_proposed():
    before = said(APPOINTMENT)
    check_content(POLICY, AppointmentConfirmation("lao_cai_hekou", AT), [before])
    for other in (
        AppointmentConfirmation("thanh_thuy", AT),
        AppointmentConfirmation("lao_cai_hekou", AT + timedelta(hours=1)),
    ):
        assert refusal(other, before).where == "gate or at"


def test_an_appointment_is_for_somebody():
    nobody = Appointment("lao_cai_hekou", AT, (), 0)
    assert refusal(nobody, said(GO)).code == "return.no_person"


SIGNED = Countersignature(b"d" * 32, AT, 1, "match")


@pytest.mark.parametrize(
    ("bad", "where"),
    [
        (replace(SIGNED, minutes_digest=b"x" * 32), "minutes_digest"),
        (replace(SIGNED, persons=2), "persons"),
        (replace(SIGNED, identity_match="mismatch"), "identity_match"),
    ],
)
def test_a_countersignature_agrees_with_the_minutes_or_is_refused(bad, where):
    check_content(POLICY, SIGNED, [said(MINUTES)])
    assert refusal(bad, said(MINUTES)).where == where


def test_two_sides_cannot_countersign_a_mismatch():
    minutes = Minutes("lao_cai_hekou", AT, 1, "mismatch", "well", ())
    both = Countersignature(b"d" * 32, AT, 1, "mismatch")
    assert refusal(both, said(minutes)).where == "identity_match"


def test_a_dispute_names_the_minutes_that_it_disputes():
    check_content(POLICY, Dispute(b"d" * 32, ("count",)), [said(MINUTES)])
    other = Dispute(b"x" * 32, ("count",))
    assert refusal(other, said(MINUTES)).where == "minutes_digest"


def test_a_risk_assessment_is_countersigned_as_it_stands():
    before = said(RiskAssessment((), "low", "go", AT))
    check_content(POLICY, RiskCountersignature(b"d" * 32, "go"), [before])
    assert refusal(RiskCountersignature(b"x" * 32, "go"), before).where
    assert refusal(RiskCountersignature(b"d" * 32, "no_return"), before).where
