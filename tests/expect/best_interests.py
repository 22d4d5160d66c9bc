"""For whom it is decided what is best, and by whom (console.md S4, domain.md §5.c)."""

from __future__ import annotations

from datetime import date

Line = tuple[str, str, date, date | None, bool]
"""About whom, who may decide, first day, last day, verified."""

BEGINS = date(2014, 3, 25)

LINES: list[Line] = [
    ("child", "member", BEGINS, None, False),
    ("child", "child_protection", BEGINS, None, False),
    ("unable", "member", BEGINS, None, False),
    ("unable", "guardian", BEGINS, None, False),
]
