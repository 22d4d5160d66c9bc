"""A node killed at any moment and started again: the same ending.

Each moment is hit for certain (holds.py), for the member that sends the step and
for the one that receives it:

- *unwritten*: its batch waits inside the transaction; nothing of it stands.
- *unanswered*: its batch is committed; no guard, nothing published, nobody told.
- *just after*: for the sender, its officer was answered while the recipient stood
  still, so no receipt can have come; for the recipient, its own desk shows the step.

The officer whose call broke asks again with the same event id, as any client does.
"""

from __future__ import annotations

import asyncio

import grpc
import pytest

from tests.fault.desks import Desk, insist
from tests.fault.ending import Ending
from tests.fault.holds import grown, guard_held, head_held
from tests.fault.journey import Move, Story, story, unharmed
from tests.fault.small_network import SmallNetwork

MOMENTS = {
    "offer": "reception",
    "accept": "reception",
    "release": "reception",
    "minutes": "voluntary_return",
    "countersignature": "voluntary_return",
}


@pytest.fixture(scope="session")
def endings() -> dict[str, Ending]:
    """What undisturbed pieces came to, told once a kind."""
    return {}


async def _expected(
    town: SmallNetwork, desks: dict[str, Desk], kind: str, endings: dict[str, Ending]
) -> Ending:
    if kind not in endings:
        endings[kind] = await unharmed(town, desks, kind)
    return endings[kind]


KILLS = [
    (moment, victim, when)
    for moment in MOMENTS
    for victim in ("sender", "recipient")
    for when in ("unwritten", "unanswered", "just after")
    # The second envelope of the minutes: once for each end is enough.
    if moment != "countersignature" or when == "unanswered"
]


@pytest.mark.parametrize(("moment", "victim", "when"), KILLS)
async def test_a_killed_node_ends_the_piece_as_if_nothing_had_happened(
    town, desks, endings, moment, victim, when
):
    kind = MOMENTS[moment]
    expected = await _expected(town, desks, kind, endings)
    told = story(town, desks, kind)
    await told.until(moment)
    move = told.move(moment)
    acting = asyncio.ensure_future(_strike(told, move, victim, when))
    await acting
    assert await told.after(moment) == expected


async def _strike(told: Story, move: Move, victim: str, when: str) -> None:
    sender, recipient = told.ends(move)
    struck = sender if victim == "sender" else recipient
    calling = await _STRIKES[when](told, move, struck)
    await told.town.restart(struck.name)
    try:
        await calling
    except grpc.aio.AioRpcError as error:
        assert struck is sender
        assert error.code() is grpc.StatusCode.UNAVAILABLE
        await insist(lambda: told.act(move))
    await told.arrive(move)


async def _unwritten(told: Story, move: Move, struck: Desk) -> asyncio.Future[None]:
    if move.by_node and told.ends(move)[0] is struck:
        # The release waits inside its batch already.
        await told.town.kill(struck.name)
        return asyncio.ensure_future(told.act(move))
    async with head_held(told.town, struck.name) as hold:
        calling = asyncio.ensure_future(told.act(move))
        await hold.reached()
        await told.town.kill(struck.name)
    return calling


async def _unanswered(told: Story, move: Move, struck: Desk) -> asyncio.Future[None]:
    async with guard_held(told.town, struck.name) as size:
        calling = asyncio.ensure_future(told.act(move))
        await grown(told.town, struck.name, size)
        await told.town.kill(struck.name)
    return calling


async def _just_after(told: Story, move: Move, struck: Desk) -> asyncio.Future[None]:
    sender, recipient = told.ends(move)
    if struck is recipient:
        calling = asyncio.ensure_future(told.act(move))
        if move.name == "offer":
            await calling
        await recipient.see(told.referral_id, *move.states)
        await told.town.kill(recipient.name)
        return calling
    with told.town.frozen(recipient.name):
        await told.act(move)
        await sender.see(told.referral_id, *move.states)
        await told.town.kill(sender.name)
    return asyncio.ensure_future(asyncio.sleep(0))


_STRIKES = {
    "unwritten": _unwritten,
    "unanswered": _unanswered,
    "just after": _just_after,
}
