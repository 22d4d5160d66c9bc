"""A retention table decides once; what it must say: ``tests/expect/retention.py``."""

from __future__ import annotations

from services.node.domain.retention import read_retention


def test_a_row_that_decides_twice_is_a_problem() -> None:
    row = "POLICE,*,D4,criminal_file,proposal: x,2014-03-25,,no"
    head = "function,purposes,category,ground,law,valid_from,valid_to,verified"
    problems: list[str] = []
    read_retention(f"{head}\n{row}\n{row}\n".encode(), problems)
    assert any("decides the same as row 2" in each for each in problems)
