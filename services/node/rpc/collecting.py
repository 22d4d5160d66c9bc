"""Collect as a server: members that nobody can dial are handed what waits.

Promises: the same batches as Deliver and the same requests as Fetch, one after the
other, on the stream that the member keeps open; one stream a member, of which the
newest counts; whose certificate is not listed any more is handed nothing. Leaves
what waits, and when it is tried again, to the relay: to it this is one more way to
a member.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from relais.exchange.v1 import attachment_pb2, collect_pb2, collect_pb2_grpc
from services.node.domain.errors import RelaisError, UnavailableError, stable_code
from services.node.flows.contents import WINDOW
from services.node.flows.exchange import Delivery, DeliveryAnswer
from services.node.rpc.calls import calling_member, check_still_listed
from services.node.rpc.conversions import answer_from, delivery_to
from services.node.rpc.peer_client import no_answer
from services.node.store.attachments import Chunk

#: Seconds after which a stream on which nothing happened says so.
KEEP_ALIVE = 20.0
#: Seconds in which a batch that was handed over is answered.
_PATIENCE = 30.0

_Said = collect_pb2.CollectRequest
_Handed = tuple[collect_pb2.CollectResponse, "asyncio.Future[_Said]"]


class _Stream:
    """What goes to one member while its stream is open."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[_Handed] = asyncio.Queue()
        self._ended: asyncio.Future[RelaisError] = (
            asyncio.get_running_loop().create_future()
        )
        self._open: set[asyncio.Future[_Said]] = set()

    async def hand(self, handed: collect_pb2.CollectResponse) -> _Said:
        """What the member says to it; raises what ends the stream before."""
        answer: asyncio.Future[_Said] = asyncio.get_running_loop().create_future()
        self._open.add(answer)
        await self._waiting.put((handed, answer))
        try:
            return await answer
        finally:
            self._open.discard(answer)

    async def next(self) -> _Handed | None:
        """What is to be handed over, or None if nothing was for a while."""
        waiting = asyncio.ensure_future(self._waiting.get())
        try:
            await asyncio.wait(
                (waiting, self._ended),
                timeout=KEEP_ALIVE,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if self._ended.done():
                raise self._ended.result()
            return waiting.result() if waiting.done() else None
        finally:
            waiting.cancel()

    def end(self, error: RelaisError) -> None:
        """Nothing more is handed over; who waits for an answer learns why."""
        if not self._ended.done():
            self._ended.set_result(error)
        for answer in self._open:
            if not answer.done():
                answer.set_exception(error)


class Collectors:
    """The members that are there and collect."""

    def __init__(self) -> None:
        self._streams: dict[str, _Stream] = {}
        self._closed = False

    async def deliver(self, member: str, delivery: Delivery) -> DeliveryAnswer:
        """Hand one batch over and wait for its answers; raises RelaisError."""
        batch = collect_pb2.CollectResponse(batch=delivery_to(delivery))
        return answer_from((await self._ask(member, batch, "answer")).answer)

    async def fetch(
        self, member: str, attachment_id: bytes, first: int, total: int
    ) -> AsyncIterator[list[Chunk]]:
        """Windows of chunks of an attachment from ``first`` on; raises RelaisError."""
        for begin in range(first, total, WINDOW):
            count = min(WINDOW, total - begin)
            request = attachment_pb2.FetchRequest(
                attachment_id=attachment_id, first=begin, count=count
            )
            asked = collect_pb2.CollectResponse(fetch=request)
            said = await self._ask(member, asked, "chunks")
            chunks = [(each.number, each.sealed) for each in said.chunks.chunks]
            if len(chunks) != count:
                raise no_answer(member)
            yield chunks

    async def _ask(
        self,
        member: str,
        handed: collect_pb2.CollectResponse,
        kind: Literal["answer", "chunks"],
    ) -> _Said:
        stream = self._streams.get(member)
        if stream is None:
            raise _not_there(member)
        try:
            async with asyncio.timeout(_PATIENCE):
                said = await stream.hand(handed)
        except TimeoutError as error:
            raise no_answer(member) from error
        if said.HasField("problem"):
            code = stable_code(said.problem.code, "peer.refused")
            raise UnavailableError(
                code, "The other node did not take what it was handed.", where=member
            )
        if not said.HasField(kind):
            raise no_answer(member)
        return said

    @contextmanager
    def joined(self, member: str) -> Iterator[_Stream]:
        """The member's stream, in place of an older one."""
        if self._closed:
            raise _stopping()
        older = self._streams.get(member)
        if older is not None:
            # It may hang on a line that broke without a word.
            older.end(
                UnavailableError(
                    "peer.newer_stream",
                    "The member opened a newer stream; this one ends.",
                    remedy="Collect on the newer one.",
                )
            )
        stream = self._streams[member] = _Stream()
        try:
            yield stream
        finally:
            stream.end(_not_there(member))
            if self._streams.get(member) is stream:
                del self._streams[member]

    def close(self) -> None:
        """This node stops: every stream ends."""
        self._closed = True
        for stream in self._streams.values():
            stream.end(_stopping())


class CollectServicer(collect_pb2_grpc.CollectServiceServicer):
    """Hands over; ``heard_from`` learns that a member is there."""

    def __init__(
        self, collectors: Collectors, heard_from: Callable[[str], None]
    ) -> None:
        self._collectors = collectors
        self._heard_from = heard_from

    async def Collect(
        self, request_iterator: Any, context: Any
    ) -> AsyncIterator[collect_pb2.CollectResponse]:
        """Hand over what waits until one of the two ends it."""
        member = calling_member()
        requests = aiter(request_iterator)
        if await anext(requests, None) is None:
            return
        with self._collectors.joined(member) as stream:
            yield _nothing()
            if await anext(requests, None) is None:
                return
            self._heard_from(member)
            while True:
                handed = await stream.next()
                check_still_listed()
                if handed is not None and handed[1].done():
                    # Nobody waits for the answer any more.
                    continue
                yield _nothing() if handed is None else handed[0]
                said = await anext(requests, None)
                if said is None:
                    return
                check_still_listed()
                if handed is not None and not handed[1].done():
                    handed[1].set_result(said)


def _nothing() -> collect_pb2.CollectResponse:
    return collect_pb2.CollectResponse(nothing=collect_pb2.Nothing())


def _not_there(member: str) -> UnavailableError:
    return UnavailableError(
        "peer.not_collecting",
        "The other node only dials out, and it is not here to collect.",
        where=member,
        remedy="It is handed over as soon as that node comes.",
    )


def _stopping() -> UnavailableError:
    return UnavailableError("node.stopping", "This node stops.")
