"""Let a clock stand still for a named reason, and let it go on.

An officer's act inside the member, logged like any other. What was left when the
clock was paused is left when it goes on. The policy names the reasons and the
clocks that they may hold; the clock of an emergency never stands still.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Actor
from services.node.domain.plain_words import plain
from services.node.domain.referrals import Priority
from services.node.domain.tables import day_of
from services.node.flows.clock_acts import (
    clock_footing,
    plan_clock_act,
    unknown_clock,
)
from services.node.flows.inside import InsideAct, Recorded
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Settled, id_reused
from services.node.store import events as event_store
from services.node.store import timers as timer_store
from services.node.store.pool import Connection
from services.node.store.timers import (
    TimerRow,
    end_timer_pause,
    insert_timer_pause,
    pause_timer,
    resume_timer,
)


@dataclass(frozen=True, slots=True)
class PauseClock:
    """The act of pausing a clock."""

    own: OwnMember
    actor: Actor
    event_id: bytes
    timer_id: bytes
    reason: str
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotLawfulError ``clock.paused`` and what the table pauses raises."""
        timer = await _running(connection, self.timer_id)
        done = await _done(connection, self.event_id, InsideAct.CLOCK_PAUSED)
        if done is not None:
            return done
        at = self.moment.case
        timer = _not_met(timer)
        self.own.adopted.policy.pauses.check(
            self.reason, timer.deadline, Priority(timer.priority), day_of(at)
        )
        if timer.paused_at is not None:
            raise NotLawfulError(
                "clock.paused",
                "This clock stands still already, for"
                f" {plain(timer.pause_reason or '')}.",
                remedy="Let it go on first.",
            )
        content = f"{timer.deadline} {self.reason}".encode()
        recorded = Recorded(
            self.event_id, self.actor, InsideAct.CLOCK_PAUSED, content, at
        )
        writes = (
            pause_timer(self.timer_id, at, self.reason),
            insert_timer_pause(self.timer_id, self.event_id, self.reason, at),
        )
        footing = await clock_footing(self.own, connection, timer)
        return plan_clock_act(self.own, footing, recorded, writes)


@dataclass(frozen=True, slots=True)
class ResumeClock:
    """The act of letting a paused clock go on."""

    own: OwnMember
    actor: Actor
    event_id: bytes
    timer_id: bytes
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotLawfulError ``clock.not_paused``."""
        timer = await _running(connection, self.timer_id)
        done = await _done(connection, self.event_id, InsideAct.CLOCK_RESUMED)
        if done is not None:
            return done
        timer = _not_met(timer)
        if timer.paused_at is None:
            raise NotLawfulError("clock.not_paused", "This clock does not stand still.")
        at = self.moment.case
        content = f"{timer.deadline} {timer.pause_reason}".encode()
        recorded = Recorded(
            self.event_id, self.actor, InsideAct.CLOCK_RESUMED, content, at
        )
        writes = (
            resume_timer(self.timer_id, at),
            end_timer_pause(self.timer_id, self.event_id, at),
        )
        footing = await clock_footing(self.own, connection, timer)
        return plan_clock_act(self.own, footing, recorded, writes)


async def _running(connection: Connection, timer_id: bytes) -> TimerRow:
    timer = await timer_store.timer_by_id(connection, timer_id)
    if timer is None:
        raise unknown_clock()
    return timer


def _not_met(timer: TimerRow) -> TimerRow:
    if timer.stopped_at is not None:
        raise NotLawfulError(
            "clock.met", "This clock was met; it does not run.", remedy="Nothing to do."
        )
    return timer


async def _done(
    connection: Connection, event_id: bytes, act: InsideAct
) -> Settled | None:
    row = await event_store.event_by_id(connection, event_id)
    if row is None:
        return None
    if row.step != act:
        raise id_reused()
    return Settled(row.subject)
