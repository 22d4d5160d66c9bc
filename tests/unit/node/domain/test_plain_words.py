"""What a case worker reads where programs read a code."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.categories import Category
from services.node.domain.functions import Function
from services.node.domain.plain_words import (
    CATEGORY_WORDS,
    FUNCTION_WORDS,
    categories_words,
    day_words,
    either,
    members,
    not_listed,
    opening,
    plain,
    plain_list,
    resting_on,
)


def test_every_function_and_category_has_words():
    assert set(FUNCTION_WORDS) == set(Function)
    assert set(CATEGORY_WORDS) == set(Category)
    told = [*FUNCTION_WORDS.values(), *CATEGORY_WORDS.values()]
    assert not any("_" in each for each in told)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (plain("voluntary_return"), "voluntary return"),
        (plain_list(["no_return", "go"]), "no return, go"),
        (plain_list([]), "nothing"),
        (either(["a"]), "a"),
        (either(["a", "b", "c"]), "a, b or c"),
        (
            members({Function.MISSION, Function.BANK}),
            "a mission abroad or a bank",
        ),
        (members({Function.BANK}, "and"), "a bank"),
        (members([]), "a member without functions"),
        (categories_words([Category.D2, Category.D5]), "identity (D2), health (D5)"),
        (day_words(date(2025, 7, 1)), "1 July 2025"),
        (opening("the police"), "The police"),
        (resting_on("No.", "rule 1", "rule 2"), "No. (rule 1; rule 2)"),
        (
            not_listed("age_band", ["a", "b"]),
            (
                "What is said for age band is none of the words for it."
                " (age_band is one of a, b)"
            ),
        ),
    ],
)
def test_words_read_like_a_sentence(told, expected):
    assert told == expected
