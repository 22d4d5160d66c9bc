"""Agreements between countries on which cases are exchanged, and since when.

Promises the table ``agreements``: two countries and what they agreed. It is told to
whoever works with a partner abroad and forbids nothing: people without an agreement
are helped, too, by way of missions. Source: console.md section 7, S10; domain.md §2.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.node.domain import tables
from services.node.domain.isocodes import is_country
from services.node.domain.tables import Rule

_PAIR = 2


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """These two countries agreed; the rule says what and since when."""

    rule: Rule
    countries: frozenset[str]


@dataclass(frozen=True, slots=True)
class AgreementTable:
    """The table ``agreements`` of one policy version."""

    rows: tuple[AgreementRow, ...]

    def between(self, one: str, other: str, on: date) -> tuple[Rule, ...]:
        """What two countries (ISO 3166-1 alpha-2) agreed and is in force that day."""
        return tuple(
            row.rule
            for row in self.rows
            if row.countries == {one, other} and row.rule.in_force(on)
        )


def read_agreements(raw: bytes, problems: list[str]) -> AgreementTable:
    """The table ``agreements``; what is wrong is added to ``problems``."""
    columns = {"countries": _two}
    rows = tables.read_table("agreements", raw, AgreementRow, columns, problems)
    tables.check_unambiguous(rows, lambda row: [row.countries], problems)
    return AgreementTable(rows)


def _two(cell: str) -> frozenset[str]:
    found = frozenset(cell.split(" "))
    if len(found) != _PAIR or not all(map(is_country, found)):
        raise ValueError("two countries, ISO 3166-1 alpha-2, parted by one blank")
    return found
