"""The forms of S9: a follow-up, the plan and its goals, and a minor who came along.

A refusal of the node stands beside what was typed, so that nothing is typed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from fastapi import APIRouter
from starlette.responses import Response

from gateway.forms import accompany as forms
from gateway.forms.event import event_of
from gateway.forms.fields import (
    Field,
    FormError,
    Typed,
    Widget,
    read_fields,
    shown,
    text_of,
)
from gateway.forms.languages import LANGUAGES
from gateway.web.numbers import whole_number
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
    RelaisError,
)
from services.node.domain.identifiers import new_id
from services.node.domain.minors import Minor
from services.node.domain.plans import ReintegrationPlan
from services.node.rpc.desk_client import DeskClient

router = APIRouter(prefix="/cases")

NEW = "new"
_EMPTY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A form: ``what`` names it, ``path`` is where it is sent."""

    what: str
    path: str
    fields: tuple[Field, ...]
    typed: Mapping[str, str | list[str]]
    based_on: int | None = None
    """The version of the plan that it shows a part of."""


@dataclass(frozen=True, slots=True)
class _Standing:
    """The plan as it stands now, and the number of its version (0 for none)."""

    plan: ReintegrationPlan
    version: int


@router.get("/{code}/follow-up")
async def ask_follow_up(officer: SignedIn, code: str) -> Response:
    """How a visit or a call was."""
    return _page(officer, code, _follow_up(code))


@router.post("/{code}/follow-up")
async def keep_follow_up(officer: SignedIn, form: Sent, code: str) -> Response:
    """Notes it; the next page says what its result asks for."""
    asked = _follow_up(code)
    try:
        values = read_fields(asked.fields, form)
        found = await officer.desk.record_follow_up(
            officer.name,
            code,
            str(values["follow_kind"]),
            str(values["follow_mode"]),
            str(values["follow_result"]),
            event_id=event_of(form),
        )
    except (FormError, NotLawfulError) as error:
        return _page(officer, code, asked, form=form, error=error)
    return _back(code, f"follow_up&next_step={found.next_step}")


@router.get("/{code}/plan")
async def ask_plan(officer: SignedIn, code: str) -> Response:
    """The plan as a whole; with its first goal where there is none."""
    now = await _plan(officer.desk, officer, code)
    return _page(officer, code, _head(code, now, with_goal=not now.plan.goals))


@router.post("/{code}/plan")
async def keep_plan(officer: SignedIn, form: Sent, code: str) -> Response:
    """Keeps a version of the plan."""
    now = await _plan(officer.desk, officer, code)
    # A goal that was typed while somebody else began the plan is one more of it.
    with_goal = not now.plan.goals or form.get("objective") is not None

    said_in = _said_in(officer, form)

    def changed() -> ReintegrationPlan:
        head = forms.with_head(now.plan, form)
        return forms.with_goal(head, None, form, said_in) if with_goal else head

    asked = _head(code, now, with_goal=with_goal)
    return await _keep(officer, code, asked, form, changed)


@router.get("/{code}/plan/goals/{number}")
async def ask_goal(officer: SignedIn, code: str, number: str) -> Response:
    """One goal, or a new one."""
    now = await _plan(officer.desk, officer, code)
    return _page(officer, code, _goal(code, now, number))


@router.post("/{code}/plan/goals/{number}")
async def keep_goal(officer: SignedIn, form: Sent, code: str, number: str) -> Response:
    """Keeps the plan with this goal."""
    now = await _plan(officer.desk, officer, code)
    place = _place(number, len(now.plan.goals))
    return await _keep(
        officer,
        code,
        _goal(code, now, number),
        form,
        lambda: forms.with_goal(now.plan, place, form, _said_in(officer, form)),
    )


@router.get("/{code}/plan/goals/{number}/actions/{action}")
async def ask_action(
    officer: SignedIn, code: str, number: str, action: str
) -> Response:
    """One thing that somebody does towards a goal, or a new one."""
    now = await _plan(officer.desk, officer, code)
    return _page(officer, code, _action(code, now, number, action))


@router.post("/{code}/plan/goals/{number}/actions/{action}")
async def keep_action(
    officer: SignedIn, form: Sent, code: str, number: str, action: str
) -> Response:
    """Keeps the plan with this action."""
    now = await _plan(officer.desk, officer, code)
    goal = _known(number, len(now.plan.goals))
    place = _place(action, len(now.plan.goals[goal].actions))
    return await _keep(
        officer,
        code,
        _action(code, now, number, action),
        form,
        lambda: forms.with_action(now.plan, goal, place, form, _said_in(officer, form)),
    )


@router.get("/{code}/minors/{alias}")
async def ask_minor(officer: SignedIn, code: str, alias: str) -> Response:
    """A minor who came along, or one who is new."""
    return _page(officer, code, await _minor(officer, code, alias))


@router.post("/{code}/minors/{alias}")
async def keep_minor(officer: SignedIn, form: Sent, code: str, alias: str) -> Response:
    """Keeps what is known of the minor."""
    asked = await _minor(officer, code, alias)
    try:
        minor = forms.minor_of(form, "" if alias == NEW else alias)
        await officer.desk.keep_minor(
            officer.name, code, minor, event_id=event_of(form)
        )
    except (FormError, NotLawfulError, InvalidInputError) as error:
        return _page(officer, code, asked, form=form, error=error)
    return _back(code, "minor")


