"""Forms of accompanying somebody: a follow-up, the plan and its goals, a minor.

The plan is the person's: goals are in their words, and the node says what the law
gives towards each. A form changes one part of the newest plan and keeps the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from gateway.forms.fields import (
    Field,
    FieldProblem,
    FormError,
    Typed,
    Widget,
    read_fields,
)
from services.node.domain import htcds
from services.node.domain.case_details import NO_INSTANT
from services.node.domain.case_states import Minority, PersonStatus
from services.node.domain.entitlements import Regime
from services.node.domain.follow_ups import (
    FOLLOW_UP_KINDS,
    FOLLOW_UP_MODES,
    FOLLOW_UP_RESULTS,
)
from services.node.domain.minors import Guardian, Minor
from services.node.domain.plans import (
    APPLICATION_FORM,
    ActionStatus,
    Goal,
    GoalDomain,
    PlanAction,
    ReintegrationPlan,
    Stage,
)
from services.node.domain.tables import VIETNAM

_A_DAY = timedelta(days=1)
_TEXT = Widget.TEXT

FOLLOW_UP = (
    Field("follow_kind", Widget.CHOICE, FOLLOW_UP_KINDS, "follow_up_kind"),
    Field("follow_mode", Widget.CHOICE, FOLLOW_UP_MODES, "follow_up_mode"),
    Field("follow_result", Widget.CHOICE, FOLLOW_UP_RESULTS, "result"),
)
"""How a visit or a call was."""

PLAN = (
    Field("plan_stage", Widget.CHOICE, tuple(Stage), "stage"),
    Field("chosen_province", _TEXT, optional=True),
    Field("poor_household", Widget.FLAG),
)
"""What the plan says as a whole."""

GOAL = (
    Field("goal_domain", Widget.CHOICE, tuple(GoalDomain), "goal_domain"),
    Field("objective", Widget.LONG_TEXT),
    Field("entitlement", Widget.CHOICE, tuple(Regime), "regime", optional=True),
    Field("applied_on", Widget.DAY, optional=True),
    Field("goal_outcome", _TEXT, optional=True),
)
"""One goal, and what the law gives towards it."""

ACTION = (
    Field("action_what", _TEXT),
    Field("action_who", _TEXT),
    Field("action_due", Widget.DAY, optional=True),
    Field("action_status", Widget.CHOICE, tuple(ActionStatus), "action_status"),
)
"""One thing that somebody does towards a goal."""

MINOR = (
    Field(
        "minor_status",
        Widget.CHOICE,
        tuple(reversed(PersonStatus)),
        "person_status",
    ),
    Field(
        "minor_age",
        Widget.CHOICE,
        (Minority.YES, Minority.PRESUMED),
        "minority",
    ),
    Field("age_band", Widget.CHOICE, ("0_8", "9_17"), "age_band", optional=True),
    Field(
        "sex",
        Widget.CHOICE,
        tuple(each.value for each in htcds.choices("prs_Gender")),
        "sex",
    ),
    Field("guardian", Widget.CHOICE, tuple(Guardian), "guardian"),
    Field("own_case", _TEXT, optional=True),
)
"""A minor who came along: never a name."""

_NO_GOAL = Goal("", "", (), "", "", NO_INSTANT, NO_INSTANT, "")
_NO_ACTION = PlanAction("", "", NO_INSTANT, "")
FREE = frozenset({"objective", "goal_outcome", "action_what"})
"""Fields of somebody's own words, in a language that is said with them."""
EMPTY_PLAN = ReintegrationPlan("", (), "", poor_household=False)
"""What stands where nobody made a plan yet."""


def with_head(plan: ReintegrationPlan, form: Typed) -> ReintegrationPlan:
    """The plan with another stage and place; raises FormError."""
    values: dict[str, Any] = read_fields(PLAN, form)
    return replace(
        plan,
        stage=values["plan_stage"],
        chosen_province=values["chosen_province"],
        poor_household=values["poor_household"],
    )


