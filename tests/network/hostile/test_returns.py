"""A return in person: nobody is handed over on a stale wish or a false signature."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.domain.bodies import Acceptance
from services.node.domain.bodies_return import (
    Appointment,
    AppointmentConfirmation,
    CheckIn,
    Countersignature,
    Departure,
    Dispute,
    GateArrival,
    Minutes,
    NoReturn,
    PlanConfirmation,
    Reconsent,
    ReturnPlan,
    RiskAssessment,
    RiskCountersignature,
    RiskFactor,
    Suspension,
    TravelDocument,
    Withdrawal,
)
from services.node.domain.errors import RelaisError
from services.node.domain.handoff import MovesOn
from tests.network.hostile.accepted import Accepted, a_wish
from tests.network.hostile.attack import Attack
from tests.network.hostile.hostile_peer import CASE_NOW, Talk

LAO_CAI = "lao-cai"
GATE = "lao_cai_hekou"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EARLIER = CASE_NOW - 30 * HOUR
WAITS_SINCE = CASE_NOW - 7 * DAY
RISKS = RiskAssessment(
    (RiskFactor("stigma", 2, 2, "discreet_accompaniment"),),
    "low",
    "go",
    CASE_NOW + 28 * DAY,
)
PAPER = TravelDocument("none_needed", "", CASE_NOW, CASE_NOW + DAY)
PLAN = ReturnPlan("land", GATE, CASE_NOW + HOUR, (), 0, "fit", True, True)
ASKED = CASE_NOW - DAY - 5 * MINUTE
"""She was asked for the last time a day and five minutes ago,"""
MEETING = Appointment(GATE, CASE_NOW - 10 * MINUTE, (), 1)
"""and was appointed for ten minutes ago."""
SET_OUT = CASE_NOW - HOUR
HANDED = Minutes(GATE, CASE_NOW, 1, "match", "well", ())

TILL_THE_GATE = (
    (RISKS, EARLIER),
    (PAPER, EARLIER),
    (PLAN, EARLIER),
    (Reconsent(a_wish(given_at=ASKED)), ASKED),
    (MEETING, SET_OUT),
    (Departure(SET_OUT, 1), SET_OUT),
    (CheckIn(SET_OUT, "well"), SET_OUT),
    (GateArrival(GATE, CASE_NOW), CASE_NOW),
)
"""What the liaison says, and when it happened."""


@pytest.fixture
def accepted(attack):
    return Accepted(attack)


@pytest.fixture
def released(attack, accepted):
    """A return that the province works on."""
    attack.received(accepted.talk.say(accepted.release()))
    return accepted.talk


@pytest.fixture
def appointed(attack, released):
    """A return up to the gate."""
    for body, at in TILL_THE_GATE:
        attack.received(released.say(body, happened_at=at))
        sign(attack.victim, released.referral_id, body)
    return released


def sign(victim, referral_id: bytes, body) -> None:
    """The province's side of a step that needs one."""
    if isinstance(body, RiskAssessment):
        digest = victim.digest_of(referral_id, "risk_assessment")
        victim.take(referral_id, RiskCountersignature(digest, body.decision))
    if isinstance(body, ReturnPlan):
        digest = victim.digest_of(referral_id, "return_plan")
        victim.take(referral_id, PlanConfirmation(digest, "relatives", WAITS_SINCE))
    if isinstance(body, Appointment):
        victim.take(referral_id, AppointmentConfirmation(body.gate, body.at))


# --- the wish


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
        ({"recipient": "yen-bai"}, "step.content_mismatch"),
        ({"purpose": "travel_document"}, "step.content_mismatch"),
        ({"given_at": EARLIER - HOUR}, "return.reconsent_before_plan"),
    ],
    ids=str,
)
def test_a_wish_that_is_no_yes_to_this_plan_or_no_record_is_refused(
    attack, appointed, changes, code
):
    posted = appointed.say(Reconsent(a_wish(**changes)))
    attack.refused(posted, code, logged=True)


