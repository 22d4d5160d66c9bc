"""Is somebody at the desk when the hours say so, and nobody when they do not?"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from services.node.domain.calendars import MONDAY_TO_FRIDAY
from services.node.domain.functions import Function
from services.node.domain.policy import Policy
from services.node.domain.tables import VIETNAM
from tests.behaviour.lines import FAR
from tests.expect import desk_hours as expected

MONDAYS = (date(2018, 3, 5), date(2025, 6, 23), date(2025, 7, 7), FAR)


def at(day: date, clock: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), VIETNAM)


def check_a_desk_opens_and_closes_as_written(policy: Policy) -> None:
    for name, days, _, _, since, until, _ in expected.LINES:
        for day in MONDAYS:
            monday = day - timedelta(days=day.weekday())
            if not since <= monday <= (until or FAR) - timedelta(days=7):
                continue
            asked = {
                clock: policy.desk_hours.next_open(
                    {Function(name)}, at(monday, clock), MONDAY_TO_FRIDAY
                )
                for clock in ("00:00", "07:29", "07:30", "16:59", "17:00", "23:59")
            }
            if days == "every_day":
                assert asked == {clock: at(monday, clock) for clock in asked}, name
                continue
            tuesday = monday + timedelta(days=1)
            assert asked == {
                "00:00": at(monday, "07:30"),
                "07:29": at(monday, "07:30"),
                "07:30": at(monday, "07:30"),
                "16:59": at(monday, "16:59"),
                "17:00": at(tuesday, "07:30"),
                "23:59": at(tuesday, "07:30"),
            }, name


def check_every_line_is_a_row_with_its_law_and_mark(policy: Policy) -> None:
    found = sorted(
        (
            row.function.value,
            row.days.value,
            f"{row.opens:%H:%M}",
            f"{row.closes:%H:%M}" if row.closes else "24:00",
            row.rule.valid_from,
            str(row.rule.valid_to),
            row.rule.verified,
        )
        for row in policy.desk_hours.rows
    )
    assert found == sorted(
        (*line[:5], str(line[5]), line[6]) for line in expected.LINES
    )
