"""Collect as a client: this node dials, and is handed what waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from relais.exchange.v1 import (
    attachment_pb2,
    collect_pb2,
    collect_pb2_grpc,
    deliver_pb2,
)
from services.node.domain.errors import RelaisError
from services.node.flows.exchange import Delivery, DeliveryAnswer
from services.node.flows.fetching import serve_window
from services.node.flows.own import OwnMember
from services.node.flows.receive import refusal_of
from services.node.rpc.allowance import Allowances
from services.node.rpc.conversions import answer_to, delivery_from
from services.node.rpc.peer_client import PeerClient, no_answer, translated

#: Seconds after which a stream that says nothing is taken for broken: the other
#: node says every 20 that it is there.
_SILENCE = 60.0
#: Seconds that one stream lasts; another is opened then.
_LONGEST = 12 * 3600.0

Take = Callable[[Delivery], Awaitable[DeliveryAnswer]]


class CollectClient:
    """Streams to the members that can be dialled."""

    def __init__(
        self, own: OwnMember, peers: PeerClient, allowances: Allowances
    ) -> None:
        """``allowances`` bound what one member may hand over, as on a listener."""
        self._own = own
        self._peers = peers
        self._allowances = allowances

    async def collect(self, member: str, take: Take, begun: Callable[[], None]) -> None:
        """Take what ``member`` hands over until the stream ends; raises RelaisError.

        ``begun`` learns that the other node is there.
        """
        stub = collect_pb2_grpc.CollectServiceStub(await self._peers.channel(member))
        call = stub.Collect(timeout=_LONGEST)
        try:
            with translated(member):
                reply = collect_pb2.CollectRequest(nothing=collect_pb2.Nothing())
                while True:
                    await call.write(reply)
                    async with asyncio.timeout(_SILENCE):
                        handed = await call.read()
                    if not isinstance(handed, collect_pb2.CollectResponse):
                        raise no_answer(member)
                    # The directory may have changed: a member that was suspended, or
                    # whose certificate went, hands nothing over any more.
                    await self._peers.channel(member)
                    begun()
                    reply = await self._reply(member, handed, take)
        finally:
            call.cancel()

    async def _reply(
        self, member: str, handed: Any, take: Take
    ) -> collect_pb2.CollectRequest:
        try:
            if handed.HasField("batch"):
                self._allowances.take(member, handed.batch)
                answer = await take(delivery_from(handed.batch))
                return collect_pb2.CollectRequest(answer=answer_to(answer))
            if handed.HasField("fetch"):
                chunks = await self._chunks(member, handed.fetch)
                return collect_pb2.CollectRequest(chunks=chunks)
        except RelaisError as error:
            return collect_pb2.CollectRequest(problem=_problem(error))
        return collect_pb2.CollectRequest(nothing=collect_pb2.Nothing())

    async def _chunks(
        self, member: str, asked: attachment_pb2.FetchRequest
    ) -> collect_pb2.Chunks:
        served = await serve_window(
            self._own, member, asked.attachment_id, asked.first, asked.count
        )
        return collect_pb2.Chunks(
            chunks=[
                attachment_pb2.FetchResponse(number=number, sealed=sealed)
                for number, sealed in served
            ]
        )


def _problem(error: RelaisError) -> deliver_pb2.Refusal:
    refusal = refusal_of(error)
    return deliver_pb2.Refusal(
        code=refusal.code, message=refusal.message, transient=refusal.transient
    )
