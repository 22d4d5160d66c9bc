"""Steps that the mechanism does not allow, from a member that proved to send them:
refused for good by the rule's code, and the lawful step still goes through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from relais.envelope.v1 import body_pb2
from services.node.domain.bodies import Acceptance, Revocation
from services.node.domain.bodies_return import Appointment, Minutes, RiskAssessment
from services.node.domain.handoff import MovesOn
from services.node.domain.identifiers import new_alias, new_id
from services.node.wire.leaves import Outcome
from tests.network.hostile.hostile_peer import CASE_NOW, Talk, offer

LAO_CAI = "lao-cai"
ACCEPTED = body_pb2.Acceptance()
RISKS = RiskAssessment((), "low", "go", CASE_NOW + timedelta(days=30))
MEETING = Appointment("lao_cai_hekou", CASE_NOW, (), 1)
HANDED = Minutes("lao_cai_hekou", CASE_NOW, 1, "match", "well", ())


@pytest.fixture
def talk(attack):
    """An offer that the province received."""
    talk = Talk(attack.peer, LAO_CAI)
    attack.received(talk.offer())
    return talk


# --- who may say what, to whom, and when


def test_a_step_without_an_offer_is_refused(attack):
    talk = Talk(attack.peer, LAO_CAI)
    attack.refused(talk.say(Revocation("other")), "referral.unknown", logged=True)


def test_a_step_out_of_order_is_refused(attack, talk):
    attack.refused(talk.say(RISKS), "step.not_lawful", logged=True)


def test_a_step_of_the_other_side_is_refused(attack, talk):
    """The giver cannot accept its own offer in the receiver's place."""
    attack.refused(talk.say(Acceptance()), "step.not_lawful", logged=True)
    assert attack.victim.referral(talk.referral_id).referral.state == "offered"


@pytest.mark.parametrize(
    ("referral_type", "moves_on"),
    [("reception", MovesOn.RELEASE), ("reintegration", MovesOn.RELEASE)],
)
def test_a_member_without_the_function_cannot_offer(attack, referral_type, moves_on):
    talk = Talk(attack.peer, LAO_CAI, moves_on)
    attack.refused(talk.offer(referral_type), "referral.not_between", logged=True)


@pytest.mark.parametrize("moves_on", [MovesOn.RELEASE, MovesOn.MINUTES])
def test_a_share_cannot_be_turned_into_a_transfer(attack, moves_on):
    talk = Talk(attack.peer, LAO_CAI, moves_on)
    attack.refused(talk.offer(), "referral.other_moves_on", logged=True)


@pytest.mark.parametrize("said", [{"priority": "at once"}, {"referral_type": "x"}])
def test_an_offer_with_an_unknown_code_is_refused(attack, said):
    talk = Talk(attack.peer, LAO_CAI)
    posted = talk.say(offer(**said))
    attack.refused(posted, "referral.unknown_code", logged=True)


def test_an_offer_on_a_day_without_law_is_refused(attack):
    talk = Talk(attack.peer, LAO_CAI)
    long_ago = CASE_NOW - timedelta(days=20_000)
    posted = talk.say(offer(), happened_at=long_ago)
    attack.refused(posted, "referral.not_between", logged=True)


def test_a_step_by_a_policy_that_was_never_adopted_is_refused(attack, talk):
    """And the same step by the one in force goes on."""
    posted = talk.say(Revocation("other"), policy_version="vietnam-2099")
    attack.refused(posted, "policy.unknown_version", logged=True)
    assert attack.received(talk.say(Revocation("other"))).outcome is Outcome.RECEIVED


def test_another_member_cannot_speak_in_a_referral(attack, other, talk):
    """And uses up no number of the one whose referral it is."""
    theirs = Talk(other, LAO_CAI, referral_id=talk.referral_id, alias=talk.alias)
    theirs.seq = talk.seq
    posted = theirs.say(Revocation("other"))
    replace(attack, peer=other).refused(posted, "referral.not_a_party", logged=True)
    assert attack.received(talk.say(Revocation("other"))).outcome is Outcome.RECEIVED


def test_another_member_cannot_offer_a_referral_again(attack, other, talk):
    theirs = Talk(other, LAO_CAI, MovesOn.RELEASE, referral_id=talk.referral_id)
    posted = theirs.offer("reintegration")
    replace(attack, peer=other).refused(posted, "referral.exists", logged=True)


