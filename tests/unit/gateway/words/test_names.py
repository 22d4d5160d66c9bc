"""Countries and languages by the names that a reader knows them by."""

from __future__ import annotations

from datetime import date

import pytest
from starlette.datastructures import FormData

from gateway.forms.fields import FormError
from gateway.forms.records import fields_of_category, read_record, typed_of
from gateway.words.languages import locale_of
from gateway.words.names import Names
from services.node.domain.categories import Category
from services.node.domain.isocodes import country_codes, language_codes
from services.node.domain.records import Answer, CategoryRecord

TODAY = date(2026, 3, 2)
LOCALES = ("vi", "en", "fr", "zh_Hans")
VIETNAMESE = Names(locale_of("vi"))


@pytest.fixture(params=LOCALES)
def names(request) -> Names:
    return Names(locale_of(request.param))


def test_every_country_is_found_by_its_name(names):
    for code in country_codes():
        assert names.country(code) != code
        assert names.country_called(names.country(code).upper()) == code


def test_every_language_with_a_name_is_found_by_it(names):
    named = [code for code in language_codes() if names.tongue(code) != code]
    assert {"vie", "zho", "khm", "tha", "msa", "hmn"} <= set(named)
    for code in named:
        found = names.tongue_called(f" {names.tongue(code)} ")
        assert names.tongue(found) == names.tongue(code)


def test_who_types_a_code_is_understood_too(names):
    assert names.country_called("VN") == "VN"
    assert names.tongue_called("vie") == "vie"


def test_a_tag_of_the_console_has_a_name(names):
    assert names.tongue("zh-Hans") != "zh-Hans"


# --- the form of a case file


def record(**typed: str) -> CategoryRecord:
    return read_record(Category.D1, FormData(typed), None, "vi", TODAY, VIETNAMESE)


def test_names_of_countries_and_languages_become_codes_and_are_shown_as_names():
    kept = record(prs_Citizenship="việt nam; Lào", prs_PrimaryLanguage="Tiếng Việt")
    assert kept.answers == (
        Answer("prs_PrimaryLanguage", ("vie",), ""),
        Answer("prs_Citizenship", ("LA", "VN"), ""),
    )
    assert typed_of(kept, VIETNAMESE) == {
        "prs_PrimaryLanguage": "Tiếng Việt",
        "prs_Citizenship": "Lào; Việt Nam",
    }


def test_a_country_that_nobody_knows_is_refused():
    with pytest.raises(FormError) as refused:
        record(prs_Citizenship="Xứ sương mù")
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == ("prs_Citizenship", "not_a_country")


def test_an_age_band_is_one_of_the_bands_because_a_minor_hangs_on_it():
    assert record(local_age_band="9_17").answers == (
        Answer("local_age_band", ("9_17",), ""),
    )
    with pytest.raises(FormError) as refused:
        record(local_age_band="12 tuổi")
    (problem,) = refused.value.problems
    assert problem.code == "not_in_list"


def test_what_a_peer_wrote_beside_the_list_is_not_lost_when_the_rest_is_kept():
    before = CategoryRecord(Category.D1, (Answer("local_age_band", ("12?",), "vi"),))
    shown = {each.name: each for each in fields_of_category(Category.D1, before)}
    assert shown["local_age_band"].codes[-1] == "12?"
    form = FormData({"local_age_band": "12?"})
    kept = read_record(Category.D1, form, before, "vi", TODAY, VIETNAMESE)
    assert kept.answers[0].values == ("12?",)
