"""Members that come and collect: one stream each, and nothing waits in vain."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from relais.exchange.v1 import attachment_pb2, collect_pb2, deliver_pb2
from services.node.domain.errors import (
    NotPermittedError,
    RelaisError,
    UnavailableError,
)
from services.node.flows.exchange import NO_HEAD, Delivery, DeliveryAnswer, Growth
from services.node.rpc import calls, collecting
from services.node.rpc.collecting import Collectors, CollectServicer
from services.node.rpc.conversions import answer_to, delivery_from

MEMBER = "nha-hoa-ban"
BATCH = Delivery(NO_HEAD, Growth(b"a checkpoint", 0, ()), ())
LATER = Delivery(NO_HEAD, Growth(b"a later checkpoint", 0, ()), ())
ANSWER = DeliveryAnswer(NO_HEAD, Growth(b"another", 0, ()), ())
ANSWERED = collect_pb2.CollectRequest(answer=answer_to(ANSWER))
NOTHING = collect_pb2.CollectRequest(nothing=collect_pb2.Nothing())


class Line:
    """A member's end of the stream: what it says is put, what it hears is read."""

    def __init__(self, collectors: Collectors) -> None:
        self.heard_from: list[str] = []
        self.there = asyncio.Event()
        self.listed = True
        self._said: asyncio.Queue[Any] = asyncio.Queue()
        calls._PEER.set(MEMBER)
        calls._STILL.set(self._still)
        servicer = CollectServicer(collectors, self._heard_from)
        self._heard = aiter(servicer.Collect(self._requests(), None))

    def _heard_from(self, member: str) -> None:
        self.heard_from.append(member)
        self.there.set()

    def _still(self) -> None:
        if not self.listed:
            raise NotPermittedError("peer.unknown", "Not listed any more.")

    async def _requests(self):
        while (said := await self._said.get()) is not None:
            yield said

    async def says(self, said: Any) -> collect_pb2.CollectResponse | None:
        """What this node hands over next; None if it ended the stream."""
        await self._said.put(said)
        return await anext(self._heard, None)

    async def is_there(self) -> collect_pb2.CollectResponse | None:
        """Come, and wait for what is handed over."""
        first = await self.says(NOTHING)
        assert first is not None
        assert first.HasField("nothing")
        return await self.says(NOTHING)


async def refused(doing: Any) -> str:
    with pytest.raises(RelaisError) as caught:
        await doing
    return caught.value.code


async def test_what_waits_is_handed_over_and_answered():
    collectors = Collectors()
    line = Line(collectors)
    coming = asyncio.ensure_future(line.is_there())
    await line.there.wait()
    assert line.heard_from == [MEMBER]
    handing = asyncio.ensure_future(collectors.deliver(MEMBER, BATCH))
    handed = await coming
    assert handed is not None
    assert delivery_from(handed.batch) == BATCH
    again = asyncio.ensure_future(line.says(ANSWERED))
    assert await handing == ANSWER
    again.cancel()


async def test_what_the_member_did_not_take_waits_on():
    collectors = Collectors()
    line = Line(collectors)
    coming = asyncio.ensure_future(line.is_there())
    handing = asyncio.ensure_future(later(collectors, line))
    await coming
    problem = deliver_pb2.Refusal(code="inbox.full", message="later", transient=True)
    again = asyncio.ensure_future(
        line.says(collect_pb2.CollectRequest(problem=problem))
    )
    assert await refused(handing) == "inbox.full"
    again.cancel()


async def later(collectors: Collectors, line: Line) -> DeliveryAnswer:
    await line.there.wait()
    return await collectors.deliver(MEMBER, BATCH)


async def test_what_is_answered_by_something_else_waits_on():
    collectors = Collectors()
    for said in (NOTHING, collect_pb2.CollectRequest(chunks=collect_pb2.Chunks())):
        with collectors.joined(MEMBER) as stream:
            handing = asyncio.ensure_future(collectors.deliver(MEMBER, BATCH))
            handed = await stream.next()
            assert handed is not None
            handed[1].set_result(said)
            assert await refused(handing) == "peer.no_answer"