def _follow_up(code: str) -> _Asked:
    return _Asked("follow_up", f"/cases/{code}/follow-up", forms.FOLLOW_UP, _EMPTY)


def _head(code: str, now: _Standing, *, with_goal: bool) -> _Asked:
    fields = forms.PLAN + forms.GOAL if with_goal else forms.PLAN
    typed = forms.typed_head(now.plan)
    return _Asked("plan", f"/cases/{code}/plan", fields, typed, now.version)


def _goal(code: str, now: _Standing, number: str) -> _Asked:
    place = _place(number, len(now.plan.goals))
    typed = _EMPTY if place is None else forms.typed_goal(now.plan.goals[place])
    path = f"/cases/{code}/plan/goals/{number}"
    return _Asked("goal", path, forms.GOAL, typed, now.version)


def _action(code: str, now: _Standing, number: str, action: str) -> _Asked:
    goal = now.plan.goals[_known(number, len(now.plan.goals))]
    place = _place(action, len(goal.actions))
    typed = _EMPTY if place is None else forms.typed_action(goal.actions[place])
    path = f"/cases/{code}/plan/goals/{number}/actions/{action}"
    return _Asked("action", path, forms.ACTION, typed, now.version)


async def _minor(officer: Officer, code: str, alias: str) -> _Asked:
    state = await officer.desk.get_case_state(officer.name, code)
    known: dict[str, Minor] = {each.minor.alias: each.minor for each in state.minors}
    if alias != NEW and alias not in known:
        raise _no_page()
    typed = _EMPTY if alias == NEW else forms.typed_minor(known[alias])
    return _Asked("minor", f"/cases/{code}/minors/{alias}", forms.MINOR, typed)


async def _plan(desk: DeskClient, officer: Officer, code: str) -> _Standing:
    found = await desk.get_plan(officer.name, code)
    plan = found.plan if found.plan.goals else forms.EMPTY_PLAN
    return _Standing(plan, found.version)


async def _keep(
    officer: Officer,
    code: str,
    asked: _Asked,
    form: Typed,
    changed: Callable[[], ReintegrationPlan],
) -> Response:
    """Keeps the plan, unless another was kept since the form was shown.

    A form that does not say which it was made of rests on none.
    """
    based_on = whole_number(text_of(form, "based_on")) or 0
    try:
        # Everything that is wrong is said at once, whichever part it belongs to.
        read_fields(asked.fields, form)
        await officer.desk.keep_plan(
            officer.name,
            code,
            changed(),
            based_on=based_on,
            event_id=event_of(form),
        )
    except (FormError, NotLawfulError) as error:
        # What she saw when she wrote stays what it rests on.
        as_seen = replace(asked, based_on=based_on)
        return _page(officer, code, as_seen, form=form, error=error)
    except ConflictError as error:
        if error.code != "case.plan_changed":
            raise
        return _page(officer, code, asked, form=form, error=error)
    return _back(code, "plan")


def _page(
    officer: Officer,
    code: str,
    asked: _Asked,
    *,
    form: Typed | None = None,
    error: FormError | RelaisError | None = None,
) -> Response:
    event = "" if form is None else text_of(form, "event")
    problems = error.problems if isinstance(error, FormError) else ()
    free = any(each.name in forms.FREE for each in asked.fields)
    typed = asked.typed if form is None else shown(form, asked.fields)
    changed = isinstance(error, ConflictError)
    return page(
        officer.visitor,
        "accompany.html",
        status=200 if error is None else 409 if changed else 400,
        here="/cases",
        code=code,
        what=asked.what,
        path=asked.path,
        fields=asked.fields,
        typed=typed,
        beside=_beside(asked, typed) if changed else (),
        based_on=asked.based_on,
        languages_of_texts=LANGUAGES if free else (),
        said_in=_said_in(officer, form),
        problems={each.field: each.code for each in problems},
        refusal=error if isinstance(error, RelaisError) else None,
        event=event or new_id().hex(),
    )


def _said_in(officer: Officer, form: Typed | None) -> str:
    """The language of what is written: as chosen, or else that of the reader."""
    said = "" if form is None else text_of(form, "said_in")
    return said if said in LANGUAGES else officer.visitor.words.lang[:2]


def _beside(
    asked: _Asked, typed: Mapping[str, str | list[str]]
) -> list[tuple[Field, str | date, str | date]]:
    """Every field in which what was typed is not what stands now."""
    pairs = (
        (field, typed.get(field.name, ""), asked.typed.get(field.name, ""))
        for field in asked.fields
    )
    return [
        (field, _shown(field, mine), _shown(field, standing))
        for field, mine, standing in pairs
        if mine != standing
    ]


def _shown(field: Field, value: str | list[str]) -> str | date:
    if field.widget is Widget.DAY and isinstance(value, str) and value:
        return datetime.fromisoformat(value).date()
    return value if isinstance(value, str) else ", ".join(value)


def _back(code: str, done: str) -> Response:
    return see_other(f"/cases/{code}/reintegration?done={done}")


def _place(text: str, count: int) -> int | None:
    return None if text == NEW else _known(text, count)


def _known(text: str, count: int) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) >= count:
        raise _no_page()
    return int(text)


def _no_page() -> NotFoundError:
    return NotFoundError("console.no_page", "There is no such page here.")
