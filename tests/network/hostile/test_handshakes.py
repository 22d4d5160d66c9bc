"""A handshake with somebody who keeps no rule: each refusal has its code, and what
was lawful before still is."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import partial

import pytest

from services.node.domain.bodies import (
    Acceptance,
    CannotKeep,
    Completion,
    Decline,
    Expiry,
    Feedback,
    KeptCategory,
    Misrouting,
    Opening,
    Question,
    Recall,
    RecallAcknowledgement,
    Rerouting,
    ReturnToSender,
    Revocation,
)
from services.node.domain.handoff import MovesOn
from tests.network.hostile.accepted import Accepted
from tests.network.hostile.attack import Attack
from tests.network.hostile.hostile_peer import CASE_NOW, Talk, offer
from tests.network.hostile.test_outages import eventually

LAO_CAI = "lao-cai"
NOTHING_TO_FIND = Completion("successful", "found")

BEFORE_ANSWER = (
    (Question(" ", "vi"), "referral.no_words"),
    (Question("Which dialect?", ""), "referral.no_words"),
    (Decline("we are busy"), "referral.unknown_code"),
    (Decline("no_capacity", "atlantis"), "referral.unknown_member"),
    (Decline("no_capacity", LAO_CAI), "referral.no_alternative"),
    (Misrouting("atlantis"), "referral.unknown_member"),
    (Misrouting("yen-bai"), "referral.no_alternative"),
    (Acceptance(("loan",)), "referral.not_asked"),
    (Completion("successful", "service_given"), "step.not_lawful"),
    (CannotKeep("no_capacity"), "step.not_lawful"),
)
"""Said by a receiver that has an offer."""

IN_SERVICE = (
    (Acceptance(), "step.not_lawful"),
    (Completion("fine", "service_given"), "outcome.unknown"),
    (NOTHING_TO_FIND, "outcome.other_result"),
    (Completion("not_successful", "bad luck"), "outcome.other_result"),
    (CannotKeep("tired"), "referral.unknown_code"),
    (ReturnToSender("no_capacity"), "step.not_lawful"),
    (Feedback("She is fine", ()), "outcome.other_result"),
    (Feedback("in_process", ("her address",)), "referral.unknown_code"),
    (RecallAcknowledgement(("D1",)), "referral.step_missing"),
)
"""Said by a receiver that works on a transfer."""

TAKEN_BACK = Recall("consent_withdrawn", (os.urandom(16),), ("D1", "D5"))
ANSWERS = (
    (RecallAcknowledgement(("D1",)), "recall.left_open"),
    (RecallAcknowledgement(("D1", "D5", "D14")), "referral.unknown_code"),
    (RecallAcknowledgement(("D1", "D1", "D5")), "referral.code_twice"),
    (
        RecallAcknowledgement(("D1",), (KeptCategory("D5", "habit"),)),
        "referral.unknown_code",
    ),
)
GOOD_ANSWER = RecallAcknowledgement(("D1",), (KeptCategory("D5", "criminal_file"),))


def test_a_receiver_that_breaks_the_rules_is_refused_at_every_stage(victims, other):
    giver = victims[LAO_CAI]
    attack = Attack(other, giver)
    referral_id = giver.make_offer(other.name, "reintegration")
    alias = giver.referral(referral_id).referral.alias
    talk = Talk(other, giver.name, MovesOn.RELEASE, referral_id, alias)

    def tried(attempts):
        for bad, code in attempts:
            attack.refused(talk.say(bad), code, logged=True)

    tried(BEFORE_ANSWER)
    attack.received(talk.say(Opening()))
    shown = giver.referral(referral_id).referral
    assert (shown.state, shown.opened, shown.must_act) == ("opened", True, "receiver")
    assert attack.answer(talk.say(Acceptance())).refusal is None
    giver.wait(referral_id, "in_service")
    tried(IN_SERVICE)
    giver.take(referral_id, TAKEN_BACK)
    assert giver.referral(referral_id).referral.must_act == "receiver"
    tried(ANSWERS)
    attack.received(talk.say(GOOD_ANSWER))
    attack.received(talk.say(CannotKeep("no_capacity")))
    assert giver.referral(referral_id).referral.must_act == "receiver"
    done = Completion("successful", "service_given")
    attack.received(talk.say(done))
    attack.refused(talk.say(done), "step.not_lawful", logged=True)
    assert giver.referral(referral_id).referral.state == "done"


def leaves_follow(victim, size: int, more: int) -> None:
    """Raises until the ledger has grown by so many leaves."""
    assert victim.size() == size + more


# --- a hostile giver


@pytest.fixture
def talk(attack):
    """An offer that the province received."""
    talk = Talk(attack.peer, LAO_CAI)
    attack.received(talk.say(offer(priority="normal")))
    return talk


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (Revocation("because"), "referral.unknown_code"),
        (Recall("mood"), "referral.unknown_code"),
        (Recall("other", (b"short",)), "recall.bad_consent"),
        (Recall("other", (), ("D99",)), "referral.unknown_code"),
        (Expiry(), "referral.not_expired"),
        (Rerouting(), "step.not_lawful"),
    ],
    ids=str,
)
def test_an_offer_is_not_taken_back_against_the_rules(attack, talk, bad, code):
    attack.refused(talk.say(bad), code, logged=True)
    assert attack.victim.referral(talk.referral_id).referral.state == "offered"
    attack.received(talk.say(Revocation("need_met")))


def test_an_offer_expires_after_six_days(attack):
    talk = Talk(attack.peer, LAO_CAI)
    offered = CASE_NOW - timedelta(days=6)
    late = talk.say(offer(priority="normal"), happened_at=offered)
    # Clocks of so old an offer run out at once, each with a leaf of its own.
    assert attack.answer(late).refusal is None
    assert attack.answer(talk.say(Expiry())).refusal is None
    assert attack.victim.referral(talk.referral_id).referral.state == "expired"


def test_a_recall_after_the_release_says_what_is_taken_back(attack):
    accepted = Accepted(attack)
    attack.received(accepted.talk.say(accepted.release()))
    bare = accepted.talk.say(Recall("consent_withdrawn"))
    attack.refused(bare, "recall.says_too_little", logged=True)
    # The node acknowledges it by itself, with a leaf of its own.
    good = Recall("consent_withdrawn", (os.urandom(16),), ("D1",))
    size = attack.victim.size()
    assert attack.answer(accepted.talk.say(good)).refusal is None
    eventually(partial(leaves_follow, attack.victim, size, 2))
