"""Retention: what a function may not delete though the person withdrew.

Promises the table ``retention``. A row names the function, the consent purposes
for which it had the data, the category, and the legal ground as a code. What has
no row is deleted. Data kept so is sealed: nobody works with it any more.

Leaves to others: dropping and sealing keys, and telling the person.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date

from services.node.domain import tables
from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.functions import Function
from services.node.domain.handshake_codes import KeepGround
from services.node.domain.tables import Rule


@dataclass(frozen=True, slots=True)
class RetentionRow:
    """One category that one function keeps."""

    rule: Rule
    function: Function
    purposes: frozenset[Purpose]
    category: Category
    ground: KeepGround


@dataclass(frozen=True, slots=True)
class RetentionTable:
    """The table ``retention`` of one policy version."""

    rows: tuple[RetentionRow, ...]

    def kept(
        self,
        functions: AbstractSet[Function],
        purpose: Purpose,
        category: str,
        on: date,
    ) -> RetentionRow | None:
        """The row by which a category is kept; None if it must be deleted."""
        return next(
            (
                row
                for row in self.rows
                if row.function in functions
                and purpose in row.purposes
                and row.category == category
                and row.rule.in_force(on)
            ),
            None,
        )


_COLUMNS = {
    "function": tables.one_of(Function),
    "purposes": tables.some_of(Purpose, star=True),
    "category": tables.one_of(Category),
    "ground": tables.one_of(KeepGround),
}


def read_retention(raw: bytes, problems: list[str]) -> RetentionTable:
    """The table ``retention``; what is wrong is added to ``problems``."""
    rows = tables.read_table("retention", raw, RetentionRow, _COLUMNS, problems)
    tables.check_unambiguous(
        rows,
        lambda row: [(row.function, row.category, each) for each in row.purposes],
        problems,
    )
    return RetentionTable(rows)
