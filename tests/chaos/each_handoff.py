"""Every handoff of a return is killed once at each end, and it ends as if it was not.

One story is told from the offer to the countersigned minutes. At each step the
sender dies when its batch stands and nobody was told of it; started again, it hands
the step over, and the recipient dies when its own batch stands and nobody was told.
The release has no officer who asks again: its sender dies inside its transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import grpc

from tests.chaos.findings import Finding
from tests.fault.desks import ROLES, Desk, insist
from tests.fault.ending import Ending
from tests.fault.holds import grown, guard_held
from tests.fault.journey import RETURN, Move, Story, story, unharmed
from tests.fault.small_network import SmallNetwork

KIND = "voluntary_return"
KILLS = 2 * len(RETURN)
"""Each step of the return, at its sender and at its recipient."""


async def kill_each_handoff(town: SmallNetwork) -> list[Finding]:
    """``KILLS`` kills in one story; what ended otherwise than undisturbed."""
    desks = {name: Desk(name, town.network.local_socket(name)) for name in ROLES}
    try:
        for desk in desks.values():
            await desk.keep_officer()
        return await _killed(town, desks)
    finally:
        for desk in desks.values():
            await desk.__aexit__(None, None, None)


async def _killed(town: SmallNetwork, desks: dict[str, Desk]) -> list[Finding]:
    expected = await unharmed(town, desks, KIND)
    told = story(town, desks, KIND)
    await told.begin()
    await told.approve()
    for move in told.moves:
        if move.name == "accept":
            await told.hold_release()
        await (_released if move.by_node else _taken)(told, move)
    return list(_differences(expected, await told.after(told.moves[-1].name)))


async def _taken(told: Story, move: Move) -> None:
    """A step that an officer takes."""
    town = told.town
    sender, recipient = (desk.name for desk in told.ends(move))
    async with guard_held(town, recipient) as size_there:
        async with guard_held(town, sender) as size_here:
            calling = asyncio.ensure_future(told.act(move))
            await grown(town, sender, size_here)
            await town.kill(sender)
        (outcome,) = await asyncio.gather(calling, return_exceptions=True)
        assert isinstance(outcome, grpc.aio.AioRpcError), outcome
        await town.restart(sender)
        await grown(town, recipient, size_there)
        await town.kill(recipient)
    await asyncio.gather(town.restart(recipient), insist(lambda: told.act(move)))
    if move.name == "accept":
        # The release waits inside its batch from here on.
        assert told.release_hold is not None
        await told.release_hold.reached()
        await told.receiver.see(told.referral_id, settled=True)
    else:
        await told.arrive(move)


async def _released(told: Story, move: Move) -> None:
    """The step that the giver's node takes by itself."""
    town = told.town
    sender, recipient = (desk.name for desk in told.ends(move))
    async with guard_held(town, recipient) as size_there:
        await town.kill(sender)
        await told.act(move)
        await town.restart(sender)
        await grown(town, recipient, size_there)
        await town.kill(recipient)
    await town.restart(recipient)
    await told.arrive(move)


def _differences(expected: Ending, ended: Ending) -> Iterator[Finding]:
    for end in ("giver", "receiver", "chain"):
        if getattr(ended, end) != getattr(expected, end):
            what = f"{getattr(ended, end)} instead of {getattr(expected, end)}"
            yield Finding("journey.other_ending", end, what)
