"""One run: a network, stories, faults, then quiet, and what the checker finds.

Promises that a fault is counted once and only if it hit (flights.py), that no fault
is under way when the quiet begins, and that a run which finds nothing has looked:
its report says how many handoffs, faults and confirmed acts it looked at.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.checker import Finding, check
from tests.chaos.courier import Courier
from tests.chaos.faults import HOW, Hand, Stroke
from tests.chaos.flights import Flights
from tests.chaos.plan import MEMBERS, OFFICES, Fault, Kind, Tale, faults, tales
from tests.chaos.reading import Members, policy_steps, read_members
from tests.chaos.timekeeper import Timekeeper
from tests.chaos.workload import Teller, Told
from tests.chaos.world import World
from tests.fault.desks import Desk
from tests.fault.small_network import CLOCK

_STORIES_AT_ONCE = 14
_FAULTS_AT_ONCE = 4
_SLOWEST_END = 120.0
"""Seconds after the last fault by which every story must have ended."""
_UNDER_WAY = """
SELECT
    (SELECT size FROM ledger_head) AS size,
    (SELECT count(*) FROM outbox
    WHERE state = 'waiting' OR (state = 'refused' AND NOT refusal_applied))
    AS envelopes,
    (SELECT count(*) FROM referral WHERE side = 'giver' AND state = 'accepted')
    AS acceptances
"""
_LEFT_BEHIND = """
SELECT count(*) AS leases FROM outbox
WHERE
    state = 'waiting'
    AND next_try_at BETWEEN now() + interval '5 s' AND now() + interval '58 s'
"""
_QUIET_LOOKS = 4
_LOOK = 0.5


ENOUGH, ENOUGH_OF_A_KIND = 1000, 100
"""Faults that hit, for a run that is worth naming."""


@dataclass
class Report:
    """What a run did and found."""

    seed: int
    minutes: float = 0.0
    injected: Counter[Kind] = field(default_factory=Counter)
    hit: Counter[Kind] = field(default_factory=Counter)
    not_possible: tuple[Kind, ...] = ()
    told: Told = field(default_factory=Told)
    handoffs: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    """Handoffs that the recipient refused for good, by step and code."""
    findings: list[Finding] = field(default_factory=list)

    @property
    def hits(self) -> int:
        """Faults that count."""
        return sum(self.hit.values())

    def lines(self) -> Iterator[str]:
        """The report as it is printed."""
        yield f"seed {self.seed}, {self.minutes:.1f} minutes of faults"
        yield f"{'kind of fault':44} injected   hit"
        for kind in Kind:
            if kind in self.not_possible:
                yield f"{kind:44} not possible on this machine"
                continue
            yield f"{kind:44} {self.injected[kind]:8} {self.hit[kind]:5}"
        yield f"{'together':44} {sum(self.injected.values()):8} {self.hits:5}"
        stories = sum(self.told.ended.values())
        yield (
            f"stories told {stories}, acts confirmed {len(self.told.confirmed)}, "
            f"handoffs made {self.handoffs}"
        )
        for name, times in self.told.refused.most_common():
            yield f"  ended by a refusal: {name} {times}"
        for name, times in self.refusals.most_common():
            yield f"  refused for good: {name} {times}"
        fewest = min(self.hit[each] for each in Kind if each not in self.not_possible)
        yield (
            f"enough to count ({ENOUGH} hits, {ENOUGH_OF_A_KIND} of each kind): "
            + ("yes" if self.hits >= ENOUGH and fewest >= ENOUGH_OF_A_KIND else "no")
        )
        yield f"violations {len(self.findings)}"
        for finding in self.findings[:50]:
            yield f"  {finding}"


class Chaos:
    """Stories and faults on one world."""

    def __init__(self, hand: Hand, seed: int, say: Callable[[str], None]) -> None:
        self._hand, self._say = hand, say
        kinds = tuple(
            kind for kind in Kind if kind is not Kind.DISK_FULL or hand.world.disks
        )
        self.report = Report(seed)
        self.report.not_possible = tuple(set(Kind) - set(kinds))
        self._faults, self._tales = faults(seed, kinds), tales(seed)
        self._locks = {member: asyncio.Lock() for member in MEMBERS}
        self._strokes: list[tuple[Kind, Stroke]] = []
        self._stop = asyncio.Event()

    async def run(self, minutes: float, rounds: int, over: asyncio.Event) -> None:
        """Faults for so long, or so many of each kind; then every story to its end.

        ``over`` is set once no more faults come.
        """
        begun = time.monotonic()
        tellers = [asyncio.create_task(self._tell()) for _ in range(_STORIES_AT_ONCE)]
        injectors = [
            asyncio.create_task(self._inject(begun, minutes * 60, rounds))
            for _ in range(_FAULTS_AT_ONCE)
        ]
        saying = asyncio.create_task(self._progress(begun))
        try:
            # A story that fails ends the run at once, and so does a fault.
            working = asyncio.gather(*tellers)
            await _until_first(working, asyncio.gather(*injectors))
            self.report.minutes = (time.monotonic() - begun) / 60
            self._stop.set()
            over.set()
            self._say(
                f"faults are over; {len(self.report.told.under_way)} stories go on"
            )
            async with asyncio.timeout(_SLOWEST_END):
                await working
        except TimeoutError:
            self._stuck()
        finally:
            for task in (*tellers, *injectors, saying):
                task.cancel()
            await asyncio.gather(*tellers, *injectors, saying, return_exceptions=True)
        await self._count()

    async def _tell(self) -> None:
        while not self._stop.is_set():
            tale: Tale = next(self._tales)
            told = self.report.told
            told.under_way[tale.number] = f"{tale.name}, {tale.giver} {tale.receiver}"
            await Teller(self._hand.world, self._hand.desks, told).tell(tale)
            del told.under_way[tale.number]

    async def _inject(self, begun: float, seconds: float, rounds: int) -> None:
        each = len(Kind) - len(self.report.not_possible)
        while True:
            fault = next(self._faults)
            late = time.monotonic() - begun > seconds
            if late if not rounds else fault.number >= rounds * each:
                return
            async with self._alone(fault):
                stroke = await HOW[fault.kind](self._hand, fault)
            self.report.injected[fault.kind] += 1
            if stroke is not None:
                self._strokes.append((fault.kind, stroke))

    @asynccontextmanager
    async def _alone(self, fault: Fault) -> AsyncIterator[None]:
        """No other fault strikes the same member; PostgreSQL is everybody's."""
        everybody = fault.kind is Kind.DATABASE_KILLED
        async with contextlib.AsyncExitStack() as stack:
            for member in MEMBERS if everybody else (fault.member,):
                await stack.enter_async_context(self._locks[member])
            yield

    async def _progress(self, begun: float) -> None:
        while True:
            await asyncio.sleep(30)
            report = self.report
            self._say(
                f"{(time.monotonic() - begun) / 60:5.1f} min  "
                f"{sum(report.injected.values())} faults injected  "
                f"{sum(report.told.ended.values())} stories  "
                f"{len(report.told.confirmed)} acts confirmed"
            )

    async def _count(self) -> None:
        for kind, stroke in self._strokes:
            hit = stroke.certain or await self._hand.flights.hit(
                stroke.caught, stroke.at
            )
            self.report.hit[kind] += bool(hit)

    def _stuck(self) -> None:
        for number, name in self.report.told.under_way.items():
            self.report.findings.append(
                Finding("story.stuck", "", f"story {number} ({name}) did not end")
            )


