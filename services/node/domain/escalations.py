"""Escalation: who is told when a clock runs out, and how loudly (domain.md §6.0).

Promises the ladder as a table. A row says at which share of the limit a clock
rings, at which end, and for whom; rows that name a deadline rule it instead of the
rows for all others. A ring inside a member is an event of its ledger; a *handoff*
offers an escalation referral to a member with that function; *expiry* lets the
giver's node declare its own offer expired. No row closes anything.

Leaves to others: when the clock runs (``deadlines``) and which member of the
directory holds the function (``flows.fire``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.functions import Function
from services.node.domain.referrals import Priority
from services.node.domain.tables import Rule


class Level(StrEnum):
    """How far up a ring goes."""

    REMINDER = "reminder"
    """The officer who works on it."""
    L1 = "L1"
    """Another duty officer of the same authority."""
    L2 = "L2"
    """The head of the authority."""
    L3 = "L3"
    """The province's coordinator."""
    L4 = "L4"
    """The national coordinator: the focal ministry."""
    L5 = "L5"
    """Police and border guard: a life may be at risk."""
    EXPIRY = "expiry"
    """The offer found no answer; the giver stays answerable."""


class Channel(StrEnum):
    """By what a ring reaches whom it is for."""

    INSIDE = "inside"
    """An event of this member's own ledger."""
    HANDOFF = "handoff"
    """A referral of the type escalation to another member."""
    EXPIRY = "expiry"
    """The step expiry of the referral itself."""


class End(StrEnum):
    """At which end of a referral a clock rings; ``own`` is for a case's clock."""

    GIVER = "giver"
    RECEIVER = "receiver"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """A clock rings when ``share`` hundredths of its limit have gone by.

    ``deadlines`` None means every deadline that no other row names. ``to`` is the
    function that a handoff goes to; None inside a member. ``priority`` is that of
    the handoff.
    """

    rule: Rule
    deadlines: frozenset[str] | None
    priorities: frozenset[Priority]
    ends: frozenset[End]
    level: Level
    share: int
    channel: Channel
    to: Function | None
    priority: Priority | None

    @property
    def ring(self) -> str:
        """What names the ring in a timer: level, whom it is for, share."""
        to = self.to.value if self.to else self.channel.value
        return f"{self.level.value}:{to}:{self.share}"


@dataclass(frozen=True, slots=True)
class EscalationTable:
    """The table ``escalations`` of one policy version."""

    rows: tuple[EscalationRow, ...]

    def rings(
        self, deadline: str, priority: Priority, end: End, on: date
    ) -> tuple[EscalationRow, ...]:
        """The rows for a clock that starts on that day, by share, then level."""
        held = [
            row
            for row in self.rows
            if priority in row.priorities
            and row.rule.in_force(on)
            and (row.deadlines is None or deadline in row.deadlines)
        ]
        # One end may have no row of its own: it is then named to be silent.
        named = any(deadline in (row.deadlines or ()) for row in held)
        found = [
            row
            for row in held
            if end in row.ends and (row.deadlines is not None) == named
        ]
        order = list(Level)
        return tuple(sorted(found, key=lambda row: (row.share, order.index(row.level))))


def _names(cell: str) -> frozenset[str] | None:
    """Deadlines by name; ``*`` for all that no other row names."""
    if cell == "*":
        return None
    parts = cell.split(" ")
    if len(set(parts)) != len(parts) or "" in parts:
        raise ValueError("names deadlines parted by one blank, each once")
    return frozenset(parts)


_COLUMNS = {
    "deadlines": _names,
    "priorities": tables.some_of(Priority, star=True),
    "ends": tables.some_of(End, star=True),
    "level": tables.one_of(Level),
    "share": tables.count,
    "channel": tables.one_of(Channel),
    "to": tables.optional(tables.one_of(Function)),
    "priority": tables.optional(tables.one_of(Priority)),
}


def read_escalations(raw: bytes, problems: list[str]) -> EscalationTable:
    """The table ``escalations``; what is wrong is added to ``problems``."""
    rows = tables.read_table("escalations", raw, EscalationRow, _COLUMNS, problems)
    tables.check_unambiguous(rows, _keys, problems)
    for row in rows:
        handoff = row.channel is Channel.HANDOFF
        if handoff != (row.to is not None) or handoff != (row.priority is not None):
            problems.append(
                f"escalations row {row.rule.row} column to: a handoff, and nothing"
                " else, names a function and a priority"
            )
        if (row.channel is Channel.EXPIRY) != (row.level is Level.EXPIRY):
            problems.append(
                f"escalations row {row.rule.row} column channel: expiry is a level"
                " and a channel at once"
            )
    return EscalationTable(rows)


def _keys(row: EscalationRow) -> list[tuple[str, Priority, End, str]]:
    return [
        (deadline, priority, end, row.ring)
        for deadline in sorted(row.deadlines or {"*"})
        for priority in row.priorities
        for end in row.ends
    ]
