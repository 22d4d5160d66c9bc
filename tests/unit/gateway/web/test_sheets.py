"""What somebody typed never runs in the reader's spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest

from gateway.web.sheets import safe_cell, sheet_rows

COMPUTED = (
    "=1+1",
    '=HYPERLINK("https://evil.invalid","look")',
    "+84900000000",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =cmd|' /C calc'!A0",
    "＝1+1",
)


@pytest.mark.parametrize("text", COMPUTED)
def test_a_cell_that_would_be_computed_stays_a_text(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "thay ca đêm", "R-0000-0000", "a=b", "1", "'="])
def test_every_other_cell_stays_as_it_is(text):
    assert safe_cell(text) == text


def test_quotes_commas_and_lines_stay_in_their_cell():
    rows = [("a,b", 'she said "no"', "two\nlines"), COMPUTED[:3]]
    read = list(csv.reader(io.StringIO(sheet_rows(rows).decode(), newline="")))
    assert read[0] == list(rows[0])
    assert [cell[0] for cell in read[1]] == ["'"] * 3
