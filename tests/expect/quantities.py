"""Quantities that are no time limits (domain.md §1.5 T12, §10.1)."""

from __future__ import annotations

from datetime import date

Line = tuple[str, int, str, date, date | None, bool]
"""Name, value, what it counts, first day, last day, verified."""

END_OF_2011 = date(2025, 6, 30)
DECREE_09 = date(2013, 4, 15)
SQUARE = "square_metres_per_person"

LINES: list[Line] = [
    ("statistics_min_cell", 10, "persons", date(2014, 3, 25), None, True),
    ("establishment_land", 15, SQUARE, DECREE_09, END_OF_2011, True),
    ("establishment_room", 5, SQUARE, DECREE_09, END_OF_2011, True),
    ("establishment_staff", 5, "persons", DECREE_09, END_OF_2011, True),
    ("establishment_social_workers", 2, "persons", DECREE_09, END_OF_2011, True),
]
