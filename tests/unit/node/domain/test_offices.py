"""Whether somebody answers is told on the clock of the place, if it is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.node.domain.errors import InvalidInputError
from services.node.domain.offices import (
    Hours,
    Office,
    check_office,
    is_open,
    parse_hours,
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
    assert is_open(YUNNAN, at) is open_there


def test_what_is_not_told_is_not_guessed():
    assert is_open(replace(YUNNAN, hours=()), MONDAY) is None
    assert is_open(replace(YUNNAN, time_zone="Asia/Nowhere"), MONDAY) is None


def test_who_answers_day_and_night_is_always_reached():
    assert is_open(replace(YUNNAN, hours=(), phone_24h="000 000 907"), MONDAY) is True


def test_a_sound_office_is_taken():
    check_office(YUNNAN)
    check_office(Office((), (), "", (), "", ""))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("languages", ("Vietnamese!",)),
        ("serves", ("everybody",)),
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
