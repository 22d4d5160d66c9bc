"""Limits: which fields of a category pass where a function gets only part of it.

Promises the table ``limits`` and the two readings of it: a sender cuts a record
down to what may pass (``cut``), a recipient refuses one that holds more
(``check_within``). A field that belongs to another category passes neither, so
that no identity rides under another category's name; a field without a row is
cut. Which function has which limit is decided by ``need_to_know``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from services.node.domain import tables
from services.node.domain.categories import Category
from services.node.domain.errors import NotLawfulError
from services.node.domain.fields import belongs_to, category_of
from services.node.domain.need_to_know import Necessity, Need, NeedTable
from services.node.domain.plain_words import category_words, plain, resting_on
from services.node.domain.records import CategoryRecord
from services.node.domain.tables import Rule


@dataclass(frozen=True, slots=True)
class LimitRow:
    """Within ``limit``, this field of the category passes."""

    rule: Rule
    limit: str
    category: Category
    field: str


class LimitTable:
    """The table ``limits`` of one policy version."""

    def __init__(self, rows: tuple[LimitRow, ...]) -> None:
        self.rows = rows
        self._found: dict[tuple[str, Category], list[LimitRow]] = {}
        for row in rows:
            self._found.setdefault((row.limit, row.category), []).append(row)

    def fields(self, limit: str, category: Category, on: date) -> frozenset[str]:
        """The fields that the limit lets pass on that day; empty for none."""
        rows = self._found.get((limit, category), ())
        return frozenset(row.field for row in rows if row.rule.in_force(on))

    def passes(self, need: Need, category: Category, field: str, on: date) -> bool:
        """Whether this field of the category may go to whoever has this need."""
        if need.necessity is Necessity.REFUSED or not belongs_to(field, category):
            return False
        return not need.limit or field in self.fields(need.limit, category, on)


def cut(
    table: LimitTable, need: Need, record: CategoryRecord, on: date
) -> CategoryRecord:
    """The record with only those fields that may pass, in their order.

    Raises ``NotLawfulError("disclosure.nothing_left")`` if none remains.
    """
    category = Category(record.category)
    answers = tuple(
        each for each in record.answers if table.passes(need, category, each.field, on)
    )
    if not answers:
        allowed = ", ".join(sorted(table.fields(need.limit, category, on)))
        raise NotLawfulError(
            "disclosure.nothing_left",
            resting_on(
                f"Of {category_words(category)} the recipient may get only this:"
                f" {plain(need.limit or 'fields of this category')}; and the record"
                " holds nothing of that.",
                need.reason,
            ),
            where=category,
            remedy=f"Leave {category} out, or record first: {allowed or 'its fields'}.",
        )
    return replace(record, answers=answers)


def check_within(
    table: LimitTable, need: Need, record: CategoryRecord, on: date
) -> None:
    """Raise ``NotLawfulError("disclosure.beyond_limit")`` if a field may not pass.

    Known fields are named; others are counted, because a peer chose their names.
    """
    category = Category(record.category)
    beyond = {
        each.field
        for each in record.answers
        if not table.passes(need, category, each.field, on)
    }
    if beyond:
        known = sorted(each for each in beyond if category_of(each) is not None)
        unknown = len(beyond) - len(known)
        named = known + ([f"{unknown} unknown field(s)"] if unknown else [])
        raise NotLawfulError(
            "disclosure.beyond_limit",
            resting_on(
                f"What came as {category_words(category)} holds more than this member"
                f" may get: {plain(need.limit or 'fields of this category')}.",
                ", ".join(named),
                need.reason,
            ),
            where=category,
            remedy="Send only the fields that the table limits names.",
        )


_COLUMNS = {
    "limit": tables.text,
    "category": tables.one_of(Category),
    "field": tables.text,
}


def read_limits(raw: bytes, problems: list[str]) -> LimitTable:
    """The table ``limits``; what is wrong is added to ``problems``."""
    rows = tables.read_table("limits", raw, LimitRow, _COLUMNS, problems)
    tables.check_unambiguous(
        rows, lambda row: [(row.limit, row.category, row.field)], problems
    )
    for row in rows:
        found = category_of(row.field)
        if found is not row.category:
            belongs = "is not known" if found is None else f"belongs to {found}"
            problems.append(
                f"limits row {row.rule.row} column field: {row.field} {belongs}"
            )
    return LimitTable(rows)


def check_limits(needs: NeedTable, limits: LimitTable, problems: list[str]) -> None:
    """Note limits that say nothing, and rows of limits that nobody has.

    A limit lets something pass on the first and on the last day of each row that
    names it; the limit of a *refused* row is only its name.
    """
    used = set()
    for row in needs.rows:
        if row.limit is None or row.need is Necessity.REFUSED:
            continue
        used.add((row.limit, row.category))
        days = (row.rule.valid_from, row.rule.valid_to or date.max)
        if not all(limits.fields(row.limit, row.category, day) for day in days):
            problems.append(
                f"need_to_know row {row.rule.row} column limit: the table limits"
                f" has no field of {row.category} for {row.limit}"
            )
    problems.extend(
        f"limits row {row.rule.row} column limit: no row of need_to_know has it for"
        f" {row.category}"
        for row in limits.rows
        if (row.limit, row.category) not in used
    )
