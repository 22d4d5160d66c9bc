"""By when (domain.md §6.0 and §1.5, written out by hand). Times are UTC+7."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from services.node.domain.deadlines import (
    check_reconsent_fresh,
    read_deadlines,
    step_triggers,
)
from services.node.domain.errors import NotFoundError, NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.referrals import Priority, ReferralType
from services.node.domain.tables import VIETNAM


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


MONDAY = at("2018-03-05 09:00")


@pytest.mark.parametrize(
    ("deadline", "emergency", "urgent", "normal"),
    [
        ("delivered", "03-05 09:01", "03-05 09:01", "03-05 09:01"),
        ("unreachable", "03-05 09:05", "03-05 09:15", "03-05 10:00"),
        ("acknowledged", "03-05 10:00", "03-05 13:00", "03-06 09:00"),
        ("answered", "03-05 13:00", "03-06 09:00", "03-08 09:00"),
        ("service_started", "03-06 09:00", "03-08 09:00", "03-19 09:00"),
        ("released", "03-05 09:05", "03-05 10:00", "03-05 10:00"),
    ],
)
def test_the_handshake_runs_by_priority(
    policy, deadline, emergency, urgent, normal
) -> None:
    for priority, expected in (
        (Priority.EMERGENCY, emergency),
        (Priority.URGENT, urgent),
        (Priority.NORMAL, normal),
    ):
        due = policy.deadlines.due(deadline, MONDAY, priority=priority)
        assert due == at(f"2018-{expected}"), priority


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        ("override_review", "2018-03-06 09:00"),
        ("initial_verification", "2018-03-08 09:00"),
        ("police_verification", "2018-03-25 09:00"),
        ("police_verification_complex", "2018-05-05 09:00"),
        ("family_tracing", "2018-03-26 09:00"),  # 15 working days
        ("risk_countersigned", "2018-03-19 09:00"),  # 10 working days
        ("risk_valid", "2018-04-04 09:00"),
        ("countersigned", "2018-03-05 13:00"),
        ("arrival_confirmed", "2018-03-06 09:00"),
        ("first_plan", "2018-03-19 09:00"),
        ("follow_up_1", "2018-03-08 09:00"),
        ("follow_up_2", "2018-03-19 09:00"),
        ("follow_up_3", "2018-04-05 09:00"),
        ("follow_up_4", "2018-06-05 09:00"),
        ("follow_up_5", "2018-09-05 09:00"),
        ("follow_up_6", "2019-03-05 09:00"),
        ("consent_reception_shelter", "2018-07-03 09:00"),  # 120 days
        ("consent_voluntary_return", "2018-06-03 09:00"),  # 90 days
        ("consent_reintegration_services", "2019-03-05 09:00"),
        ("consent_other", "2018-06-03 09:00"),
        ("consent_turning_18", "2018-04-04 09:00"),
        ("certificate_of_return", "2018-03-05 09:00"),  # at once
        ("recall_acknowledged", "2018-03-06 09:00"),
        ("hotline_intervention", "2018-03-05 09:15"),
        ("person_safe", "2018-03-05 11:00"),
        ("at_commune", "2018-03-05 13:00"),
        ("needs_assessed", "2018-03-06 09:00"),
        ("child_protection_referral", "2018-03-06 09:00"),
        ("left_without_notice", "2018-03-08 09:00"),
        ("establishment_review", "2018-06-03 09:00"),
        ("wish_informed", "2018-03-08 09:00"),
        ("placement_confirmed_before", "2018-03-08 09:00"),
        ("reconsent_fresh", "2018-03-06 09:00"),
        ("appointment_tolerance", "2018-03-05 11:00"),
        ("transit_check_in", "2018-03-05 13:00"),
        ("plan_review", "2018-06-03 09:00"),
        ("reintegration_application_window", "2019-03-05 09:00"),
    ],
)
def test_other_clocks_run_as_the_dossier_says(policy, deadline, expected) -> None:
    assert policy.deadlines.due(deadline, MONDAY) == at(expected)


class Week:
    """Monday to Friday without the days named."""

    def __init__(self, *off: date) -> None:
        self.off = off

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in self.off


def test_working_days_skip_weekends_and_holidays(policy) -> None:
    def due(start: str, *holidays: date) -> datetime:
        found: datetime = policy.deadlines.due(
            "acknowledged", at(start), Week(*holidays)
        )
        return found

    assert due("2018-03-09 16:00") == at("2018-03-12 16:00")  # Friday, Monday
    assert due("2018-03-10 10:00") == at("2018-03-12 10:00")  # Saturday, Monday
    tet = [date(2018, 2, day) for day in range(14, 21)]
    assert due("2018-02-13 15:00", *tet) == at("2018-02-21 15:00")


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0, "2018-03-09 16:00"),
        (50, "2018-03-11 04:00"),  # half of what lies between Friday and Monday
        (100, "2018-03-12 16:00"),
        (150, "2018-03-13 04:00"),
        (200, "2018-03-13 16:00"),  # two working days
    ],
)
def test_shares_of_a_limit_count_whole_limits_by_the_calendar(
    policy, share, expected
) -> None:
    row = policy.deadlines.row("acknowledged", date(2018, 3, 9))
    assert row.after(at("2018-03-09 16:00"), share=share) == at(expected)


def test_months_end_on_the_last_day_of_a_shorter_month(policy) -> None:
    start = at("2018-01-31 08:00")
    assert policy.deadlines.due("follow_up_3", start) == at("2018-02-28 08:00")


def test_clocks_run_in_viet_nam_time(policy) -> None:
    friday_night = datetime(2018, 3, 8, 18, tzinfo=UTC)  # Friday, 01:00 in Viet Nam
    due = policy.deadlines.due("acknowledged", friday_night)
    assert due == at("2018-03-12 01:00")
    assert due.utcoffset() == timedelta(hours=7)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2025-06-30 23:59", "2025-08-29 23:59"),
        ("2025-07-01 00:00", "2025-10-29 00:00"),
    ],
)
def test_essential_needs_follow_the_law_of_the_day(policy, start, expected) -> None:
    # 60 days under Decree 09/2013, 120 under Decree 162/2025.
    assert policy.deadlines.due("essential_needs_max", at(start)) == at(expected)


def test_nine_working_days_exist_only_since_july_2025(policy) -> None:
    name = "reintegration_application_decision"
    start = at("2025-07-01 10:00")  # Tuesday
    assert policy.deadlines.due(name, start) == at("2025-07-14 10:00")
    with pytest.raises(NotFoundError) as caught:
        policy.deadlines.due(name, at("2025-06-30 10:00"))
    assert caught.value.code == "policy.no_deadline"


def test_unverified_law_is_marked(policy) -> None:
    day = date(2018, 3, 5)
    assert not policy.deadlines.row("police_verification", day).rule.verified
    assert policy.deadlines.row("initial_verification", day).rule.verified
    assert policy.deadlines.row("service_started", day).rule.verified
    assert not policy.deadlines.row("answered", day).rule.verified


def started(policy, step, referral_type, start=MONDAY):
    rows = policy.deadlines.started_by(
        step_triggers(step, referral_type), Priority.NORMAL, start
    )
    return {row.deadline for row in rows}


def test_an_offer_starts_the_clocks_of_its_priority(policy) -> None:
    triggers = step_triggers(Step.OFFER, ReferralType.RECEPTION)
    found = policy.deadlines.started_by(triggers, Priority.EMERGENCY, MONDAY)
    assert {row.deadline: row.after(MONDAY) for row in found} == {
        "unreachable": at("2018-03-05 09:05"),
        "acknowledged": at("2018-03-05 10:00"),
        "answered": at("2018-03-05 13:00"),
        "offer_expires": at("2018-03-05 17:00"),
        "service_started": at("2018-03-06 09:00"),
    }


@pytest.mark.parametrize(
    ("step", "met"),
    [
        (Step.OPENED, {"acknowledged"}),
        (Step.QUESTION, {"acknowledged"}),
        (
            Step.DECLINE,
            {"acknowledged", "answered", "offer_expires", "service_started"},
        ),
        (Step.ACCEPT, {"acknowledged", "answered", "offer_expires"}),
        (Step.RELEASE, {"released", "service_started"}),
        (Step.RECALL_ACKNOWLEDGEMENT, {"recall_acknowledged"}),
        (Step.CHECK_IN, {"transit_check_in"}),
        (Step.GATE_ARRIVAL, {"transit_check_in", "not_arrived"}),
        (
            Step.COUNTERSIGNATURE,
            {"countersigned", "dispute_settled", "not_arrived"},
        ),
        (Step.DISPUTE, {"countersigned"}),
        (
            Step.WITHDRAWAL,
            {
                *("acknowledged", "answered", "offer_expires", "released"),
                *("service_started", "risk_countersigned", "plan_confirmed"),
                *("appointment_confirmed", "appointment_tolerance"),
                *("transit_check_in", "countersigned", "dispute_settled"),
                "not_arrived",
            },
        ),
        (Step.ARRIVAL, {"arrival_confirmed", "not_arrived"}),
        (Step.FEEDBACK, set()),
    ],
)
def test_a_step_meets_the_clocks_that_wait_for_it(policy, step, met) -> None:
    triggers = step_triggers(step, ReferralType.VOLUNTARY_RETURN)
    assert policy.deadlines.met_by(triggers) == met


def test_a_question_leaves_the_limit_of_the_answer_running(policy) -> None:
    ends = policy.deadlines.steps_meeting("answered", ReferralType.RECEPTION)
    assert Step.QUESTION not in ends
    assert {Step.ACCEPT, Step.DECLINE} < set(ends)
    first = policy.deadlines.steps_meeting("acknowledged", ReferralType.RECEPTION)
    assert Step.QUESTION in first


@pytest.mark.parametrize(
    ("step", "clocks"),
    [
        (Step.ACCEPT, {"released", "unreachable"}),
        (Step.RISK_ASSESSMENT, {"risk_countersigned"}),
        (Step.DEPARTURE, {"transit_check_in"}),
        (Step.CHECK_IN, {"transit_check_in"}),
        (Step.MINUTES, {"countersigned", "unreachable"}),
        (Step.DISPUTE, {"dispute_settled"}),
        (Step.WITHDRAWAL, {"unreachable"}),
        (Step.COUNTERSIGNATURE, {"arrival_confirmed", "unreachable"}),
        (Step.NOT_ARRIVED, {"not_arrived"}),
        (Step.FEEDBACK, set()),
    ],
)
def test_a_step_starts_the_clock_of_its_answer(policy, step, clocks) -> None:
    assert started(policy, step, ReferralType.VOLUNTARY_RETURN) == clocks


def test_a_release_starts_the_clock_of_its_own_type_of_referral(policy) -> None:
    plain = {"unreachable"}
    tracing = started(policy, Step.RELEASE, ReferralType.FAMILY_TRACING)
    assert tracing == plain | {"family_tracing"}
    identity = started(policy, Step.RELEASE, ReferralType.IDENTITY_VERIFICATION)
    assert identity == plain | {"police_verification"}
    assert started(policy, Step.RELEASE, ReferralType.RECEPTION) == plain


@pytest.mark.parametrize(
    ("start", "clocks"),
    [
        # The passport law speaks of it since 15 August 2023.
        ("2023-08-14 23:59", {"police_verification"}),
        (
            "2023-08-15 00:00",
            {"police_verification", "passport_identity_verification"},
        ),
        (
            "2025-07-01 00:00",
            {"police_verification", "passport_identity_verification"},
        ),
    ],
)
def test_identity_is_verified_by_the_law_of_the_day(policy, start, clocks) -> None:
    kind = ReferralType.IDENTITY_VERIFICATION
    found = started(policy, Step.RELEASE, kind, at(start))
    assert found - {"unreachable"} == clocks


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (None, "return.reconsent_missing"),
        ("2018-03-04 08:59", "return.reconsent_stale"),
        ("2018-03-05 09:01", "return.reconsent_late"),
    ],
)
def test_a_handover_cannot_follow_a_stale_wish(policy, asked, code) -> None:
    with pytest.raises(NotLawfulError) as caught:
        check_reconsent_fresh(policy.deadlines, asked and at(asked), MONDAY)
    assert caught.value.code == code


@pytest.mark.parametrize("asked", ["2018-03-04 09:00", "2018-03-05 09:00"])
def test_a_wish_confirmed_within_a_day_is_fresh(policy, asked) -> None:
    check_reconsent_fresh(policy.deadlines, at(asked), MONDAY)


@pytest.mark.parametrize(
    ("start", "due", "complex_due", "proposed"),
    [
        ("2025-06-30 10:00", "2025-07-20 10:00", "2025-08-30 10:00", False),
        # The figure of the new law is not at hand: the old one is proposed.
        ("2025-07-01 10:00", "2025-07-21 10:00", "2025-09-01 10:00", True),
    ],
)
def test_the_police_have_as_long_under_the_new_law_until_its_figure_is_known(
    policy, start, due, complex_due, proposed
) -> None:
    for name, expected in (
        ("police_verification", due),
        ("police_verification_complex", complex_due),
    ):
        assert policy.deadlines.due(name, at(start)) == at(expected)
        rule = policy.deadlines.row(name, at(start).date()).rule
        assert rule.law.startswith("proposal:") is proposed
        assert not rule.verified


def test_a_limit_that_is_not_known_is_told_to_whoever_asks(seed) -> None:
    unknown = seed["deadlines"].replace(
        b"first_plan,*,14,days", b"first_plan,*,0,unknown"
    )
    table = read_deadlines(unknown, [])
    with pytest.raises(NotFoundError) as caught:
        table.due("first_plan", MONDAY)
    assert caught.value.code == "policy.deadline_not_known"


def test_an_unknown_limit_counts_nothing_and_starts_nothing(seed) -> None:
    for old, new in (
        (b"first_plan,*,14,days", b"first_plan,*,14,unknown"),
        (b"countersigned,*,4,hours,minutes", b"countersigned,*,0,unknown,minutes"),
    ):
        assert old in seed["deadlines"]
        problems: list[str] = []
        read_deadlines(seed["deadlines"].replace(old, new), problems)
        assert len(problems) == 1
        assert "column unit: an unknown limit" in problems[0]


@pytest.mark.parametrize(
    ("deadline", "last", "first"),
    [
        ("bring_to_commune_pc", None, "2025-07-01 10:00"),
        ("social_agency_informed", None, "2025-07-01 10:00"),
        ("tip_forwarded", None, "2025-07-01 10:00"),
        ("initial_verification", "2025-07-03 10:00", "2025-07-04 10:00"),
        ("essential_needs_max", "2025-08-29 10:00", "2025-10-29 10:00"),
        ("reintegration_application_window", "2026-06-30 10:00", None),
        ("establishment_licence_chair", "2025-07-09 10:00", None),
    ],
)
def test_the_law_of_the_day_sets_the_clock_at_the_change(
    policy, deadline, last, first
) -> None:
    for start, due in (("2025-06-30 10:00", last), ("2025-07-01 10:00", first)):
        if due is not None:
            assert policy.deadlines.due(deadline, at(start)) == at(due)
            continue
        with pytest.raises(NotFoundError):
            policy.deadlines.due(deadline, at(start))
