"""The whole way and its year: one answers at every moment, until two close it.

The days are domain.md §5.f's, counted by hand from Tuesday 17 April 2018, 10:00,
when Yen Bai accepted: 72 hours, 2 weeks, 1, 3, 6 and 12 months.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

HOME = "yen-bai"
CLOSED = datetime(2019, 4, 18, 2, 0, tzinfo=UTC)
FOLLOW_UPS = [  # Half an hour before each.
    datetime(2018, 4, 20, 2, 30, tzinfo=UTC),
    datetime(2018, 5, 1, 2, 30, tzinfo=UTC),
    datetime(2018, 5, 17, 2, 30, tzinfo=UTC),
    datetime(2018, 7, 17, 2, 30, tzinfo=UTC),
    datetime(2018, 10, 17, 2, 30, tzinfo=UTC),
    datetime(2019, 4, 17, 2, 30, tzinfo=UTC),
]


@pytest.fixture(scope="module")
def year(told):
    return told(1)


def test_exactly_one_answers_at_every_moment_until_nobody_has_to(year):
    assert year.chain() == [
        "hotline-hanoi",
        "lao-cai",
        "liaison-yunnan",
        "lao-cai",
        year.cast.house,
        HOME,
    ]
    links = year.account.chain
    for one, following in pairwise(links):
        assert one.until == following.since
    assert (links[-1].until, links[-1].until_step) == (CLOSED, "case_closed")
    assert year.cases[HOME].answerable == "closed"


def test_six_follow_ups_come_on_the_days_that_the_schedule_names(year):
    timeline = year.cases[HOME].timeline
    noted = [e.happened_at for e in timeline if e.step == "follow_up_recorded"]
    assert noted == FOLLOW_UPS


def test_a_setback_leads_to_a_review_and_on(year):
    acts = [(e.act, e.state) for e in year.standings[HOME].history]
    assert acts == [
        ("accept_offer", "moved_to_reintegration"),
        ("move_to_reintegration", "moved_to_reintegration"),
        ("plan_reintegration", "planned"),
        ("begin_transition", "active_transition"),
        ("note_setback", "setback"),
        ("review_plan", "review"),
        ("begin_transition", "active_transition"),
        ("begin_inclusion", "active_inclusion"),
        ("complete_plan", "completed"),
        ("begin_follow_up", "follow_up"),
        ("close", "closed"),
    ]


def test_no_follow_up_was_late_and_its_clock_stopped_with_it(year):
    found = {
        each.deadline: each
        for each in year.clocks[HOME]
        if each.deadline.startswith("follow_up_")
    }
    assert len(found) == len(FOLLOW_UPS)
    for number, noted in enumerate(FOLLOW_UPS, start=1):
        each = found[f"follow_up_{number}"]
        assert each.due_at == noted + timedelta(minutes=30)
        assert (each.stopped_at, each.rang) == (noted, ())


def test_no_review_of_the_plan_was_late_and_no_clock_runs_on(year):
    reviews = [each for each in year.clocks[HOME] if each.deadline == "plan_review"]
    assert len(reviews) == 2
    for each in reviews:
        assert each.rang == ()
        assert each.stopped_at < each.due_at
    running = {
        each.deadline
        for clocks in year.clocks.values()
        for each in clocks
        if not each.stopped_at.timestamp()
    }
    # What was ordered about the data waits for its day, and a yes for its end.
    assert running == {"data_disposition", "consent_expiring"}


def test_she_is_asked_before_every_visit_and_says_the_last_word(year):
    answers = year.answers[HOME].consents
    visits = [each for each in answers if each.purpose == "follow_up_contact"]
    assert [each.status for each in visits] == [*(["given"] * 5), "refused"]


def test_two_people_close_it_and_say_what_becomes_of_the_data(year):
    closing = year.standings[HOME].history[-1]
    timeline = year.cases[HOME].timeline
    (closed,) = (each for each in timeline if each.step == "case_closed")
    assert closed.happened_at == CLOSED
    acted = [each for each in timeline if each.step.startswith("approval_")]
    assert [(each.step, each.actor) for each in acted] == [
        ("approval_asked", "officer-21"),
        ("approval_answered", "supervisor-5"),
    ]
    details = closing.details
    assert (details.reason, details.second_officer) == (
        "goals_achieved",
        "supervisor-5",
    )
    days = (details.retain_until, details.anonymise_at, details.delete_at)
    assert [each - CLOSED for each in days] == [
        timedelta(days=365),
        timedelta(days=2 * 365),
        timedelta(days=5 * 365),
    ]
    assert year.standings[HOME].open_acts == (
        "file_impact_dossier",
        "dispose_data",
        "reopen",
    )


def test_one_person_alone_cannot_close_a_case(year):
    assert "by one officer's word: approval.missing." in " ".join(year.text.split())


@pytest.mark.parametrize(
    ("member", "categories"),
    [
        ("hotline-hanoi", {"D1", "D2", "D3", "D8"}),
        ("lao-cai", {"D1", "D2", "D5", "D7"}),
        ("liaison-yunnan", {"D1", "D2", "D5", "D7"}),
        ("consulate-kunming", {"D1", "D2"}),
        ("border-guard-lao-cai", {"D1", "D2"}),
        (HOME, {"D1", "D2", "D11"}),
    ],
)
def test_each_holder_has_what_its_task_needed_and_no_more(year, member, categories):
    assert set(year.held[member]) == categories
    if member != HOME:
        assert "follow_up_result" not in str(year.held[member])


def test_whoever_did_its_part_said_so(year):
    for member in year.cases:
        for (whose, name), said in year.said.items():
            if whose == member and name != "sheet":
                assert said.referral.state in {"done", "declined"}, name