def test_minutes_before_the_wish_was_confirmed_are_refused(attack, appointed):
    early = replace(HANDED, handed_over_at=CASE_NOW - timedelta(days=3))
    attack.refused(appointed.say(early), "return.reconsent_late", logged=True)


def test_minutes_are_not_dated_before_anybody_came_to_the_gate(attack, appointed):
    fresh = Reconsent(a_wish(given_at=SET_OUT))
    attack.received(appointed.say(fresh, happened_at=SET_OUT))
    early = replace(HANDED, handed_over_at=CASE_NOW - 30 * MINUTE)
    attack.refused(appointed.say(early), "return.before_it_began", logged=True)
    attack.received(appointed.say(HANDED))


def test_a_confirmation_that_ran_out_before_it_was_used_is_refused(attack, appointed):
    over = a_wish(given_at=SET_OUT, valid_until=CASE_NOW - 30 * MINUTE)
    posted = appointed.say(Reconsent(over))
    attack.refused(posted, "consent.expired", logged=True)


def test_a_childs_wish_counts_only_together_with_the_guardians(attack, appointed):
    case = attack.victim.referral(appointed.referral_id).referral.case_pseudonym
    attack.victim.add_record(case, "D1", "local_age_band", "9_17")
    alone = appointed.say(Reconsent(a_wish()))
    attack.refused(alone, "consent.child_alone", logged=True)
    both = a_wish(subject="both", capacity="child_assent_plus_guardian")
    attack.received(appointed.say(Reconsent(both)))
    attack.victim.add_record(case, "D1", "local_is_minor", "no")
    guardians = appointed.say(Reconsent(both))
    attack.refused(guardians, "consent.adult_not_asked", logged=True)


# --- every step of the liaison that breaks its rule

BROKEN = {
    RiskAssessment: (
        (replace(RISKS, factors=()), "return.no_factor"),
        (
            replace(RISKS, factors=(RiskFactor("stigma", 0, 6, ""),)),
            "return.off_scale",
        ),
        (replace(RISKS, residual="unacceptable"), "return.unacceptable_risk"),
        (
            replace(RISKS, valid_until=CASE_NOW + 31 * DAY),
            "return.risk_validity",
        ),
        (PAPER, "step.not_lawful"),
    ),
    TravelDocument: (
        (replace(PAPER, document_type="ticket"), "referral.unknown_code"),
        (replace(PAPER, issuer="atlantis"), "referral.unknown_member"),
        (
            TravelDocument("ordinary_passport", "", EARLIER - 2 * DAY, EARLIER - DAY),
            "return.paper_expired",
        ),
        (NoReturn(os.urandom(32)), "step.content_mismatch"),
        (MEETING, "step.not_lawful"),
    ),
    ReturnPlan: (
        (replace(PLAN, fit_to_travel="not_fit"), "return.not_fit"),
        (replace(PLAN, at=EARLIER - HOUR), "return.in_the_past"),
        (replace(PLAN, at=CASE_NOW + 29 * DAY), "return.risk_expired"),
        (replace(PLAN, mode="on foot"), "referral.unknown_code"),
        (replace(PLAN, gate="The bridge"), "referral.no_code"),
    ),
    Reconsent: ((HANDED, "step.not_lawful"),),
    Appointment: (
        (replace(MEETING, gate="moc_bai"), "step.content_mismatch"),
        (replace(MEETING, persons=0), "return.no_person"),
        (replace(MEETING, at=SET_OUT - HOUR), "return.in_the_past"),
        (replace(MEETING, at=CASE_NOW + 29 * DAY), "return.risk_expired"),
    ),
    Departure: (
        (Departure(SET_OUT, 2), "step.content_mismatch"),
        (Departure(CASE_NOW, 1), "step.not_yet"),
        (GateArrival(GATE, SET_OUT), "step.not_lawful"),
    ),
    CheckIn: ((CheckIn(SET_OUT, "asleep"), "referral.unknown_code"),),
    GateArrival: (
        (GateArrival("moc_bai", CASE_NOW), "step.content_mismatch"),
        (HANDED, "step.not_lawful"),
    ),
    Minutes: (
        (replace(HANDED, gate="moc_bai"), "step.content_mismatch"),
        (replace(HANDED, persons=2), "step.content_mismatch"),
        (replace(HANDED, identity_match="surely"), "referral.unknown_code"),
        (replace(HANDED, condition="fine"), "referral.unknown_code"),
        (Suspension("weather"), "referral.unknown_code"),
        (Withdrawal(b"short"), "withdrawal.no_record"),
    ),
}
"""Before each step: what is refused in its place."""


