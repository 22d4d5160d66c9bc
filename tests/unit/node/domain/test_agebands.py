"""Age bands; the younger of two possible ages counts."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.agebands import age_band
from services.node.domain.errors import InvalidInputError

MARCH = date(2018, 3, 5)


@pytest.mark.parametrize(
    ("birth_year", "band"),
    [
        (2018, "0_8"),
        (2009, "0_8"),  # 8 or 9
        (2008, "9_17"),  # 9 or 10
        (2000, "9_17"),  # 17 or 18: presumed a minor
        (1999, "18_20"),
        (1997, "18_20"),  # 20 or 21
        (1996, "21_23"),
        (1993, "24_26"),
        (1990, "27_29"),
        (1987, "30_38"),
        (1978, "39_47"),
        (1970, "39_47"),  # 47 or 48
        (1969, "48_plus"),
        (1900, "48_plus"),
    ],
)
def test_a_birth_year_gives_the_younger_band(birth_year: int, band: str) -> None:
    assert age_band(birth_year, MARCH) == band


def test_on_the_last_day_of_the_year_the_age_is_certain() -> None:
    assert age_band(2000, date(2018, 12, 31)) == "18_20"
    assert age_band(2000, date(2018, 12, 30)) == "9_17"


@pytest.mark.parametrize("birth_year", [2019, 1887])
def test_an_impossible_birth_year_is_refused(birth_year: int) -> None:
    with pytest.raises(InvalidInputError) as caught:
        age_band(birth_year, MARCH)
    assert caught.value.code == "person.bad_birth_year"
    assert str(birth_year) not in str(caught.value)
