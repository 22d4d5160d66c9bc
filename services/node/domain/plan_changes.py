"""What differs between two versions of a reintegration plan, field by field.

A goal and what is done towards it are known by their places, which never change:
nothing is taken out of a plan, it ends or is dropped. The language that a text was
written in is no change of it. Source: console.md section 7, S7 and S9.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import UTC, datetime

from services.node.domain.case_details import NO_INSTANT
from services.node.domain.plans import Goal, PlanAction, ReintegrationPlan
from services.node.domain.versions import ChangeKind

_OF_PLAN = ("stage", "chosen_province", "poor_household")
_OF_GOAL = ("domain", "objective", "entitlement", "applied_at", "outcome")
_OF_ACTION = ("what", "responsible", "due", "status")


@dataclass(frozen=True, slots=True)
class PlanChange:
    """One field that differs; a side without it is empty.

    ``goal`` and ``action`` count from 1; 0 is the plan, or the goal itself. Instants
    are ISO 8601 in UTC, ``poor_household`` is ``yes`` or empty.
    """

    goal: int
    action: int
    field: str
    kind: ChangeKind
    before: str = dataclasses.field(repr=False)
    after: str = dataclasses.field(repr=False)
    before_language: str = ""
    after_language: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    value: str
    language: str = ""


_Place = tuple[int, int, str]
_NOTHING = _Held("")


def plan_changes(
    before: ReintegrationPlan | None, after: ReintegrationPlan | None
) -> tuple[PlanChange, ...]:
    """Every field that differs, in the order of the plan; None is no plan."""
    old, new = _fields_of(before), _fields_of(after)
    return tuple(
        _change(place, old.get(place, _NOTHING), new.get(place, _NOTHING))
        for place in sorted(old.keys() | new.keys(), key=_order)
        if old.get(place, _NOTHING).value != new.get(place, _NOTHING).value
    )


def _change(place: _Place, old: _Held, new: _Held) -> PlanChange:
    kind = ChangeKind.CHANGED
    if not old.value:
        kind = ChangeKind.ADDED
    elif not new.value:
        kind = ChangeKind.REMOVED
    said = (old.value, new.value, old.language, new.language)
    return PlanChange(*place, kind, *said)


def _order(place: _Place) -> tuple[int, int, int]:
    goal, action, name = place
    return goal, action, (*_OF_PLAN, *_OF_GOAL, *_OF_ACTION).index(name)


def _fields_of(plan: ReintegrationPlan | None) -> dict[_Place, _Held]:
    if plan is None:
        return {}
    found = {(0, 0, name): _held(plan, name) for name in _OF_PLAN}
    for number, goal in enumerate(plan.goals, start=1):
        found |= {(number, 0, name): _held(goal, name) for name in _OF_GOAL}
        for place, action in enumerate(goal.actions, start=1):
            found |= {(number, place, each): _held(action, each) for each in _OF_ACTION}
    return found


def _held(part: ReintegrationPlan | Goal | PlanAction, name: str) -> _Held:
    value = getattr(part, name)
    if isinstance(value, datetime):
        return _Held("" if value == NO_INSTANT else value.astimezone(UTC).isoformat())
    if isinstance(value, bool):
        return _Held("yes" if value else "")
    language = {"objective": "language", "what": "language"}
    language["outcome"] = "outcome_language"
    return _Held(value, getattr(part, language.get(name, ""), ""))
