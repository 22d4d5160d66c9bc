"""Clocks at rest: what runs, what has to ring, and the rows that say so.

Instants are on the case clock. ``rings`` and ``ring_at`` of a row go together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import execute, fetch, fetch_one
from services.node.store.writes import Write


@dataclass(frozen=True, slots=True)
class NewTimer:
    """A clock that starts; exactly one of case and referral may be missing."""

    timer_id: bytes
    deadline: str
    case_id: bytes | None
    referral_id: bytes | None
    priority: str
    started_by: bytes
    started_at: datetime
    due_at: datetime
    policy_version: str
    policy_row: int
    rings: tuple[str, ...]
    ring_at: tuple[datetime, ...]

    def arguments(self) -> tuple[object, ...]:
        """The twelve parameters of the query that inserts it."""
        return (
            self.timer_id,
            self.deadline,
            self.case_id,
            self.referral_id,
            self.priority,
            self.started_by,
            self.started_at,
            self.due_at,
            self.policy_version,
            self.policy_row,
            self.rings,
            self.ring_at,
        )


@dataclass(frozen=True, slots=True)
class TimerRow:
    """A clock; ``fired`` counts the rings that rang."""

    timer_id: bytes
    deadline: str
    case_id: bytes | None
    referral_id: bytes | None
    priority: str
    started_by: bytes
    started_at: datetime
    due_at: datetime
    policy_version: str
    policy_row: int
    rings: list[str]
    ring_at: list[datetime]
    fired: int
    next_ring_at: datetime | None
    paused_at: datetime | None
    pause_reason: str | None
    stopped_at: datetime | None


async def due_timers(
    connection: Connection, now: datetime, limit: int
) -> list[TimerRow]:
    """What has to ring by ``now``, the earliest first."""
    return await fetch(connection, "due_timers", TimerRow, now, limit)


async def next_ring_at(connection: Connection) -> datetime | None:
    """When the next clock rings, or None if nothing is left to ring."""
    found: datetime | None = await connection.fetchval(query("next_ring_at"))
    return found


async def timer_by_id(connection: Connection, timer_id: bytes) -> TimerRow | None:
    """One clock."""
    return await fetch_one(connection, "timer_by_id", TimerRow, timer_id)


async def timers_of_case(connection: Connection, case_id: bytes) -> list[TimerRow]:
    """Every clock of a case and of its referrals, the earliest due first."""
    return await fetch(connection, "timers_of_case", TimerRow, case_id)


async def running_in(connection: Connection, referral_id: bytes) -> list[TimerRow]:
    """The clocks of a referral that run, the earliest due first."""
    return await fetch(connection, "running_in", TimerRow, referral_id)


async def running_timers(
    connection: Connection, due_before: datetime, limit: int, offset: int
) -> list[TimerRow]:
    """What runs in all cases and is due by then, the earliest first."""
    return await fetch(
        connection, "running_timers", TimerRow, due_before, limit, offset
    )


async def reached(
    connection: Connection, digests: list[bytes], at: datetime, deadline: str
) -> None:
    """The other member answered for these envelopes: those clocks stop."""
    await execute(connection, "stop_reached", digests, at, deadline)


def insert_timer(timer: NewTimer) -> Write:
    """A clock starts."""
    return Write("insert_timer", timer.arguments())


def insert_timer_after_refusals(
    timer: NewTimer, referral_type: str, number: int
) -> Write:
    """A clock starts if ``number`` referrals of the type found nobody."""
    arguments = (*timer.arguments(), referral_type, number)
    return Write("insert_timer_after_refusals", arguments)


def stop_timers(
    referral_id: bytes, deadlines: list[str], at: datetime, event_id: bytes
) -> Write:
    """The running clocks of a referral are met, but those that the event starts."""
    return Write("stop_timers", (referral_id, deadlines, at, event_id))


def start_again(referral_id: bytes, event_id: bytes) -> Write:
    """What a step met that was refused for good runs on."""
    return Write("start_again", (referral_id, event_id))


def stop_started(
    referral_id: bytes, refused: bytes, at: datetime, event_id: bytes
) -> Write:
    """What a step started that was refused for good stops."""
    return Write("stop_started", (referral_id, refused, at, event_id))


def stop_case_timers(
    case_id: bytes, deadlines: list[str], at: datetime, event_id: bytes
) -> Write:
    """The running clocks of the case itself are met."""
    return Write("stop_case_timers", (case_id, deadlines, at, event_id))


def stop_clocks_of_case(
    case_id: bytes, deadlines: list[str], at: datetime, event_id: bytes
) -> Write:
    """The running clocks of the case and of its referrals are met."""
    return Write("stop_clocks_of_case", (case_id, deadlines, at, event_id))


def stop_timers_named(timer_ids: list[bytes], at: datetime, event_id: bytes) -> Write:
    """These clocks are met, as far as they run."""
    return Write("stop_timers_named", (timer_ids, at, event_id))


def insert_timer_of_first_transfer(timer: NewTimer, peer: str) -> Write:
    """A clock starts unless one did for this member before."""
    return Write("insert_timer_of_first_transfer", (*timer.arguments(), peer))


def ring_timer(timer_id: bytes, number: int) -> Write:
    """The clock rang for the ``number``-th time, counted from 0."""
    return Write("ring_timer", (timer_id, number))


def insert_timer_ring(
    timer_id: bytes, number: int, ring: str, event_id: bytes, at: datetime
) -> Write:
    """What rang, with the event that it made."""
    return Write("insert_timer_ring", (timer_id, number, ring, event_id, at))


def pause_timer(timer_id: bytes, at: datetime, reason: str) -> Write:
    """A running clock stands still."""
    return Write("pause_timer", (timer_id, at, reason))


def insert_timer_pause(
    timer_id: bytes, event_id: bytes, reason: str, at: datetime
) -> Write:
    """For which named reason, and by which event."""
    return Write("insert_timer_pause", (timer_id, event_id, reason, at))


def resume_timer(timer_id: bytes, at: datetime) -> Write:
    """A paused clock goes on with what was left."""
    return Write("resume_timer", (timer_id, at))


def end_timer_pause(timer_id: bytes, event_id: bytes, at: datetime) -> Write:
    """By which event it went on."""
    return Write("end_timer_pause", (timer_id, event_id, at))
