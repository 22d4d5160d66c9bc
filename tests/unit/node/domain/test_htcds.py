"""The packaged tables say what the standard says, and where each field belongs."""

from __future__ import annotations

import csv
import os
import re
from importlib import resources
from pathlib import Path

import pytest

from services.node.domain import htcds
from services.node.domain.htcds import Kind, choice_index, choices, cut, fields, fold

ORIGINALS = os.environ.get("RELAIS_HTCDS", "")
needs_originals = pytest.mark.skipif(
    not ORIGINALS, reason="RELAIS_HTCDS names no folder with the standard's files"
)


def original(name: str) -> list[dict[str, str]]:
    text = (Path(ORIGINALS) / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(keepends=True)))


def test_every_field_but_consent_belongs_to_one_data_category():
    without = [name for name, field in fields().items() if not field.category]
    assert without == [htcds.CONSENT_FIELD]
    assert all(
        re.fullmatch(r"D([1-9]|1[0-3])", field.category)
        for field in fields().values()
        if field.category
    )


@pytest.mark.parametrize(
    ("field", "category"),
    [
        ("prs_Gender", "D1"),
        ("prs_Citizenship", "D1"),
        ("prs_PrimaryLanguage", "D1"),
        ("prs_FirstName", "D2"),
        ("prs_Birthdate", "D2"),
        ("prs_IdentityNumber", "D2"),
        ("prs_MobilePhone", "D3"),
        ("prs_Email", "D3"),
        ("prs_MailingStreet", "D3"),
        ("vic_TypeOfExploitation", "D4"),
        ("vic_MethodsOfControl", "D4"),
        ("cas_IncomingReferralDetails", "D11"),
    ],
)
def test_a_field_is_sealed_under_the_category_of_what_it_tells(field, category):
    assert fields()[field].category == category


def test_health_among_vulnerabilities_is_not_part_of_the_trafficking_account():
    assert fields()["vic_Vulnerabilities"].category == "D6"
    assert fields()["vic_DetailsOfVulnerabilities"].category == "D6"


def test_whatever_is_bounded_states_both_bounds():
    bounded = {Kind.DATE, Kind.WHOLE_NUMBER, Kind.DECIMAL}
    for field in fields().values():
        assert bool(field.minimum) == bool(field.maximum) == (field.kind in bounded)


def test_a_list_has_values_and_nothing_else_has():
    listed = {Kind.PICKLIST, Kind.MULTISELECT}
    for name, field in fields().items():
        assert bool(choices(name)) == (field.kind in listed)


def test_no_spelling_stands_for_two_values_of_a_list():
    for name in fields():
        spellings = [
            {fold(text) for text in (choice.value, choice.label, *choice.also)}
            for choice in choices(name)
        ]
        assert sum(map(len, spellings)) == len(set().union(*spellings))


@pytest.mark.parametrize(
    ("field", "value", "label", "origin"),
    [
        ("vic_MethodsOfControl", "RestrictsMovement", "restricts movement", "def"),
        ("vic_MethodsOfControl", "UsesChildren", "Uses  Children", "def"),
        ("vic_RecruitmentWebsitesAndApps", "Zalo", "zalo", "local"),
        ("vic_ExploitationWebsitesAndApps", "Zalo", "ZALO", "local"),
    ],
)
def test_local_additions_are_allowed_and_marked(field, value, label, origin):
    assert choice_index(field)[(fold(label),)] == value
    added = next(choice for choice in choices(field) if choice.value == value)
    assert added.origin.startswith(origin)


def test_type_longitude_and_latitude_name_several_fields():
    shared = {label for label, found in htcds.fields_by_label().items() if found[1:]}
    assert shared == {"type", "longitude", "latitude"}


def test_folding_keeps_letters_of_every_script_and_drops_what_is_between():
    assert fold(" Threatens Children / family ") == "threatenschildrenfamily"
    assert fold("Đồi-Ｖ") == "đồiv"


def test_cutting_keeps_a_piece_of_mere_punctuation_so_that_it_is_refused():
    assert cut("Line; ??,\n4Sale") == ("line", "", "4sale")


def test_the_tables_name_their_source_and_licence():
    data = resources.files("services.node.domain") / "data"
    notice = (data / "NOTICE").read_text(encoding="utf-8")
    assert "International Organization for Migration" in notice
    assert "CC BY 4.0" in notice
    assert "does not endorse" in notice
    for name in ("htcds_fields.csv", "htcds_picklists.csv"):
        start = (data / name).read_text(encoding="utf-8")[:300]
        assert "CC BY 4.0" in start
        assert "No endorsement" in start


@needs_originals
def test_fields_equal_those_of_the_standard():
    found = {
        name: (field.label, field.core, field.deprecated)
        for name, field in fields().items()
    }
    assert found == {
        row["field"]: (row["label"], bool(row["core"]), row["status"] == "DEPRECATED")
        for row in original("fields.csv")
    }


@needs_originals
def test_lists_equal_those_of_the_standard_but_for_marked_additions():
    expected: dict[str, list[tuple[str, str]]] = {}
    for row in original("picklists.csv"):
        if not row["value"].startswith("Use ISO"):
            expected.setdefault(row["field"], []).append((row["value"], row["label"]))
    for name in fields():
        kept = [choice for choice in choices(name) if choice.origin == "standard"]
        wanted = expected.get(name, [])
        assert [choice.value for choice in kept] == [value for value, _ in wanted]
        for choice, (_, label) in zip(kept, wanted, strict=True):
            assert choice.label == label or not label
