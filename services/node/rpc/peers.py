"""The exchange as a server: what other members' nodes may ask."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from relais.exchange.v1 import (
    deliver_pb2,
    deliver_pb2_grpc,
    probe_pb2,
    probe_pb2_grpc,
)
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.probe import answer_probe
from services.node.flows.published import Published
from services.node.flows.reception import Reception
from services.node.rpc.calls import calling_member
from services.node.rpc.closed_words import keep_word, word_to
from services.node.rpc.conversions import answer_to, delivery_from
from services.node.wire.handoffs import ENVELOPE_VERSION


class DeliverServicer(deliver_pb2_grpc.DeliverServiceServicer):
    """Takes batches in order; ``heard_from`` learns that the sender is up."""

    def __init__(self, reception: Reception, heard_from: Callable[[str], None]) -> None:
        self._reception = reception
        self._heard_from = heard_from

    async def Deliver(
        self, request_iterator: Any, context: Any
    ) -> AsyncIterator[deliver_pb2.DeliverResponse]:
        """Answer each batch with evidence or an error."""
        sender = calling_member()
        self._heard_from(sender)
        async for request in request_iterator:
            self._reception.check_room()
            answer = await self._reception.take(sender, delivery_from(request))
            yield answer_to(answer)


class ProbeServicer(probe_pb2_grpc.ProbeServiceServicer):
    """Tells a member how an exchange with this node goes."""

    def __init__(self, own: OwnMember, published: Published, clocks: Clocks) -> None:
        self._own = own
        self._published = published
        self._clocks = clocks

    async def Probe(
        self, request: probe_pb2.ProbeRequest, context: Any
    ) -> probe_pb2.ProbeResponse:
        """Open the sealed test value and tell clock, inbox and checkpoint."""
        now, caller = self._clocks.now().wire, calling_member()
        await keep_word(self._own, caller, request, now)
        found = await answer_probe(
            self._own,
            self._published,
            caller,
            request.sealing_key_id,
            request.sealed,
            now,
        )
        return probe_pb2.ProbeResponse(
            now=int(now.timestamp() * 1000),
            inbox_open=found.inbox_open,
            opened_hash=found.opened_hash,
            checkpoint=found.checkpoint,
            protocol_version=ENVELOPE_VERSION,
            closed_to_new=word_to(found.word),
        )