def test_each_step_that_breaks_its_rule_is_refused_and_the_good_one_goes_on(
    attack, released
):
    handed = (HANDED, CASE_NOW)
    for body, at in (*TILL_THE_GATE, handed):
        if body is HANDED:
            attack.received(released.say(Reconsent(a_wish())))
        for bad, code in BROKEN[type(body)]:
            attack.refused(released.say(bad, happened_at=at), code, logged=True)
        attack.received(released.say(body, happened_at=at))
        sign(attack.victim, released.referral_id, body)
    assert attack.victim.referral(released.referral_id).referral.state == "minuted"


def test_a_step_said_twice_is_refused_the_second_time(attack, released):
    for body, at in TILL_THE_GATE[:3]:
        attack.received(released.say(body, happened_at=at))
        twice = released.say(body, happened_at=at)
        if isinstance(body, TravelDocument):
            # A second paper may replace the first.
            attack.received(twice)
        else:
            attack.refused(twice, "step.not_lawful", logged=True)
        sign(attack.victim, released.referral_id, body)


@pytest.mark.parametrize("stop", [Withdrawal(os.urandom(16)), Suspension("health")])
def test_after_a_stop_no_step_of_the_return_is_taken_in(attack, appointed, stop):
    attack.received(appointed.say(stop))
    for body, _ in (*TILL_THE_GATE, (HANDED, CASE_NOW)):
        attack.refused(appointed.say(body), "step.not_lawful", logged=True)


# --- the province cannot be made to sign what its own rules refuse


def refusal(victim, referral_id: bytes, body) -> str:
    """Why the node refuses its own officer, with nothing sent."""
    size = victim.size()
    with pytest.raises(RelaisError) as caught:
        victim.take(referral_id, body)
    assert victim.size() == size
    return caught.value.code


def test_the_receivers_own_steps_are_checked_before_they_go(attack, released):
    victim, referral_id = attack.victim, released.referral_id
    attack.received(released.say(RISKS, happened_at=EARLIER))
    signed = victim.digest_of(referral_id, "risk_assessment")
    noise = os.urandom(32)
    for bad in (RiskCountersignature(noise, "go"), RiskCountersignature(signed, "no")):
        assert refusal(victim, referral_id, bad) == "step.content_mismatch"
    sign(victim, referral_id, RISKS)
    attack.received(released.say(PAPER, happened_at=EARLIER))
    attack.received(released.say(PLAN, happened_at=EARLIER))
    plan = victim.digest_of(referral_id, "return_plan")
    late = PlanConfirmation(plan, "relatives", CASE_NOW)
    assert refusal(victim, referral_id, late) == "return.placement_late"
    nowhere = PlanConfirmation(plan, "somewhere", WAITS_SINCE)
    assert refusal(victim, referral_id, nowhere) == "referral.unknown_code"
    sign(victim, referral_id, PLAN)


# --- a hostile receiver


