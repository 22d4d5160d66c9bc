"""Identifiers say nothing, and a mistyped alias is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.errors import InvalidInputError
from services.node.domain.identifiers import (
    ALPHABET,
    alias_of,
    new_alias,
    new_id,
    parse_alias,
)

ALIASES = st.integers(0, 2**30 - 1).map(alias_of)


def test_an_id_is_sixteen_bytes_and_never_the_same() -> None:
    ids = {new_id() for _ in range(100)}
    assert {len(each) for each in ids} == {16}
    assert len(ids) == 100


def test_the_check_is_the_value_modulo_1021() -> None:
    # By hand: 7F3K92 is 7·32⁵ + 15·32⁴ + 3·32³ + 19·32² + 9·32 + 2 = 250 727 714;
    # modulo 1021 that is 744 = 23·32 + 8, written Q8.
    assert alias_of(250_727_714) == "R-7F3K-92Q8"
    assert alias_of(0) == "R-0000-0000"
    assert alias_of(1021) == "R-0000-ZX00"


@given(ALIASES)
def test_every_alias_is_read_back(alias: str) -> None:
    assert parse_alias(alias) == alias


def test_new_aliases_differ_and_are_read_back() -> None:
    aliases = {new_alias() for _ in range(100)}
    assert len(aliases) == 100
    assert all(parse_alias(each) == each for each in aliases)


@pytest.mark.parametrize(
    "text",
    ["r-7f3k-92q8", "R7F3K92Q8", " R-7F3K 92Q8 ", "R-7F3K92-Q8"],
)
def test_an_alias_may_be_written_carelessly(text: str) -> None:
    assert parse_alias(text) == "R-7F3K-92Q8"


def test_letters_that_are_misread_count_as_digits() -> None:
    assert parse_alias("R-OOOO-OOOO") == "R-0000-0000"
    one = alias_of(1 << 5)
    assert parse_alias(one.replace("1", "I")) == one
    assert parse_alias(one.replace("1", "l")) == one


@given(ALIASES, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_a_single_wrong_character_is_noticed(
    alias: str, place: int, wrong: str
) -> None:
    digits = list(alias.replace("-", "")[1:])
    if digits[place] == wrong:
        return
    digits[place] = wrong
    with pytest.raises(InvalidInputError) as caught:
        parse_alias("R" + "".join(digits))
    assert caught.value.code == "identifier.bad_check"


@given(ALIASES, st.integers(0, 6))
def test_two_swapped_neighbours_are_noticed(alias: str, place: int) -> None:
    digits = list(alias.replace("-", "")[1:])
    if digits[place] == digits[place + 1]:
        return
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    with pytest.raises(InvalidInputError) as caught:
        parse_alias("R" + "".join(digits))
    assert caught.value.code == "identifier.bad_check"


@pytest.mark.parametrize("text", ["", "R", "7F3K-92Q8", "R-7F3K-92Q", "R-7F3K-92U8"])
def test_what_has_not_the_shape_of_an_alias_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_alias(text)
    assert caught.value.code == "identifier.malformed"
    assert "92" not in str(caught.value)
