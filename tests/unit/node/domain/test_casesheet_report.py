"""Reports name cells as spreadsheets do and keep people out of logs."""

from __future__ import annotations

import pytest

from services.node.domain.casesheet_report import (
    CaseRow,
    CaseStatus,
    RawRow,
    column_letter,
)
from services.node.domain.records import Answer, CategoryRecord


@pytest.mark.parametrize(
    ("index", "letter"),
    [(0, "A"), (25, "Z"), (26, "AA"), (38, "AM"), (701, "ZZ"), (702, "AAA")],
)
def test_a_column_is_named_as_spreadsheets_name_it(index, letter):
    assert column_letter(index) == letter


def test_printing_a_row_shows_nothing_of_the_person():
    record = CategoryRecord("D2", (Answer("prs_FirstName", ("Mây",)),))
    row = CaseRow(3, CaseStatus.DRAFT, None, (record,), b"key-of-a-row")
    assert "Mây" not in repr(row)
    assert "key-of" not in repr(row)
    assert "Mây" not in repr(RawRow(3, ("Mây",)))
