"""Whose yes counts: for a child, on the eighteenth birthday, and after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.node.domain.coming_of_age import (
    UNKNOWN_AGE,
    Age,
    age_of,
    best_interest_determined,
)
from services.node.domain.consent import Standing, family_may_be_told, standing_answer
from services.node.domain.records import Answer, CategoryRecord

DAY = timedelta(days=1)
#: Midnight in Viet Nam of the eighteenth birthday of somebody born on 20 March 2000.
BIRTHDAY = datetime(2018, 3, 19, 17, tzinfo=UTC)
ASKED = datetime(2018, 3, 10, 2, tzinfo=UTC)


def record(category="D2", **answers: str) -> CategoryRecord:
    return CategoryRecord(
        category, tuple(Answer(name, (value,)) for name, value in answers.items())
    )


def born(policy, day: str) -> Age:
    return age_of([record(prs_Birthdate=day)], policy.deadlines)


@pytest.fixture
def child(policy) -> Age:
    return born(policy, "2000-03-20")


def together(yes):
    return replace(yes, subject="both", capacity="child_assent_plus_guardian")


def standing(records, at, age) -> Standing:
    found = standing_answer(records, "voluntary_return", "lao-cai", "D2", at, age)
    return found.standing


def test_the_birthday_is_midnight_in_viet_nam(child) -> None:
    assert child.adult_at == BIRTHDAY
    assert child.is_child(BIRTHDAY - timedelta(milliseconds=1))
    assert not child.is_child(BIRTHDAY)


def test_who_was_born_on_a_leap_day_is_a_child_until_march(policy) -> None:
    assert born(policy, "2004-02-29").adult_at == datetime(2022, 2, 28, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("answers", "is_child"),
    [
        ({}, False),
        ({"local_is_minor": "yes"}, True),
        ({"local_is_minor": "no"}, False),
        ({"local_is_minor": "presumed"}, True),
        ({"local_age_band": "0_8"}, True),
        ({"local_age_band": "9_17"}, True),
        ({"local_age_band": "18_20"}, False),
        ({"local_birth_year": "2000"}, True),  # 17 or 18: presumed a minor
        ({"local_birth_year": "1999"}, False),
        ({"prs_Birthdate": "1990-01-01", "local_is_minor": "presumed"}, True),
        ({"prs_Birthdate": "1990-01-01", "local_is_minor": "yes"}, False),
        ({"prs_Birthdate": "2005-01-01", "local_is_minor": "no"}, True),
        ({"prs_Birthdate": "not told"}, False),
    ],
)
def test_an_age_in_doubt_is_a_childs(policy, answers, is_child) -> None:
    age = age_of([record("D1", **answers)], policy.deadlines)
    assert age.is_child(ASKED) is is_child


def test_a_child_needs_the_guardian_and_her_own_assent(good_consent, child) -> None:
    at = ASKED + DAY
    guardian = replace(good_consent, subject="guardian", capacity="lacking")
    assert standing([good_consent], at, child) is Standing.INCOMPLETE
    assert standing([guardian], at, child) is Standing.INCOMPLETE
    assert standing([guardian, good_consent], at, child) is Standing.INCOMPLETE
    assert standing([together(good_consent)], at, child) is Standing.YES
    assert standing([good_consent], at, UNKNOWN_AGE) is Standing.YES


def test_a_later_yes_alone_does_not_undo_the_one_together(good_consent, child) -> None:
    alone = replace(good_consent, consent_id=b"2" * 16, given_at=ASKED + DAY)
    records = [together(good_consent), alone]
    assert standing(records, ASKED + 2 * DAY, child) is Standing.YES


@pytest.mark.parametrize("subject", ["self", "guardian", "both"])
def test_either_of_them_may_say_no(good_consent, child, subject) -> None:
    no = replace(
        good_consent, consent_id=b"2" * 16, status="refused", subject=subject,
        given_at=ASKED + DAY,
    )  # fmt: skip
    records = [together(good_consent), no]
    assert standing(records, ASKED + 2 * DAY, child) is Standing.NO


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (BIRTHDAY - DAY, Standing.YES),
        (BIRTHDAY, Standing.SUSPENDED),
        (BIRTHDAY + 29 * DAY, Standing.SUSPENDED),
        (BIRTHDAY + 30 * DAY, Standing.LAPSED),
    ],
)
def test_coming_of_age_suspends_what_a_guardian_agreed_to(
    good_consent, child, at, expected
) -> None:
    assert standing([together(good_consent)], at, child) is expected


def test_the_adults_own_yes_ends_the_suspension(good_consent, child) -> None:
    own = replace(good_consent, consent_id=b"2" * 16, given_at=BIRTHDAY + DAY)
    records = [together(good_consent), own]
    assert standing(records, BIRTHDAY + 2 * DAY, child) is Standing.YES
    no = replace(own, status="refused")
    assert standing([records[0], no], BIRTHDAY + 2 * DAY, child) is Standing.NO


def test_a_guardian_by_law_decides_for_an_adult(good_consent, policy) -> None:
    adult = born(policy, "1980-01-01")
    guardian = replace(good_consent, subject="guardian", capacity="lacking")
    assert standing([guardian], ASKED, adult) is Standing.YES
    # But not from before the birthday: as a child she had a guardian anyway.
    young = born(policy, "2000-03-20")
    assert standing([guardian], BIRTHDAY + DAY, young) is Standing.SUSPENDED


def test_her_own_yes_as_a_child_counts_for_nobody_but_herself(
    good_consent, child
) -> None:
    # She was heard alone before: now that she is of age her own word stands.
    assert standing([good_consent], BIRTHDAY, child) is Standing.YES


def test_relatives_of_a_child_learn_nothing_by_her_word_alone(
    good_consent, child
) -> None:
    alone = replace(
        good_consent, purpose="contact_family", recipient="family", categories=("D0",)
    )
    assert family_may_be_told([alone], ASKED + DAY, child) == ()
    assert family_may_be_told([together(alone)], ASKED + DAY, child) == ("found_safe",)


@pytest.mark.parametrize(
    ("records", "determined"),
    [
        ([], False),
        ([record("D13", local_best_interest="stay")], False),
        ([record("D11", local_best_interest="return")], False),
        ([record("D13", local_best_interest="return")], True),
    ],
)
def test_a_return_is_in_a_childs_interest_only_if_d13_says_so(
    records, determined
) -> None:
    assert best_interest_determined(records) is determined


@given(
    day=st.dates(datetime(1950, 1, 1).date(), datetime(2017, 12, 31).date()),  # noqa: DTZ001 - days only
    after=st.integers(-20000, 20000),
    subject=st.sampled_from(["self", "guardian", "both"]),
)
def test_no_child_ever_stands_alone(policy, good_consent, day, after, subject) -> None:
    age = born(policy, day.isoformat())
    assert age.adult_at is not None
    at = age.adult_at + timedelta(hours=after)
    yes = replace(
        good_consent, subject=subject, given_at=at, valid_until=at + DAY
    )  # whatever capacity it claims
    found = standing([yes], at, age)
    if after < 0:
        assert found is not Standing.YES
    else:
        assert found is not Standing.INCOMPLETE
