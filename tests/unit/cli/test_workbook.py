"""A workbook becomes text as its reader saw it, or a refusal that says why."""

from __future__ import annotations

import io
import os
import random
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from deploy.demo.make_case_sheet import (
    ADDED_HEADINGS,
    FILE,
    ORIGINAL_HEADINGS,
    PEOPLE,
    case_sheet,
)
from services.cli import workbook
from services.cli.workbook import read_workbook
from services.node.domain.casesheet import (
    CaseSheetReport,
    CaseStatus,
    RawRow,
    RawSheet,
    case_sheets,
    minimal_profile,
    read_case_sheet,
)
from services.node.domain.errors import InvalidInputError

TODAY = date(2018, 3, 5)
ORIGINALS = os.environ.get("RELAIS_HTCDS", "")
needs_originals = pytest.mark.skipif(
    not ORIGINALS, reason="RELAIS_HTCDS names no folder with the standard's workbooks"
)
BOTH = pytest.mark.parametrize(
    "name", ["htcds-2.0-plain.xlsx", "htcds-2.0-single-select.xlsx"]
)


def saved(book: Workbook, folder: Path) -> Path:
    path = folder / "cases.xlsx"
    book.save(path)
    return path


def cells(folder: Path, *values: str | float | date | None) -> tuple[str, ...]:
    book = Workbook()
    for column, value in enumerate(values, start=1):
        book.worksheets[0].cell(1, column, value)
    return read_workbook(saved(book, folder))[0].rows[0].cells


def report(path: Path) -> CaseSheetReport:
    (only,) = case_sheets(read_workbook(path))
    return read_case_sheet(only, TODAY)


def refused(path: Path) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as caught:
        read_workbook(path)
    return caught.value


def test_values_become_the_text_that_the_case_sheet_reader_expects(tmp_path):
    found = cells(
        tmp_path,
        datetime(1996, 4, 12),  # noqa: DTZ001 - a spreadsheet's dates have no zone
        date(1996, 4, 12),
        datetime(1996, 4, 12, 9, 30),  # noqa: DTZ001
        True,
        False,
        3,
        3.0,
        22.5,
        None,
        " Mây\nBạc ",
        "one_x000D_\ntwo",
    )
    assert found == (
        "1996-04-12",
        "1996-04-12",
        "1996-04-12T09:30:00",
        "TRUE",
        "FALSE",
        "3",
        "3",
        "22.5",
        "",
        " Mây\nBạc ",
        "one\r\ntwo",
    )


def test_zeros_that_are_shown_before_a_number_are_kept(tmp_path):
    book = Workbook()
    cell = book.worksheets[0].cell(1, 1, 1096000001)
    cell.number_format = "0" * 12
    assert read_workbook(saved(book, tmp_path))[0].rows[0].cells == ("001096000001",)


def test_a_formula_without_a_result_is_marked_and_later_refused(tmp_path):
    book = Workbook()
    page = book.worksheets[0]
    page.append(["prs_FirstName", "cas_Status"])
    page.append(["=A9", "Active"])
    found = report(saved(book, tmp_path))
    assert [(p.column, p.code) for p in found.problems] == [
        ("A", "casesheet.formula_error")
    ]


def test_rows_keep_their_numbers_and_empty_ones_are_left_out(tmp_path):
    book = Workbook()
    book.worksheets[0]["B3"] = "x"
    book.worksheets[0]["A900000"] = "y"
    (page,) = read_workbook(saved(book, tmp_path))
    assert page.rows == (RawRow(3, ("", "x")), RawRow(900000, ("y",)))


def test_a_sheet_that_understates_its_size_is_read_whole(tmp_path):
    whole = saved(case_sheet(), tmp_path)
    lying = tmp_path / "lying.xlsx"
    with zipfile.ZipFile(whole) as parts, zipfile.ZipFile(lying, "w") as copy:
        for name in parts.namelist():
            part = parts.read(name)
            if name.startswith("xl/worksheets/"):
                part = re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1"', part)
                assert b'ref="A1"' in part
            copy.writestr(name, part)
    assert read_workbook(lying) == read_workbook(whole)


def test_every_sheet_is_read_under_its_name(tmp_path):
    book = Workbook()
    book.create_sheet("Tháng 3")
    assert [page.name for page in read_workbook(saved(book, tmp_path))] == [
        "Sheet",
        "Tháng 3",
    ]


def test_a_sheet_beyond_the_limits_is_refused(tmp_path, monkeypatch):
    path = saved(case_sheet(), tmp_path)
    for limit in ("MAX_FILE_BYTES", "MAX_UNPACKED_BYTES", "MAX_ROWS", "MAX_COLUMNS"):
        with monkeypatch.context() as patched:
            patched.setattr(workbook, limit, 4)
            assert refused(path).code == "casesheet.too_large"


