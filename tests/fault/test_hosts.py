"""Nodes on hosts of their own: cables that are pulled, lose one way, or are slow.

Nobody resets a connection, so neither end is told that it cannot be heard. In every
run a cable is out for as long as it takes to see it; in the long form for longer than
a call waits.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fault.desks import ACCEPT, Desk
from tests.fault.ending import check_ledger, ledger_size
from tests.fault.hosts import Cables, HostedTown, why_not
from tests.fault.small_network import HOTLINE, PROVINCE, SHELTER
from tests.fault.test_clocks import HOUR, drive
from tests.fault.test_exchange import handed_over, offered, received
from tests.fault.widely import ALL

MEMBERS = (HOTLINE, PROVINCE, SHELTER)
RATE = "512kbit"
"""Of a poor line; a handoff of some 10 KiB takes a good part of a second on it."""
SILENT = 45 if ALL else 0
"""Seconds for which nothing is heard: longer than a call waits, or just so."""


@pytest.fixture(scope="module")
def hosted() -> Iterator[HostedTown]:
    """Three nodes on three hosts, with an officer each."""
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with (
        tempfile.TemporaryDirectory(prefix="relais-hosts-") as folder,
        Cables(MEMBERS) as cables,
        HostedTown(Path(folder), cables, MEMBERS) as town,
    ):
        asyncio.run(_staff(town))
        yield town


async def _staff(town: HostedTown) -> None:
    for name in MEMBERS:
        async with Desk(name, town.network.local_socket(name)) as desk:
            await desk.keep_officer()


@pytest.fixture
async def desks(hosted: HostedTown) -> AsyncIterator[dict[str, Desk]]:
    opened = {name: Desk(name, hosted.network.local_socket(name)) for name in MEMBERS}
    yield opened
    for desk in opened.values():
        await desk.__aexit__(None, None, None)


async def reached(desk: Desk, referral_id: bytes, word: str) -> None:
    """Wait until the sender is told ``word`` of how far it came."""
    async with asyncio.timeout(30):
        while (await desk.see(referral_id)).reach != word:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.05)


async def test_a_partition_is_shown_to_its_sender_and_loses_and_doubles_nothing(
    hosted, desks
):
    hotline, province, shelter = (desks[each] for each in MEMBERS)
    for taker in (province, shelter):
        await handed_over(hotline, taker)
    now = await hotline.case_now()
    with hosted.cables.pulled(PROVINCE):
        _, (cut_off,) = await offered(hotline, PROVINCE)
        # What the other end does meanwhile waits there likewise.
        _, (back,) = await offered(province, SHELTER)
        for desk in (shelter, province, hotline):
            await drive(desk, now + HOUR)
        await reached(hotline, cut_off, "unreachable")
        # Nobody else notices.
        _, (aside,) = await offered(hotline, SHELTER)
        await shelter.see(aside, "offered")
        await shelter.step(aside, **ACCEPT)
        await hotline.see(aside, "in_service", settled=True)
        await asyncio.sleep(SILENT)
        assert await received(hosted, PROVINCE, cut_off) == []
    await hotline.see(cut_off, "offered", settled=True)
    await reached(hotline, cut_off, "delivered")
    assert await received(hosted, PROVINCE, cut_off) == ["offer"]
    await province.see(back, "offered", settled=True)
    assert await received(hosted, SHELTER, back) == ["offer"]
    for member in MEMBERS:
        await check_ledger(hosted, member)


async def test_an_answer_lost_one_way_is_not_lost_and_its_step_not_doubled(
    hosted, desks
):
    hotline, province, shelter = (desks[each] for each in MEMBERS)
    await handed_over(hotline, province)
    before = await ledger_size(hosted, PROVINCE)
    with hosted.cables.deaf(HOTLINE, to=PROVINCE):
        case, (referral_id,) = await offered(hotline, PROVINCE)
        await province.see(referral_id, "offered")
        # Long enough for its receipt, if that could come.
        await handed_over(hotline, shelter)
        assert (await hotline.see(referral_id)).reach == "waiting"
    await hotline.see(referral_id, "offered", settled=True)
    await reached(hotline, referral_id, "delivered")
    assert await received(hosted, PROVINCE, referral_id) == ["offer"]
    (entry,) = [each for each in (await hotline.case(case)).timeline if each.delivery]
    assert entry.receipt_index == before
    assert await ledger_size(hosted, PROVINCE) == before + 1


async def test_a_slow_line_that_loses_what_does_not_fit_hands_everything_over(
    hosted, desks
):
    hotline, province, shelter = (desks[each] for each in MEMBERS)
    await handed_over(hotline, shelter)
    with hosted.cables.slow(PROVINCE, RATE):
        _, over = await offered(hotline, *(PROVINCE for _ in range(2)))
        await handed_over(hotline, shelter)
        for referral_id in over:
            await province.see(referral_id, "offered")
            await province.step(referral_id, **ACCEPT)
            await hotline.see(referral_id, "in_service", "void", settled=True)
    for referral_id in over:
        assert (await received(hosted, PROVINCE, referral_id))[0] == "offer"
    await check_ledger(hosted, PROVINCE)
