"""What leaves a member only by two officers (console.md §2.8, S4, S10)."""

from __future__ import annotations

from datetime import date

Line = tuple[str, str, date, date | None, bool]
"""Category, where it goes, first day, last day, verified."""

BEGINS = date(2014, 3, 25)

LINES: list[Line] = [("D2", "abroad", BEGINS, None, False)]

NEEDED = [
    (("D1", "D2"), ("VN", "CN"), ("D2",)),
    (("D2",), ("CN", "VN"), ("D2",)),
    (("D1", "D2"), ("VN", "VN"), ()),
    (("D1", "D3"), ("VN", "CN"), ()),
    ((), ("VN", "CN"), ()),
]
"""What is sent, from which country to which, and what of it needs two."""
