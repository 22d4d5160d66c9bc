"""Follow-ups: when, and what a result asks for; never the police."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.follow_ups import (
    FollowUp,
    NextStep,
    check_lost,
    follow_up_record,
    next_step,
    result_of,
    schedule,
)
from services.node.domain.tables import VIETNAM

PLACED = datetime(2025, 8, 31, 9, 0, tzinfo=VIETNAM)
DAY = timedelta(days=1)


def test_six_follow_ups_are_planned_from_the_placement(policy):
    planned = [
        (each.at.date().isoformat()) for each in schedule(policy.deadlines, PLACED)
    ]
    assert planned == [
        "2025-09-03",
        "2025-09-14",
        "2025-09-30",
        "2025-11-30",
        "2026-02-28",
        "2026-08-31",
    ]


@pytest.mark.parametrize(
    ("result", "asked"),
    [
        ("stable", "none"),
        ("progress", "none"),
        ("declined", "none"),
        ("setback", "review"),
        ("unsafe", "emergency_referral"),
        ("unreachable", "none"),
    ],
)
def test_a_result_asks_for_what_comes_next(policy, result, asked):
    latest = FollowUp(PLACED, result)
    assert next_step(policy.deadlines, (), latest) == asked


@pytest.mark.parametrize(
    ("days", "asked"),
    [((0, 15, 30), "supervisor"), ((0, 15, 31), "none"), ((0, 1, 2, 3), "supervisor")],
)
def test_three_tries_in_thirty_days_bring_a_supervisor(policy, days, asked):
    tries = [FollowUp(PLACED + day * DAY, "unreachable") for day in days]
    assert next_step(policy.deadlines, tries[:-1], tries[-1]) == asked


def test_nobody_sends_the_police():
    assert not [each for each in NextStep if "police" in each.value]


def tries(*days_and_results):
    return [FollowUp(PLACED + day * DAY, result) for day, result in days_and_results]


def test_contact_is_lost_after_three_tries_over_ninety_days(policy):
    three = tries((0, "unreachable"), (40, "unreachable"), (80, "unreachable"))
    check_lost(policy.deadlines, three, PLACED + 90 * DAY)
    for found, day in (
        (three, 89),
        (three[1:], 200),
        ([*three, *tries((85, "stable"))], 200),
        ([*tries((0, "unreachable"), (1, "stable")), *three[1:]], 200),
        ([], 200),
    ):
        with pytest.raises(NotLawfulError) as caught:
            check_lost(policy.deadlines, found, PLACED + day * DAY)
        assert caught.value.code == "case.contact_not_lost"


def test_a_follow_up_is_a_record_of_services_with_known_codes():
    record = follow_up_record("in_care", "visit", "progress", "")
    assert record.category == "D11"
    assert result_of(record) == "progress"
    with pytest.raises(InvalidInputError) as caught:
        follow_up_record("in_care", "by_letter", "progress", "")
    assert caught.value.code == "case.unknown_code"
