"""Every write of a batch, lost twice: not written, and written but unanswered.

A real node runs in this process, on its real PostgreSQL, behind a line that is cut
at each statement in turn. Whatever is lost: every officer is told so or answered,
the same act asked for again is there once, the tree verifies from its leaves, and
nothing leaves the node before both copies of the guard name it.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import grpc
import pytest

from services.cli.cluster import PORT
from services.cli.databases import (
    MemberDatabase,
    create_databases,
    migrate_database,
)
from services.node.build import Node, build
from services.node.flows.begin import begin
from services.node.flows.guard import Guard
from services.node.keys.files import read_secret
from services.node.loops import writer as writer_module
from services.node.store.pool import Address, Database, open_database
from services.node.wire.entries import decode_directory_file
from services.shelter.profile import PROFILE
from tests.fault.desks import Desk, code_of, new_id
from tests.fault.ending import check_ledger, ledger_size
from tests.fault.holds import grown, head_waited_for
from tests.fault.postgres_line import Loss, PostgresLine
from tests.fault.small_network import (
    CLOCK,
    HOTLINE,
    PROVINCE,
    SHELTER,
    SmallNetwork,
)

EVERY = {
    "SELECT origin, size, root, checkpoint FROM ledger_head",
    "INSERT INTO event",
    "INSERT INTO ledger_leaf",
    "INSERT INTO ledger_opening",
    "INSERT INTO ledger_node",
    "UPDATE ledger_head",
    "INSERT INTO ledger_checkpoint",
    "COMMIT",
}
WRITES = {
    "open": {
        "INSERT INTO data_key",
        "INSERT INTO cases",
        "UPDATE cases",
        "INSERT INTO case_record",
        "WITH ended AS ( UPDATE answerability",
    },
    "agree": {"INSERT INTO consent", "UPDATE cases"},
    "offer": {
        "INSERT INTO case_alias",
        "INSERT INTO referral",
        "INSERT INTO envelope_sent",
        "INSERT INTO outbox",
        "INSERT INTO part_key",
    },
}
"""What each act writes, besides what every batch writes."""


@dataclass
class Inner:
    """The shelter's node in this process, behind a line to its database."""

    town: SmallNetwork
    node: Node
    line: PostgresLine
    desk: Desk
    guards: tuple[Path, ...]
    case: str = ""

    def act(self, kind: str) -> tuple[bytes, Callable[[], Awaitable[Any]]]:
        """A new act of this kind: its event id, and how to ask for it."""
        event_id, desk, case = new_id(), self.desk, self.case
        calls: dict[str, Callable[[], Awaitable[Any]]] = {
            "open": lambda: desk.open_case(event_id),
            "agree": lambda: desk.agree(case, "medical_care", PROVINCE, event_id),
            "offer": lambda: desk.offer(case, PROVINCE, event_id=event_id),
        }
        return event_id, calls[kind]

    async def times(self, event_id: bytes) -> int:
        """How often an event stands, with the leaf for it."""
        async with self.town.database(SHELTER) as connection:
            found: int = await connection.fetchval(
                "SELECT count(*) FROM event AS e "
                "INNER JOIN ledger_leaf AS l ON e.subject = l.subject "
                "WHERE e.event_id = $1",
                event_id,
            )
        return found

    def guarded(self) -> list[int]:
        """The size that each copy of the guard names."""
        states = [Guard((path,)).newest() for path in self.guards]
        return [-1 if state is None else state.size for state in states]

    @property
    def published(self) -> int:
        """The size of the head that may leave the node."""
        return self.node.published.head.size


