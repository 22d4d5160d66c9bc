"""What one policy changes against another, row by row, for people who approve it.

Promises that nothing is left out: every row of either policy stands in both, or
is named as added, removed or changed. A removed and an added row of one table
are told as one change if they agree in the first column and in most cells. Where
a row stands in the file is no change.

Tables are compared as text; whether they hold is decided by ``policy``.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

_Cells = tuple[str, ...]


class ChangeKind(StrEnum):
    """What became of a row."""

    ADDED = "added"
    """It is new."""
    REMOVED = "removed"
    """It is gone."""
    CHANGED = "changed"
    """Some of its cells are others."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row; row numbers are lines of the files, 0 where the row is not.

    ``row`` is the row as it was, or as it is if it is new, cell by cell;
    ``cells`` are the columns that changed, each with before and after.
    """

    table: str
    kind: ChangeKind
    before: int
    after: int
    row: tuple[tuple[str, str], ...]
    cells: tuple[tuple[str, str, str], ...]


def policy_changes(
    before: Mapping[str, bytes], after: Mapping[str, bytes]
) -> tuple[RowChange, ...]:
    """Every row that is not the same in both, by table and in the files' order.

    Both map a table's name to its CSV in UTF-8. Cells are told by the column they
    stand in, so a table that got another column changes in every row.
    """
    return tuple(
        change
        for name in sorted({*before, *after})
        for change in _changes(name, before.get(name, b""), after.get(name, b""))
    )


def _changes(table: str, before: bytes, after: bytes) -> Iterator[RowChange]:
    was, old = _grid(before)
    now, new = _grid(after)
    same = _same(old, new) if was == now else Counter()
    gone = _without(old, same)
    come = _without(new, same)
    for number, cells in sorted(gone.items()):
        other = _nearest(cells, come) if was == now else None
        if other is None:
            row = tuple(zip(was, cells, strict=False))
            yield RowChange(table, ChangeKind.REMOVED, number, 0, row, ())
            continue
        changed = tuple(
            (column, one, two)
            for column, one, two in zip(was, cells, come[other], strict=False)
            if one != two
        )
        row = tuple(zip(was, cells, strict=False))
        yield RowChange(table, ChangeKind.CHANGED, number, other, row, changed)
        del come[other]
    for number, cells in sorted(come.items()):
        row = tuple(zip(now, cells, strict=False))
        yield RowChange(table, ChangeKind.ADDED, 0, number, row, ())


def _grid(raw: bytes) -> tuple[_Cells, dict[int, _Cells]]:
    """The header, and the rows by their line."""
    lines = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""))
    grid = [tuple(cells) for cells in lines]
    header = grid[0] if grid else ()
    return header, dict(enumerate(grid[1:], start=2))


def _same(old: dict[int, _Cells], new: dict[int, _Cells]) -> Counter[_Cells]:
    return Counter(old.values()) & Counter(new.values())


def _without(rows: dict[int, _Cells], same: Counter[_Cells]) -> dict[int, _Cells]:
    left = Counter(same)
    found = {}
    for number, cells in rows.items():
        if left[cells]:
            left[cells] -= 1
        else:
            found[number] = cells
    return found


def _nearest(cells: _Cells, among: dict[int, _Cells]) -> int | None:
    """The row that agrees in the first column and in more than half of the cells."""
    best, most = None, len(cells) // 2
    for number, others in among.items():
        agreed = sum(one == two for one, two in zip(cells, others, strict=False))
        if cells[:1] == others[:1] and agreed > most:
            best, most = number, agreed
    return best
