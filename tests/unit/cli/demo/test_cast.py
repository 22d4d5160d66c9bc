from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from services.cli.demo.cast import cast_of

seeds = st.integers(min_value=0, max_value=10_000)
FIRST_DAY = date(2018, 3, 5)


@given(seeds)
def test_the_same_seed_gives_the_same_people(seed):
    assert cast_of(seed) == cast_of(seed)


@given(seeds)
def test_everybody_is_of_age_and_not_old(seed):
    years = (FIRST_DAY - cast_of(seed).birthdate).days / 365.25
    assert 20 <= years <= 31


@given(seeds)
def test_no_telephone_number_can_be_dialled(seed):
    assert cast_of(seed).brother_phone.startswith("+84 000 ")


@given(seeds)
def test_some_house_always_has_a_free_bed_after_one_that_has_none(seed):
    cast = cast_of(seed)
    assert len(set(cast.houses)) == 3
    assert 1 <= cast.full_houses <= 2
    assert cast.house not in cast.houses[: cast.full_houses]


@given(seeds)
def test_people_do_not_show_in_what_a_program_prints_of_them(seed):
    cast = cast_of(seed)
    assert not any(value in repr(cast) for value in cast.personal_values)


def test_seeds_differ_in_people_answers_and_houses():
    casts = [cast_of(seed) for seed in range(20)]
    assert {cast.lets_family_know for cast in casts} == {True, False}
    assert {cast.full_houses for cast in casts} == {1, 2}
    assert len({cast.language for cast in casts}) == 4
    assert len({cast.personal_values for cast in casts}) == 20
