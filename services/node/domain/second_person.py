"""Where a member's officer does not decide alone what leaves: the second person.

Promises the table ``second_person``: a data category by where it goes. Abroad is a
member of another country than the sender's (``country`` in the directory: whose law
it answers to), so a mission of one's own country is not abroad. A row counts
whichever way the border is crossed. There is one act by which a category of a case
leaves, the offer (whoever forwards makes another, a release opens what was offered,
a file goes with its category); so there is one place that asks.

Leaves to ``approvals``: who may be the second, and what her yes is good for; to
``disclosure``: whether the category may go at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.best_interests import BestInterests
from services.node.domain.bodies import Offer
from services.node.domain.categories import Category
from services.node.domain.tables import Rule


class Destination(StrEnum):
    """Where something goes, as seen from its sender."""

    ABROAD = "abroad"
    """To a member of another country."""
    ANYWHERE = "anywhere"
    """To any other member, at home too."""


@dataclass(frozen=True, slots=True)
class SecondPersonRow:
    """This category leaves to there only by two officers."""

    rule: Rule
    category: Category
    destination: Destination


@dataclass(frozen=True, slots=True)
class SecondPersonTable:
    """The table ``second_person`` of one policy version."""

    rows: tuple[SecondPersonRow, ...]

    def needed_for(
        self, categories: Iterable[str], countries: tuple[str, str], on: date
    ) -> tuple[Category, ...]:
        """Of these categories, those that need a second person on that day.

        ``countries`` are the sender's and the recipient's, ISO 3166-1 alpha-2.
        """
        there = {Destination.ANYWHERE}
        if countries[0] != countries[1]:
            there.add(Destination.ABROAD)
        needing = {
            row.category
            for row in self.rows
            if row.destination in there and row.rule.in_force(on)
        }
        return tuple(each for each in Category if each in needing & set(categories))


@dataclass(frozen=True, slots=True)
class Sending:
    """Exactly what would be sent to whom, for the second person to read.

    ``categories`` travel sealed, ``attachment_ids`` (16 bytes each) with them.
    ``contents`` is the node's own: a hash, 32 bytes, of which versions of the
    categories go, by the rules of which policy; empty as somebody asks.
    ``best_interests`` is why, where somebody decides for the person.
    """

    recipient: str
    offer: Offer = field(repr=False)
    categories: tuple[str, ...]
    attachment_ids: tuple[bytes, ...] = ()
    contents: bytes = b""
    best_interests: BestInterests | None = field(default=None, repr=False)


_COLUMNS = {
    "category": tables.one_of(Category),
    "destination": tables.one_of(Destination),
}


def read_second_person(raw: bytes, problems: list[str]) -> SecondPersonTable:
    """The table ``second_person``; what is wrong is added to ``problems``."""
    rows = tables.read_table("second_person", raw, SecondPersonRow, _COLUMNS, problems)
    tables.check_unambiguous(
        rows, lambda row: [(row.category, row.destination)], problems
    )
    problems.extend(
        f"second_person row {row.rule.row} column category: D0 is the handoff and"
        " never a part"
        for row in rows
        if row.category is Category.D0
    )
    return SecondPersonTable(rows)
