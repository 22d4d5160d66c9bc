"""A database from yesterday: its node stops before it signs a second history."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import psutil
import pytest

from services.node.domain.errors import UnavailableError
from tests.fault.desks import Desk, code_of
from tests.fault.ending import check_ledger
from tests.fault.small_network import HOTLINE, PROVINCE, SmallNetwork
from tests.fault.test_storms import ENDED

EXCHANGED = f"""
ALTER DATABASE "{PROVINCE}" RENAME TO today;
ALTER DATABASE yesterday RENAME TO "{PROVINCE}";
ALTER DATABASE today RENAME TO yesterday;
"""


async def _offered(giver: Desk, receiver: Desk) -> None:
    case = await giver.open_case()
    await giver.agree(case, "reception_shelter", receiver.name)
    referral_id = await giver.offer(case, receiver.name)
    await giver.see(referral_id, "offered", settled=True)


@asynccontextmanager
async def _yesterday(
    town: SmallNetwork, giver: Desk, receiver: Desk
) -> AsyncIterator[None]:
    """Database and guard of PROVINCE as they were before its last handoff."""
    cluster, guards = town.network.state.cluster, town.network.place(PROVINCE).guards
    kept = {path: path.with_name("kept") for path in guards}
    await town.kill(PROVINCE)
    cluster.query(f'CREATE DATABASE yesterday TEMPLATE "{PROVINCE}"')
    for path, copy in kept.items():
        shutil.copy(path, copy)
    await town.restart(PROVINCE)
    await _offered(giver, receiver)
    await town.kill(PROVINCE)
    _exchange_names(town, guards)
    yield
    _exchange_names(town, guards)
    cluster.query("DROP DATABASE yesterday WITH (FORCE)")
    await town.restart(PROVINCE)


def _exchange_names(town: SmallNetwork, guards: tuple) -> None:
    town.network.state.cluster.query(EXCHANGED)
    for path in guards:
        kept, aside = path.with_name("kept"), path.with_name("aside")
        path.rename(aside)
        kept.rename(path)
        aside.rename(kept)


async def test_a_restored_node_is_told_when_it_greets_and_stops(town, desks):
    hotline, province = desks[HOTLINE], desks[PROVINCE]
    await _offered(hotline, province)
    async with _yesterday(town, hotline, province):
        # Nobody sends it anything; it asks by itself what others have seen of it.
        log = town.network.place(PROVINCE).log
        said = log.stat().st_size
        try:
            await town.restart(PROVINCE)
            await asyncio.to_thread(town.process(PROVINCE).wait, 20)
        except (AssertionError, UnavailableError, psutil.NoSuchProcess):
            # It stopped before it said that it was ready, or just after.
            pass
        assert "ledger.behind_peer" in log.read_text("utf-8")[said:]
    await _offered(hotline, province)
    await check_ledger(town, PROVINCE)


async def test_a_node_whose_database_is_set_back_under_it_stops_before_it_signs(
    town, desks
):
    """As by a backup that is put in its place, or a standby that lags."""
    hotline, province = desks[HOTLINE], desks[PROVINCE]
    await _offered(hotline, province)
    cluster, place = town.network.state.cluster, town.network.place(PROVINCE)
    await town.kill(PROVINCE)
    cluster.query(f'CREATE DATABASE yesterday TEMPLATE "{PROVINCE}"')
    await town.restart(PROVINCE)
    await _offered(hotline, province)
    node, said = town.process(PROVINCE), place.log.stat().st_size
    guarded = [path.read_bytes() for path in place.guards]
    cluster.query(f'ALTER DATABASE "{PROVINCE}" ALLOW_CONNECTIONS false')
    cluster.query(ENDED.format(PROVINCE))
    cluster.query(EXCHANGED)
    code = "store.unreachable"
    while code == "store.unreachable":
        # Its pool may hold connections that are gone; then it is asked again.
        with pytest.raises(grpc.aio.AioRpcError) as refused:
            await province.open_case()
        code = code_of(refused.value)
    await asyncio.to_thread(node.wait, 20)
    assert "ledger.set_back" in place.log.read_text("utf-8")[said:]
    assert [path.read_bytes() for path in place.guards] == guarded
    cluster.query(EXCHANGED)
    cluster.query(f'ALTER DATABASE "{PROVINCE}" ALLOW_CONNECTIONS true')
    cluster.query("DROP DATABASE yesterday WITH (FORCE)")
    await town.restart(PROVINCE)
    await _offered(hotline, province)
    await check_ledger(town, PROVINCE)
