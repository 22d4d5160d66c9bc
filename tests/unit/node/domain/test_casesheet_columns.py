"""Columns are understood in any order, and every choice made is reported."""

from __future__ import annotations

import pytest

from deploy.demo.make_case_sheet import ORIGINAL_HEADINGS
from services.node.domain.casesheet_columns import Columns, read_columns
from services.node.domain.casesheet_report import RawRow, RawSheet

CODES = tuple(name for name, _ in ORIGINAL_HEADINGS)
LABELS = tuple(label for _, label in ORIGINAL_HEADINGS)


def columns(*rows: tuple[str, ...]) -> Columns:
    raw = tuple(RawRow(number, cells) for number, cells in enumerate(rows, start=1))
    found = read_columns(RawSheet("Sheet1", raw))
    assert found is not None
    return found


def names(found: Columns) -> dict[int, str]:
    return {index: field.name for index, field in found.fields.items()}


def original() -> Columns:
    return columns(("", *CODES), ("", *LABELS), ("1",), ("2",))


def test_the_standards_own_headings_are_understood_without_a_rest():
    found = original()
    assert len(found.fields) == 38
    assert len(set(names(found).values())) == 38
    assert found.unknown == ()
    assert found.named_by_code


def test_where_a_mailing_name_contradicts_its_label_the_label_wins_and_is_reported():
    found = original()
    assert [names(found)[index] for index in range(13, 18)] == [
        "prs_MailingStreet",
        "prs_MailingCity",
        "prs_MailingState",
        "prs_MailingPostalCode",
        "prs_MailingCountry",
    ]
    wins = [note for note in found.notes if note.code == "casesheet.label_wins"]
    assert [note.column for note in wins] == ["N", "O", "Q", "R"]
    assert all(note.sheet == "Sheet1" and "label wins" in note.message for note in wins)


def test_the_misspelt_name_is_known_and_reported():
    found = original()
    note = next(n for n in found.notes if n.code == "casesheet.misspelt_heading")
    assert (note.column, note.field) == ("T", "vic_TraffickingStatusDecisionMakingOrg")
    assert names(found)[19] == note.field


def test_the_unnamed_column_is_known_by_its_label_and_reported():
    found = original()
    note = next(n for n in found.notes if n.code == "casesheet.heading_by_label")
    assert (note.column, note.field) == ("AJ", "cas_ReasonForOutgoingReferral")
    assert names(found)[35] == note.field


def test_row_numbers_in_the_first_column_are_no_loss():
    assert columns(("", *CODES), ("7",), ("8", "x")).unknown == ()


def test_an_unnamed_column_that_holds_something_is_reported():
    found = columns(("", *CODES), ("one",))
    assert [(u.column, u.heading) for u in found.unknown] == [("A", "")]
    found = columns(("cas_Status", "", "prs_Title"), ("", "5", ""))
    assert [u.column for u in found.unknown] == ["B"]


def test_names_alone_and_labels_alone_will_do():
    by_code = columns(CODES, ("x",))
    assert names(by_code)[12] == "prs_MailingCity"
    assert not by_code.fields.get(34)  # the unnamed one
    by_label = columns(LABELS, ("x",))
    assert len(by_label.fields) == 38
    assert not by_label.named_by_code
    assert by_label.notes == ()


def test_labels_may_stand_above_names_and_titles_above_both():
    found = columns(("Cases of spring",), ("", *LABELS), ("", *CODES), ("1", "x"))
    assert len(found.fields) == 38
    assert [row.number for row in found.data_rows] == [4]


def test_empty_rows_between_the_headings_do_not_part_them():
    found = columns((), CODES, ("", " "), LABELS, ("x",))
    assert len(found.fields) == 38
    assert [row.number for row in found.data_rows] == [5]


def test_headings_are_read_without_case_and_space():
    found = columns(("PRS_firstname ", " First  name of", "cas_status"), ("a",))
    assert names(found) == {0: "prs_FirstName", 2: "cas_Status"}


def test_an_unknown_column_is_reported_and_loses_nothing_else():
    found = columns(("prs_FirstName", "local_Hour", "cas_Status"), ("a", "b", ""))
    assert names(found) == {0: "prs_FirstName", 2: "cas_Status"}
    assert [(u.column, u.heading) for u in found.unknown] == [("B", "local_Hour")]


def test_a_label_of_several_fields_is_not_guessed():
    found = columns(("First Name", "Longitude", "Status"), ("a",))
    assert [u.column for u in found.unknown] == ["B"]
    found = columns(
        ("prs_FirstName", "hte_Type", "prs_MailingCity"),
        ("First Name", "Type", "Longitude"),
    )
    assert names(found) == {
        0: "prs_FirstName",
        1: "hte_Type",
        2: "prs_MailingLongitude",
    }


@pytest.mark.parametrize(
    ("name", "label", "field"),
    [
        ("prs_MailingCity", "City", "prs_MailingCity"),
        ("prs_MobilePhone", "Phone", "prs_MobilePhone"),
        ("prs_FirstName", "Họ tên", "prs_FirstName"),
        ("prs_FirstName", "Second Name", "prs_SecondName"),
        ("something", "Second Name", "prs_SecondName"),
        (
            "vic_TraffickingStatusDecisionMakingOrg",
            "Trafficking Status",
            "vic_TraffickingStatus",
        ),
    ],
)
def test_a_label_wins_unless_it_is_unknown_or_shortens_the_name(name, label, field):
    found = columns(("cas_Status", "prs_Title", name), ("Status", "Title", label))
    assert names(found)[2] == field


def test_a_deprecated_field_is_imported_and_reported():
    found = columns(("cas_Status", "vic_Vulnerabilities"), ("", ""))
    assert [n.code for n in found.notes] == ["casesheet.deprecated_field"]


@pytest.mark.parametrize(
    "rows",
    [
        (),
        (("",),),
        (("cas_Status", "An Invented Person"),),
        (("Case Owner", "An Invented Person"), ("Salutation", "Ms")),
        (*((f"title {number}",) for number in range(10)), CODES),
    ],
)
def test_a_sheet_without_a_heading_row_is_not_guessed_at(rows):
    raw = tuple(RawRow(number, cells) for number, cells in enumerate(rows, start=1))
    assert read_columns(RawSheet("Sheet1", raw)) is None
