"""However many act at once, what waits to be written stays bounded, and is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from services.node.domain.errors import (
    ConflictError,
    InvalidInputError,
    UnavailableError,
)
from services.node.flows.batch import Written
from services.node.flows.plan import Plan
from services.node.loops import writer as loop
from services.node.loops.writer import Writer
from services.node.store.ledger import NewLeaf
from services.node.store.rows import HeadRow


class Slow:
    """An act that decides when it is let, and is refused then."""

    def __init__(self, let: asyncio.Event) -> None:
        self._let = let

    async def decide(self, _connection: Any) -> Any:
        await self._let.wait()
        raise InvalidInputError("act.bad", "It may not be done.")


def writer_for(most: int) -> Writer:
    """One that writes nothing: its acts come to no plan."""
    own: Any = SimpleNamespace(database=SimpleNamespace(reads=None))
    nothing: Any = None
    return Writer(own, nothing, nothing, ("", 0), most=most)


async def test_one_act_too_many_is_refused_for_now_and_its_place_is_free_again():
    writer, let = writer_for(3), asyncio.Event()
    waiting = [asyncio.ensure_future(writer.submit(Slow(let))) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(UnavailableError) as refused:
        await writer.submit(Slow(let))
    assert (refused.value.code, refused.value.wait) == ("node.busy", 1.0)
    waiting[0].cancel()
    await asyncio.wait([waiting[0]])
    let.set()
    for each in (writer.submit(Slow(let)), *waiting[1:]):
        with pytest.raises(InvalidInputError):
            await each


HEAD = HeadRow("origin", 1, b"root" * 8, b"note")


class Decided:
    """An act that is decided at once."""

    def __init__(self, name: str) -> None:
        self._name = name

    async def decide(self, _connection: Any) -> Any:
        leaf = NewLeaf(b"", self._name.encode(), None, None, None)
        return Plan(None, leaf, (), self._name)


class Away:
    """A database that answers while ``here`` and ``lets``; a guard likewise."""

    reads = None

    def __init__(self) -> None:
        self.here = True
        self.asked, self.lets = 0, asyncio.Event()
        self.lets.set()

    def write(self, _state: Any) -> None:
        if not self.here:
            raise UnavailableError("guard.not_written", "No room.", remedy="Make room.")

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        if not self.here:
            raise UnavailableError("store.unreachable", "Away.", remedy="Ask again.")
        yield


@pytest.fixture
def away() -> Away:
    return Away()


@pytest.fixture
async def writing(monkeypatch, away) -> AsyncIterator[tuple[Writer, list[str], list]]:
    """A writer that runs, what it wrote, and the errors that writing raises next."""
    written: list[str] = []
    raised: list[Exception] = []

    async def write(_database, _signer, plans, _known):
        away.asked += 1
        await away.lets.wait()
        if raised:
            raise raised.pop(0)
        written.extend(plan.result for plan in plans)
        return Written(tuple(range(len(plans))), HEAD, None)

    async def head(_connection, _known):
        return HEAD

    monkeypatch.setattr(loop, "write_batch", write)
    monkeypatch.setattr(loop, "lock_known_head", head)
    monkeypatch.setattr(loop, "_RECOVERY_PATIENCE", 0.05)
    monkeypatch.setattr(loop, "_RECOVERY_PAUSE", 0.01)
    directory = SimpleNamespace(size=1, root=b"")
    own: Any = SimpleNamespace(
        database=away,
        batch=64,
        keys=SimpleNamespace(ledger=None),
        adopted=SimpleNamespace(directory=directory),
    )
    guard: Any = away
    published: Any = SimpleNamespace(head=HEAD, advance=lambda *_: None)
    writer = Writer(own, guard, published, ("", 0))
    running = asyncio.ensure_future(writer.run())
    yield writer, written, raised
    running.cancel()
    await asyncio.wait([running])


async def _insisted(writer: Writer, name: str) -> None:
    """Ask again while the writer recovers; an error if that takes seconds."""
    async with asyncio.timeout(5):
        while True:
            try:
                await writer.submit(Decided(name))
            except UnavailableError:
                continue
            return


async def test_while_the_guard_cannot_be_written_everyone_is_told_so(writing, away):
    writer, written, _ = writing
    away.here = False
    for name in ("first", "second"):
        with pytest.raises(UnavailableError) as told:
            async with asyncio.timeout(5):
                await writer.submit(Decided(name))
        assert told.value.code == "guard.not_written"
    away.here = True
    await _insisted(writer, "third")
    # The first was in the database before its guard failed, the second never.
    assert written == ["first", "third"]


async def test_what_nobody_waits_for_any_more_is_not_written(writing, away):
    writer, written, _ = writing
    away.lets.clear()
    first = asyncio.ensure_future(writer.submit(Decided("first")))
    while not away.asked:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0)
    gone = [asyncio.ensure_future(writer.submit(Decided(f"{n}"))) for n in range(9)]
    while writer.backlog < len(gone):  # noqa: ASYNC110 - likewise
        await asyncio.sleep(0)
    for each in gone:
        each.cancel()
    await asyncio.wait(gone)
    away.lets.set()
    await first
    await writer.submit(Decided("last"))
    assert written == ["first", "last"]


async def test_the_rest_of_a_split_batch_is_told_with_the_act_that_failed(
    writing, away
):
    writer, written, raised = writing
    raised += [
        ConflictError("store.conflict", "A row stands already."),
        UnavailableError("store.unreachable", "Away.", remedy="Ask again."),
    ]
    away.here = False
    acts = [writer.submit(Decided(f"{number}")) for number in range(4)]
    async with asyncio.timeout(5):
        told = await asyncio.gather(*acts, return_exceptions=True)
    assert {getattr(each, "code", each) for each in told} == {"store.unreachable"}
    assert written == []
