"""Need-to-know: the most that a function may ever receive of each category.

Promises the table ``need_to_know``. It is a ceiling: consent can only lower it
(``disclosure``), and what has no row is refused, but for D0: whoever receives a
referral knows that it is one. A row may be bound to consent purposes, because
police who verify an identity and police who investigate have different needs in
the same office. Which fields a limit lets pass is decided by ``limits``.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.functions import Function
from services.node.domain.tables import Rule


class Necessity(StrEnum):
    """How far a function needs a category."""

    REQUIRED = "required"
    """The task cannot be done without it."""
    OPTIONAL = "optional"
    """May be given with a reason, within the row's limit."""
    REFUSED = "refused"
    """Never about one person."""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One cell of the matrix; ``limit`` is a code such as ``level_only``."""

    rule: Rule
    function: Function
    purposes: frozenset[Purpose]
    category: Category
    need: Necessity
    limit: str | None


@dataclass(frozen=True, slots=True)
class Need:
    """The answer for one category; ``row`` is None where there is no row."""

    necessity: Necessity
    row: NeedRow | None

    @property
    def limit(self) -> str:
        """How much of the category, as a code; empty for all of it."""
        return "" if self.row is None else self.row.limit or ""

    @property
    def reason(self) -> str:
        """The row that decided, in words."""
        if self.row is None and self.necessity is Necessity.REQUIRED:
            return "whoever receives a referral knows that it is one"
        if self.row is None:
            return "the table need_to_know has no row for it"
        return str(self.row.rule)


_RANK = {Necessity.REQUIRED: 0, Necessity.OPTIONAL: 1, Necessity.REFUSED: 2}


class NeedTable:
    """The table ``need_to_know`` of one policy version."""

    def __init__(self, rows: tuple[NeedRow, ...]) -> None:
        self.rows = rows
        self._found: dict[tuple[Function, Category], list[NeedRow]] = {}
        for row in rows:
            self._found.setdefault((row.function, row.category), []).append(row)

    def allowed(
        self,
        functions: AbstractSet[Function],
        category: Category,
        purpose: Purpose,
        on: date,
    ) -> Need:
        """What a receiver may get in these functions for this purpose.

        Pass the functions in which it receives, not all that the member holds.
        With several, the one that needs most decides; an unlimited row goes
        before a limited one. A function without a row gets D0 and nothing else.
        """
        rows = [
            row
            for function in functions
            for row in self._found.get((function, category), ())
            if purpose in row.purposes and row.rule.in_force(on)
        ]
        if not rows:
            routing = category is Category.D0 and bool(functions)
            need = Necessity.REQUIRED if routing else Necessity.REFUSED
            return Need(need, None)
        best = min(
            rows, key=lambda row: (_RANK[row.need], row.limit or "", row.rule.row)
        )
        return Need(best.need, best)


_COLUMNS = {
    "function": tables.one_of(Function),
    "purposes": tables.some_of(Purpose, star=True),
    "category": tables.one_of(Category),
    "need": tables.one_of(Necessity),
    "limit": tables.optional(tables.text),
}


def read_need_to_know(raw: bytes, problems: list[str]) -> NeedTable:
    """The table ``need_to_know``; what is wrong is added to ``problems``."""
    rows = tables.read_table("need_to_know", raw, NeedRow, _COLUMNS, problems)
    tables.check_unambiguous(
        rows,
        lambda row: [(row.function, row.category, each) for each in row.purposes],
        problems,
    )
    return NeedTable(rows)
