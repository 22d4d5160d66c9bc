"""When somebody who must answer is at work: working days and desk hours.

Promises two tables. ``calendar`` holds days that were declared off or declared
working, such as a swapped Saturday: a row rules its day whatever the week or a
list of holidays says. ``desk_hours`` says when a function has people at the desk;
a function without a row is there around the clock, so that a clock starts rather
early than late.

Leaves to others: which days are public holidays (``flows.vietnam_days``), and
which clocks count working days at all (``deadlines``).
"""

from __future__ import annotations

import calendar
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol

from services.node.domain import tables
from services.node.domain.functions import Function
from services.node.domain.tables import VIETNAM, Rule


class WorkingDays(Protocol):
    """A calendar: on which days people work who do not work every day."""

    def works(self, day: date) -> bool:
        """Whether ``day`` is a working day."""
        ...


class MondayToFriday:
    """The plain week, without any holiday."""

    def works(self, day: date) -> bool:
        """Whether ``day`` is Monday to Friday."""
        return day.weekday() < calendar.SATURDAY


MONDAY_TO_FRIDAY = MondayToFriday()
"""For whoever asks without a calendar."""


class DayKind(StrEnum):
    """What a decree made of a day."""

    OFF = "off"
    """Nobody works who does not work every day."""
    WORKING = "working"
    """It is worked like any working day."""


class DeskDays(StrEnum):
    """On which days a desk is open."""

    WORKING_DAYS = "working_days"
    """On the working days of the calendar."""
    EVERY_DAY = "every_day"
    """On every day, holidays too."""


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One day that a decree declared off or working."""

    rule: Rule
    day: date
    kind: DayKind


@dataclass(frozen=True, slots=True)
class HoursRow:
    """A desk of this function is open from ``opens`` until ``closes`` (UTC+7).

    ``closes`` None means until midnight.
    """

    rule: Rule
    function: Function
    days: DeskDays
    opens: time
    closes: time | None


@dataclass(frozen=True, slots=True)
class CalendarTable:
    """The table ``calendar`` of one policy version."""

    rows: tuple[CalendarRow, ...]

    def declared(self, day: date) -> DayKind | None:
        """What a decree made of ``day``; None where none speaks of it."""
        for row in self.rows:
            if row.day == day and row.rule.in_force(day):
                return row.kind
        return None


@dataclass(frozen=True, slots=True)
class HoursTable:
    """The table ``desk_hours`` of one policy version."""

    rows: tuple[HoursRow, ...]

    def next_open(
        self, functions: AbstractSet[Function], at: datetime, days: WorkingDays
    ) -> datetime:
        """``at`` itself while a desk of ``functions`` is open, or when it opens next.

        A member is at its desk when any of its functions is. The instant is UTC+7.
        """
        local = at.astimezone(VIETNAM)
        for ahead in range(_FAR):
            day = local.date() + timedelta(days=ahead)
            rows = [row for row in self.rows if row.function in functions]
            in_force = [row for row in rows if row.rule.in_force(day)]
            if not in_force or {row.function for row in in_force} != functions:
                return local if ahead == 0 else _at(day, time.min)
            openings = [
                max(local, _at(day, row.opens))
                for row in in_force
                if (row.days is DeskDays.EVERY_DAY or days.works(day))
                and local < _close(day, row)
            ]
            if openings:
                return min(openings)
        return local


#: No holiday is this long: a calendar without a working day opens at once.
_FAR = 60


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, VIETNAM)


def _close(day: date, row: HoursRow) -> datetime:
    if row.closes is None:
        return _at(day + timedelta(days=1), time.min)
    return _at(day, row.closes)


def _clock(cell: str) -> time:
    """A column of times of day, HH:MM."""
    try:
        found = time.fromisoformat(cell)
    except ValueError:
        found = None
    if found is None or f"{found:%H:%M}" != cell:
        raise ValueError("must be a time of day as HH:MM")
    return found


def _closing(cell: str) -> time | None:
    return None if cell == "24:00" else _clock(cell)


_CALENDAR = {"day": tables.day, "kind": tables.one_of(DayKind)}
_HOURS = {
    "function": tables.one_of(Function),
    "days": tables.one_of(DeskDays),
    "opens": _clock,
    "closes": _closing,
}


def read_calendar(raw: bytes, problems: list[str]) -> CalendarTable:
    """The table ``calendar``; what is wrong is added to ``problems``."""
    rows = tables.read_table("calendar", raw, CalendarRow, _CALENDAR, problems)
    tables.check_unambiguous(rows, lambda row: [row.day], problems)
    return CalendarTable(rows)


def read_desk_hours(raw: bytes, problems: list[str]) -> HoursTable:
    """The table ``desk_hours``; what is wrong is added to ``problems``."""
    rows = tables.read_table("desk_hours", raw, HoursRow, _HOURS, problems)
    tables.check_unambiguous(
        rows, lambda row: [(row.function, row.days, row.opens)], problems
    )
    problems.extend(
        f"desk_hours row {row.rule.row} column closes: is not after opens"
        for row in rows
        if row.closes is not None and row.closes <= row.opens
    )
    return HoursTable(rows)
