"""Quantities that a law or standard fixes and that are no time limits.

Promises the table ``quantities``: by name, a number and what it counts. Who has to
keep within it is decided where the name is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.errors import NotFoundError
from services.node.domain.plain_words import plain, resting_on
from services.node.domain.tables import Rule


class Measure(StrEnum):
    """What a quantity counts."""

    PERSONS = "persons"
    """People."""
    SQUARE_METRES_PER_PERSON = "square_metres_per_person"
    """Square metres for each person."""


@dataclass(frozen=True, slots=True)
class QuantityRow:
    """One quantity."""

    rule: Rule
    quantity: str
    value: int
    unit: Measure


@dataclass(frozen=True, slots=True)
class QuantityTable:
    """The table ``quantities`` of one policy version."""

    rows: tuple[QuantityRow, ...]

    def row(self, quantity: str, on: date) -> QuantityRow:
        """The row in force on that day.

        Raises ``NotFoundError("policy.no_quantity")`` if there is none.
        """
        for row in self.rows:
            if row.quantity == quantity and row.rule.in_force(on):
                return row
        raise NotFoundError(
            "policy.no_quantity",
            resting_on(
                f"No rule says on {on.isoformat()} how many: {plain(quantity)}.",
                f"the table quantities has no row for {quantity}",
            ),
            where="quantities",
            remedy="Correct the date, or have a row proposed as policy.",
        )


_COLUMNS = {
    "quantity": tables.text,
    "value": tables.count,
    "unit": tables.one_of(Measure),
}


def read_quantities(raw: bytes, problems: list[str]) -> QuantityTable:
    """The table ``quantities``; what is wrong is added to ``problems``."""
    rows = tables.read_table("quantities", raw, QuantityRow, _COLUMNS, problems)
    tables.check_unambiguous(rows, lambda row: [row.quantity], problems)
    return QuantityTable(rows)
