"""A database from yesterday: its node stops before it signs a second history."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil

from services.node.domain.errors import UnavailableError
from tests.fault.desks import Desk
from tests.fault.ending import check_ledger
from tests.fault.small_network import HOTLINE, PROVINCE, SmallNetwork


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
    town.network.state.cluster.query(
        f'ALTER DATABASE "{PROVINCE}" RENAME TO today;'
        f'ALTER DATABASE yesterday RENAME TO "{PROVINCE}";'
        "ALTER DATABASE today RENAME TO yesterday;"
    )
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
