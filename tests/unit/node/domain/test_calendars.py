"""When a desk is open, written out by hand. Times are UTC+7."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from services.node.domain.calendars import (
    MONDAY_TO_FRIDAY,
    read_calendar,
    read_desk_hours,
)
from services.node.domain.functions import Function
from services.node.domain.tables import VIETNAM


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


class Tet:
    """The week of Tet 2018 is off."""

    def works(self, day: date) -> bool:
        off = date(2018, 2, 14) <= day <= date(2018, 2, 20)
        return MONDAY_TO_FRIDAY.works(day) and not off


@pytest.mark.parametrize(
    ("start", "opens"),
    [
        ("2018-03-05 09:00", "2018-03-05 09:00"),  # Monday, at the desk
        ("2018-03-05 07:29", "2018-03-05 07:30"),
        ("2018-03-05 07:30", "2018-03-05 07:30"),
        ("2018-03-05 16:59", "2018-03-05 16:59"),
        ("2018-03-05 17:00", "2018-03-06 07:30"),
        ("2018-03-09 22:00", "2018-03-12 07:30"),  # Friday night to Monday
        ("2018-02-13 18:00", "2018-02-21 07:30"),  # over Tet
    ],
)
def test_a_province_answers_in_office_hours(policy, start, opens) -> None:
    functions = {Function.PROVINCE_SOCIAL}
    found = policy.desk_hours.next_open(functions, at(start), Tet())
    assert found == at(opens)


@pytest.mark.parametrize(
    "function", [Function.HOTLINE, Function.POLICE, Function.BORDER_GUARD]
)
@pytest.mark.parametrize("start", ["2018-02-16 03:00", "2025-07-05 23:59"])
def test_some_desks_are_open_around_the_clock(policy, function, start) -> None:
    found = policy.desk_hours.next_open({function}, at(start), Tet())
    assert found == at(start)


def test_a_member_is_there_when_any_of_its_functions_is(policy) -> None:
    functions = {Function.PROVINCE_SOCIAL, Function.POLICE}
    start = at("2018-02-16 03:00")
    assert policy.desk_hours.next_open(functions, start, Tet()) == start


@pytest.mark.parametrize("functions", [set(), {Function.FOREIGN_LIAISON}])
def test_unknown_hours_let_a_clock_start_at_once(policy, functions) -> None:
    start = at("2018-02-16 03:00")
    assert policy.desk_hours.next_open(functions, start, Tet()) == start


def test_a_desk_opens_in_viet_nam_time(policy) -> None:
    start = datetime(2018, 3, 5, 0, 29, tzinfo=UTC)  # 07:29 in Viet Nam
    functions = {Function.PROVINCE_SOCIAL}
    found = policy.desk_hours.next_open(functions, start, MONDAY_TO_FRIDAY)
    assert found == at("2018-03-05 07:30")


def test_what_is_wrong_in_the_tables_is_named() -> None:
    problems: list[str] = []
    tail = b",a law,2014-03-25,,no\n"
    read_calendar(
        b"day,kind,law,valid_from,valid_to,verified\n"
        b"2018-03-07,off" + tail + b"2018-03-07,working" + tail,
        problems,
    )
    read_desk_hours(
        b"function,days,opens,closes,law,valid_from,valid_to,verified\n"
        b"POLICE,every_day,17:00,07:30" + tail + b"HOTLINE,every_day,7:30,24:00" + tail,
        problems,
    )
    assert len(problems) == 3
    assert "calendar row 3" in problems[0]
    assert "desk_hours row 3 column opens" in problems[1]
    assert "desk_hours row 2 column closes" in problems[2]
