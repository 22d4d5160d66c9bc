"""Named pauses: why a clock may stand still, and which clocks never do.

Promises the table ``pauses``: a reason by the deadlines that it may hold. A clock
of an emergency is never paused, whatever a row says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.node.domain import tables
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.plain_words import not_listed, plain, resting_on
from services.node.domain.referrals import Priority
from services.node.domain.tables import Rule


@dataclass(frozen=True, slots=True)
class PauseRow:
    """For this reason any of ``deadlines`` may be paused."""

    rule: Rule
    reason: str
    deadlines: frozenset[str]


@dataclass(frozen=True, slots=True)
class PauseTable:
    """The table ``pauses`` of one policy version."""

    rows: tuple[PauseRow, ...]

    def check(
        self, reason: str, deadline: str, priority: Priority, on: date
    ) -> PauseRow:
        """The row that lets ``deadline`` stand still for ``reason`` on that day.

        Raises InvalidInputError ``clock.unknown_reason``; NotLawfulError
        ``clock.emergency`` and ``clock.not_pausable``.
        """
        in_force = [row for row in self.rows if row.rule.in_force(on)]
        reasons = sorted({row.reason for row in in_force})
        if reason not in reasons:
            raise InvalidInputError(
                "clock.unknown_reason",
                not_listed("reason", reasons),
                where="reason",
                remedy="Choose one of them.",
            )
        if priority is Priority.EMERGENCY:
            raise NotLawfulError(
                "clock.emergency",
                "The clock of an emergency is never paused.",
                remedy="Answer it, or let it ring: a ring closes nothing.",
            )
        for row in in_force:
            if row.reason == reason and deadline in row.deadlines:
                return row
        able = self.reasons_for(deadline, priority, on)
        raise NotLawfulError(
            "clock.not_pausable",
            resting_on(
                f"This clock may not stand still for {plain(reason)}:"
                f" {plain(deadline)}.",
                "the table pauses has no row for it",
            ),
            where="pauses",
            remedy=f"It may stand still for: {', '.join(able) or 'no reason'}.",
        )

    def reasons_for(
        self, deadline: str, priority: Priority, on: date
    ) -> tuple[str, ...]:
        """Why ``deadline`` may stand still on that day; none in an emergency."""
        if priority is Priority.EMERGENCY:
            return ()
        holding = (row for row in self.rows if deadline in row.deadlines)
        return tuple(sorted({row.reason for row in holding if row.rule.in_force(on)}))


def _names(cell: str) -> frozenset[str]:
    parts = cell.split(" ")
    if len(set(parts)) != len(parts) or "" in parts:
        raise ValueError("names deadlines parted by one blank, each once")
    return frozenset(parts)


_COLUMNS = {"reason": tables.text, "deadlines": _names}


def read_pauses(raw: bytes, problems: list[str]) -> PauseTable:
    """The table ``pauses``; what is wrong is added to ``problems``."""
    rows = tables.read_table("pauses", raw, PauseRow, _COLUMNS, problems)
    tables.check_unambiguous(rows, lambda row: [row.reason], problems)
    return PauseTable(rows)
