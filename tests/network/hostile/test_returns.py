"""A return in person: nobody is handed over on a stale wish or a false signature."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from relais.envelope.v1 import body_pb2
from services.node.domain.bodies import Acceptance
from services.node.domain.bodies_return import (
    Appointment,
    AppointmentConfirmation,
    Countersignature,
    Departure,
    GateArrival,
    Minutes,
    PlanConfirmation,
    Reconsent,
    ReturnPlan,
    RiskAssessment,
    RiskCountersignature,
    TravelDocument,
)
from services.node.domain.handoff import MovesOn
from services.node.wire.mapping import to_message, to_millis
from tests.network.hostile.accepted import Accepted, a_wish
from tests.network.hostile.attack import Attack
from tests.network.hostile.hostile_peer import CASE_NOW, Talk

LAO_CAI = "lao-cai"
RISKS = RiskAssessment((), "low", "go", CASE_NOW + timedelta(days=30))
PAPER = TravelDocument("none_needed", "", CASE_NOW, CASE_NOW + timedelta(days=1))
PLAN = ReturnPlan("land", "lao_cai_hekou", CASE_NOW, (), 0, "fit", True, True)
MEETING = Appointment("lao_cai_hekou", CASE_NOW, (), 1)
HANDED = Minutes("lao_cai_hekou", CASE_NOW, 1, "match", "well", ())


@pytest.fixture
def accepted(attack):
    return Accepted(attack)


@pytest.fixture
def appointed(attack, accepted):
    """A return up to the appointment; the wish was confirmed two days before."""
    talk, referral_id = accepted.talk, accepted.talk.referral_id
    attack.received(talk.say(accepted.release()))
    attack.received(talk.say(RISKS))
    (said,) = [
        each
        for each in attack.victim.referral(referral_id).steps
        if each.step == "risk_assessment"
    ]
    attack.victim.step(
        referral_id,
        risk_countersignature=body_pb2.RiskCountersignature(
            assessment_digest=said.digest, decision="go"
        ),
    )
    attack.received(talk.say(PAPER))
    attack.received(talk.say(PLAN))
    plan = digest_of(attack.victim, referral_id, "return_plan")
    attack.victim.step(
        referral_id,
        plan_confirmation=body_pb2.PlanConfirmation(
            plan_digest=plan,
            placement="establishment",
            placement_confirmed_at=to_millis(CASE_NOW),
        ),
    )
    wish = a_wish(given_at=CASE_NOW - timedelta(hours=25))
    attack.received(talk.say(Reconsent(wish)))
    attack.received(talk.say(MEETING))
    attack.victim.step(
        referral_id,
        appointment_confirmation=body_pb2.AppointmentConfirmation(
            gate=MEETING.gate, at=to_millis(MEETING.at)
        ),
    )
    attack.received(talk.say(Departure(CASE_NOW, 1)))
    attack.received(talk.say(GateArrival(MEETING.gate, CASE_NOW)))
    return talk


def test_minutes_on_a_stale_wish_are_refused_until_she_is_asked_again(
    attack, appointed
):
    attack.refused(appointed.say(HANDED), "return.reconsent_stale", logged=True)
    attack.received(appointed.say(Reconsent(a_wish())))
    attack.received(appointed.say(HANDED))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "refused"}, "return.not_confirmed"),
        ({"status": "withdrawn"}, "return.not_confirmed"),
        ({"consent_id": b"short"}, "consent.invalid"),
        ({"informed_points": ()}, "consent.invalid"),
    ],
    ids=str,
)
def test_a_wish_that_is_no_yes_or_no_record_is_refused(
    attack, appointed, changes, code
):
    posted = appointed.say(Reconsent(a_wish(**changes)))
    attack.refused(posted, code, logged=True)


def test_minutes_before_the_wish_was_confirmed_are_refused(attack, appointed):
    early = replace(HANDED, handed_over_at=CASE_NOW - timedelta(days=3))
    attack.refused(appointed.say(early), "return.reconsent_late", logged=True)


def digest_of(victim, referral_id: bytes, step: str) -> bytes:
    """The digest of the newest step of this kind, as the victim shows it."""
    steps = victim.referral(referral_id).steps
    return bytes([each.digest for each in steps if each.step == step][-1])


def test_signatures_over_other_digests_are_refused_and_the_giver_answers(
    victims, other
):
    """A hostile receiver, all the way to the minutes of a real giver."""
    giver = victims["liaison-laos"]
    attack = Attack(other, giver)
    referral_id = giver.make_offer(other.name, "voluntary_return")
    alias = giver.referral(referral_id).referral.alias
    talk = Talk(other, giver.name, MovesOn.MINUTES, referral_id, alias)
    noise = os.urandom(32)

    # The giver's node answers by itself, with a leaf of its own.
    assert attack.answer(talk.say(Acceptance())).refusal is None
    giver.wait(referral_id, "in_service")
    giver.step(
        referral_id,
        risk_assessment=body_pb2.RiskAssessment(residual="low", decision="go"),
    )
    unsigned = talk.say(RiskCountersignature(noise, "go"))
    attack.refused(unsigned, "step.content_mismatch", logged=True)
    signed = digest_of(giver, referral_id, "risk_assessment")
    changed = talk.say(RiskCountersignature(signed, "no_return"))
    attack.refused(changed, "step.content_mismatch", logged=True)
    attack.received(talk.say(RiskCountersignature(signed, "go")))

    giver.step(referral_id, travel_document=to_message(PAPER, body_pb2.TravelDocument))
    giver.step(referral_id, return_plan=to_message(PLAN, body_pb2.ReturnPlan))
    plan = digest_of(giver, referral_id, "return_plan")
    attack.received(talk.say(PlanConfirmation(plan, "establishment", CASE_NOW)))
    wish = a_wish(recipient=other.name)
    giver.step(referral_id, reconsent=to_message(Reconsent(wish), body_pb2.Reconsent))
    at = to_millis(CASE_NOW)
    giver.step(
        referral_id, appointment=body_pb2.Appointment(gate="g", at=at, persons=1)
    )
    moved = AppointmentConfirmation("elsewhere", CASE_NOW)
    attack.refused(talk.say(moved), "step.content_mismatch", logged=True)
    attack.received(talk.say(AppointmentConfirmation("g", CASE_NOW)))
    leaves = to_message(Departure(CASE_NOW, 1), body_pb2.Departure)
    giver.step(referral_id, departure=leaves)
    arrives = to_message(GateArrival("g", CASE_NOW), body_pb2.GateArrival)
    giver.step(referral_id, gate_arrival=arrives)
    giver.step(
        referral_id,
        minutes=body_pb2.Minutes(
            gate="g", handed_over_at=at, persons=1, identity_match="match"
        ),
    )

    minutes = digest_of(giver, referral_id, "minutes")
    over_noise = Countersignature(noise, CASE_NOW, 1, "match")
    two_people = Countersignature(minutes, CASE_NOW, 2, "match")
    somebody = Countersignature(minutes, CASE_NOW, 1, "mismatch")
    for bad in (over_noise, two_people, somebody):
        attack.refused(talk.say(bad), "step.content_mismatch", logged=True)
        assert giver.referral(referral_id).referral.state == "minuted"
    good = Countersignature(minutes, CASE_NOW, 1, "match")
    attack.received(talk.say(good))
    assert giver.referral(referral_id).referral.state == "received"