@asynccontextmanager
async def running(town: SmallNetwork, *, whole: bool = False) -> AsyncIterator[Inner]:
    """The shelter's node in this process; ``whole`` lets all its loops run."""
    config = town.network.config(SHELTER)
    port = config.database.port
    async with PostgresLine(Path(config.database.host), port) as line:
        behind = replace(config.database, host=str(line.folder))
        node = await build(
            PROFILE,
            replace(config, database=behind),
            datetime.fromisoformat(CLOCK),
        )
        number = len(node.loops) if whole else 1
        for loop in node.loops[number:]:
            loop.close()
        loops = [asyncio.ensure_future(each) for each in node.loops[:number]]
        assert node.peers is not None
        await node.local.start()
        await node.peers.start()
        try:
            async with Desk(SHELTER, config.local.socket) as desk:
                yield Inner(town, node, line, desk, config.guard.paths)
        finally:
            await node.local.stop(None)
            await node.peers.stop(None)
            for each in loops:
                each.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            await node.client.close()
            await node.own.database.close()


@pytest.fixture(scope="module")
def vacancy(town: SmallNetwork) -> Iterator[SmallNetwork]:
    """The shelter's process gives way to a node in this one, and comes back."""
    town.network.kill(SHELTER)
    yield town
    town.network.restart(SHELTER)


@pytest.fixture
async def inner(vacancy: SmallNetwork) -> AsyncIterator[Inner]:
    """The node, with a case whose identity part may go to the province."""
    async with running(vacancy) as inner:
        inner.case = await inner.desk.open_case()
        await inner.desk.agree(inner.case, "reception_shelter", PROVINCE)
        yield inner
    await check_ledger(vacancy, SHELTER)


async def _outcome(call: Callable[[], Awaitable[Any]]) -> str:
    """What the officer was told: ``done``, or the code of a refusal."""
    try:
        await call()
    except grpc.aio.AioRpcError as error:
        return code_of(error)
    return "done"


@pytest.mark.parametrize("loss", [Loss.REQUEST, Loss.ANSWER])
@pytest.mark.parametrize("kind", WRITES)
async def test_a_line_lost_at_any_statement_loses_no_act_and_doubles_none(
    inner, kind, loss
):
    cut: list[str] = []
    for number in itertools.count(1):
        event_id, call = inner.act(kind)
        inner.line.cut(number, loss)
        told = await _outcome(call)
        if inner.line.cut_at is None:
            assert told == "done"
            break
        cut.append(inner.line.cut_at)
        assert told == "store.unreachable", cut[-1]
        assert await _outcome(call) == "done"
        assert await inner.times(event_id) == 1, cut[-1]
        size = await ledger_size(inner.town, SHELTER)
        assert inner.guarded() == [size, size]
        assert inner.published == size
    expected = EVERY | WRITES[kind]
    assert {
        each for each in expected if not any(at.startswith(each) for at in cut)
    } == set()


@pytest.mark.parametrize(
    ("loss", "written"), [(Loss.REQUEST, False), (Loss.ANSWER, True)]
)
async def test_a_lost_commit_is_found_or_not_and_published_only_if_it_stands(
    inner, loss, written
):
    _, call = inner.act("open")
    before = inner.published
    inner.line.cut(0, loss)
    assert await _outcome(call) == "store.unreachable"
    assert (await ledger_size(inner.town, SHELTER) > before) is written
    assert (inner.published > before) is written
    assert await _outcome(call) == "done"
    assert await ledger_size(inner.town, SHELTER) == before + 1


async def test_a_commit_that_arrives_late_is_published_without_another_act(inner):
    _, call = inner.act("open")
    before = inner.published
    inner.line.cut(0, Loss.LATE)
    telling = asyncio.ensure_future(_outcome(call))
    async with head_waited_for(inner.town, SHELTER):
        # The node looks for the head that the lost commit still holds.
        inner.line.let_late_arrive()
    assert await telling == "store.unreachable"
    await inner.node.published.wait_for(before, 20)
    assert inner.guarded() == [before + 1] * 2
    assert await _outcome(call) == "done"
    assert await ledger_size(inner.town, SHELTER) == before + 1


