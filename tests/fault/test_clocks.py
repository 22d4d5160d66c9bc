"""A clock rings once, whatever happens to the node while it rings."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from relais.desk.v1 import node_pb2
from tests.fault.desks import Desk, insist
from tests.fault.holds import grown, guard_held, head_held
from tests.fault.small_network import HOTLINE, PROVINCE, SmallNetwork

HOUR = 3_600_000


@pytest.fixture(scope="module")
def quiet_town() -> Iterator[SmallNetwork]:
    """A network whose clocks no other test minds."""
    with (
        tempfile.TemporaryDirectory(prefix="relais-fault-") as folder,
        SmallNetwork(Path(folder)) as network,
    ):
        asyncio.run(_staff(network))
        yield network


async def _staff(network: SmallNetwork) -> None:
    async with Desk(HOTLINE, network.network.local_socket(HOTLINE)) as desk:
        await desk.keep_officer()


@pytest.fixture
async def hotline(quiet_town: SmallNetwork) -> AsyncIterator[Desk]:
    async with Desk(HOTLINE, quiet_town.network.local_socket(HOTLINE)) as desk:
        yield desk


async def drive(desk: Desk, millis: int) -> None:
    """Move the node's case clock to an instant, in Unix milliseconds."""
    request = node_pb2.SetCaseClockRequest(now=millis, acting_officer="admin")
    await insist(
        lambda: desk.node.SetCaseClock(request, wait_for_ready=True, timeout=20)
    )


async def rings(town: SmallNetwork, referral_id: bytes) -> list[str]:
    """What rang at the hotline for a referral, in the order of its ledger."""
    async with town.database(HOTLINE) as connection:
        rows = await connection.fetch(
            "SELECT t.deadline || ' ' || g.ring AS ring FROM timer_ring AS g "
            "INNER JOIN timer AS t ON g.timer_id = t.timer_id "
            "INNER JOIN event AS e ON g.event_id = e.event_id "
            "INNER JOIN ledger_leaf AS l ON e.subject = l.subject "
            "WHERE t.referral_id = $1 ORDER BY l.index",
            referral_id,
        )
    return [row["ring"] for row in rows]


async def rung(town: SmallNetwork, referral_id: bytes, number: int) -> list[str]:
    """Wait until so many clocks of a referral rang."""
    async with asyncio.timeout(30):
        while True:
            found = await rings(town, referral_id)
            if len(found) >= number:
                return found
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("when", ["unwritten", "unanswered"])
async def test_a_node_killed_while_a_clock_rings_rings_it_once(
    quiet_town, hotline, when
):
    case = await hotline.open_case()
    with quiet_town.frozen(PROVINCE):
        referral_id = await hotline.offer(case, PROVINCE, categories=())
        begun = await hotline.case_now()
        await drive(hotline, begun + HOUR // 12)
        assert await rung(quiet_town, referral_id, 1) == ["unreachable L1:inside:100"]
        if when == "unwritten":
            async with head_held(quiet_town, HOTLINE) as hold:
                await drive(hotline, begun + HOUR)
                await hold.reached()
                await quiet_town.kill(HOTLINE)
        else:
            async with guard_held(quiet_town, HOTLINE) as size:
                await drive(hotline, begun + HOUR)
                await grown(quiet_town, HOTLINE, size)
                await quiet_town.kill(HOTLINE)
        await quiet_town.restart(HOTLINE)
        await drive(hotline, begun + HOUR)
        expected = ["unreachable L1:inside:100", "acknowledged L1:inside:100"]
        assert await rung(quiet_town, referral_id, 2) == expected
        # Everything else rings after it: had it rung again, it would stand before.
        await drive(hotline, begun + 4 * HOUR)
        expected += [
            "acknowledged L3:PROVINCE_SOCIAL:200",
            "acknowledged L4:FOCAL_MINISTRY:300",
            "answered L1:inside:100",
        ]
        assert await rung(quiet_town, referral_id, 5) == expected
