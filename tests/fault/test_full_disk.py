"""PostgreSQL has no room left: what was answered stands, and nothing is lost.

The member's database lies on a small disk of its own (a tablespace on a tmpfs), which
a file fills to the last byte. What runs out is the room of tables and indexes; the
write-ahead log lies elsewhere, as operators are told to have it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest

from tests.fault.desks import Desk, code_of, new_id
from tests.fault.ending import check_ledger, ledger_size
from tests.fault.small_network import PROVINCE, SHELTER, SmallNetwork

SIZE = 96
"""MiB of the small disk; an empty database takes about 15."""
MOST = 2000
"""Acts within which the pages that are begun are full."""


async def _told(desk: Desk, event_id: bytes) -> str:
    """What an officer who opens a case is told: ``done``, or a code."""
    try:
        await desk.open_case(event_id)
    except grpc.aio.AioRpcError as error:
        return code_of(error)
    return "done"


@asynccontextmanager
async def _small_disk(town: SmallNetwork, member: str) -> AsyncIterator[Path]:
    """The member's database on a disk of its own; the folder where that lies."""
    cluster = town.network.state.cluster
    folder = await asyncio.to_thread(mounted, cluster.data, SIZE)
    try:
        tables = folder / "tables"
        await _moved(town, member, f"CREATE TABLESPACE small LOCATION '{tables}'")
        yield folder
        await _moved(town, member, "", "pg_default")
        cluster.query("DROP TABLESPACE small")
    finally:
        await asyncio.to_thread(unmount, folder)


def mounted(data: Path, size: int) -> Path:
    """A small disk with a folder of whoever owns ``data``."""
    folder = Path(tempfile.mkdtemp(prefix="relais-disk-"))
    mount = ("mount", "-t", "tmpfs", "-o", f"size={size}m", "tmpfs", str(folder))
    if subprocess.run(mount, check=False).returncode != 0:
        folder.rmdir()
        pytest.skip("this machine lets nobody mount a small disk")
    folder.chmod(0o755)
    tables, owner = folder / "tables", data.stat()
    tables.mkdir(mode=0o700)
    os.chown(tables, owner.st_uid, owner.st_gid)
    return folder


def unmount(folder: Path) -> None:
    """The disk goes, with all that lies on it."""
    subprocess.run(("umount", "-l", folder), check=True)
    folder.rmdir()


async def _moved(
    town: SmallNetwork, member: str, first: str, place: str = "small"
) -> None:
    cluster = town.network.state.cluster
    await town.kill(member)
    if first:
        await asyncio.to_thread(cluster.query, first)
    move = f'ALTER DATABASE "{member}" SET TABLESPACE {place}'
    await asyncio.to_thread(cluster.query, move)
    await town.restart(member)


def fill(ballast: Path) -> None:
    """To the last byte."""
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
async def test_a_full_disk_under_postgresql_loses_nothing_and_is_survived(town, desks):
    shelter, province = desks[SHELTER], desks[PROVINCE]
    async with _small_disk(town, SHELTER) as disk:
        node, before = town.process(SHELTER), await ledger_size(town, SHELTER)
        await asyncio.to_thread(fill, disk / "ballast")
        done: list[bytes] = []
        for _ in range(MOST):
            event_id = new_id()
            told = await _told(shelter, event_id)
            if told != "done":
                break
            done.append(event_id)
        assert told == "store.unreachable"
        assert await _told(shelter, event_id) == told
        # What others send it waits with them.
        case = await province.open_case()
        await province.agree(case, "reception_shelter", SHELTER)
        referral_id = await province.offer(case, SHELTER)
        assert await ledger_size(town, SHELTER) == before + len(done)
        (disk / "ballast").unlink()
        # The same node, which nobody touched.
        assert await _told(shelter, event_id) == "done"
        await province.see(referral_id, "offered", settled=True)
        assert town.process(SHELTER) == node
        assert await _told(shelter, event_id) == "done"
        async with town.database(SHELTER) as connection:
            stand = await connection.fetchval(
                "SELECT count(*) FROM event AS e "
                "INNER JOIN ledger_leaf AS l ON e.subject = l.subject "
                "WHERE e.event_id = ANY ($1)",
                [*done, event_id],
            )
        assert stand == len(done) + 1
        assert await ledger_size(town, SHELTER) == before + len(done) + 2
        await check_ledger(town, SHELTER)
