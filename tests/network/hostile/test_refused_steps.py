"""A step that was refused for good leaves neither end waiting for the other.

The recipient's rows are spoilt, so that it refuses what is good, and put right
again: what is tried is what the sender makes of a true refusal.
"""

from __future__ import annotations

import pytest

from relais.desk.v1 import case_pb2, referral_pb2
from relais.envelope.v1 import body_pb2
from services.node.rpc.conversions import body_to
from tests.network.hostile.hostile_peer import CASE_NOW
from tests.network.hostile.test_outages import eventually
from tests.promised import promised

HANOI, LAO_CAI = "hotline-hanoi", "lao-cai"
ACCEPTED = body_to(promised(CASE_NOW)).acceptance

#: An accepted referral stands as another one until something of it was refused.
SPOILT = """
CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    NEW.moves_on := 'minutes'; RETURN NEW;
END $$;
CREATE TRIGGER spoil BEFORE UPDATE ON referral FOR EACH ROW
WHEN (NEW.state = 'accepted' AND OLD.state <> 'accepted') EXECUTE FUNCTION spoil();
CREATE FUNCTION mend() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
    UPDATE referral SET moves_on = 'release' WHERE moves_on = 'minutes';
    RETURN NEW;
END $$;
CREATE TRIGGER mend AFTER INSERT ON envelope_received FOR EACH ROW
WHEN (NEW.outcome = 'refused') EXECUTE FUNCTION mend();
"""
MENDED = "DROP FUNCTION spoil CASCADE; DROP FUNCTION mend CASCADE;"


def offer(giver, case: str = "") -> tuple[bytes, str]:
    """A reception offered to the province; referral and case."""
    case = case or giver.open_case()
    request = referral_pb2.MakeOfferRequest(
        officer=giver.officer,
        case_pseudonym=case,
        recipient=LAO_CAI,
        offer=body_pb2.Offer(referral_type="reception", priority="urgent"),
    )
    made = giver.call(giver.referrals.MakeOffer, request)
    return bytes(made.referral_id), case


def refused_at(member, referral_id: bytes) -> None:
    """It is known here that a step of the referral was refused."""
    counted = "SELECT count(*) FROM outbox WHERE state = 'refused' AND referral_id = "
    assert member.query(f"{counted} '\\x{referral_id.hex()}'") == "1"


def case_of(giver, pseudonym: str):
    request = case_pb2.GetCaseRequest(officer=giver.officer, case_pseudonym=pseudonym)
    return giver.call(giver.cases.GetCase, request)


@pytest.fixture
def ends(victims):
    return victims[HANOI], victims[LAO_CAI]


def test_a_refused_acceptance_can_be_given_again(ends):
    """The giver holds another referral for the moment; the receiver goes back."""
    giver, receiver = ends
    referral_id, _ = offer(giver)
    eventually(lambda: receiver.referral(referral_id))
    row = f"referral_id = '\\x{referral_id.hex()}'"
    change = f"UPDATE referral SET moves_on = '{{}}' WHERE {row}"  # noqa: S608 - an id
    giver.query(change.format("minutes"))
    receiver.step(referral_id, acceptance=ACCEPTED)
    eventually(lambda: refused_at(receiver, referral_id))
    receiver.wait(referral_id, "offered")
    assert giver.referral(referral_id).referral.state == "offered"
    giver.query(change.format("release"))

    receiver.step(referral_id, acceptance=ACCEPTED)
    giver.wait(referral_id, "in_service")
    receiver.wait(referral_id, "in_service")


def test_a_refused_release_becomes_a_void_and_the_giver_answers_and_offers_again(ends):
    giver, receiver = ends
    referral_id, case = offer(giver)
    eventually(lambda: receiver.referral(referral_id))
    receiver.query(SPOILT)
    try:
        receiver.step(referral_id, acceptance=ACCEPTED)
        giver.wait(referral_id, "void")
        receiver.wait(referral_id, "void")
    finally:
        receiver.query(MENDED)

    seen = case_of(giver, case)
    assert seen.answerable == "answerable"
    assert [each.until_at for each in seen.periods] == [0]
    steps = [each.step for each in seen.timeline if each.referral_id == referral_id]
    assert steps == ["offer", "accept", "release", "step_refused", "void"]

    again, _ = offer(giver, case)
    eventually(lambda: receiver.referral(again))
    receiver.step(again, acceptance=ACCEPTED)
    giver.wait(again, "in_service")
    receiver.wait(again, "in_service")
