"""A clock rings once, and a day is stated once, whatever happens to the node."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from relais.desk.v1 import node_pb2
from services.node.domain.statements import date_of
from services.node.rpc.upkeep_client import UpkeepClient
from tests.fault.desks import Desk, insist
from tests.fault.holds import grown, guard_held, head_held
from tests.fault.small_network import HOTLINE, PROVINCE, SHELTER, SmallNetwork
from tests.network.command_line import relais

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


async def level(town: SmallNetwork, ahead: Desk, *members: str) -> None:
    """Other members' case clocks go as this one's does."""
    now = await ahead.case_now()
    for member in members:
        async with Desk(member, town.network.local_socket(member)) as desk:
            await desk.keep_officer()
            await drive(desk, now)


async def noted(town: SmallNetwork, member: str, number: int) -> list[tuple[int, ...]]:
    """Wait until so many statements came; what they count and what was here."""
    async with asyncio.timeout(30), town.database(member) as connection:
        while True:
            rows = await connection.fetch(
                "SELECT counted, here, differs FROM statement_received ORDER BY number"
            )
            if len(rows) >= number:
                return [tuple(row.values()) for row in rows]
            await asyncio.sleep(0.1)


async def offered(town: SmallNetwork, hotline: Desk, *recipients: str) -> list[bytes]:
    """A new case offered to each, with the receipt of it; the digests."""
    case, digests = await hotline.open_case(), []
    for each in recipients:
        referral_id = await hotline.offer(case, each, categories=())
        await hotline.see(referral_id, "offered", settled=True)
        async with town.database(HOTLINE) as connection:
            digests.append(
                await connection.fetchval(
                    "SELECT digest FROM envelope_sent WHERE referral_id = $1",
                    referral_id,
                )
            )
    return digests


async def days_go_by(town: SmallNetwork) -> int:
    """All that was sent was made three days ago, for its rows say so; on which day."""
    async with asyncio.timeout(30), town.database(HOTLINE) as connection:
        while True:
            waiting = await connection.fetchval(
                "SELECT count(*) FROM outbox WHERE state = 'waiting'"
                " AND recipient = any($1)",
                [PROVINCE, SHELTER],
            )
            if not waiting:
                break
            await asyncio.sleep(0.1)
    query = town.network.state.cluster.query
    for member, table in (
        (HOTLINE, "envelope_sent"),
        (PROVINCE, "envelope_received"),
        (SHELTER, "envelope_received"),
    ):
        query(f"UPDATE {table} SET day = day - 3", database=member)  # noqa: S608
    return int(query("SELECT max(day) FROM envelope_sent", database=HOTLINE))


async def test_an_inbox_row_that_is_gone_is_told_and_equal_days_are_silent(
    quiet_town, hotline
):
    await level(quiet_town, hotline, PROVINCE, SHELTER)
    digests = await offered(quiet_town, hotline, PROVINCE, SHELTER, PROVINCE)
    day = await days_go_by(quiet_town)
    await quiet_town.kill(HOTLINE)
    await quiet_town.restart(HOTLINE)
    (whole,) = await noted(quiet_town, SHELTER, 1)
    (before,) = await noted(quiet_town, PROVINCE, 1)
    assert (whole, before[2]) == ((1, 1, False), False)
    # One more of that day, of which the province loses the row behind its back.
    (lost,) = await offered(quiet_town, hotline, PROVINCE)
    query = quiet_town.network.state.cluster.query
    query(
        f"DELETE FROM envelope_received WHERE digest = '\\x{lost.hex()}'",  # noqa: S608
        database=PROVINCE,
    )
    query(
        f"UPDATE envelope_sent SET day = {day} WHERE digest = '\\x{lost.hex()}'",  # noqa: S608
        database=HOTLINE,
    )
    await quiet_town.kill(HOTLINE)
    await quiet_town.restart(HOTLINE)
    counted = before[0] + 1
    assert await noted(quiet_town, PROVINCE, 2) == [
        before,
        (counted, counted - 1, True),
    ]
    assert await noted(quiet_town, SHELTER, 1) == [whole]
    log = quiet_town.network.place(PROVINCE).log.read_text("utf-8")
    assert log.count("statement.differs") == 1
    socket = quiet_town.network.local_socket(PROVINCE)
    async with UpkeepClient(socket) as upkeep:
        found = await upkeep.get_upkeep("admin")
        (told,) = found.differences
        assert (told.member, told.stated, told.here) == (HOTLINE, counted, counted - 1)
        assert told.day == date_of(day).isoformat()
        worries = [(each.code, each.member) for each in found.worries]
        assert ("statement_differs", HOTLINE) in worries
        there = await upkeep.list_day("admin", HOTLINE, told.day)
    socket = quiet_town.network.local_socket(HOTLINE)
    command = ("node", "day", PROVINCE, told.day, "--as", "admin", "--socket", socket)
    said = await asyncio.to_thread(relais, *map(str, command))
    assert said.returncode == 0, said.stderr
    sent = dict(line.split()[:2] for line in said.stdout.splitlines() if "  " in line)
    received = {each.digest.hex() for each in there if not each.sent}
    assert sent.keys() - received == {lost.hex()}
    assert sent[lost.hex()] == "received"
    assert {digests[0].hex(), digests[2].hex()} <= received
