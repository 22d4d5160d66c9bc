"""Minors who came along are people of their own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.domain.entitlements import Claimant
from services.node.domain.errors import InvalidInputError
from services.node.domain.minors import Minor, check_minor, claimant_of_minor

CHILD = Minor("", "accompanying_minor", "yes", "0_8", "", "accompanied_person", "")


def test_a_doubt_about_age_makes_a_child_and_an_adult_has_a_case_of_their_own():
    check_minor(CHILD)
    check_minor(replace(CHILD, is_minor="presumed", age_band=""))
    with pytest.raises(InvalidInputError) as caught:
        check_minor(replace(CHILD, is_minor="no"))
    assert caught.value.code == "case.no_minor"


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "luggage"},
        {"is_minor": "perhaps"},
        {"age_band": "18_20"},
        {"guardian": "the police"},
    ],
)
def test_unknown_codes_are_refused(wrong):
    with pytest.raises(InvalidInputError) as caught:
        check_minor(replace(CHILD, **wrong))
    assert caught.value.code == "case.unknown_code"
    assert caught.value.where == next(iter(wrong))


@pytest.mark.parametrize(
    ("status", "accompanied", "expected"),
    [
        ("accompanying_minor", "victim", "accompanying_minor"),
        (
            "accompanying_minor",
            "in_identification_in_vn",
            "in_identification_in_vn",
        ),
        (
            "accompanying_minor",
            "in_identification_abroad",
            "in_identification_abroad",
        ),
        ("accompanying_minor", "foreigner", "foreigner"),
        ("accompanying_minor", None, None),
        ("in_identification", None, "in_identification_in_vn"),
        ("in_identification", "foreigner", "foreigner"),
        ("victim", "in_identification_in_vn", "victim"),
        ("not_victim", "victim", None),
    ],
)
def test_as_whom_a_minor_is_entitled(status, accompanied, expected):
    with_whom = None if accompanied is None else Claimant(accompanied)
    assert claimant_of_minor(replace(CHILD, status=status), with_whom) == expected
