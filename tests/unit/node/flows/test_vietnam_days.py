"""Which days are worked in Viet Nam, written out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from services.node.domain.calendars import CalendarTable, read_calendar
from services.node.flows.public_days import is_public_holiday
from services.node.flows.vietnam_days import VietnamDays

NOBODY_DECLARED = VietnamDays(CalendarTable(()))
HEADER = b"day,kind,law,valid_from,valid_to,verified\n"


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2018-02-13", True),  # Tuesday before Tet
        ("2018-02-14", False),  # Tet of the Dog, with the days before and after
        ("2018-02-16", False),
        ("2018-02-20", False),
        ("2018-02-21", True),
        ("2018-03-10", False),  # a Saturday
        ("2018-04-25", False),  # the Hung kings
        ("2018-04-30", False),
        ("2018-05-01", False),
        ("2018-05-02", True),
        ("2018-09-03", False),  # 2 September was a Sunday
        ("2025-04-26", True),  # a Saturday, worked for Friday 2 May
        ("2025-05-02", False),
        ("2025-06-30", True),
        ("2025-07-01", True),
    ],
)
def test_public_holidays_and_swapped_days_are_known(day, works) -> None:
    assert NOBODY_DECLARED.works(date.fromisoformat(day)) is works


def test_a_decreed_row_rules_its_day() -> None:
    problems: list[str] = []
    declared = read_calendar(
        HEADER
        + b"2018-03-07,off,a decree,2014-03-25,,no\n"
        + b"2018-03-10,working,a decree,2014-03-25,,no\n"
        + b"2018-02-16,working,a decree that ended,2014-03-25,2017-12-31,no\n",
        problems,
    )
    assert problems == []
    days = VietnamDays(declared)
    assert not days.works(date(2018, 3, 7))  # a Wednesday
    assert days.works(date(2018, 3, 10))  # a Saturday
    assert not days.works(date(2018, 2, 16))


@pytest.mark.parametrize(
    ("country", "day", "holiday"),
    [
        ("VN", date(2026, 9, 2), True),
        ("VN", date(2026, 9, 5), False),  # a Saturday is none
        ("CN", date(2026, 10, 1), True),
        ("CN", date(2026, 9, 2), False),
        ("XX", date(2026, 10, 1), False),
    ],
)
def test_a_door_keeps_the_public_holidays_of_its_own_country(country, day, holiday):
    assert is_public_holiday(CalendarTable(()), country, day) is holiday
