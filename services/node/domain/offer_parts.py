"""What an offer of each referral type may carry, and what it must.

Promises the table ``offer_parts``: a category without a row never rides on a
referral of that type, whatever its receiver may know for other reasons; so no
identity rides on an escalation. D0 needs no row: it is the handoff itself. The
most that a receiver may know stands in ``need_to_know``; both hold together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.node.domain import tables
from services.node.domain.categories import Category
from services.node.domain.errors import NotLawfulError
from services.node.domain.need_to_know import Necessity
from services.node.domain.plain_words import (
    categories_words,
    day_words,
    plain,
    resting_on,
)
from services.node.domain.referrals import ReferralType
from services.node.domain.tables import Rule


class RestsOn(StrEnum):
    """On what a category of an offer rests."""

    ASKED = "asked"
    """The person's yes, or an override where nobody could ask."""
    DUTY = "duty"
    """A duty to pass it on, whether or not somebody could be asked."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """An offer of this type may carry the category, or must."""

    rule: Rule
    referral_type: ReferralType
    category: Category
    need: Necessity
    basis: RestsOn


@dataclass(frozen=True, slots=True)
class OfferParts:
    """The table ``offer_parts`` of one policy version."""

    rows: tuple[PartRow, ...]

    def of(self, referral_type: ReferralType, on: date) -> dict[Category, PartRow]:
        """The rows of a referral type that are in force on that day."""
        return {
            row.category: row
            for row in self.rows
            if row.referral_type is referral_type and row.rule.in_force(on)
        }


def check_parts_of(
    table: OfferParts,
    referral_type: ReferralType,
    categories: Collection[Category],
    on: date,
) -> dict[Category, PartRow]:
    """The rows by which these categories ride on an offer of this type.

    Raises ``NotLawfulError``: ``disclosure.not_for_type`` for a category without
    a row, ``disclosure.required_missing`` for one that is required and not there.
    """
    rows = table.of(referral_type, on)
    foreign = sorted(set(categories) - rows.keys())
    if foreign:
        allowed = ", ".join(sorted(rows, key=lambda code: int(code[1:]))) or "nothing"
        raise NotLawfulError(
            "disclosure.not_for_type",
            resting_on(
                f"A referral for {plain(referral_type)} does not carry"
                f" {categories_words(foreign)} on {day_words(on)}.",
                "the table offer_parts has no row for it",
            ),
            where=", ".join(foreign),
            remedy=f"Leave it out; it may carry {allowed}.",
        )
    missing = [
        row
        for category, row in rows.items()
        if row.need is Necessity.REQUIRED and category not in categories
    ]
    if missing:
        raise NotLawfulError(
            "disclosure.required_missing",
            resting_on(
                f"A referral for {plain(referral_type)} cannot be done without"
                f" {categories_words(row.category for row in missing)}.",
                *(f"{row.category}: {row.rule}" for row in missing),
            ),
            where=", ".join(row.category for row in missing),
            remedy="Ask the person for it; without her yes this referral cannot be.",
        )
    return {category: rows[category] for category in categories}


_COLUMNS = {
    "referral_type": tables.one_of(ReferralType),
    "category": tables.one_of(Category),
    "need": tables.one_of(Necessity),
    "basis": tables.one_of(RestsOn),
}


def read_offer_parts(raw: bytes, problems: list[str]) -> OfferParts:
    """The table ``offer_parts``; what is wrong is added to ``problems``."""
    rows = tables.read_table("offer_parts", raw, PartRow, _COLUMNS, problems)
    tables.check_unambiguous(
        rows, lambda row: [(row.referral_type, row.category)], problems
    )
    for row in rows:
        place = f"offer_parts row {row.rule.row} column"
        if row.need is Necessity.REFUSED:
            problems.append(f"{place} need: leave the row out to refuse a category")
        if row.category is Category.D0:
            problems.append(f"{place} category: D0 is the handoff and never a part")
    return OfferParts(rows)
