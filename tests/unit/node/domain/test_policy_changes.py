"""Whoever approves a policy sees every row that it changes."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.policy_changes import ChangeKind, policy_changes

HEAD = "name,size,unit,law\n"


def told(before: str, after: str) -> list[tuple[str, int, int]]:
    changes = policy_changes({"t": before.encode()}, {"t": after.encode()})
    return [(each.kind.value, each.before, each.after) for each in changes]


def test_the_same_rows_in_another_order_change_nothing() -> None:
    assert told(HEAD + "a,1,d,x\nb,2,d,x\n", HEAD + "b,2,d,x\na,1,d,x\n") == []


def test_a_changed_cell_is_told_with_before_and_after() -> None:
    (change,) = policy_changes(
        {"t": (HEAD + "a,1,d,x\nb,2,d,x\n").encode()},
        {"t": (HEAD + "b,2,d,x\na,60,d,x\n").encode()},
    )
    assert change.kind is ChangeKind.CHANGED
    assert (change.before, change.after) == (2, 3)
    assert change.cells == (("size", "1", "60"),)
    assert change.row[0] == ("name", "a")


def test_another_first_column_is_another_row() -> None:
    assert told(HEAD + "a,1,d,x\n", HEAD + "b,1,d,x\n") == [
        ("removed", 2, 0),
        ("added", 0, 2),
    ]


def test_a_row_that_differs_in_most_cells_is_another_row() -> None:
    assert told(HEAD + "a,1,d,x\n", HEAD + "a,2,e,x\n") == [
        ("removed", 2, 0),
        ("added", 0, 2),
    ]


def test_new_and_gone_tables_are_told_row_by_row() -> None:
    changes = policy_changes({"old": b"a\n1\n"}, {"new": b"a\n1\n2\n"})
    assert [(each.table, each.kind.value) for each in changes] == [
        ("new", "added"),
        ("new", "added"),
        ("old", "removed"),
    ]


def test_another_header_changes_every_row() -> None:
    assert told("a,b\n1,2\n", "a,c\n1,2\n") == [("removed", 2, 0), ("added", 0, 2)]


def test_of_two_equal_rows_one_can_go() -> None:
    assert told(HEAD + "a,1,d,x\na,1,d,x\n", HEAD + "a,1,d,x\n") == [("removed", 3, 0)]


rows = st.lists(st.tuples(*[st.sampled_from("abc")] * 4), max_size=6)


@given(rows, rows)
def test_what_is_told_turns_one_policy_into_the_other(one, two) -> None:
    def raw(grid) -> bytes:
        out = io.StringIO()
        csv.writer(out).writerows([("w", "x", "y", "z"), *grid])
        return out.getvalue().encode()

    left = list(one)
    for change in policy_changes({"t": raw(one)}, {"t": raw(two)}):
        row = tuple(cell for _, cell in change.row)
        if change.kind is not ChangeKind.ADDED:
            left.remove(row)
        if change.kind is ChangeKind.REMOVED:
            continue
        new = {column: after for column, _, after in change.cells}
        left.append(tuple(new.get(column, cell) for column, cell in change.row))
    assert sorted(left) == sorted(two)
