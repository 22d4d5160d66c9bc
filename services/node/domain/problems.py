"""What is wrong with a policy table, and where: table, row, column, sentence.

Promises that every problem the table readers name can be pointed at in a
spreadsheet. Readers write one line a problem, in the form *table* ``row`` *n*
``column`` *name*``:`` *sentence*, of which row and column may be missing; here
the line becomes a value. What counts as a problem is decided by the readers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_PLACED = re.compile(
    r"(?P<table>\w+)(?: row (?P<row>\d+))?(?: column (?P<column>\w+))?: (?P<text>.+)",
    re.DOTALL,
)
_WHOLE = re.compile(r"table (?P<table>\S+) (?P<text>is missing|is not known)")


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem; ``row`` is a spreadsheet's line (the header is 1), 0 for none.

    ``table`` and ``column`` are empty where the problem has none.
    """

    table: str
    row: int
    column: str
    text: str


def problem_of(line: str) -> Problem:
    """The problem that a reader's line names; a line of another form is all text."""
    whole = _WHOLE.fullmatch(line)
    if whole:
        return Problem(whole["table"], 0, "", whole["text"])
    placed = _PLACED.fullmatch(line)
    if placed is None:
        return Problem("", 0, "", line)
    return Problem(
        placed["table"],
        int(placed["row"] or 0),
        placed["column"] or "",
        placed["text"],
    )


def problems_of(lines: Iterable[str]) -> tuple[Problem, ...]:
    """The problems by table, row and column, each once."""
    found = dict.fromkeys(problem_of(line) for line in lines)
    return tuple(sorted(found, key=lambda each: (each.table, each.row, each.column)))
