"""A whole case sheet: nothing guessed, nothing repeated, nothing lost."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deploy.demo.make_case_sheet import ORIGINAL_HEADINGS
from services.node.domain.casesheet import (
    CaseRow,
    RawRow,
    RawSheet,
    case_sheets,
    read_case_sheet,
)
from services.node.domain.errors import InvalidInputError
from services.node.domain.htcds import Kind, choices, fields

TODAY = date(2018, 3, 5)
#: Times depend on what else the machine does, promises do not.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
CODES = tuple(name for name, _ in ORIGINAL_HEADINGS)
LABELS = tuple(label for _, label in ORIGINAL_HEADINGS)
ANY_TEXT = st.text(
    alphabet=st.characters(codec=None, exclude_categories=()), max_size=20
)
#: Values that some field understands, so that rows are often whole.
SENSIBLE = st.sampled_from(
    ["", "Mây", "Active", "closed", "Other", "x", "no", "VN", "2018-01-02", "1"]
)


def sheet(*rows: tuple[str, ...], name: str = "Case Sheet") -> RawSheet:
    return RawSheet(
        name,
        tuple(RawRow(number, cells) for number, cells in enumerate(rows, start=1)),
    )


def content(rows: tuple[CaseRow, ...]) -> list[tuple[object, ...]]:
    return [
        (r.number, r.status, r.interview_consent, r.records, r.source_key) for r in rows
    ]


@unhurried
@given(
    st.lists(
        st.lists(ANY_TEXT | st.sampled_from(CODES + LABELS), max_size=6).map(tuple),
        max_size=6,
    )
)
def test_no_sheet_whatever_it_holds_stops_the_reader(rows):
    report = read_case_sheet(sheet(*rows), TODAY)
    numbers = {row.number for row in report.rows}
    assert numbers.isdisjoint(problem.row for problem in report.problems)
    assert all(row.records or row.interview_consent for row in report.rows)


@unhurried
@given(st.lists(ANY_TEXT | SENSIBLE, min_size=38, max_size=38))
def test_any_row_is_understood_refused_or_empty_and_never_half(cells):
    report = read_case_sheet(sheet(CODES, LABELS, tuple(cells)), TODAY)
    assert not (report.rows and report.problems)
    assert all(problem.row == 3 for problem in report.problems)
    assert all(problem.column and problem.allowed for problem in report.problems)


@unhurried
@given(
    st.permutations(range(38)),
    st.lists(
        st.lists(SENSIBLE, min_size=38, max_size=38).map(tuple), min_size=1, max_size=4
    ),
)
def test_the_order_of_the_columns_changes_no_row(order, rows):
    def moved(cells: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cells[index] for index in order)

    straight = read_case_sheet(sheet(CODES, LABELS, *rows), TODAY)
    mixed = read_case_sheet(sheet(*map(moved, (CODES, LABELS, *rows))), TODAY)
    assert content(mixed.rows) == content(straight.rows)
    assert {(p.row, p.field, p.code) for p in mixed.problems} == {
        (p.row, p.field, p.code) for p in straight.problems
    }
    assert {n.field for n in mixed.notes} == {n.field for n in straight.notes}


@unhurried
@given(st.data())
def test_codes_and_labels_give_the_same_rows(data):
    listed = {Kind.PICKLIST, Kind.MULTISELECT}
    names = [name for name, field in fields().items() if field.kind in listed]
    chosen = [data.draw(st.sampled_from(choices(name))) for name in names]
    by_code = (tuple(names), tuple(choice.value for choice in chosen))
    by_label = (tuple(names), tuple(choice.label.upper() for choice in chosen))
    first = read_case_sheet(sheet(*by_code), TODAY)
    second = read_case_sheet(sheet(*by_label), TODAY)
    assert first.problems == second.problems == ()
    assert content(first.rows) == content(second.rows)


@unhurried
@given(st.from_regex(r"Qzj[a-z]{8}", fullmatch=True))
def test_no_report_ever_repeats_what_a_cell_held(text):
    row = tuple(text for _ in range(38))
    report = read_case_sheet(sheet(CODES, LABELS, row, (text,)), TODAY)
    assert report.problems
    assert text not in repr(report)


def test_a_sheet_without_headings_says_what_is_missing():
    report = read_case_sheet(sheet(("An Invented Person", "1996")), TODAY)
    assert report.rows == ()
    assert [p.code for p in report.problems] == ["casesheet.no_headings"]
    assert "An Invented Person" not in repr(report)
    assert read_case_sheet(sheet(), TODAY).problems


def test_cells_beyond_the_headings_are_reported_and_not_imported():
    report = read_case_sheet(
        sheet(("prs_FirstName", "cas_Status"), ("Mây", "Active", "more")), TODAY
    )
    assert [u.column for u in report.unknown_columns] == ["C"]
    assert len(report.rows) == 1


def test_of_a_workbook_the_sheets_with_names_are_read_else_those_with_labels():
    named = sheet(("prs_FirstName", "cas_Status"), name="Sheet1")
    labelled = sheet(("First Name", "Status"), name="Copy")
    notes = sheet(("Remember", "to call"), name="Notes")
    assert case_sheets([notes, labelled, named]) == (named,)
    assert case_sheets([notes, labelled]) == (labelled,)


def test_the_lookups_of_the_single_select_workbook_are_no_cases():
    lookups = sheet(("Gender", "Status", "Type of Exploitation"), name="Validation")
    labelled = sheet(("First Name", "Status"), name="Case Sheet")
    assert case_sheets([labelled, lookups]) == (labelled,)
    with pytest.raises(InvalidInputError) as caught:
        case_sheets([lookups])
    assert caught.value.code == "casesheet.no_case_sheet"
