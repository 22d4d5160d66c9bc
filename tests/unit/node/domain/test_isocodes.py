"""Countries and languages are understood by code or English name."""

from __future__ import annotations

import pytest

from services.node.domain.htcds import fold
from services.node.domain.isocodes import bcp47, countries, languages


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("VN", "VN"),
        ("vnm", "VN"),
        ("Viet Nam", "VN"),
        ("Vietnam", "VN"),
        ("Lao People's Democratic Republic", "LA"),
        ("Lao People’s Democratic Republic", "LA"),
        ("laos", "LA"),
        ("China", "CN"),
        ("Korea, Republic of", "KR"),
        ("Côte d'Ivoire", "CI"),
    ],
)
def test_a_country_is_found_by_code_or_name(spelling, code):
    assert countries()[(fold(spelling),)] == code


def test_every_country_is_found_by_its_two_and_three_letters():
    codes = set(countries().values())
    assert len(codes) == 249
    assert all(countries()[(fold(code),)] == code for code in codes)


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("vie", "vie"),
        ("VI", "vie"),
        ("Vietnamese", "vie"),
        ("chi", "zho"),
        ("zho", "zho"),
        ("Hmong", "hmn"),
        ("may", "msa"),
    ],
)
def test_a_language_is_found_by_any_of_its_codes_or_its_name(spelling, code):
    assert languages()[(fold(spelling),)] == code


def test_a_spelling_of_two_languages_stands_for_none():
    # ISO 639-1 "ga" is Irish, and Ga is a language of Ghana.
    assert ("ga",) not in languages()
    assert languages()[("gle",)] == "gle"
    assert languages()[("gaa",)] == "gaa"


@pytest.mark.parametrize(
    ("code", "tag"), [("vie", "vi"), ("zho", "zh"), ("hmn", "hmn"), ("lao", "lo")]
)
def test_a_language_tag_is_the_shortest_code(code, tag):
    assert bcp47(code) == tag
