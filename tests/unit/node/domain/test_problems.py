"""Every line a reader writes points at a place in a spreadsheet."""

from __future__ import annotations

import re

import pytest

from services.node.domain.policy import TABLES, check_policy_tables
from services.node.domain.problems import Problem, problem_of, problems_of


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("steps row 2 column author: no", Problem("steps", 2, "author", "no")),
        ("steps row 9: twice: so", Problem("steps", 9, "", "twice: so")),
        ("steps: byte 3 is not UTF-8", Problem("steps", 0, "", "byte 3 is not UTF-8")),
        ("table steps is missing", Problem("steps", 0, "", "is missing")),
        ("table my-own is not known", Problem("my-own", 0, "", "is not known")),
        (
            "the version must be one word",
            Problem("", 0, "", "the version must be one word"),
        ),
    ],
)
def test_a_line_tells_table_row_and_column(line: str, expected: Problem) -> None:
    assert problem_of(line) == expected


def test_problems_stand_in_the_order_of_the_files() -> None:
    lines = ["b row 2: x", "a row 10 column z: x", "a row 9: x", "b row 2: x"]
    assert [(each.table, each.row) for each in problems_of(lines)] == [
        ("a", 9),
        ("a", 10),
        ("b", 2),
    ]


@pytest.mark.parametrize("table", TABLES)
def test_a_bad_cell_of_any_table_is_found_by_row_and_column(seed, table) -> None:
    broken = dict(seed)
    broken[table] = re.sub(rb",(yes|no)\n\Z", b",perhaps\n", seed[table])
    lines: list[str] = []
    check_policy_tables("x", broken, lines)
    last = broken[table].count(b"\n")
    assert Problem(table, last, "verified", "must be yes or no") in problems_of(lines)
