"""Policy tables are read strictly, and every problem is named at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from services.node.domain import tables
from services.node.domain.functions import Kind
from services.node.domain.tables import Rule, day_of


@dataclass(frozen=True, slots=True)
class Example:
    rule: Rule
    kind: Kind
    size: int


COLUMNS = {"kind": tables.one_of(Kind), "size": tables.count}
HEADER = "kind,size,law,valid_from,valid_to,verified\n"


def read(body: str, header: str = HEADER) -> tuple[tuple[Example, ...], list[str]]:
    problems: list[str] = []
    raw = (header + body).encode()
    rows = tables.read_table("example", raw, Example, COLUMNS, problems)
    tables.check_unambiguous(rows, lambda row: [row.kind], problems)
    return rows, problems


def test_a_good_row_becomes_a_value_with_its_rule() -> None:
    rows, problems = read('shelter,3,"Law 1, Art 2",2018-01-01,2018-12-31,yes\n')
    rule = Rule(
        "example", 2, "Law 1, Art 2", date(2018, 1, 1), date(2018, 12, 31), True
    )
    assert rows == (Example(rule, Kind.SHELTER, 3),)
    assert problems == []


def test_every_problem_is_named_by_table_row_and_column() -> None:
    _, problems = read(
        "castle,3,,2018-01-01,,yes\n"
        "shelter,-1,x,2018-1-1,,maybe\n"
        "shelter,1,x,2018-01-01\n"
        "shelter, 1,x,2018-02-01,2018-01-31,no\n"
        "\n"
    )
    assert [each.partition(":")[0] for each in problems] == [
        "example row 2 column kind",
        "example row 2 column law",
        "example row 3 column size",
        "example row 3 column valid_from",
        "example row 3 column verified",
        "example row 4",
        "example row 5 column size",
        "example row 6",
    ]


def test_a_row_cannot_end_before_it_begins() -> None:
    _, problems = read("shelter,1,x,2018-02-01,2018-01-31,no\n")
    assert problems == ["example row 2 column valid_to: lies before valid_from"]


def test_a_row_holds_from_its_first_to_its_last_day() -> None:
    (row,), _ = read("shelter,1,x,2018-02-01,2018-03-31,no\n")
    assert not row.rule.in_force(date(2018, 1, 31))
    assert row.rule.in_force(date(2018, 2, 1))
    assert row.rule.in_force(date(2018, 3, 31))
    assert not row.rule.in_force(date(2018, 4, 1))


def test_two_rows_cannot_decide_the_same_on_one_day() -> None:
    _, problems = read(
        "shelter,1,x,2018-01-01,2018-06-30,no\nshelter,2,x,2018-06-30,,no\n"
    )
    assert problems == ["example row 3: decides the same as row 2 on the same day"]
    _, none = read("shelter,1,x,2018-01-01,2018-06-30,no\nshelter,2,x,2018-07-01,,no\n")
    assert none == []


@pytest.mark.parametrize(
    "header", ["size,kind,law,valid_from,valid_to,verified\n", "", "\ufeff" + HEADER]
)
def test_another_header_is_refused(header: str) -> None:
    rows, problems = read("shelter,1,x,2018-01-01,,no\n", header)
    assert rows == ()
    assert problems == [
        "example row 1: the header must be kind,size,law,valid_from,valid_to,verified"
    ]


def test_what_is_no_utf8_or_no_csv_is_refused() -> None:
    problems: list[str] = []
    tables.read_table("example", b"\xff", Example, COLUMNS, problems)
    tables.read_table("example", b'a,"b"c\n', Example, COLUMNS, problems)
    tables.read_table("example", b"", Example, COLUMNS, problems)
    assert len(problems) == 3


def test_a_code_cannot_stand_twice_in_one_cell() -> None:
    kinds = tables.some_of(Kind, star=True)
    assert kinds("*") == set(Kind)
    assert kinds("shelter liaison") == {Kind.SHELTER, Kind.LIAISON}
    for bad in ("shelter shelter", "shelter  liaison", "", "shelter *"):
        with pytest.raises(ValueError, match=r"twice|unknown"):
            kinds(bad)


def test_the_day_of_an_event_is_the_day_in_viet_nam() -> None:
    assert day_of(datetime(2025, 6, 30, 16, 59, tzinfo=UTC)) == date(2025, 6, 30)
    assert day_of(datetime(2025, 6, 30, 17, 0, tzinfo=UTC)) == date(2025, 7, 1)
