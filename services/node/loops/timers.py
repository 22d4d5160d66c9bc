"""Clocks ring: what is due, one after the other in the order of due time.

What has to ring stands in the database, so a node that was down rings what became
due meanwhile. It sleeps until the next clock is due, or until anything changes: a
step, or a case clock that was moved. One clock that cannot ring holds up no other.
"""

from __future__ import annotations

import asyncio
from datetime import datetime

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.changes import Concern
from services.node.flows.fire import Rang, RingTimer
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.plan import Submit
from services.node.flows.published import Published
from services.node.store import timers as timer_store
from services.node.store.timers import TimerRow

_MOST_AT_ONCE = 64
_LONGEST_SLEEP = 30.0
_SHORTEST_SLEEP = 0.05
#: Seconds until a clock that could not ring is tried again; doubled every time.
_REST = 1.0
_LONGEST_REST = 300.0


class TimerLoop:
    """Rings clocks for ever."""

    def __init__(
        self, own: OwnMember, published: Published, submit: Submit, clocks: Clocks
    ) -> None:
        self._own = own
        self._published = published
        self._submit = submit
        self._clocks = clocks
        self._resting: dict[bytes, float] = {}
        self._failures: dict[bytes, int] = {}
        self._log = structlog.get_logger()

    async def run(self) -> None:
        """Ring what is due, at every change and when the next is due."""
        while True:
            changed = self._published.next_work(Concern.CLOCKS)
            try:
                sleep = await self._ring_due()
            except RelaisError as error:
                self._log.warning("clock.waiting", code=error.code)
                sleep = _REST
            try:
                async with asyncio.timeout(sleep):
                    await changed.wait()
            except TimeoutError:
                continue

    async def _ring_due(self) -> float:
        """Ring all that is due; how long nothing will be, in seconds."""
        while True:
            now = self._clocks.now().case
            async with self._own.database.connection() as connection:
                due = await timer_store.due_timers(
                    connection, now, _MOST_AT_ONCE + len(self._resting)
                )
                following = await timer_store.next_ring_at(connection)
            ready = [each for each in due if self._rested(each.timer_id)]
            if not ready:
                return self._pause(following, now)
            await self._ring_in_order(ready)

    async def _ring_in_order(self, ready: list[TimerRow]) -> None:
        """One after the other, until a next ring comes before the others' turn."""
        soonest: datetime | None = None
        for timer in ready:
            if soonest is not None and soonest <= timer.ring_at[timer.fired]:
                return
            await self._ring(timer)
            later = timer.ring_at[timer.fired + 1 :]
            if later:
                soonest = later[0] if soonest is None else min(soonest, later[0])

    async def _ring(self, timer: TimerRow) -> None:
        act = RingTimer(self._own, timer.timer_id, timer.fired, self._clocks.now())
        try:
            logged = await self._submit(act)
        except RelaisError as error:
            if error.code != "clock.not_due":
                self._rest(timer, error.code)
            return
        except Exception as error:  # noqa: BLE001 - logged, and tried again
            # A fault of this program at one clock must not hold up the others.
            self._rest(timer, type(error).__name__)
            return
        self._failures.pop(timer.timer_id, None)
        if isinstance(logged.result, Rang):
            self._log.warning(
                "clock.rang",
                deadline=timer.deadline,
                ring=logged.result.level.value,
                peer=logged.result.told,
            )

    def _rest(self, timer: TimerRow, code: str) -> None:
        """Try this clock again later, and later every time."""
        self._log.warning("clock.failed", deadline=timer.deadline, code=code)
        failures = self._failures.get(timer.timer_id, 0)
        self._failures[timer.timer_id] = failures + 1
        seconds = min(_REST * 2 ** min(failures, 20), _LONGEST_REST)
        now = asyncio.get_running_loop().time()
        self._resting[timer.timer_id] = now + seconds

    def _rested(self, timer_id: bytes) -> bool:
        until = self._resting.get(timer_id)
        if until is None or until <= asyncio.get_running_loop().time():
            self._resting.pop(timer_id, None)
            return True
        return False

    def _pause(self, following: datetime | None, now: datetime) -> float:
        seconds = _LONGEST_SLEEP
        if following is not None and following > now:
            seconds = (following - now).total_seconds()
        if self._resting:
            loop_now = asyncio.get_running_loop().time()
            seconds = min(seconds, min(self._resting.values()) - loop_now)
        return min(max(seconds, _SHORTEST_SLEEP), _LONGEST_SLEEP)
