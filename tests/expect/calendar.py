"""Days that were declared off or working (domain.md §6, *calendar as data*).

What was announced and whose decree was not seen: a proposal, and not verified.
"""

from __future__ import annotations

from datetime import date

BEGINS = date(2014, 3, 25)

LINES = [
    (date(2018, 12, 31), "off"),
    (date(2019, 1, 5), "working"),
    (date(2025, 4, 26), "working"),
    (date(2025, 5, 2), "off"),
]
"""Swapped days, each for the other of its pair."""
