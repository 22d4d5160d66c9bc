"""An offer learns age band, sex, citizenship and languages from a row, no more."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from services.node.domain.casesheet_profile import MinimalProfile, minimal_profile
from services.node.domain.records import Answer, CategoryRecord

TODAY = date(2018, 3, 5)


def profile(**answers: str) -> MinimalProfile:
    given = tuple(
        Answer(name, tuple(values.split(";"))) for name, values in answers.items()
    )
    record = CategoryRecord("D1", given)
    return minimal_profile((record,), TODAY)


@pytest.mark.parametrize(
    ("born", "band"),
    [
        ("2018-03-05", "0_8"),
        ("2009-03-06", "0_8"),
        ("2009-03-05", "9_17"),
        ("2000-03-06", "9_17"),  # eighteen tomorrow: a child today
        ("2000-03-05", "18_20"),
        ("1997-03-05", "21_23"),
        ("1994-03-05", "24_26"),
        ("1991-03-05", "27_29"),
        ("1988-03-05", "30_38"),
        ("1979-03-05", "39_47"),
        ("1970-03-06", "39_47"),
        ("1970-03-05", "48_plus"),
        ("1900-01-01", "48_plus"),
        ("2018-03-06", ""),
    ],
)
def test_a_birthdate_becomes_the_band_of_the_exact_age(born, band):
    assert profile(prs_Birthdate=born).age_band == band


def test_what_the_row_does_not_tell_stays_empty():
    assert profile(prs_FirstName="Mây") == MinimalProfile("", "", (), ())


def test_languages_are_tags_with_the_primary_first_and_each_once():
    both = profile(prs_SecondaryLanguage="vie", prs_PrimaryLanguage="hmn")
    assert both.languages == ("hmn", "vi")
    same = profile(prs_SecondaryLanguage="vie", prs_PrimaryLanguage="vie")
    assert same.languages == ("vi",)


def test_the_profile_holds_nothing_of_the_identity():
    full = profile(
        prs_FirstName="Mây",
        prs_Birthdate="1996-04-12",
        prs_MobilePhone="+84 000 555 0101",
        prs_Gender="Feminine",
        prs_Citizenship="LA;VN",
    )
    assert full == MinimalProfile("21_23", "Feminine", ("LA", "VN"), ())
    assert [field.name for field in fields(full)] == [
        "age_band",
        "sex",
        "citizenship",
        "languages",
    ]