def test_the_alias_of_another_case_is_refused(attack, talk):
    another = Talk(attack.peer, LAO_CAI)
    attack.received(another.offer())
    posted = talk.say(Revocation("other"), case_alias=another.alias)
    attack.refused(posted, "referral.not_a_party", logged=True)


def test_an_alias_that_is_none_is_refused(attack):
    talk = Talk(attack.peer, LAO_CAI, alias="somebody")
    attack.refused(talk.offer(), "identifier.malformed", logged=True)


def test_a_referral_cannot_change_on_what_it_moves(attack, talk):
    posted = talk.say(Revocation("other"), moves_on=MovesOn.RELEASE)
    attack.refused(posted, "referral.not_a_party", logged=True)


def test_a_referral_is_offered_once(attack, talk):
    attack.refused(talk.offer(), "referral.exists", logged=True)


# --- numbers


def test_a_gap_waits_for_what_is_missing(attack, talk):
    missing = talk.seal(Revocation("other"))
    early = talk.seal(Revocation("other"))
    logged = attack.peer.log(missing), attack.peer.log(early)
    held = attack.peer.consign(early, logged[1])
    attack.refused(held, "referral.gap", logged=False, again=True)
    received = attack.received(attack.peer.consign(missing, logged[0]))
    assert received.outcome is Outcome.RECEIVED
    attack.refused(
        attack.peer.consign(early, logged[1]), "step.not_lawful", logged=True
    )


def test_a_step_that_overtook_its_offer_waits_for_it(attack):
    talk = Talk(attack.peer, LAO_CAI)
    missing, early = talk.seal(offer()), talk.seal(Revocation("other"))
    logged = attack.peer.log(missing), attack.peer.log(early)
    held = attack.peer.consign(early, logged[1])
    attack.refused(held, "referral.gap", logged=False, again=True)
    attack.received(attack.peer.consign(missing, logged[0]))
    received = attack.received(attack.peer.consign(early, logged[1]))
    assert received.outcome is Outcome.RECEIVED
    assert attack.victim.referral(talk.referral_id).referral.state == "revoked"


def test_a_step_after_a_refused_offer_is_refused_too(attack):
    """Its sender is not kept waiting for what will never stand."""
    talk = Talk(attack.peer, LAO_CAI, MovesOn.RELEASE)
    refused = new_id()
    posted = talk.say(offer("reception"), event_id=refused)
    attack.refused(posted, "referral.not_between", logged=True)
    posted = talk.say(Revocation("other"), prev_event=refused)
    attack.refused(posted, "referral.unknown", logged=True)


def test_a_number_is_used_once(attack, talk):
    posted = talk.say(Revocation("other"), referral_seq=1)
    attack.refused(posted, "referral.seq_used", logged=True)


def test_an_offer_has_number_one(attack):
    talk = Talk(attack.peer, LAO_CAI)
    posted = talk.say(offer(), referral_seq=2)
    attack.refused(posted, "referral.seq_used", logged=True)


def test_a_number_beyond_every_count_harms_nobody(attack, talk):
    """It is no number of the database's either."""
    posted = talk.say(
        Revocation("other"), referral_seq=2**64 - 1, case_alias=new_alias()
    )
    attack.refused(posted, "referral.gap", logged=False, again=True)
    posted = talk.say(offer(), referral_seq=2**64 - 1)
    attack.refused(posted, "referral.exists", logged=True)
    talk.seq = 1
    assert attack.received(talk.say(Revocation("other"))).outcome is Outcome.RECEIVED


def test_a_refused_number_is_used_up_and_the_next_one_goes_on(attack, talk):
    attack.refused(talk.say(RISKS), "step.not_lawful", logged=True)
    assert attack.received(talk.say(Revocation("other"))).outcome is Outcome.RECEIVED


# --- two offers, one person


def test_two_offers_under_one_alias_become_one_case(attack):
    """Both were waiting when the first was accepted."""
    alias = new_alias()
    talks = [Talk(attack.peer, LAO_CAI, alias=alias) for _ in range(2)]
    for talk in talks:
        attack.received(talk.offer())
    for talk in talks:
        attack.victim.step(talk.referral_id, acceptance=ACCEPTED)
    found = {
        attack.victim.referral(talk.referral_id).referral.case_pseudonym
        for talk in talks
    }
    assert len(found) == 1
