"""The reintegration plan: its stage, goals, and what the law gives towards them.

Promises that a goal names a known domain, that it claims only what the law gives
the person on that day (the row is named otherwise), and that an application gets
the day by which it must be decided: nine working days under Decree 162/2025. The
person chooses the goals; nothing here closes one.

Leaves to others: services, which are referrals, and follow-ups.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from services.node.domain.calendars import MONDAY_TO_FRIDAY, WorkingDays
from services.node.domain.case_details import NO_INSTANT
from services.node.domain.deadlines import DeadlineTable
from services.node.domain.entitlements import (
    Claimant,
    EntitlementTable,
    Grant,
    Regime,
)
from services.node.domain.errors import InvalidInputError, NotFoundError, NotLawfulError
from services.node.domain.plain_words import not_listed, resting_on
from services.node.domain.tables import day_of

APPLICATION_FORM = "07"
"""Form of Decree 162/2025 for school, training and the hardship allowance."""

DECISION = "reintegration_application_decision"
"""The deadline of whoever decides an application."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_BY_APPLICATION = {Regime.H, Regime.I, Regime.K}


class Stage(StrEnum):
    """Where recovery is (NEXUS)."""

    CRISIS = "crisis"
    TRANSITION = "transition"
    INCLUSION = "inclusion"


class GoalDomain(StrEnum):
    """What a goal is about."""

    SAFETY = "safety"
    HOUSING = "housing"
    HEALTH = "health"
    PSYCHOLOGICAL = "psychological"
    CIVIL_STATUS = "civil_status"
    LEGAL = "legal"
    EDUCATION = "education"
    VOCATIONAL = "vocational"
    EMPLOYMENT = "employment"
    FINANCE = "finance"
    FAMILY = "family"
    CHILD = "child"
    SOCIAL = "social"
    OTHER = "other"


class ActionStatus(StrEnum):
    """How far something is."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class PlanAction:
    """One thing that somebody does; ``responsible`` is a member or a pseudonym.

    ``language`` (BCP 47) is that of ``what``; empty where nobody said it.
    """

    what: str
    responsible: str
    due: datetime
    status: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal; ``entitlement`` is a letter of the law, or empty.

    ``decision_due`` is filled in by the node where ``applied_at`` is set. The
    languages (BCP 47) are those of ``objective`` and ``outcome``; empty where nobody
    said them.
    """

    domain: str
    objective: str
    actions: tuple[PlanAction, ...]
    entitlement: str
    application_form: str
    applied_at: datetime
    decision_due: datetime
    outcome: str
    language: str = ""
    outcome_language: str = ""


@dataclass(frozen=True, slots=True)
class ReintegrationPlan:
    """The plan as the person and the member made it."""

    stage: str
    goals: tuple[Goal, ...]
    chosen_province: str
    poor_household: bool


@dataclass(frozen=True, slots=True)
class Footing:
    """By what a plan is judged: the person's claim, the policy, and the days."""

    claimant: Claimant | None
    entitlements: EntitlementTable
    deadlines: DeadlineTable
    on: date
    days: WorkingDays = MONDAY_TO_FRIDAY


def checked_plan(plan: ReintegrationPlan, footing: Footing) -> ReintegrationPlan:
    """The plan with the days of decision filled in.

    Raises InvalidInputError (``case.unknown_code``, ``plan.no_goal``,
    ``plan.bad_language``, ``plan.form_missing``) and NotLawfulError
    ``plan.not_entitled``, which names the row.
    """
    _one_of("stage", plan.stage, Stage)
    if not plan.goals:
        raise InvalidInputError(
            "plan.no_goal",
            "A plan has at least one goal.",
            where="goals",
            remedy="Ask the person what they want first.",
        )
    return replace(
        plan, goals=tuple(_checked(goal, plan, footing) for goal in plan.goals)
    )


def _checked(goal: Goal, plan: ReintegrationPlan, footing: Footing) -> Goal:
    _one_of("goal domain", goal.domain, GoalDomain)
    for action in goal.actions:
        _one_of("action status", action.status, ActionStatus)
        _check_language(action.language)
    _check_language(goal.language)
    _check_language(goal.outcome_language)
    if not goal.entitlement:
        return replace(goal, decision_due=NO_INSTANT)
    _one_of("entitlement", goal.entitlement, Regime)
    regime = Regime(goal.entitlement)
    applied = goal.applied_at != NO_INSTANT
    on = day_of(goal.applied_at) if applied else footing.on
    _check_entitled(regime, plan, footing, on)
    if not applied:
        return replace(goal, decision_due=NO_INSTANT)
    return replace(goal, decision_due=_decision_due(goal, regime, footing))


def _check_entitled(
    regime: Regime, plan: ReintegrationPlan, footing: Footing, on: date
) -> None:
    if footing.claimant is None:
        raise _not_entitled(
            regime,
            "nobody after a decision that they are no victim",
            "the decision on status",
        )
    found = footing.entitlements.of(footing.claimant, regime, on)
    rule = "no row of entitlements" if found.row is None else str(found.row.rule)
    if found.granted is Grant.NO:
        raise _not_entitled(regime, "not this person", rule)
    if found.granted is Grant.IF_POOR_HOUSEHOLD and not plan.poor_household:
        raise _not_entitled(regime, "a poor household only", rule)


def _decision_due(goal: Goal, regime: Regime, footing: Footing) -> datetime:
    try:
        due = footing.deadlines.due(DECISION, goal.applied_at, footing.days)
    except NotFoundError:
        # The law of that day names no limit for the decision.
        return NO_INSTANT
    if regime in _BY_APPLICATION and goal.application_form != APPLICATION_FORM:
        raise InvalidInputError(
            "plan.form_missing",
            f"Support of letter {regime} is applied for with Form {APPLICATION_FORM}.",
            where="application_form",
            remedy="Fill in the form with the person, and name it.",
        )
    return due


def _check_language(language: str) -> None:
    if language and not _LANGUAGE.fullmatch(language):
        raise InvalidInputError(
            "plan.bad_language",
            "The language of a text in a plan is a code of BCP 47.",
            where="language",
            remedy="Name it as vi, en or hmn; or leave it out.",
        )


def _one_of(field: str, value: str, codes: type[StrEnum]) -> None:
    if value not in set(codes):
        raise InvalidInputError(
            "case.unknown_code",
            not_listed(field, codes),
            where=field,
            remedy="Choose one of them.",
        )


def _not_entitled(regime: Regime, whom: str, rule: str) -> NotLawfulError:
    return NotLawfulError(
        "plan.not_entitled",
        resting_on(f"The law gives support of letter {regime} to {whom}.", rule),
        where="entitlement",
        remedy="Leave the letter out; others may help with the same goal.",
    )
