"""PostgreSQL's write-ahead log has no room left: the server stops, nothing is lost.

Its folder lies on a small disk of its own, which a file fills. PostgreSQL cannot go on
without its log (documentation, section 28.1) and ends; whoever runs it starts it when
there is room. The nodes are not touched: they go on by themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import psutil
import pytest

from services.cli.cluster import Cluster
from services.node.rpc.errors import from_rpc_error
from tests.fault.desks import Desk, insist, new_id
from tests.fault.ending import check_ledger, ledger_size
from tests.fault.small_network import HOTLINE, PROVINCE, SHELTER, SmallNetwork
from tests.fault.test_full_disk import fill, mounted, unmount

ROOM = 48
"""MiB of the small disk beside the log that is there, which grows with what ran."""
SEGMENT = 16 << 20
"""Bytes of one file of the log."""
MOST = 400
"""Acts within which what is left of the last file is full."""


@asynccontextmanager
async def _log_on_a_small_disk(cluster: Cluster) -> AsyncIterator[Path]:
    """The log lies on a disk of its own; yields that disk's folder."""
    usual, aside = cluster.data / "pg_wal", cluster.data / "pg_wal.aside"
    held = sum(each.stat().st_size for each in usual.iterdir()) >> 20
    disk = await asyncio.to_thread(mounted, cluster.data, held + ROOM)
    small = disk / "tables" / "pg_wal"
    try:
        await asyncio.to_thread(_moved, cluster, usual, small)
        usual.rename(aside)
        usual.symlink_to(small)
        await asyncio.to_thread(cluster.start)
        yield disk
    finally:
        # Also where the test failed: others use this cluster after it.
        await asyncio.to_thread(cluster.stop)
        if usual.is_symlink():
            usual.unlink()
            shutil.rmtree(aside)
            _copied(small, usual)
        await asyncio.to_thread(cluster.start)
        await asyncio.to_thread(unmount, disk)


def _moved(cluster: Cluster, usual: Path, small: Path) -> None:
    cluster.stop()
    _copied(usual, small)


def _copied(source: Path, target: Path) -> None:
    """With the owner that PostgreSQL asks for."""
    shutil.copytree(source, target)
    owner = source.stat()
    for path in (target, *target.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)


def _fill_the_log(cluster: Cluster, log: Path) -> None:
    """All but a few KiB of the files that it has; no other can be made."""
    while _files_left(cluster, log):
        cluster.query("SELECT pg_logical_emit_message(false, 'x', repeat('x', 99));")
        cluster.query("SELECT pg_switch_wal();")
    half = SEGMENT * 15 // 16
    cluster.query(f"SELECT pg_logical_emit_message(false, 'x', repeat('x', {half}));")


def _files_left(cluster: Cluster, log: Path) -> list[str]:
    """Files that were made ready and not begun."""
    now = cluster.query("SELECT pg_walfile_name(pg_current_wal_lsn());").strip()
    names = (each.name for each in log.iterdir() if each.is_file())
    return sorted(name for name in names if len(name) == len(now) and name > now)


def _ended(server: psutil.Process) -> None:
    """Wait until it ended with all that it began: its pid file goes before them.

    Until then they hold its memory, and no other may be started.
    """
    every = [server]
    with contextlib.suppress(psutil.NoSuchProcess):
        every += server.children(recursive=True)
    _, left = psutil.wait_procs(every, timeout=30)
    assert not left


async def _told(desk: Desk, event_id: bytes) -> str:
    try:
        await desk.open_case(event_id)
    except grpc.aio.AioRpcError as error:
        found = from_rpc_error(error)
        assert found.remedy
        return found.code
    return "done"


async def _standing(town: SmallNetwork, events: list[bytes]) -> int:
    async with town.database(SHELTER) as connection:
        found: int = await connection.fetchval(
            "SELECT count(*) FROM event AS e "
            "INNER JOIN ledger_leaf AS l ON e.subject = l.subject "
            "WHERE e.event_id = ANY ($1)",
            events,
        )
    return found


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
async def test_a_full_disk_under_the_log_of_postgresql_loses_nothing(town, desks):
    shelter, hotline = desks[SHELTER], desks[HOTLINE]
    cluster = town.network.state.cluster
    running = {each: town.process(each) for each in (SHELTER, HOTLINE, PROVINCE)}
    async with _log_on_a_small_disk(cluster) as disk:
        server = cluster.server()
        assert server is not None
        case = await insist(hotline.open_case)
        await insist(lambda: hotline.agree(case, "reception_shelter", SHELTER))
        before = await ledger_size(town, SHELTER)
        await asyncio.to_thread(fill, disk / "ballast")
        await asyncio.to_thread(_fill_the_log, cluster, disk / "tables" / "pg_wal")
        done: list[bytes] = []
        for _ in range(MOST):
            event_id = new_id()
            told = await _told(shelter, event_id)
            if told != "done":
                break
            done.append(event_id)
        assert told == "store.unreachable"
        await asyncio.to_thread(_ended, server)
        assert await _told(shelter, event_id) == told
        (disk / "ballast").unlink()
        await asyncio.to_thread(cluster.start)
        # The same nodes, which nobody touched.
        assert await insist(lambda: _answered(shelter, event_id)) == "done"
        assert {each: town.process(each) for each in running} == running
        assert await _standing(town, [*done, event_id]) == len(done) + 1
        assert await ledger_size(town, SHELTER) == before + len(done) + 1
        referral_id = await insist(lambda: hotline.offer(case, SHELTER))
        await shelter.see(referral_id, "offered")
    for member in (SHELTER, HOTLINE):
        await insist(desks[member].open_case)
        await check_ledger(town, member)


async def _answered(desk: Desk, event_id: bytes) -> str:
    await desk.open_case(event_id)
    return "done"
