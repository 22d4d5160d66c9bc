"""Every change of one cell that somebody could make in a policy table.

Promises that each row of any table is changed in every column but its citation,
one cell at a time: a number goes up and down, yes becomes no, a code becomes
another of its column, a list loses each word and gains one, an empty cell is
filled and a filled one emptied where the column allows it, a day moves by one,
and a row without an end ends with the law of 2011. What may stand in a column is
taken from the column itself, and where that says the same in every row from what its
reader names, so a new table needs nothing here.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

NEVER = {"law"}
"""A citation is proof, not rule; nobody decides by it."""

DAYS = {"valid_from", "valid_to"}
FLAGS = ["no", "yes"]
NOBODY = "x"
ONE_DAY = timedelta(days=1)
END_OF_2011 = "2025-06-30"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One cell changed; ``row`` is the line of a spreadsheet."""

    table: str
    row: int
    column: str
    before: str
    after: str
    raw: bytes

    def __str__(self) -> str:
        return (
            f"{self.table} row {self.row} {self.column}:"
            f" {self.before or '(empty)'} -> {self.after or '(empty)'}"
        )


Reads = Callable[[bytes, list[str]], object]
"""What reads the table, as ``domain.policy.READERS`` has it."""


def mutants_of(table: str, raw: bytes, reads: Reads) -> Iterator[Mutant]:
    """Every mutant of a table, row by row and column by column.

    A column is free text if ``reads`` takes a word there that nobody wrote.
    """
    header, *grid = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""))
    lines = [_line(cells) for cells in (header, *grid)]
    columns = {
        name: _Column(
            name,
            [cells[index] for cells in grid],
            free=not (wrong := _refused(lines, grid[0], index, name, reads)),
            allowed=_allowed(wrong),
        )
        for index, name in enumerate(header)
    }
    for number, cells in enumerate(grid):
        for index, (name, before) in enumerate(zip(header, cells, strict=True)):
            if name in NEVER:
                continue
            for after in columns[name].others(before, number):
                changed = [*cells]
                changed[index] = after
                text = [*lines]
                text[number + 1] = _line(changed)
                yield Mutant(
                    table, number + 2, name, before, after, "".join(text).encode()
                )


class _Column:
    """What stands in a column, and what else could."""

    def __init__(
        self, name: str, cells: list[str], *, free: bool, allowed: list[str]
    ) -> None:
        self.name = name
        self.free = free
        self.allowed = allowed
        self.optional = "" in cells
        self.listed = any(" " in cell or cell == "*" for cell in cells)
        self.words = sorted({word for cell in cells for word in cell.split()} - {"*"})
        self.cells = sorted(set(cells) - {""})

    def others(self, cell: str, number: int) -> list[str]:
        """Other values of the cell in this row, none twice and none the same."""
        found = self._others(cell, number)
        return [each for each in dict.fromkeys(found) if each != cell]

    def _others(self, cell: str, number: int) -> list[str]:
        if self.name in DAYS:
            return _days(cell)
        if cell in FLAGS:
            return FLAGS
        if cell.isdigit() and all(each.isdigit() for each in self.cells):
            return _numbers(int(cell))
        emptied = [""] if cell and self.optional else []
        if self.listed:
            return [*emptied, *self._lists(cell, number)]
        return [*emptied, *self._codes(cell, number)]

    def _codes(self, cell: str, number: int) -> list[str]:
        """Another code of the column; a text that stands in no other row too."""
        others = [each for each in self.cells if each != cell]
        # Where every row says the same, whatever else the reader would take.
        others = others or [each for each in self.allowed if each != cell]
        found = [others[number % len(others)]] if others else []
        return [*found, f"{cell}{NOBODY}"] if cell and self.free else found

    def _lists(self, cell: str, number: int) -> list[str]:
        """One word less, each in turn, and one word more."""
        words = cell.split()
        if not words or words == ["*"]:
            return self.words[number % max(len(self.words), 1) :][:1]
        left = [each for each in self.words if each not in words]
        more = [left[number % len(left)]] if left else []
        shorter = [" ".join(word for word in words if word != each) for each in words]
        return [
            *(each for each in shorter if each),
            *(" ".join([*words, each]) for each in more),
            *(more if len(words) == 1 else []),
        ]


def _refused(
    lines: list[str], first: list[str], index: int, name: str, reads: Reads
) -> str:
    """What the reader says of a word that nobody wrote; empty if it takes it."""
    changed = [*first]
    changed[index] += NOBODY
    problems: list[str] = []
    reads("".join([lines[0], _line(changed), *lines[2:]]).encode(), problems)
    return next((each for each in problems if f"column {name}:" in each), "")


def _allowed(refused: str) -> list[str]:
    """The codes that a refusal names."""
    _, said, codes = refused.partition("allowed are ")
    return codes.split(", ") if said else []


def _numbers(value: int) -> list[str]:
    return [str(value + 1), *([str(value - 1)] if value else [])]


def _days(cell: str) -> list[str]:
    if not cell:
        return [END_OF_2011]
    day = date.fromisoformat(cell)
    return [(day - ONE_DAY).isoformat(), (day + ONE_DAY).isoformat()]


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