@pytest.mark.parametrize("loss", [Loss.REQUEST, Loss.ANSWER])
async def test_an_offer_whose_arrival_is_lost_with_the_line_arrives_once(
    inner, desks, loss
):
    hotline = desks[HOTLINE]
    case = await hotline.open_case()
    await hotline.agree(case, "reception_shelter", SHELTER)
    before = inner.published
    inner.line.cut(0, loss)
    referral_id = await hotline.offer(case, SHELTER)
    await hotline.see(referral_id, "offered", settled=True)
    assert inner.line.cut_at is not None
    assert await ledger_size(inner.town, SHELTER) == before + 1
    (entry,) = [e for e in (await hotline.case(case)).timeline if e.step == "offer"]
    assert (entry.delivery, entry.receipt_index) == ("received", before)


@pytest.mark.parametrize("copy", [0, 1])
async def test_nothing_is_published_before_both_copies_of_the_guard_stand(inner, copy):
    pipe = inner.guards[copy].with_suffix(".new")
    before = inner.published
    os.mkfifo(pipe, 0o600)
    _, call = inner.act("open")
    telling = asyncio.ensure_future(_outcome(call))
    await grown(inner.town, SHELTER, before)
    # Committed, and as long as nobody reads the pipe the guard is being written.
    assert inner.published == before
    assert inner.guarded()[1] == before
    assert not telling.done()
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    pipe.unlink()
    # A pipe cannot be synced: if it was opened, the guard is written once more.
    assert await telling in {"guard.not_written", "done"}
    os.close(reading)
    assert await _outcome(call) == "done"
    size = await ledger_size(inner.town, SHELTER)
    assert size == before + 1
    assert inner.guarded() == [size, size]


@pytest.mark.parametrize("copy", [0, 1])
async def test_a_full_disk_under_a_guard_stops_publishing_until_there_is_room(
    inner, copy, monkeypatch
):
    monkeypatch.setattr(writer_module, "_PUBLISHING_SECONDS", 0.2)
    full = inner.guards[copy].with_suffix(".new")
    before = inner.published
    full.symlink_to("/dev/full")
    _, call = inner.act("open")
    assert await _outcome(call) == "guard.not_written"
    assert inner.published == before
    # Asked again it is found, but not told as done before it is guarded.
    assert await _outcome(call) == "ledger.not_published"
    assert inner.published == before
    full.unlink()
    await inner.node.published.wait_for(before, 20)
    assert await _outcome(call) == "done"
    assert inner.guarded() == [before + 1] * 2


async def test_a_guard_without_its_folder_stops_publishing_until_it_is_back(inner):
    folder = inner.guards[1].parent
    away = folder.with_name("away")
    before = inner.published
    folder.rename(away)
    _, call = inner.act("open")
    assert await _outcome(call) == "guard.not_written"
    assert inner.published == before
    away.rename(folder)
    assert await _outcome(call) == "done"
    assert inner.published == before + 1


async def test_a_node_killed_before_its_very_first_guard_starts_again(inner, tmp_path):
    file = decode_directory_file(
        inner.town.network.config(SHELTER).directory.file.read_bytes()
    )
    guard = Guard((tmp_path / "guard-a", tmp_path / "guard-b"))
    async with _empty_database(inner.town, tmp_path) as database:
        own = replace(inner.node.own, database=database)
        first = await begin(own, guard, file.leaves, file.checkpoint)
        # Killed here: the first leaf is written, and no guard for it.
        assert first.size == 1
        assert await begin(own, guard, file.leaves, file.checkpoint) == first


@asynccontextmanager
async def _empty_database(town: SmallNetwork, folder: Path) -> AsyncIterator[Database]:
    cluster = town.network.state.cluster
    member = MemberDatabase("begins", folder)
    create_databases(cluster, [member])
    await migrate_database(member.owner_address(cluster), member.member)
    password = read_secret(member.node_password_file).decode().strip()
    where = str(cluster.sockets)
    database = await open_database(
        Address(where, PORT, member.member, member.member, password), 2
    )
    yield database
    await database.close()
