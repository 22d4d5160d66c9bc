"""Policy tables: CSV bytes to frozen rows, every problem named at once.

Promises strict reading (RFC 4180, UTF-8 without a mark, the exact header, no
cell padded with blanks) and dated rows: each says on what law or standard it
rests, from when to when it holds, and whether that was verified. Rows that
contradict each other on one day are a problem too. What a row means is decided
by the module whose row class it becomes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from functools import cache
from typing import Any, Protocol, TypeVar

VIETNAM = timezone(timedelta(hours=7), "UTC+7")
"""The time in which deadlines run and the day of an event is told."""

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


def day_of(instant: datetime) -> date:
    """The day in Viet Nam of an aware instant: by it the law is chosen."""
    return instant.astimezone(VIETNAM).date()


@dataclass(frozen=True, slots=True)
class Rule:
    """Where a row stands and on what it rests; ``valid_to`` is the last day."""

    table: str
    row: int
    law: str
    valid_from: date
    valid_to: date | None
    verified: bool

    def in_force(self, on: date) -> bool:
        """Whether the row holds on this day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def __str__(self) -> str:
        return f"{self.table} row {self.row} ({self.law})"


class Row(Protocol):
    """Any row class: its fields are ``rule`` and the table's columns."""

    @property
    def rule(self) -> Rule:
        """Where it stands."""


R = TypeVar("R", bound=Row)
Column = Callable[[str], Any]


def read_table(
    name: str,
    raw: bytes,
    row_class: Callable[..., R],
    columns: Mapping[str, Column],
    problems: list[str],
) -> tuple[R, ...]:
    """The rows of one table; what is wrong is added to ``problems``.

    A row number is the line of a spreadsheet: the header is row 1.
    """
    grid = _grid(name, raw, problems)
    if grid is None:
        return ()
    expected = [*columns, *_DATED]
    if not grid or grid[0] != expected:
        problems.append(f"{name} row 1: the header must be {','.join(expected)}")
        return ()
    rows = []
    # Cells repeat from row to row; what one means is read once a table.
    readers = {each: cache(read) for each, read in {**columns, **_DATED}.items()}
    for number, cells in enumerate(grid[1:], start=2):
        values = _read_row(f"{name} row {number}", cells, readers, problems)
        if values is not None:
            rule = Rule(name, number, **{each: values.pop(each) for each in _DATED})
            rows.append(row_class(rule=rule, **values))
    return tuple(rows)


def check_unambiguous(
    rows: Sequence[R],
    keys: Callable[[R], Iterable[Hashable]],
    problems: list[str],
) -> None:
    """Note rows that decide the same thing differently on the same day."""
    seen: dict[Hashable, list[Rule]] = {}
    for row in rows:
        for key in keys(row):
            problems.extend(
                f"{row.rule.table} row {row.rule.row}: decides the same as"
                f" row {earlier.row} on the same day"
                for earlier in seen.setdefault(key, [])
                if _overlap(earlier, row.rule)
            )
            seen[key].append(row.rule)


def one_of(choices: type[E]) -> Callable[[str], E]:
    """A column that holds one code of a list."""
    known = {choice.value: choice for choice in choices}

    def read(cell: str) -> E:
        found = known.get(cell)
        if found is None:
            message = f"unknown code; allowed are {', '.join(choices)}"
            raise ValueError(message)
        return found

    return read


def some_of(choices: type[E], *, star: bool = False) -> Callable[[str], frozenset[E]]:
    """A column of codes parted by one blank; ``*`` means all where allowed."""
    read_one = one_of(choices)
    everything = frozenset(choices)

    def read(cell: str) -> frozenset[E]:
        if star and cell == "*":
            return everything
        parts = cell.split(" ")
        if len(set(parts)) != len(parts):
            raise ValueError("a code stands twice")
        return frozenset(read_one(part) for part in parts)

    return read


def optional(read: Callable[[str], T]) -> Callable[[str], T | None]:
    """A column that may be empty."""
    return lambda cell: read(cell) if cell else None


def text(cell: str) -> str:
    """A column of free text, not empty."""
    if not cell:
        raise ValueError("must not be empty")
    return cell


def flag(cell: str) -> bool:
    """A column of yes or no."""
    if cell not in {"yes", "no"}:
        raise ValueError("must be yes or no")
    return cell == "yes"


def count(cell: str) -> int:
    """A column of whole numbers from 0 to 999999, in plain digits."""
    if not (cell.isascii() and cell.isdigit() and len(cell) <= len("999999")):
        raise ValueError("must be a whole number from 0 to 999999")
    return int(cell)


def day(cell: str) -> date:
    """A column of days, YYYY-MM-DD."""
    try:
        found = date.fromisoformat(cell)
    except ValueError:
        found = None
    if found is None or found.isoformat() != cell:
        raise ValueError("must be a day as YYYY-MM-DD")
    return found


_DATED: dict[str, Column] = {
    "law": text,
    "valid_from": day,
    "valid_to": optional(day),
    "verified": flag,
}


def _grid(name: str, raw: bytes, problems: list[str]) -> list[list[str]] | None:
    try:
        lines = io.StringIO(raw.decode("utf-8"), newline="")
        return list(csv.reader(lines, strict=True))
    except UnicodeDecodeError as error:
        problems.append(f"{name}: byte {error.start} is not UTF-8")
    except csv.Error as error:
        problems.append(f"{name}: {error}")
    return None


def _read_row(
    place: str, cells: list[str], readers: Mapping[str, Column], problems: list[str]
) -> dict[str, Any] | None:
    if len(cells) != len(readers):
        problems.append(f"{place}: has {len(cells)} cells, not {len(readers)}")
        return None
    values: dict[str, Any] = {}
    for (column, read), cell in zip(readers.items(), cells, strict=True):
        try:
            values[column] = read(_unpadded(cell))
        except ValueError as error:
            problems.append(f"{place} column {column}: {error}")
    if len(values) != len(readers):
        return None
    last = values["valid_to"]
    if last is not None and last < values["valid_from"]:
        problems.append(f"{place} column valid_to: lies before valid_from")
        return None
    return values


def _unpadded(cell: str) -> str:
    if cell != cell.strip():
        raise ValueError("begins or ends with a blank")
    return cell


def _overlap(one: Rule, other: Rule) -> bool:
    begins = max(one.valid_from, other.valid_from)
    return one.in_force(begins) and other.in_force(begins)
