"""Clocks of a person's yes: it begins to end, it ended, a child came of age.

Promises two clocks for each yes that stands (domain.md §6.4). ``consent_expiring``
rings when the yes begins to end and when it has ended. ``consent_turning_18`` rings
for what a guardian agreed to, if the person comes of age before it ends. Both are
met by the next word on the same question: a no, a withdrawal or a newer yes.

A clock's row is in the clear, and a birthday is not to be read there: the second
counts from the first day of the month of the birthday, and ends with the time to
confirm of the last day of that month. So the first ring never comes too late, and
the last never before what the guardian agreed to has lapsed.

Leaves to others: whether a yes may be used, which is asked afresh each time
(``consent``, ``coming_of_age``); no ring changes that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from services.node.domain.coming_of_age import Age
from services.node.domain.consent import all_standing
from services.node.domain.consent_codes import ConsentStatus, Subject
from services.node.domain.deadlines import DeadlineRow
from services.node.domain.errors import NotFoundError
from services.node.domain.escalations import End
from services.node.domain.records import ConsentCopy
from services.node.domain.referrals import Priority
from services.node.domain.tables import VIETNAM, day_of
from services.node.flows.clocks import Subject as Whose
from services.node.flows.clocks import new_timer, timer_id_of
from services.node.flows.own import OwnMember
from services.node.store.timers import insert_timer, stop_timers_named
from services.node.store.writes import Write

EXPIRING, TURNING_18 = "consent_expiring", "consent_turning_18"
_CLOCKS = (EXPIRING, TURNING_18)


def consent_clocks(
    own: OwnMember,
    case_id: bytes,
    before: Iterable[ConsentCopy],
    answer: ConsentCopy,
    age: Age,
    event: tuple[bytes, datetime],
) -> tuple[Write, ...]:
    """What an answer does to the clocks of the answers before it, and its own.

    ``event`` is that of the answer and the case clock's now; a clock is named by the
    ``consent_id`` of its yes.
    """
    event_id, now = event
    earlier = tuple(before)
    standing = standing_yeses((*earlier, answer), now, age)
    over = [
        timer_id_of(own.name, each.consent_id, name)
        for each in earlier
        if each.status == ConsentStatus.GIVEN and each.consent_id not in standing
        for name in _CLOCKS
    ]
    stopped = (stop_timers_named(over, now, event_id),) if over else ()
    if answer.status != ConsentStatus.GIVEN or answer.consent_id not in standing:
        return stopped
    return (
        *stopped,
        *_expiring(own, case_id, answer, event),
        *_turning_18(own, case_id, answer, age, event),
    )


def standing_yeses(
    answers: Iterable[ConsentCopy], now: datetime, age: Age
) -> frozenset[bytes]:
    """The ids of every yes that is the latest word on some question."""
    return frozenset(
        asked.answer.record.consent_id
        for asked in all_standing(answers, now, age)
        if asked.answer.record and asked.answer.record.status == ConsentStatus.GIVEN
    )


def _expiring(
    own: OwnMember, case_id: bytes, yes: ConsentCopy, event: tuple[bytes, datetime]
) -> tuple[Write, ...]:
    """From when it begins to end until it has; a short yes only says that it ended."""
    row = _row(own, EXPIRING, event[1])
    if row is None or yes.valid_until <= event[1]:
        return ()
    length = row.after(yes.valid_until) - yes.valid_until.astimezone(VIETNAM)
    return _clock(own, case_id, (row, yes), yes.valid_until - length, event)


def _turning_18(
    own: OwnMember,
    case_id: bytes,
    yes: ConsentCopy,
    age: Age,
    event: tuple[bytes, datetime],
) -> tuple[Write, ...]:
    """Only where a guardian spoke and the birthday comes before the yes ends."""
    if yes.subject == Subject.SELF or age.adult_at is None:
        return ()
    row = _row(own, TURNING_18, event[1])
    if row is None or not event[1] < age.adult_at < yes.valid_until:
        return ()
    first = age.adult_at.astimezone(VIETNAM).replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    ends = row.after(following)
    return _clock(own, case_id, (row, yes), first, event, until=ends)


def _clock(
    own: OwnMember,
    case_id: bytes,
    of: tuple[DeadlineRow, ConsentCopy],
    begins: datetime,
    event: tuple[bytes, datetime],
    until: datetime | None = None,
) -> tuple[Write, ...]:
    """A clock of the case that rings as one that began at ``begins``.

    What would have rung before now is left out: nobody is told what was just said.
    """
    (event_id, now), (row, yes) = event, of
    functions = own.functions_of(own.name)
    subject = Whose(case_id, None, Priority.NORMAL, End.OWN, functions)
    timer = new_timer(own, subject, row, event_id, begins)
    if timer is None:
        return ()
    ends = timer.due_at if until is None else until
    rings = [
        (ring, ends if at >= timer.due_at else at)
        for ring, at in zip(timer.rings, timer.ring_at, strict=True)
    ]
    ahead = [(ring, at) for ring, at in rings if at > now]
    if not ahead:
        return ()
    started = replace(
        timer,
        timer_id=timer_id_of(own.name, yes.consent_id, row.deadline),
        started_at=now,
        due_at=ends,
        rings=tuple(ring for ring, _ in ahead),
        ring_at=tuple(at for _, at in ahead),
    )
    return (insert_timer(started),)


def _row(own: OwnMember, name: str, now: datetime) -> DeadlineRow | None:
    try:
        return own.adopted.policy.deadlines.row(name, day_of(now))
    except NotFoundError:
        # An answer of a day before the policy: nothing counts it.
        return None