def test_signatures_over_other_digests_are_refused_and_the_giver_answers(
    victims, other
):
    """All the way to the minutes of a real giver, and through a dispute."""
    giver = victims["liaison-laos"]
    attack = Attack(other, giver)
    referral_id = giver.make_offer(other.name, "voluntary_return")
    alias = giver.referral(referral_id).referral.alias
    talk = Talk(other, giver.name, MovesOn.MINUTES, referral_id, alias)
    noise = os.urandom(32)

    # The giver's node answers by itself, with a leaf of its own.
    assert attack.answer(talk.say(Acceptance())).refusal is None
    giver.wait(referral_id, "in_service")
    giver.take(referral_id, RISKS)
    unsigned = talk.say(RiskCountersignature(noise, "go"))
    attack.refused(unsigned, "step.content_mismatch", logged=True)
    signed = giver.digest_of(referral_id, "risk_assessment")
    changed = talk.say(RiskCountersignature(signed, "no_return"))
    attack.refused(changed, "step.content_mismatch", logged=True)
    attack.received(talk.say(RiskCountersignature(signed, "go")))

    giver.take(referral_id, PAPER)
    giver.take(referral_id, PLAN)
    plan = giver.digest_of(referral_id, "return_plan")
    late = PlanConfirmation(plan, "establishment", CASE_NOW)
    attack.refused(talk.say(late), "return.placement_late", logged=True)
    attack.received(talk.say(PlanConfirmation(plan, "establishment", WAITS_SINCE)))
    giver.take(referral_id, Reconsent(a_wish(recipient=other.name)))
    meeting = replace(MEETING, at=CASE_NOW)
    giver.take(referral_id, meeting)
    moved = AppointmentConfirmation("elsewhere", CASE_NOW)
    attack.refused(talk.say(moved), "step.content_mismatch", logged=True)
    ghost = AppointmentConfirmation(GATE, CASE_NOW, "atlantis")
    attack.refused(talk.say(ghost), "referral.unknown_member", logged=True)
    attack.received(talk.say(AppointmentConfirmation(GATE, CASE_NOW)))
    giver.take(referral_id, Departure(CASE_NOW, 1))
    giver.take(referral_id, GateArrival(GATE, CASE_NOW))
    giver.take(referral_id, HANDED)

    disputed_and_solved(attack, talk)


def disputed_and_solved(attack: Attack, talk: Talk) -> None:
    """The hostile receiver disputes; only the new minutes can be signed."""
    giver, referral_id, noise = attack.victim, talk.referral_id, os.urandom(32)
    first = giver.digest_of(referral_id, "minutes")
    for bad, code in (
        (Dispute(noise, ("count_mismatch",)), "step.content_mismatch"),
        (Dispute(first, ()), "return.nothing_disputed"),
        (Dispute(first, ("taller",)), "referral.unknown_code"),
    ):
        attack.refused(talk.say(bad), code, logged=True)
    attack.received(talk.say(Dispute(first, ("identity_mismatch",))))
    assert giver.referral(referral_id).referral.state == "disputed"
    giver.take(referral_id, HANDED)
    second = giver.digest_of(referral_id, "minutes")
    for signed in (
        Countersignature(first, CASE_NOW, 1, "match"),
        Countersignature(noise, CASE_NOW, 1, "match"),
        Countersignature(second, CASE_NOW, 2, "match"),
        Countersignature(second, CASE_NOW, 1, "mismatch"),
    ):
        attack.refused(talk.say(signed), "step.content_mismatch", logged=True)
        assert giver.referral(referral_id).referral.state == "minuted"
    (*_, handed) = [
        each for each in giver.referral(referral_id).steps if each.step == "minutes"
    ]
    digits = handed.body.minutes.handover_code
    wrong = f"{(int(digits) + 1) % 1_000_000:06d}"
    plain = Countersignature(second, CASE_NOW, 1, "match")
    for how, shown, code in (
        ("code", wrong, "handover.wrong_code"),
        ("code", "", "handover.code_missing"),
        ("telephone", digits, "handover.code_missing"),
        ("by heart", "", "referral.unknown_code"),
    ):
        said = replace(plain, giver_known_by=how, handover_code=shown)
        attack.refused(talk.say(said), code, logged=True)
    shown = replace(plain, giver_known_by="code", handover_code=digits)
    attack.received(talk.say(shown))
    assert giver.referral(referral_id).referral.state == "received"
