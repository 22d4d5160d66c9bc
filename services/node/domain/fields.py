"""To which data category a field of a case file belongs.

Promises one category for every field of HTCDS 2.0 and for the local ones beside
it (``data/local_fields.csv``, domain words D1 to D13). Fields of other names are
nobody's: they stay in the category in which somebody wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from services.node.domain import htcds
from services.node.domain.categories import Category


@cache
def known_fields() -> Mapping[str, Category]:
    """Every known field with its category; ``con_Consent`` has none."""
    found = {
        name: Category(field.category)
        for name, field in htcds.fields().items()
        if name != htcds.CONSENT_FIELD
    }
    for row in htcds.table("local_fields.csv"):
        found[row["field"]] = Category(row["category"])
    return MappingProxyType(found)


def category_of(field: str) -> Category | None:
    """The category of a known field, else None."""
    return known_fields().get(field)


def belongs_to(field: str, category: Category) -> bool:
    """Whether a field may stand in a record of this category."""
    if field == htcds.CONSENT_FIELD:
        return False
    found = category_of(field)
    return found is None or found is category
