"""Opening hours are read as they are said: days with the same hours together."""

from __future__ import annotations

from babel import Locale

from gateway.words.hours import OpenDays, open_days
from services.node.domain.offices import parse_hours


def test_days_that_follow_and_have_the_same_hours_stand_together():
    hours = (
        *parse_hours("1-4 13:30-17:00"),
        *parse_hours("1-4 07:30-11:30"),
        *parse_hours("5 07:30-11:30"),
        *parse_hours("7 07:30-11:30"),
    )
    assert open_days(hours, Locale("en")) == (
        OpenDays("Monday – Thursday", ("07:30–11:30", "13:30–17:00")),
        OpenDays("Friday", ("07:30–11:30",)),
        OpenDays("Sunday", ("07:30–11:30",)),
    )
    assert open_days(hours, Locale("vi"))[0].days == "Thứ Hai – Thứ Năm"


def test_no_hours_are_no_days():
    assert open_days((), Locale("fr")) == ()
