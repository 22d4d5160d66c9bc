"""Which countries agreed on exchanging cases, and since when (domain.md §2)."""

from __future__ import annotations

from datetime import date

Line = tuple[frozenset[str], date, date | None, bool]
"""Both countries, first day, last day, verified."""

CHINA = date(2011, 3, 14)

LINES: list[Line] = [
    (frozenset({"VN", "CN"}), CHINA, None, False),
    (frozenset({"VN", "KH"}), date(2005, 10, 10), None, False),
    (frozenset({"VN", "LA"}), date(2010, 11, 3), None, False),
    (frozenset({"VN", "TH"}), date(2008, 3, 24), None, False),
]

NONE = [("VN", "MY"), ("VN", "VN"), ("CN", "LA")]
"""Without an agreement; people are helped all the same."""
