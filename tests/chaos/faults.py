"""How each kind of fault is done to a running network.

Each function does one fault from beginning to end, heals what it broke, and returns
what it *struck*: the handoffs that were on their way when it took effect, and the
instant. Nothing returned means that nothing was struck; such a fault does not count.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import psutil

from tests.chaos.courier import Courier
from tests.chaos.flights import Flights, now
from tests.chaos.plan import Fault, Kind
from tests.chaos.timekeeper import Timekeeper
from tests.chaos.world import World
from tests.fault.desks import Desk
from tests.fault.holds import grown, guard_held, head_held
from tests.fault.postgres_line import Loss

_CATCH = 4.0
"""Seconds for which a fault waits for a handoff to strike."""
_AGAIN = 0.5
"""Seconds for which it looks for more of them once it is about to strike."""
_HOLD = (0.1, 0.8)
"""Seconds for which a pause, a cut or a full disk lasts."""
_JUMP = (60_000, 600_000)
"""Milliseconds by which a case clock jumps."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """What a fault struck: ``certain`` where the fault itself proves the hit."""

    at: datetime
    caught: dict[str, set[bytes]]
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Hand:
    """What faults are done with."""

    world: World
    flights: Flights
    desks: dict[str, Desk]
    courier: Courier
    time: Timekeeper


Done = Awaitable[Stroke | None]


async def killed(hand: Hand, fault: Fault) -> Stroke | None:
    """SIGKILL while a handoff of the member is on its way, and a new start."""
    caught = await hand.flights.caught(fault.member, _CATCH)
    await hand.world.kill(fault.member)
    stroke = Stroke(now(), caught)
    await hand.world.restart(fault.member)
    return stroke


async def killed_at_point(hand: Hand, fault: Fault) -> Stroke | None:
    """SIGKILL while a batch waits before its commit (0), or before its guard (1)."""
    world, member, reached = hand.world, fault.member, False
    caught = await hand.flights.caught(member, _CATCH)
    async with contextlib.AsyncExitStack() as stack:
        if fault.variant == 0:
            waiting = (
                await stack.enter_async_context(head_held(world, member))
            ).reached()
        else:
            size = await stack.enter_async_context(guard_held(world, member))
            waiting = grown(world, member, size)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_CATCH):
                await waiting
                reached = True
        caught = _both(caught, await hand.flights.caught(member, _AGAIN))
        await world.kill(member)
        stroke = Stroke(now(), caught)
    await world.restart(member)
    return stroke if reached else None


async def commit_lost(hand: Hand, fault: Fault) -> Stroke | None:
    """The COMMIT of a send, a receive or a receipt, or its answer, is lost."""
    line = hand.world.database_lines[fault.member]
    line.strike(Loss.REQUEST if fault.kind is Kind.NOT_WRITTEN else Loss.ANSWER)
    await asyncio.to_thread(line.has_struck.wait, 2 * _CATCH)
    struck = line.relent()
    return None if struck is None else Stroke(struck.at, {}, certain=True)


async def database_killed(hand: Hand, _fault: Fault) -> Stroke | None:
    """SIGKILL to PostgreSQL under all members, and a new start."""
    caught = await hand.flights.caught("", _CATCH)
    await hand.world.kill_database()
    stroke = Stroke(now(), caught)
    await hand.world.start_database()
    return stroke


async def stopped(hand: Hand, fault: Fault) -> Stroke | None:
    """SIGSTOP, a while, SIGCONT."""
    with contextlib.suppress(psutil.NoSuchProcess):
        caught = await hand.flights.caught(fault.member, _CATCH)
        with hand.world.frozen(fault.member):
            stroke = Stroke(now(), caught)
            await asyncio.sleep(_between(_HOLD, fault.size))
        return stroke
    return None


async def line_cut(hand: Hand, fault: Fault) -> Stroke | None:
    """Every connection to the member breaks with requests (0) or answers (1) on it."""
    line = hand.world.lines[fault.member]
    (line.keep_answers if fault.variant else line.keep_requests)()
    await asyncio.to_thread(line.has_kept.wait, _CATCH)
    caught = await hand.flights.caught(fault.member, _AGAIN)
    line.cut()
    stroke = Stroke(now(), caught)
    await asyncio.sleep(_between(_HOLD, fault.size))
    line.mend()
    return stroke


async def replayed(hand: Hand, fault: Fault) -> Stroke | None:
    """A second relay brings what waits for the member twice, the second in reverse.

    Requests of the first relay are kept meanwhile and arrive last: a third time.
    """
    line = hand.world.lines[fault.member]
    line.keep_requests()
    try:
        await asyncio.to_thread(line.has_kept.wait, _CATCH)
        brought = await hand.courier.bring(fault.member, reverse=bool(fault.variant))
        return Stroke(now(), brought) if brought else None
    finally:
        line.pass_on()


async def clock_jumped(hand: Hand, fault: Fault) -> Stroke | None:
    """The member's case clock jumps ahead while requests to it are on the way.

    The others are told of that time a while later (timekeeper.py).
    """
    line = hand.world.lines[fault.member]
    line.keep_requests()
    try:
        await asyncio.to_thread(line.has_kept.wait, _CATCH)
        caught = await hand.flights.caught(fault.member, _AGAIN)
        ahead = hand.time.now + int(_between(_JUMP, fault.size))
        if not await hand.time.put(fault.member, ahead):
            return None
        stroke = Stroke(now(), caught)
    finally:
        line.pass_on()
    await asyncio.sleep(_between(_HOLD, fault.size))
    hand.time.now = max(hand.time.now, ahead)
    return stroke


async def disk_filled(hand: Hand, fault: Fault) -> Stroke | None:
    """The disk of the first guard is full until a batch could not write it."""
    log = hand.world.network.place(fault.member).log
    caught = await hand.flights.caught(fault.member, _CATCH)
    with log.open("rb") as said, hand.world.full_disk(fault.member):
        said.seek(0, 2)
        met = await _says(said.read, b"guard.failed")
        caught = _both(caught, await hand.flights.caught(fault.member, _AGAIN))
        stroke = Stroke(now(), caught)
        await asyncio.sleep(_between(_HOLD, fault.size))
    return stroke if met else None


HOW: dict[Kind, Callable[[Hand, Fault], Done]] = {
    Kind.KILLED: killed,
    Kind.KILLED_AT_POINT: killed_at_point,
    Kind.NOT_WRITTEN: commit_lost,
    Kind.UNANSWERED: commit_lost,
    Kind.DATABASE_KILLED: database_killed,
    Kind.STOPPED: stopped,
    Kind.LINE_CUT: line_cut,
    Kind.REPLAYED: replayed,
    Kind.CLOCK_JUMP: clock_jumped,
    Kind.DISK_FULL: disk_filled,
}


def _both(
    one: dict[str, set[bytes]], other: dict[str, set[bytes]]
) -> dict[str, set[bytes]]:
    return {
        name: one.get(name, set()) | other.get(name, set())
        for name in one.keys() | other.keys()
    }


async def _says(read: Callable[[], bytes], words: bytes) -> bool:
    """Whether a log says so in time; a file tells nobody that it grew."""
    said = b""
    for _ in range(int(_CATCH / 0.02)):
        said += read()
        if words in said:
            return True
        await asyncio.sleep(0.02)
    return False


def _between(bounds: tuple[float, float], at: float) -> float:
    return bounds[0] + (bounds[1] - bounds[0]) * at
