"""A row is understood completely or not at all, and the same row is the same."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from services.node.domain.casesheet_columns import read_columns
from services.node.domain.casesheet_report import (
    CaseRow,
    CaseStatus,
    CellProblem,
    RawRow,
    RawSheet,
    SheetNote,
)
from services.node.domain.casesheet_rows import read_rows

TODAY = date(2018, 3, 5)
HEADINGS = ("prs_FirstName", "cas_Status", "vic_MethodsOfControl", "con_Consent")
Outcome = tuple[tuple[CaseRow, ...], tuple[SheetNote, ...], tuple[CellProblem, ...]]


def outcome(*data: tuple[str, ...], headings: tuple[str, ...] = HEADINGS) -> Outcome:
    rows = tuple(
        RawRow(number, cells) for number, cells in enumerate((headings, *data), 1)
    )
    columns = read_columns(RawSheet("Cases", rows))
    assert columns is not None
    return read_rows("Cases", columns, TODAY)


def one(*cells: str, headings: tuple[str, ...] = HEADINGS) -> CaseRow:
    rows, _, problems = outcome(cells, headings=headings)
    assert problems == ()
    return rows[0]


def answers(row: CaseRow) -> dict[str, tuple[str, ...]]:
    return {a.field: a.values for record in row.records for a in record.answers}


def test_answers_are_sorted_into_their_categories():
    row = one("Mây", "Active", "Debt bondage", "x")
    found = {r.category: [a.field for a in r.answers] for r in row.records}
    assert found == {
        "D2": ["prs_FirstName"],
        "D4": ["vic_MethodsOfControl"],
        "D11": ["cas_Status"],
    }
    assert [r.category for r in row.records] == ["D2", "D4", "D11"]


def test_consent_to_the_interview_is_a_flag_and_in_no_category():
    assert one("Mây", "", "", "x").interview_consent is True
    assert one("Mây", "", "", "no").interview_consent is False
    assert one("Mây", "", "", "").interview_consent is None
    assert "con_Consent" not in answers(one("Mây", "", "", "x"))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("", CaseStatus.DRAFT),
        ("Active", CaseStatus.DRAFT),
        ("Follow up", CaseStatus.DRAFT),
        ("Closed", CaseStatus.HISTORY),
        ("Closed Referred", CaseStatus.HISTORY),
    ],
)
def test_closed_rows_are_history_and_all_others_drafts(text, status):
    assert one("Mây", text).status is status


def test_one_bad_cell_refuses_its_row_and_no_other():
    rows, _, problems = outcome(
        ("Mây", "Active"), ("Lá", "Finished", "Hmm"), ("Đồi", "Active")
    )
    assert [row.number for row in rows] == [2, 4]
    assert [(p.sheet, p.row, p.column, p.field) for p in problems] == [
        ("Cases", 3, "B", "cas_Status"),
        ("Cases", 3, "C", "vic_MethodsOfControl"),
    ]
    assert all(p.allowed for p in problems)


def test_rows_without_content_are_skipped():
    rows, notes, problems = outcome(
        ("", " ", ""), ("", "", "", "FALSE"), (), ("Mây",), ("\u200b",)
    )
    assert [row.number for row in rows] == [5]
    assert (notes, problems) == ((), ())


def test_the_same_row_twice_is_one_draft_and_is_reported():
    rows, notes, _ = outcome(
        ("Mây", "FollowUp", "TakesEarnings;DebtBondage"),
        ("Lá",),
        (" Mây ", "follow up", "Debt bondage, takes earnings"),
    )
    assert [row.number for row in rows] == [2, 3]
    assert [(n.row, n.code) for n in notes] == [(4, "casesheet.repeated_row")]


def test_the_source_key_holds_every_answer_and_nothing_of_its_place():
    first = one("Mây", "Active", "", "x")
    again = one("yes", "ACTIVE", "Mây", headings=(HEADINGS[3], *HEADINGS[1::-1]))
    assert again.source_key == first.source_key
    assert len(first.source_key) == 32
    others = [one("Mây", "Closed", "", "x"), one("Mây", "Active"), one("Lá", "Active")]
    assert len({first.source_key, *(row.source_key for row in others)}) == 4


def test_the_source_key_is_the_hash_of_length_prefixed_answers_by_name():
    def item(content: bytes) -> bytes:
        return len(content).to_bytes(8, "big") + content

    one_value, two_values = (count.to_bytes(8, "big") for count in (1, 2))
    content = (
        item(b"relais/v1/case-sheet-row")
        + item(b"cas_Status")
        + item(one_value)
        + item(b"Active")
        + item(b"vic_MethodsOfControl")
        + item(two_values)
        + item(b"DebtBondage")
        + item(b"TakesEarnings")
    )
    row = one("", "Active", "Takes earnings; Debt bondage")
    assert row.source_key == hashlib.sha256(content).digest()


def test_several_columns_of_one_list_are_joined():
    headings = ("cas_Status", "vic_MethodsOfControl", "Methods of Control")
    row = one("", "Takes earnings", "Debt bondage", headings=headings)
    assert answers(row)["vic_MethodsOfControl"] == ("DebtBondage", "TakesEarnings")
    headings = ("cas_Status", "prs_Citizenship", "Citizenship")
    assert answers(one("", "VN", "LA", headings=headings)) == {
        "prs_Citizenship": ("LA", "VN")
    }


def test_two_columns_that_disagree_refuse_the_row():
    headings = ("cas_Status", "prs_FirstName", "First Name")
    assert answers(one("", "Mây", "Mây", headings=headings))
    assert answers(one("", "", "Mây", headings=headings))
    rows, _, problems = outcome(("", "Mây", "Lá"), headings=headings)
    assert rows == ()
    assert [(p.column, p.code) for p in problems] == [("C", "casesheet.two_answers")]
