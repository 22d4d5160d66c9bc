"""One clock: for whom it runs, from when, and how it rings at this end.

Promises the row of a clock as the policy of the day has it: ``deadlines`` for how
long, ``escalations`` for its rings, calendar and desk hours for when it begins to
count. A clock that would never ring here is none.

Leaves to others: which step or act starts and meets which (``timers``, and for the
course of a case ``case_standing``).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.deadlines import DeadlineRow, Unit
from services.node.domain.escalations import End
from services.node.domain.functions import Function
from services.node.domain.referrals import Priority
from services.node.domain.tables import day_of
from services.node.flows.own import OwnMember
from services.node.flows.vietnam_days import VietnamDays
from services.node.keys.encoding import sha256
from services.node.store.timers import NewTimer, insert_timer
from services.node.store.writes import Write


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose clock it is, and who has to act before it runs out."""

    case_id: bytes | None
    referral_id: bytes | None
    priority: Priority
    end: End
    functions: frozenset[Function]


def start_clock(
    own: OwnMember,
    case_id: bytes,
    deadline: str,
    event_id: bytes,
    at: datetime,
    until: datetime | None = None,
) -> tuple[Write, ...]:
    """Start a named clock of a case; raises NotFoundError ``policy.no_deadline``.

    What has to be done at once (a deadline of no length) is due as soon as it
    starts and stands so until it is done. ``until`` is when it runs out if somebody
    decided another day; it rings as much later, or earlier.
    """
    row = own.adopted.policy.deadlines.row(deadline, day_of(at))
    functions = own.functions_of(own.name)
    subject = Subject(case_id, None, Priority.NORMAL, End.OWN, functions)
    timer = new_timer(own, subject, row, event_id, at)
    if timer is not None and until is not None:
        timer = moved(timer, until)
    return () if timer is None else (insert_timer(timer),)


def moved(timer: NewTimer, until: datetime) -> NewTimer:
    """The clock as it runs out at ``until``; it rings as much later, or earlier."""
    later = until - timer.due_at
    rings = tuple(each + later for each in timer.ring_at)
    return replace(timer, due_at=until, ring_at=rings)


def timer_id_of(member: str, event_id: bytes, deadline: str, about: str = "") -> bytes:
    """The id of a clock: at one member the same event starts the same clock once.

    The two ends of a referral have clocks of their own, and so rings of their own.
    """
    said = f"{member} {deadline} {about}".encode()
    return sha256(b"relais-timer" + event_id + said)[:16]


def new_timer(
    own: OwnMember,
    subject: Subject,
    row: DeadlineRow,
    event_id: bytes,
    at: datetime,
) -> NewTimer | None:
    """The clock, or None where it would never ring at this end."""
    policy = own.adopted.policy
    rings = policy.escalations.rings(
        row.deadline, subject.priority, subject.end, day_of(at)
    )
    if not rings:
        return None
    days = VietnamDays(policy.calendar)
    start = _opening(own, subject.functions, subject.priority, row, at, days)
    return NewTimer(
        timer_id=timer_id_of(own.name, event_id, row.deadline),
        deadline=row.deadline,
        case_id=subject.case_id,
        referral_id=subject.referral_id,
        priority=subject.priority.value,
        started_by=event_id,
        started_at=at,
        due_at=row.after(start, days),
        policy_version=policy.version,
        policy_row=row.rule.row,
        rings=tuple(each.ring for each in rings),
        ring_at=tuple(row.after(start, days, each.share) for each in rings),
    )


def _opening(
    own: OwnMember,
    functions: AbstractSet[Function],
    priority: Priority,
    row: DeadlineRow,
    at: datetime,
    days: VietnamDays,
) -> datetime:
    """When the clock begins to count: at once, or when the desk opens next."""
    if row.unit is not Unit.WORKING_DAYS or priority is Priority.EMERGENCY:
        return at
    return own.adopted.policy.desk_hours.next_open(functions, at, days)