async def _until_first(
    working: asyncio.Future[list[None]], injecting: asyncio.Future[list[None]]
) -> None:
    """Until the faults are done, or something fails."""
    done, _ = await asyncio.wait(
        (working, injecting), return_when=asyncio.FIRST_COMPLETED
    )
    for each in done:
        each.result()


async def chaos(
    world: World,
    seed: int,
    minutes: float,
    rounds: int = 0,
    say: Callable[[str], None] = lambda _: None,
    *,
    in_haste: bool = False,
) -> Report:
    """A whole run on a network that is up.

    ``in_haste`` starts anew, at the end, whose relay lost sight of what it had leased:
    a relay that begins takes that over, and nobody waits until the lease runs out.
    """
    # A pool tells at length of each server that is down; here that is the point.
    logging.getLogger("asyncpg").setLevel(logging.CRITICAL)
    flights, courier = Flights(world), Courier(world)
    desks = {m: Desk(m, world.network.local_socket(m)) for m in MEMBERS}
    try:
        for member, desk in desks.items():
            await desk.keep_officer(OFFICES[member])
        timekeeper = Timekeeper(desks)
        await timekeeper.begin()
        keeping = asyncio.create_task(timekeeper.keep())
        hand = Hand(world, flights, desks, courier, timekeeper)
        running = Chaos(hand, seed, say)
        async with _haste(world, flights, in_haste=in_haste) as over:
            await running.run(minutes, rounds, over)
            say("stories are over; waiting until nothing is under way")
            await _quiet(flights, running.report)
        report = running.report
        keeping.cancel()
    finally:
        await courier.close()
        await flights.close()
        for desk in desks.values():
            await desk.__aexit__(None, None, None)
    say("it is quiet; reading every database and ledger")
    found = await checked(world, report)
    report.handoffs, report.refusals = found.handoffs(), found.refusals()
    return report


@asynccontextmanager
async def _haste(
    world: World, flights: Flights, *, in_haste: bool
) -> AsyncIterator[asyncio.Event]:
    """From the event on, nodes with leases that nobody settles are started anew."""
    over = asyncio.Event()

    async def look() -> None:
        await over.wait()
        while True:
            for member in MEMBERS:
                rows = await flights.ask(member, _LEFT_BEHIND)
                if rows and rows[0]["leases"]:
                    await world.restart(member)
            await asyncio.sleep(_LOOK)

    looking = asyncio.create_task(look() if in_haste else over.wait())
    try:
        yield over
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


async def checked(world: World, report: Report) -> Members:
    """Read every database and ledger, and add what does not hold to the report."""
    found = await read_members(places(world))
    steps = policy_steps(world.network.declared.policy, CLOCK[:10])
    report.findings += check(found, steps, report.told.confirmed)
    return found


def places(world: World) -> dict[str, Path]:
    """Where the checker finds each member's configuration and guards."""
    return {member: world.network.place(member).folder for member in MEMBERS}


async def _quiet(flights: Flights, report: Report) -> None:
    """Wait until nothing is under way, and no ledger grew for some looks."""
    end, same, before = time.monotonic() + _SLOWEST_END, 0, [0]
    while time.monotonic() < end:
        rows = [await flights.ask(member, _UNDER_WAY) for member in MEMBERS]
        left = [tuple(found[0])[1:] if found else (1,) for found in rows]
        sizes = [found[0]["size"] for found in rows if found]
        same = same + 1 if sizes == before and not any(map(any, left)) else 0
        if same == _QUIET_LOOKS:
            return
        before = sizes
        await asyncio.sleep(_LOOK)
    what = ", ".join(f"{m} {each}" for m, each in zip(MEMBERS, left, strict=True))
    report.findings.append(Finding("network.busy", "", f"was never quiet: {what}"))
