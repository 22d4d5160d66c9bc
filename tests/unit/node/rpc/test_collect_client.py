"""What a node that collects answers to what it is handed."""

from __future__ import annotations

from typing import Any, cast

import pytest

from relais.exchange.v1 import attachment_pb2, collect_pb2
from services.node.config.limits import LimitsSection
from services.node.domain.errors import VerificationError
from services.node.flows.exchange import NO_HEAD, Delivery, DeliveryAnswer, Growth
from services.node.rpc.allowance import Allowances
from services.node.rpc.collect_client import CollectClient
from services.node.rpc.conversions import answer_from, delivery_to

BATCH = Delivery(NO_HEAD, Growth(b"a checkpoint", 0, ()), ())
ANSWER = DeliveryAnswer(NO_HEAD, Growth(b"another", 0, ()), ())
HANDED = collect_pb2.CollectResponse(batch=delivery_to(BATCH))


@pytest.fixture
def client() -> CollectClient:
    limits = LimitsSection(envelopes_per_second=1, envelopes_at_once=1)
    allowances = Allowances(limits, clock=lambda: 0.0)
    # It is asked for what it says only: nobody is called, no file is served.
    nobody = cast("Any", None)
    return CollectClient(nobody, nobody, allowances)


async def takes(delivery: Delivery) -> DeliveryAnswer:
    assert delivery == BATCH
    return ANSWER


async def test_a_batch_is_taken_and_answered(client):
    said = await client._reply("lao-cai", HANDED, takes)
    assert answer_from(said.answer) == ANSWER


async def test_who_hands_over_too_much_at_once_is_told_to_come_later(client):
    await client._reply("lao-cai", HANDED, takes)
    said = await client._reply("lao-cai", HANDED, takes)
    assert (said.problem.code, said.problem.transient) == ("inbox.too_fast", True)
    of_another = await client._reply("yen-bai", HANDED, takes)
    assert of_another.HasField("answer")


async def test_why_a_batch_was_not_taken_is_said_by_its_code(client):
    async def refuses(_: Delivery) -> DeliveryAnswer:
        raise VerificationError("ledger.fork", "Two histories.")

    said = await client._reply("lao-cai", HANDED, refuses)
    assert (said.problem.code, said.problem.transient) == ("ledger.fork", False)


async def test_a_request_for_chunks_that_is_none_is_refused_unserved(client):
    request = attachment_pb2.FetchRequest(attachment_id=b"short", first=0, count=1)
    asked = collect_pb2.CollectResponse(fetch=request)
    said = await client._reply("lao-cai", asked, takes)
    assert said.problem.code == "attachment.bad_request"


async def test_nothing_is_answered_by_nothing(client):
    handed = collect_pb2.CollectResponse(nothing=collect_pb2.Nothing())
    assert (await client._reply("lao-cai", handed, takes)).HasField("nothing")