def test_a_file_that_is_no_workbook_is_refused_by_kind(tmp_path):
    path = tmp_path / "cases.xlsx"
    assert refused(path).code == "casesheet.unreadable_file"
    assert refused(tmp_path).code == "casesheet.unreadable_file"
    path.write_bytes(b"")
    assert refused(path).code == "casesheet.not_a_workbook"
    path.write_bytes(b"prs_FirstName,cas_Status\n")
    assert refused(path).code == "casesheet.not_a_workbook"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert refused(path).code == "casesheet.protected"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("readme.txt", "no workbook")
    assert refused(path).code == "casesheet.not_a_workbook"


def test_a_damaged_workbook_is_read_or_refused_and_never_crashes(tmp_path):
    buffer = io.BytesIO()
    case_sheet().save(buffer)
    whole = buffer.getvalue()
    chance = random.Random(7)
    path = tmp_path / "cases.xlsx"
    kinds = set()
    for _ in range(60):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(damaged[: chance.randint(1, len(damaged))])
        try:
            read_workbook(path)
        except InvalidInputError as error:
            kinds.add(error.code)
        else:
            kinds.add("read")
    assert "casesheet.not_a_workbook" in kinds
    assert kinds <= {"read", "casesheet.not_a_workbook", "casesheet.too_large"}


def test_the_demos_case_sheet_is_what_its_script_makes(tmp_path):
    assert read_workbook(FILE) == read_workbook(saved(case_sheet(), tmp_path))


def test_the_demos_case_sheet_is_read_without_a_problem():
    found = report(FILE)
    assert found.problems == ()
    assert len(found.rows) == len(PEOPLE)
    assert {row.status for row in found.rows} == set(CaseStatus)
    assert [u.heading for u in found.unknown_columns] == ["local_PreferredHour"]
    assert [n.code for n in found.notes].count("casesheet.label_wins") == 4
    for row in found.rows:
        profile = minimal_profile(row.records, TODAY)
        assert profile.age_band
        assert profile.sex
        assert "VN" in profile.citizenship
        assert profile.languages


def test_a_demo_person_lives_where_the_label_says():
    first = report(FILE).rows[0]
    contact = next(record for record in first.records if record.category == "D3")
    known = {answer.field: answer.values for answer in contact.answers}
    assert known["prs_MailingStreet"] == ("Invented Lane 1",)
    assert known["prs_MailingCity"] == ("Bát Xát",)
    assert known["prs_MailingCountry"] == ("VN",)


def test_nobody_in_the_demo_can_be_called_or_written_to():
    for person in PEOPLE:
        for label in ("Mobile Phone", "Home Phone"):
            assert str(person.get(label, "+84 000")).startswith("+84 000")
        assert str(person.get("Email", "a@b.invalid")).endswith(".invalid")


def test_the_standards_headings_are_read_from_a_sheet_in_any_order(tmp_path):
    headings = [("", ""), *ORIGINAL_HEADINGS, *ADDED_HEADINGS]
    shuffled = headings[:1] + random.Random(3).sample(headings[1:], len(headings) - 1)
    book = Workbook()
    page = book.worksheets[0]
    page.append([name for name, _ in shuffled])
    page.append([label for _, label in shuffled])
    for number, person in enumerate(PEOPLE, start=1):
        page.append([number, *(person.get(label) for _, label in shuffled[1:])])
    found = report(saved(book, tmp_path))
    straight = report(FILE)
    assert found.problems == ()
    assert [row.source_key for row in found.rows] == [
        row.source_key for row in straight.rows
    ]


@needs_originals
@BOTH
def test_the_originals_have_the_headings_that_this_project_knows(name):
    (page,) = case_sheets(read_workbook(Path(ORIGINALS) / name))
    names, labels = (row.cells for row in page.rows[:2])
    assert names == ("", *(name for name, _ in ORIGINAL_HEADINGS))
    assert labels == ("", *(label for _, label in ORIGINAL_HEADINGS))


@needs_originals
@BOTH
def test_the_empty_originals_hold_nobody_and_no_problem(name):
    found = report(Path(ORIGINALS) / name)
    assert (found.rows, found.problems, found.unknown_columns) == ((), (), ())
    assert [note.column for note in found.notes] == ["N", "O", "Q", "R", "T", "AJ"]


@needs_originals
def test_every_value_that_the_original_offers_is_understood():
    sheets = read_workbook(Path(ORIGINALS) / "htcds-2.0-single-select.xlsx")
    (lookups,) = (page for page in sheets if page.name == "validation")
    headings = lookups.rows[1].cells
    for row in lookups.rows[2:]:
        for label, value in zip(headings, row.cells, strict=False):
            if not value or label in {"", "Date Start"}:
                continue
            field = "Citizenship" if label.startswith("Country") else label
            rows = (RawRow(1, ("Case Owner", field)), RawRow(2, ("CW-01", value)))
            found = read_case_sheet(RawSheet("Cases", rows), TODAY)
            assert found.problems == (), (label, value)
