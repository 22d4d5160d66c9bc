"""A real node lets no name out in free text before the release."""

from __future__ import annotations

import pytest

from relais.casefile.v1 import record_pb2
from relais.desk.v1 import case_pb2, referral_pb2
from relais.envelope.v1 import body_pb2
from services.node.domain.bodies import Question
from services.node.domain.errors import RelaisError
from tests.network.hostile.attack import Attack
from tests.network.hostile.hostile_peer import Talk

NAME = "Suối Bạc"


def test_neither_an_offer_nor_an_answer_names_the_person(victims, other):
    giver = victims["liaison-laos"]
    record = record_pb2.CategoryRecord(
        category="D2",
        answers=[record_pb2.Answer(field="prs_SecondName", values=[NAME])],
    )
    opened = giver.call(
        giver.cases.OpenCase,
        case_pb2.OpenCaseRequest(
            officer=giver.officer, door="partner", records=[record]
        ),
    )

    def offer(need: str) -> bytes:
        request = referral_pb2.MakeOfferRequest(
            officer=giver.officer,
            case_pseudonym=opened.case_pseudonym,
            recipient=other.name,
            offer=body_pb2.Offer(referral_type="tracing", priority="urgent", need=need),
        )
        return bytes(giver.call(giver.referrals.MakeOffer, request).referral_id)

    with pytest.raises(RelaisError) as refused:
        offer(f"Look for {NAME}.")
    assert refused.value.code == "offer.identity_in_need"

    referral_id = offer("Somebody is looked for.")
    alias = giver.referral(referral_id).referral.alias
    talk = Talk(other, giver.name, referral_id=referral_id, alias=alias)
    Attack(other, giver).received(talk.say(Question("What is her name?", "en")))
    named = body_pb2.Reply(text=f"It is {NAME}.", language="en")
    with pytest.raises(RelaisError) as refused:
        giver.step(referral_id, reply=named)
    assert refused.value.code == "offer.identity_in_need"
    later = body_pb2.Reply(text="Not before the release.", language="en")
    giver.step(referral_id, reply=later)
