"""More acts at once than a node has connections, and a database that gives no more.

Who is refused is told so with a code; nobody else notices; and as soon as there is
room, what was refused is asked for again and is there once.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import asyncpg
import grpc

from services.cli.cluster import PORT
from services.node.keys.files import read_secret
from services.node.rpc.errors import from_rpc_error
from tests.fault.desks import Desk, new_id
from tests.fault.ending import check_ledger, ledger_size
from tests.fault.small_network import HOTLINE, PROVINCE, SHELTER, SmallNetwork
from tests.fault.test_exchange import handed_over, offered, received
from tests.fault.widely import ALL

ACTS = 2000 if ALL else 400
"""Asked for at once: more than calls are served, and many more than connections."""
GROWN = 48 << 20
"""Bytes by which a node may grow meanwhile."""
ENDED = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}'
"""
FOR_NOW = {"store.unreachable", "inbox.full", "node.busy", "peer.failed"}
"""What an act may be refused with that is asked for again. One call too many is now and
then reset by gRPC before its status was sent (``CANCELLED``): ``peer.failed``."""


async def _told(desk: Desk, event_id: bytes) -> str:
    try:
        await desk.open_case(event_id)
    except grpc.aio.AioRpcError as error:
        found = from_rpc_error(error)
        assert (found.transient, bool(found.remedy)) == (True, True)
        return found.code
    return "done"


@asynccontextmanager
async def _no_more_connections(town: SmallNetwork, member: str) -> AsyncIterator[None]:
    """The node's connections are ended, and its database gives it one and no more.

    In the long form the whole server gives none, to anybody: every one of its
    ``max_connections`` is taken.
    """
    cluster = town.network.state.cluster

    async def query(sql: str) -> None:
        await asyncio.to_thread(cluster.query, sql)

    held: list[asyncpg.Connection] = []
    try:
        if ALL:
            held += await _all_of_them(town)
        else:
            await query(f'ALTER DATABASE "{member}" CONNECTION LIMIT 1')
        await query(ENDED.format(member))
        held += await _all_of_them(town) if ALL else ()
        yield
    finally:
        for each in held:
            each.terminate()
        await query(f'ALTER DATABASE "{member}" CONNECTION LIMIT -1')


async def _all_of_them(town: SmallNetwork) -> list[asyncpg.Connection]:
    section = town.network.config("ministry").database
    connect = partial(
        asyncpg.connect,
        host=str(town.network.state.cluster.sockets),
        port=PORT,
        database=section.name,
        user=section.user,
        password=read_secret(section.password_file).decode().strip(),
    )
    held = []
    try:
        while True:
            held.append(await connect())
    except asyncpg.TooManyConnectionsError:
        return held


async def test_a_storm_of_acts_at_a_database_without_connections_loses_none(
    town, desks
):
    hotline, province, shelter = (desks[each] for each in (HOTLINE, PROVINCE, SHELTER))
    await handed_over(hotline, shelter)
    before, node = await ledger_size(town, PROVINCE), town.process(PROVINCE)
    size = node.memory_info().rss
    acts = [new_id() for _ in range(ACTS)]
    async with _no_more_connections(town, PROVINCE):
        storm = asyncio.gather(*(_told(province, each) for each in acts))
        if not ALL:
            # Another member's database is another's.
            await handed_over(hotline, shelter)
        told = await storm
    counted = Counter(told)
    assert set(counted) <= {"done"} | FOR_NOW, counted
    assert counted["done"] < ACTS, counted
    assert await ledger_size(town, PROVINCE) == before + counted["done"]
    for event_id, answer in zip(acts, told, strict=True):
        if answer != "done":
            while await _told(province, event_id) in FOR_NOW:
                continue
    _, (referral_id,) = await offered(hotline, PROVINCE)
    await province.see(referral_id, "offered")
    await hotline.see(referral_id, settled=True)
    assert await received(town, PROVINCE, referral_id) == ["offer"]
    assert await ledger_size(town, PROVINCE) == before + ACTS + 1
    assert (town.process(PROVINCE), node.memory_info().rss - size < GROWN) == (
        node,
        True,
    )
    await check_ledger(town, PROVINCE)
