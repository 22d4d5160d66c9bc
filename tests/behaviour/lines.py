"""What checks share: words of a cell, days at which rows begin and end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

FAR = date(2100, 1, 1)
"""Open rows still hold then."""

DAY = timedelta(days=1)


def words(value: Any) -> str:
    """A cell's value as a policy file writes it; a set of codes in order."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, frozenset | set):
        return " ".join(sorted(words(each) for each in value))
    if isinstance(value, tuple):
        return " ".join(words(each) for each in value)
    return str(value)


def in_order(codes: str) -> str:
    """Codes parted by blanks, in order."""
    return " ".join(sorted(codes.split()))


def agrees(
    rows: Sequence[Any], columns: Iterable[str], lines: Iterable[tuple[Any, ...]]
) -> None:
    """Every row is a line, and every line a row.

    A line is the columns named, in this order, then first day, last day and
    whether it was verified.
    """
    found = [
        (
            *(words(getattr(row, column)) for column in columns),
            row.rule.valid_from,
            row.rule.valid_to,
            row.rule.verified,
        )
        for row in rows
    ]
    told = [(*(words(each) for each in line[:-3]), *line[-3:]) for line in lines]
    assert sorted(map(repr, found)) == sorted(map(repr, told))
