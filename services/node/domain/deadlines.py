"""Deadlines: by when what has to happen, and for how long something holds.

Promises the table ``deadlines`` and its arithmetic. Clocks run in Viet Nam time.
Hours and minutes are counted through, at night too; *days* are calendar days and
*months* calendar months, due at the same time of day (the last day of a shorter
month); *working days* are those of the calendar given, due at the same time of day
too, so that an alarm comes rather some hours early than late. The day on which the
clock starts chooses the row and is never counted.

A clock is started and met by *triggers*: the name of a step (``offer``), of a step
in referrals of one type (``family_tracing/release``), or of an act inside the
member (``act:case_opened``).

Leaves to others: when the desk of whoever must answer opens (``calendars``),
firing timers and pausing them (``flows``), and who is told (``escalations``). A
missed deadline escalates; it never closes anything.
"""

from __future__ import annotations

import calendar
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.calendars import MONDAY_TO_FRIDAY, WorkingDays
from services.node.domain.errors import NotFoundError, NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.plain_words import day_words, plain, resting_on
from services.node.domain.referrals import Priority, ReferralType
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
    """The working days of the calendar."""
    MONTHS = "months"
    """Calendar months."""
    UNKNOWN = "unknown"
    """The law sets a limit that is not known here; no clock can count it."""


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """One limit; a ``value`` of 0 means at once.

    ``starts`` are the triggers that start its clock by themselves, if any;
    ``met_by`` those that stop it.
    """

    rule: Rule
    deadline: str
    priorities: frozenset[Priority]
    value: int
    unit: Unit
    starts: frozenset[str] | None
    met_by: frozenset[str] | None

    def after(
        self,
        start: datetime,
        days: WorkingDays = MONDAY_TO_FRIDAY,
        share: int = 100,
    ) -> datetime:
        """When ``share`` hundredths of the limit have gone by, in UTC+7.

        Whole limits are counted by the calendar; what lies between two of them
        is a share of the time between.
        """
        whole, rest = divmod(share, 100)
        base = _after(start, whole * self.value, self.unit, days)
        if not rest:
            return base
        following = _after(start, (whole + 1) * self.value, self.unit, days)
        return base + (following - base) * rest / 100


@dataclass(frozen=True, slots=True)
class DeadlineTable:
    """The table ``deadlines`` of one policy version."""

    rows: tuple[DeadlineRow, ...]

    def row(
        self, deadline: str, on: date, priority: Priority = Priority.NORMAL
    ) -> DeadlineRow:
        """The row in force on that day.

        Raises ``NotFoundError``: ``policy.no_deadline`` if there is none,
        ``policy.deadline_not_known`` if the law's figure is not known here.
        """
        for row in self.rows:
            if (
                row.deadline == deadline
                and priority in row.priorities
                and row.rule.in_force(on)
            ):
                return _known(row)
        raise NotFoundError(
            "policy.no_deadline",
            resting_on(
                f"No rule says on {day_words(on)} how long this may take:"
                f" {plain(deadline)}.",
                f"the table deadlines has no row for {deadline}, {priority}",
            ),
            where="deadlines",
            remedy="Correct the date, or have a row proposed as policy.",
        )

    def due(
        self,
        deadline: str,
        start: datetime,
        days: WorkingDays = MONDAY_TO_FRIDAY,
        priority: Priority = Priority.NORMAL,
    ) -> datetime:
        """When a clock that starts at ``start`` runs out, in UTC+7."""
        row = self.row(deadline, day_of(start), priority)
        return row.after(start, days)

    def started_by(
        self, triggers: AbstractSet[str], priority: Priority, start: datetime
    ) -> tuple[DeadlineRow, ...]:
        """The rows whose clocks one of ``triggers`` starts, in table order."""
        return tuple(
            row
            for row in self.rows
            if not triggers.isdisjoint(row.starts or ())
            and priority in row.priorities
            and row.rule.in_force(day_of(start))
        )

    def met_by(self, triggers: AbstractSet[str]) -> frozenset[str]:
        """The deadlines whose clocks one of ``triggers`` stops, of any day."""
        return frozenset(
            row.deadline
            for row in self.rows
            if not triggers.isdisjoint(row.met_by or ())
        )

    def steps_meeting(
        self, deadline: str, referral_type: ReferralType
    ) -> tuple[Step, ...]:
        """The steps that stop this clock in referrals of this type, of any day."""
        return tuple(
            step
            for step in Step
            if deadline in self.met_by(step_triggers(step, referral_type))
        )


def step_triggers(step: Step, referral_type: ReferralType) -> frozenset[str]:
    """What a step in a referral of this type is as a trigger."""
    return frozenset({step.value, f"{referral_type.value}/{step.value}"})


def act_triggers(act: str) -> frozenset[str]:
    """What an act inside the member is as a trigger."""
    return frozenset({f"{_ACT}{act}"})


def _known(row: DeadlineRow) -> DeadlineRow:
    if row.unit is Unit.UNKNOWN:
        raise NotFoundError(
            "policy.deadline_not_known",
            resting_on(
                "How long this may take by law is not known here:"
                f" {plain(row.deadline)}.",
                row.rule,
            ),
            where="deadlines",
            remedy="Ask the authority, and have the figure proposed as policy.",
        )
    return row


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
    if handed_over_at > row.after(reconsented_at):
        raise NotLawfulError(
            "return.reconsent_stale",
            f"The wish to return was confirmed more than {row.value}"
            f" {plain(row.unit)} before the handover. ({row.rule})",
            remedy="Ask the person again and record the answer first.",
        )


def _after(start: datetime, value: int, unit: Unit, days: WorkingDays) -> datetime:
    local = start.astimezone(VIETNAM)
    if unit is Unit.MINUTES:
        return local + timedelta(minutes=value)
    if unit is Unit.HOURS:
        return local + timedelta(hours=value)
    if unit is Unit.DAYS:
        return local + timedelta(days=value)
    if unit is Unit.MONTHS:
        return _months_after(local, value)
    return _working_days_after(local, value, days)


def _months_after(local: datetime, months: int) -> datetime:
    years, month = divmod(local.month - 1 + months, 12)
    year = local.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return local.replace(year=year, month=month + 1, day=min(local.day, last))


def _working_days_after(local: datetime, number: int, days: WorkingDays) -> datetime:
    while number > 0:
        local += timedelta(days=1)
        if days.works(local.date()):
            number -= 1
    return local


_ACT = "act:"


def _trigger(word: str) -> str:
    if word.startswith(_ACT):
        name = word.removeprefix(_ACT)
        if not (name.isascii() and name.replace("_", "").isalpha()):
            raise ValueError("an act is named by letters and _")
        return word
    referral_type, slash, step = word.rpartition("/")
    if slash:
        tables.one_of(ReferralType)(referral_type)
    tables.one_of(Step)(step)
    return word


def _triggers(cell: str) -> frozenset[str]:
    """Triggers parted by one blank."""
    parts = cell.split(" ")
    if len(set(parts)) != len(parts):
        raise ValueError("a trigger stands twice")
    return frozenset(_trigger(part) for part in parts)


_COLUMNS = {
    "deadline": tables.text,
    "priorities": tables.some_of(Priority, star=True),
    "value": tables.count,
    "unit": tables.one_of(Unit),
    "starts": tables.optional(_triggers),
    "met_by": tables.optional(_triggers),
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
    problems.extend(
        f"deadlines row {row.rule.row} column unit: an unknown limit has the value 0"
        " and starts no clock"
        for row in rows
        if row.unit is Unit.UNKNOWN and (row.value or row.starts is not None)
    )
    return DeadlineTable(rows)
