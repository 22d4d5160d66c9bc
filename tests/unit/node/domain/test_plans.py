"""A plan claims what the law gives, and knows by when it must be decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from services.node.domain.case_details import NO_INSTANT
from services.node.domain.entitlements import Claimant
from services.node.domain.errors import RelaisError
from services.node.domain.plans import (
    Footing,
    Goal,
    PlanAction,
    ReintegrationPlan,
    checked_plan,
)
from services.node.domain.tables import VIETNAM

LAST_OF_2011, FIRST_OF_2024 = date(2025, 6, 30), date(2025, 7, 1)
APPLIED = datetime(2025, 8, 28, 9, tzinfo=VIETNAM)
GOAL = Goal("education", "Back to school", (), "h", "07", APPLIED, NO_INSTANT, "")
PLAN = ReintegrationPlan("inclusion", (GOAL,), "son-la", poor_household=False)


class NationalDay:
    """Monday to Friday without the holidays of that September."""

    def works(self, day: date) -> bool:
        return day.weekday() < 5 and day not in {date(2025, 9, 1), date(2025, 9, 2)}


@pytest.fixture
def footing(policy):
    return Footing(
        Claimant.VICTIM, policy.entitlements, policy.deadlines, FIRST_OF_2024
    )


def code_of(plan, footing) -> str:
    with pytest.raises(RelaisError) as caught:
        checked_plan(plan, footing)
    return caught.value.code


def with_goal(**changes) -> ReintegrationPlan:
    return replace(PLAN, goals=(replace(GOAL, **changes),))


def test_an_application_is_decided_in_nine_working_days(footing):
    # Thursday 28 August; 1 and 2 September 2025 are holidays.
    (goal,) = checked_plan(PLAN, footing).goals
    assert goal.decision_due == datetime(2025, 9, 10, 9, tzinfo=VIETNAM)
    (goal,) = checked_plan(PLAN, replace(footing, days=NationalDay())).goals
    assert goal.decision_due == datetime(2025, 9, 12, 9, tzinfo=VIETNAM)


def test_it_needs_form_07(footing):
    assert code_of(with_goal(application_form=""), footing) == "plan.form_missing"


def test_nothing_is_due_before_anything_was_applied_for(footing):
    (goal,) = checked_plan(with_goal(applied_at=NO_INSTANT), footing).goals
    assert goal.decision_due == NO_INSTANT


def test_the_law_of_2011_names_no_day_but_asks_for_a_poor_household(footing):
    before = datetime(2025, 6, 30, 9, tzinfo=VIETNAM)
    plan = with_goal(applied_at=before, application_form="")
    footing = replace(footing, on=LAST_OF_2011)
    assert code_of(plan, footing) == "plan.not_entitled"
    (goal,) = checked_plan(replace(plan, poor_household=True), footing).goals
    assert goal.decision_due == NO_INSTANT


@pytest.mark.parametrize(
    ("claimant", "letter"),
    [
        ("accompanying_minor", "i"),
        ("in_identification_in_vn", "h"),
        ("in_identification_abroad", "e"),
        ("foreigner", "k"),
        (None, "a"),
    ],
)
def test_a_plan_claims_nothing_that_the_law_does_not_give(footing, claimant, letter):
    footing = replace(
        footing, claimant=None if claimant is None else Claimant(claimant)
    )
    assert code_of(with_goal(entitlement=letter), footing) == "plan.not_entitled"


def test_what_no_law_gives_may_still_be_a_goal(footing):
    footing = replace(footing, claimant=None)
    (goal,) = checked_plan(with_goal(entitlement="", domain="housing"), footing).goals
    assert goal.domain == "housing"


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (replace(PLAN, stage="hurry"), "case.unknown_code"),
        (replace(PLAN, goals=()), "plan.no_goal"),
        (with_goal(domain="fame"), "case.unknown_code"),
        (with_goal(entitlement="z"), "case.unknown_code"),
        (
            with_goal(actions=(PlanAction("Enrol", "son-la", NO_INSTANT, "maybe"),)),
            "case.unknown_code",
        ),
    ],
)
def test_a_plan_speaks_in_known_codes(footing, plan, code):
    assert code_of(plan, footing) == code
