"""Whether somebody answers is told on the clock of the place, if it is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.errors import InvalidInputError
from services.node.domain.offices import (
    Hours,
    NotFor,
    Office,
    Opening,
    Population,
    against,
    answers_now,
    check_office,
    is_for,
    next_opening,
    opening,
    parse_hours,
    possible_populations,
)

YUNNAN = Office(
    ("zh", "vi"),
    ("women", "girls"),
    "Asia/Shanghai",
    (*parse_hours("1-5 08:30-12:00"), *parse_hours("6 08:30-10:00")),
    "000 000 007",
    "",
)
MONDAY = datetime(2018, 3, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "open_there"),
    [
        (MONDAY.replace(hour=0, minute=29), False),
        (MONDAY.replace(hour=0, minute=30), True),  # 08:30 in Kunming, 07:30 in Hanoi
        (MONDAY.replace(hour=3, minute=59), True),
        (MONDAY.replace(hour=4), False),
        (MONDAY.replace(day=10, hour=1), True),
        (MONDAY.replace(day=10, hour=2), False),
        (MONDAY.replace(day=11, hour=1), False),
    ],
)
def test_an_office_is_open_on_its_own_clock(at, open_there):
    found = opening(YUNNAN, at, lambda _: False)
    assert found is (Opening.OPEN if open_there else Opening.CLOSED)
    assert answers_now(YUNNAN, found) is open_there


def test_a_holiday_of_the_place_shuts_the_door_by_its_own_day_and_no_other():
    asked = []

    def is_holiday(day):
        asked.append(day)
        return True

    night = replace(YUNNAN, hours=parse_hours("2 00:00-01:00"), time_zone="Asia/Tokyo")
    late_on_monday_in_hanoi = MONDAY.replace(hour=15, minute=30)
    assert opening(night, late_on_monday_in_hanoi, is_holiday) is Opening.HOLIDAY
    assert opening(YUNNAN, MONDAY, is_holiday) is Opening.CLOSED
    assert asked == [MONDAY.date() + timedelta(days=1)]
    assert answers_now(YUNNAN, Opening.HOLIDAY) is False


@pytest.mark.parametrize(
    ("at", "holidays", "opens"),
    [
        # 08:30 in Kunming is 00:30 UTC.
        (MONDAY, (), MONDAY.replace(minute=30)),
        (MONDAY.replace(minute=30), (), MONDAY.replace(day=6, minute=30)),
        (MONDAY.replace(day=9, hour=5), (), MONDAY.replace(day=10, minute=30)),
        (MONDAY.replace(day=10, hour=3), (), MONDAY.replace(day=12, minute=30)),
        (MONDAY, (5, 6), MONDAY.replace(day=7, minute=30)),
        (MONDAY, range(1, 32), None),
    ],
)
def test_when_it_opens_next_is_told_by_its_clock_and_its_holidays(at, holidays, opens):
    assert next_opening(YUNNAN, at, lambda day: day.day in holidays) == opens


def test_what_is_not_told_is_not_guessed():
    for office in (
        None,
        replace(YUNNAN, hours=()),
        replace(YUNNAN, time_zone="Asia/Nowhere"),
    ):
        found = opening(office, MONDAY, lambda _: False)
        assert found is Opening.NOT_TOLD
        assert answers_now(office, found) is None
        assert next_opening(office, MONDAY, lambda _: False) is None


def test_who_answers_day_and_night_is_always_reached():
    day_and_night = replace(YUNNAN, phone_24h="000 000 907")
    assert all(answers_now(day_and_night, each) for each in Opening)


WOMEN, MEN, GIRLS, BOYS, _ = Population


@pytest.mark.parametrize(
    ("age_band", "sex", "wanted"),
    [
        ("24_26", "Feminine", {WOMEN}),
        ("9_17", "Masculine", {BOYS}),
        ("", "Feminine", {WOMEN, GIRLS}),
        ("9_17", "TransgenderFeminine", {GIRLS, BOYS}),
        ("48_plus", "", {WOMEN, MEN}),
        ("", "", {WOMEN, MEN, GIRLS, BOYS}),
    ],
)
def test_nothing_is_guessed_of_a_person(age_band, sex, wanted):
    assert set(possible_populations(age_band, sex)) == wanted


def test_only_who_helps_none_of_whom_the_person_may_be_is_spoken_against():
    assert against(YUNNAN, (MEN,)) == (MEN,)
    assert against(YUNNAN, (WOMEN, MEN)) == ()
    assert against(YUNNAN, ()) == ()
    assert against(None, (MEN,)) == ()
    assert against(replace(YUNNAN, serves=(), not_for=("men",)), (MEN,)) == (MEN,)
    assert is_for(replace(YUNNAN, serves=()), "men")


def test_a_sound_office_is_taken():
    check_office(replace(YUNNAN, not_for=("men", *NotFor)))
    check_office(Office((), (), "", (), "", ""))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("languages", ("Vietnamese!",)),
        ("serves", ("everybody",)),
        ("not_for", ("tall",)),
        ("not_for", ("women",)),
        ("time_zone", "UTC+7"),
        ("time_zone", ""),
        ("hours", (Hours(0, 0, 60),)),
        ("hours", (Hours(8, 0, 60),)),
        ("hours", (Hours(1, 60, 60),)),
        ("hours", (Hours(1, 0, 1441),)),
        ("hours", (Hours(1, 0, 60),) * 29),
        ("phone", "call the gate house"),
        ("phone_24h", "1"),
    ],
)
def test_what_cannot_be_used_is_named_by_its_field(field, value):
    with pytest.raises(InvalidInputError) as refused:
        check_office(replace(YUNNAN, **{field: value}))
    assert refused.value.code == "office.malformed"
    assert refused.value.where.startswith(field.removesuffix("_24h"))


@pytest.mark.parametrize(
    "said", ["", "8 08:00-09:00", "5-1 08:00-09:00", "1 8:00-9:00"]
)
def test_hours_that_are_none_are_refused(said):
    with pytest.raises(InvalidInputError) as refused:
        parse_hours(said)
    assert refused.value.code == "office.bad_hours"
