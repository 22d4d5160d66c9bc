"""The exchange as a server: what other members' nodes may ask."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Any

from relais.exchange.v1 import (
    deliver_pb2,
    deliver_pb2_grpc,
    probe_pb2,
    probe_pb2_grpc,
)
from services.node.domain.errors import UnavailableError
from services.node.flows.growth import BehindPeerError
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.plan import Submit
from services.node.flows.probe import answer_probe
from services.node.flows.published import Published
from services.node.flows.receive import receive_batch
from services.node.rpc.calls import calling_member
from services.node.rpc.conversions import answer_to, delivery_from


class DeliverServicer(deliver_pb2_grpc.DeliverServiceServicer):
    """Takes batches in order.

    ``heard_from`` learns that the sender is up; ``is_full`` tells whether so much
    waits to be written that peers must come later.
    """

    def __init__(
        self,
        own: OwnMember,
        published: Published,
        submit: Submit,
        clocks: Clocks,
        heard_from: Callable[[str], None],
        is_full: Callable[[], bool],
    ) -> None:
        self._own = own
        self._published = published
        self._submit = submit
        self._clocks = clocks
        self._heard_from = heard_from
        self._is_full = is_full
        self._turn: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def Deliver(
        self, request_iterator: Any, context: Any
    ) -> AsyncIterator[deliver_pb2.DeliverResponse]:
        """Answer each batch with evidence or an error."""
        sender = calling_member()
        self._heard_from(sender)
        async for request in request_iterator:
            if self._is_full():
                raise UnavailableError(
                    "inbox.full",
                    "So much waits to be written here that nothing more is taken.",
                    remedy="Come again; nothing was dropped.",
                )
            try:
                # One batch of a member at a time: its envelopes come in order.
                async with self._turn[sender]:
                    answer = await receive_batch(
                        self._own,
                        self._published,
                        sender,
                        delivery_from(request),
                        self._submit,
                        self._clocks.now(),
                    )
            except BehindPeerError as error:
                self._published.halt(error)
                raise
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
        found = await answer_probe(
            self._own,
            self._published,
            calling_member(),
            request.sealing_key_id,
            request.sealed,
        )
        return probe_pb2.ProbeResponse(
            now=int(self._clocks.now().wire.timestamp() * 1000),
            inbox_open=found.inbox_open,
            opened_hash=found.opened_hash,
            checkpoint=found.checkpoint,
        )
