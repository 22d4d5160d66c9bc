"""What an officer sees of clocks: what runs, what is overdue, what rang."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.errors import NotFoundError
from services.node.domain.referrals import Priority
from services.node.domain.tables import Rule, day_of
from services.node.flows.footing import case_named
from services.node.flows.own import OwnMember
from services.node.store import cases as case_store
from services.node.store import referrals as referral_store
from services.node.store import timers as timer_store
from services.node.store.pool import Connection
from services.node.store.rows import ReferralRow
from services.node.store.timers import TimerRow
from services.node.wire.mapping import LATEST


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock with whose it is and on what its limit rests.

    ``rule`` is None where the policy in force has no such row any more;
    ``pausable_for`` is empty unless it runs and may stand still today.
    """

    timer: TimerRow
    case_pseudonym: str
    referral: ReferralRow | None
    rule: Rule | None
    overdue: bool
    pausable_for: tuple[str, ...] = ()


async def clocks_of_case(
    own: OwnMember, pseudonym: str, now: datetime
) -> list[ClockView]:
    """Every clock of a case, met ones too; raises NotFoundError."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        timers = await timer_store.timers_of_case(connection, case.case_id)
        return await _views(own, connection, timers, now)


async def running_clocks(
    own: OwnMember, now: datetime, limit: int, offset: int, *, overdue: bool
) -> list[ClockView]:
    """What runs in all cases, or of it what is overdue."""
    before = now if overdue else LATEST
    async with own.database.connection() as connection:
        timers = await timer_store.running_timers(connection, before, limit, offset)
        views = await _views(own, connection, timers, now)
    return [each for each in views if each.overdue or not overdue]


async def _views(
    own: OwnMember, connection: Connection, timers: list[TimerRow], now: datetime
) -> list[ClockView]:
    wanted = sorted({each.referral_id for each in timers if each.referral_id})
    rows = await referral_store.referrals_by_ids(connection, wanted)
    referrals = {row.referral_id: row for row in rows}
    ids = {each.case_id for each in timers if each.case_id}
    ids |= {row.case_id for row in rows if row.case_id}
    names = await case_store.pseudonyms_of(connection, sorted(ids))

    def view(timer: TimerRow) -> ClockView:
        referral = referrals.get(timer.referral_id or b"")
        case_id = timer.case_id if referral is None else referral.case_id
        running = timer.stopped_at is None and timer.paused_at is None
        return ClockView(
            timer,
            names.get(case_id or b"", ""),
            referral,
            _rule(own, timer),
            overdue=running and timer.due_at <= now,
            pausable_for=_reasons(own, timer, now) if running else (),
        )

    return [view(each) for each in timers]


def _reasons(own: OwnMember, timer: TimerRow, now: datetime) -> tuple[str, ...]:
    pauses = own.adopted.policy.pauses
    return pauses.reasons_for(timer.deadline, Priority(timer.priority), day_of(now))


def _rule(own: OwnMember, timer: TimerRow) -> Rule | None:
    try:
        row = own.adopted.policy.deadlines.row(
            timer.deadline, day_of(timer.started_at), Priority(timer.priority)
        )
    except NotFoundError:
        return None
    return row.rule
