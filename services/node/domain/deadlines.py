"""Deadlines: by when what has to happen, and for how long something holds.

Promises the table ``deadlines`` and its arithmetic. Clocks run in Viet Nam time.
Hours and minutes are counted through; *days* are calendar days and *months*
calendar months, due at the same time of day (the last day of a shorter month);
*working days* skip Saturdays, Sundays and the holidays given, and are due at the
same time of day too, so that an alarm comes rather some hours early than late.
The day on which the clock starts chooses the row and is never counted.

Leaves to others: firing timers, pausing them, and who is told. A missed
deadline escalates; it never closes anything.
"""

from __future__ import annotations

import calendar
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.errors import NotFoundError, NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.referrals import Priority
from services.node.domain.tables import VIETNAM, Rule, day_of


class Unit(StrEnum):
    """In what a deadline is counted."""

    MINUTES = "minutes"
    """60 seconds."""
    HOURS = "hours"
    """60 minutes."""
    DAYS = "days"
    """Calendar days."""
    WORKING_DAYS = "working_days"
    """Monday to Friday without holidays."""
    MONTHS = "months"
    """Calendar months."""


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One limit; a ``value`` of 0 means at once.

    ``starts`` is the step that starts its clock by itself, if any; ``met_by`` the
    steps that stop it.
    """

    rule: Rule
    deadline: str
    priorities: frozenset[Priority]
    value: int
    unit: Unit
    starts: Step | None
    met_by: frozenset[Step] | None


@dataclass(frozen=True, slots=True)
class Due:
    """An instant (UTC+7) by which one of ``met_by`` has to happen."""

    deadline: str
    at: datetime
    met_by: frozenset[Step]
    row: DeadlineRow


@dataclass(frozen=True, slots=True)
class DeadlineTable:
    """The table ``deadlines`` of one policy version."""

    rows: tuple[DeadlineRow, ...]

    def row(
        self, deadline: str, on: date, priority: Priority = Priority.NORMAL
    ) -> DeadlineRow:
        """The row in force on that day.

        Raises ``NotFoundError("policy.no_deadline")`` if there is none.
        """
        for row in self.rows:
            if (
                row.deadline == deadline
                and priority in row.priorities
                and row.rule.in_force(on)
            ):
                return row
        raise NotFoundError(
            "policy.no_deadline",
            f"The policy has no deadline {deadline} for priority {priority}"
            f" on {on.isoformat()}.",
            where="deadlines",
        )

    def due(
        self,
        deadline: str,
        start: datetime,
        holidays: AbstractSet[date] = frozenset(),
        priority: Priority = Priority.NORMAL,
    ) -> datetime:
        """When a clock that starts at ``start`` runs out, in UTC+7.

        ``holidays`` are days on which nobody works, weekends aside.
        """
        row = self.row(deadline, day_of(start), priority)
        return _after(start, row.value, row.unit, holidays)

    def started_by(
        self,
        step: Step,
        priority: Priority,
        start: datetime,
        holidays: AbstractSet[date] = frozenset(),
    ) -> tuple[Due, ...]:
        """The clocks that ``step`` starts, the soonest first."""
        found = [
            Due(
                row.deadline,
                _after(start, row.value, row.unit, holidays),
                row.met_by or frozenset(),
                row,
            )
            for row in self.rows
            if row.starts is step
            and priority in row.priorities
            and row.rule.in_force(day_of(start))
        ]
        return tuple(sorted(found, key=lambda due: (due.at, due.deadline)))


def check_reconsent_fresh(
    table: DeadlineTable, reconsented_at: datetime | None, handed_over_at: datetime
) -> None:
    """Raise ``NotLawfulError`` unless the wish was confirmed shortly before.

    Codes: ``return.reconsent_missing`` if it never was,
    ``return.reconsent_late`` if only after the handover, ``return.reconsent_stale``
    if longer before it than the deadline ``reconsent_fresh`` allows.
    """
    if reconsented_at is None:
        raise NotLawfulError(
            "return.reconsent_missing",
            "Nobody asked the person again before the handover.",
            remedy="Ask her alone, in her language, and record the answer.",
        )
    if reconsented_at > handed_over_at:
        raise NotLawfulError(
            "return.reconsent_late",
            "The wish to return was confirmed after the handover, not before it.",
            remedy="Check both instants; a handover needs a wish confirmed before.",
        )
    row = table.row("reconsent_fresh", day_of(reconsented_at))
    if handed_over_at > _after(reconsented_at, row.value, row.unit, frozenset()):
        raise NotLawfulError(
            "return.reconsent_stale",
            f"The wish to return was confirmed more than {row.value} {row.unit}"
            f" before the handover ({row.rule}).",
            remedy="Ask the person again and record the answer first.",
        )


def _after(
    start: datetime, value: int, unit: Unit, holidays: AbstractSet[date]
) -> datetime:
    local = start.astimezone(VIETNAM)
    if unit is Unit.MINUTES:
        return local + timedelta(minutes=value)
    if unit is Unit.HOURS:
        return local + timedelta(hours=value)
    if unit is Unit.DAYS:
        return local + timedelta(days=value)
    if unit is Unit.MONTHS:
        return _months_after(local, value)
    return _working_days_after(local, value, holidays)


def _months_after(local: datetime, months: int) -> datetime:
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return local.replace(year=year, month=month + 1, day=min(local.day, last))


def _working_days_after(
    local: datetime, days: int, holidays: AbstractSet[date]
) -> datetime:
    while days > 0:
        local += timedelta(days=1)
        if local.weekday() < calendar.SATURDAY and local.date() not in holidays:
            days -= 1
    return local


_COLUMNS = {
    "deadline": tables.text,
    "priorities": tables.some_of(Priority, star=True),
    "value": tables.count,
    "unit": tables.one_of(Unit),
    "starts": tables.optional(tables.one_of(Step)),
    "met_by": tables.optional(tables.some_of(Step)),
}


def read_deadlines(raw: bytes, problems: list[str]) -> DeadlineTable:
    """The table ``deadlines``; what is wrong is added to ``problems``."""
    rows = tables.read_table("deadlines", raw, DeadlineRow, _COLUMNS, problems)
    tables.check_unambiguous(
        rows, lambda row: [(row.deadline, each) for each in row.priorities], problems
    )
    problems.extend(
        f"deadlines row {row.rule.row} column met_by: must be empty exactly where"
        " starts is"
        for row in rows
        if (row.starts is None) != (row.met_by is None)
    )
    return DeadlineTable(rows)