def with_goal(
    plan: ReintegrationPlan, number: int | None, form: Typed, language: str
) -> ReintegrationPlan:
    """The plan with one goal changed, or added where there is no number.

    ``language`` (BCP 47) is that of what is written anew; what stays keeps its own.
    """
    values: dict[str, Any] = read_fields(GOAL, form)
    applied = NO_INSTANT
    if values["applied_on"] is not None:
        # A day is read as its end; an application is as old as its day.
        applied = values["applied_on"] - _A_DAY
    if applied != NO_INSTANT and not values["entitlement"]:
        raise FormError([FieldProblem("entitlement", "missing")])
    was = _NO_GOAL if number is None else plan.goals[number]
    objective, outcome = values["objective"], values["goal_outcome"]
    goal = Goal(
        domain=values["goal_domain"],
        objective=objective,
        actions=was.actions,
        entitlement=values["entitlement"],
        application_form="" if applied == NO_INSTANT else APPLICATION_FORM,
        applied_at=applied,
        decision_due=NO_INSTANT,
        outcome=outcome,
        language=_said(objective, language, was.objective, was.language),
        outcome_language=_said(outcome, language, was.outcome, was.outcome_language),
    )
    return _with(plan, number, goal)


def with_action(
    plan: ReintegrationPlan, number: int, place: int | None, form: Typed, language: str
) -> ReintegrationPlan:
    """The plan with one action of a goal changed, or added; ``language`` as there."""
    values: dict[str, Any] = read_fields(ACTION, form)
    goal = plan.goals[number]
    was = _NO_ACTION if place is None else goal.actions[place]
    action = PlanAction(
        values["action_what"],
        values["action_who"],
        values["action_due"] or NO_INSTANT,
        values["action_status"],
        _said(values["action_what"], language, was.what, was.language),
    )
    actions = list(goal.actions)
    if place is None:
        actions.append(action)
    else:
        actions[place] = action
    return _with(plan, number, replace(goal, actions=tuple(actions)))


def minor_of(form: Typed, alias: str) -> Minor:
    """The minor that the form tells of; raises FormError."""
    values: dict[str, Any] = read_fields(MINOR, form)
    return Minor(
        alias=alias,
        status=values["minor_status"],
        is_minor=values["minor_age"],
        age_band=values["age_band"],
        sex=values["sex"],
        guardian=values["guardian"],
        own_case=values["own_case"],
    )


def typed_head(plan: ReintegrationPlan) -> Mapping[str, str]:
    """What a form shows of a plan."""
    return {
        "plan_stage": plan.stage,
        "chosen_province": plan.chosen_province,
        "poor_household": "yes" if plan.poor_household else "no",
    }


def typed_goal(goal: Goal) -> Mapping[str, str]:
    """What a form shows of a goal."""
    return {
        "goal_domain": goal.domain,
        "objective": goal.objective,
        "entitlement": goal.entitlement,
        "applied_on": _day(goal.applied_at),
        "goal_outcome": goal.outcome,
    }


def typed_action(action: PlanAction) -> Mapping[str, str]:
    """What a form shows of an action; its day is the one that ends then."""
    due = action.due if action.due == NO_INSTANT else action.due - _A_DAY
    return {
        "action_what": action.what,
        "action_who": action.responsible,
        "action_due": _day(due),
        "action_status": action.status,
    }


def typed_minor(minor: Minor) -> Mapping[str, str]:
    """What a form shows of a minor."""
    return {
        "minor_status": minor.status,
        "minor_age": minor.is_minor,
        "age_band": minor.age_band,
        "sex": minor.sex,
        "guardian": minor.guardian,
        "own_case": minor.own_case,
    }


def shown_day(text: str, *, ends: bool) -> date | None:
    """The day of an instant (ISO 8601), or the one that ``ends`` with it."""
    if not text:
        return None
    instant = datetime.fromisoformat(text) - (_A_DAY if ends else timedelta())
    return instant.astimezone(VIETNAM).date()


def _said(text: str, language: str, was: str, was_in: str) -> str:
    """Of words that stay as they were, the language stays as well."""
    if not text:
        return ""
    return was_in if text == was else language


def _with(plan: ReintegrationPlan, number: int | None, goal: Goal) -> ReintegrationPlan:
    goals = list(plan.goals)
    if number is None:
        goals.append(goal)
    else:
        goals[number] = goal
    return replace(plan, goals=tuple(goals))


def _day(instant: datetime) -> str:
    if instant == NO_INSTANT:
        return ""
    return instant.astimezone(VIETNAM).date().isoformat()