async def test_fewer_chunks_than_were_asked_for_are_none():
    collectors = Collectors()
    with collectors.joined(MEMBER) as stream:
        windows = collectors.fetch(MEMBER, bytes(16), 15, 20)
        fetching = asyncio.ensure_future(anext(windows))
        handed = await stream.next()
        assert handed is not None
        assert (handed[0].fetch.first, handed[0].fetch.count) == (15, 5)
        one = collect_pb2.Chunks(chunks=[attachment_pb2.FetchResponse(number=15)])
        handed[1].set_result(collect_pb2.CollectRequest(chunks=one))
        assert await refused(fetching) == "peer.no_answer"


async def test_nobody_waits_for_a_member_that_is_not_there():
    assert await refused(Collectors().deliver(MEMBER, BATCH)) == "peer.not_collecting"


async def test_who_waits_for_an_answer_learns_that_the_stream_ended():
    collectors = Collectors()
    with collectors.joined(MEMBER):
        handing = asyncio.ensure_future(collectors.deliver(MEMBER, BATCH))
        await asyncio.sleep(0)
    assert await refused(handing) == "peer.not_collecting"
    assert await refused(collectors.deliver(MEMBER, BATCH)) == "peer.not_collecting"


async def test_of_two_streams_of_a_member_the_newer_counts():
    collectors = Collectors()
    with collectors.joined(MEMBER) as older:
        handing = asyncio.ensure_future(collectors.deliver(MEMBER, BATCH))
        await asyncio.sleep(0)
        with collectors.joined(MEMBER) as newer:
            assert await refused(older.next()) == "peer.newer_stream"
            assert await refused(handing) == "peer.newer_stream"
            anew = asyncio.ensure_future(collectors.deliver(MEMBER, BATCH))
            handed = await newer.next()
            assert handed is not None
            handed[1].set_result(ANSWERED)
            assert await anew == ANSWER


async def test_a_newer_stream_stays_when_the_older_ends_late():
    collectors = Collectors()
    older = collectors.joined(MEMBER)
    older.__enter__()
    with collectors.joined(MEMBER) as newer:
        older.__exit__(None, None, None)
        handing = asyncio.ensure_future(collectors.deliver(MEMBER, BATCH))
        handed = await newer.next()
        assert handed is not None
        handed[1].set_result(ANSWERED)
        assert await handing == ANSWER


async def test_a_stream_on_which_nothing_happens_says_so(monkeypatch):
    monkeypatch.setattr(collecting, "KEEP_ALIVE", 0.01)
    line = Line(Collectors())
    for _ in range(2):
        handed = (
            await line.is_there() if not line.heard_from else await line.says(NOTHING)
        )
        assert handed is not None
        assert handed.HasField("nothing")


async def test_a_member_that_is_not_listed_any_more_is_handed_nothing():
    collectors = Collectors()
    line = Line(collectors)
    coming = asyncio.ensure_future(line.is_there())
    await line.there.wait()
    line.listed = False
    handing = asyncio.ensure_future(collectors.deliver(MEMBER, BATCH))
    assert await refused(coming) == "peer.unknown"
    assert await refused(handing) == "peer.not_collecting"


async def test_a_batch_that_nobody_waits_for_any_more_is_not_handed_over(monkeypatch):
    monkeypatch.setattr(collecting, "_PATIENCE", 0.01)
    collectors = Collectors()
    line = Line(collectors)
    coming = asyncio.ensure_future(line.is_there())
    await line.there.wait()
    codes = [refused(collectors.deliver(MEMBER, each)) for each in (BATCH, BATCH)]
    assert await asyncio.gather(*codes) == ["peer.no_answer"] * 2
    first = await coming
    assert first is not None
    assert delivery_from(first.batch) == BATCH
    # The second one was tried again by then, with whatever else waits.
    coming = asyncio.ensure_future(line.says(ANSWERED))
    handing = asyncio.ensure_future(refused(collectors.deliver(MEMBER, LATER)))
    anew = await coming
    assert anew is not None
    assert delivery_from(anew.batch) == LATER
    assert await handing == "peer.no_answer"


async def test_a_node_that_stops_ends_every_stream():
    collectors = Collectors()
    with collectors.joined(MEMBER) as stream:
        collectors.close()
        assert await refused(stream.next()) == "node.stopping"
    with pytest.raises(UnavailableError), collectors.joined(MEMBER):
        pass
