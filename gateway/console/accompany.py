"""The forms of S9: a follow-up, the plan and its goals, and a minor who came along.

A refusal of the node stands beside what was typed, so that nothing is typed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from gateway.forms import accompany as forms
from gateway.forms.event import event_of
from gateway.forms.fields import Field, FormError, Typed, read_fields, shown, text_of
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import (
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
    return _page(officer, code, _head(code, await _plan(officer.desk, officer, code)))


@router.post("/{code}/plan")
async def keep_plan(officer: SignedIn, form: Sent, code: str) -> Response:
    """Keeps a version of the plan."""
    plan = await _plan(officer.desk, officer, code)

    def changed() -> ReintegrationPlan:
        head = forms.with_head(plan, form)
        return head if plan.goals else forms.with_goal(head, None, form)

    return await _keep(officer, code, _head(code, plan), form, changed)


@router.get("/{code}/plan/goals/{number}")
async def ask_goal(officer: SignedIn, code: str, number: str) -> Response:
    """One goal, or a new one."""
    plan = await _plan(officer.desk, officer, code)
    return _page(officer, code, _goal(code, plan, number))


@router.post("/{code}/plan/goals/{number}")
async def keep_goal(officer: SignedIn, form: Sent, code: str, number: str) -> Response:
    """Keeps the plan with this goal."""
    plan = await _plan(officer.desk, officer, code)
    place = _place(number, len(plan.goals))
    return await _keep(
        officer,
        code,
        _goal(code, plan, number),
        form,
        lambda: forms.with_goal(plan, place, form),
    )


@router.get("/{code}/plan/goals/{number}/actions/{action}")
async def ask_action(
    officer: SignedIn, code: str, number: str, action: str
) -> Response:
    """One thing that somebody does towards a goal, or a new one."""
    plan = await _plan(officer.desk, officer, code)
    return _page(officer, code, _action(code, plan, number, action))


@router.post("/{code}/plan/goals/{number}/actions/{action}")
async def keep_action(
    officer: SignedIn, form: Sent, code: str, number: str, action: str
) -> Response:
    """Keeps the plan with this action."""
    plan = await _plan(officer.desk, officer, code)
    goal = _known(number, len(plan.goals))
    place = _place(action, len(plan.goals[goal].actions))
    return await _keep(
        officer,
        code,
        _action(code, plan, number, action),
        form,
        lambda: forms.with_action(plan, goal, place, form),
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


def _head(code: str, plan: ReintegrationPlan) -> _Asked:
    fields = forms.PLAN if plan.goals else forms.PLAN + forms.GOAL
    return _Asked("plan", f"/cases/{code}/plan", fields, forms.typed_head(plan))


def _goal(code: str, plan: ReintegrationPlan, number: str) -> _Asked:
    place = _place(number, len(plan.goals))
    typed = _EMPTY if place is None else forms.typed_goal(plan.goals[place])
    return _Asked("goal", f"/cases/{code}/plan/goals/{number}", forms.GOAL, typed)


def _action(code: str, plan: ReintegrationPlan, number: str, action: str) -> _Asked:
    goal = plan.goals[_known(number, len(plan.goals))]
    place = _place(action, len(goal.actions))
    typed = _EMPTY if place is None else forms.typed_action(goal.actions[place])
    path = f"/cases/{code}/plan/goals/{number}/actions/{action}"
    return _Asked("action", path, forms.ACTION, typed)


async def _minor(officer: Officer, code: str, alias: str) -> _Asked:
    state = await officer.desk.get_case_state(officer.name, code)
    known: dict[str, Minor] = {each.minor.alias: each.minor for each in state.minors}
    if alias != NEW and alias not in known:
        raise _no_page()
    typed = _EMPTY if alias == NEW else forms.typed_minor(known[alias])
    return _Asked("minor", f"/cases/{code}/minors/{alias}", forms.MINOR, typed)


async def _plan(desk: DeskClient, officer: Officer, code: str) -> ReintegrationPlan:
    found = (await desk.get_plan(officer.name, code)).plan
    return found if found.goals else forms.EMPTY_PLAN


async def _keep(
    officer: Officer,
    code: str,
    asked: _Asked,
    form: Typed,
    changed: Callable[[], ReintegrationPlan],
) -> Response:
    try:
        # Everything that is wrong is said at once, whichever part it belongs to.
        read_fields(asked.fields, form)
        await officer.desk.keep_plan(
            officer.name, code, changed(), event_id=event_of(form)
        )
    except (FormError, NotLawfulError) as error:
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
    return page(
        officer.visitor,
        "accompany.html",
        status=200 if error is None else 400,
        here="/cases",
        code=code,
        what=asked.what,
        path=asked.path,
        fields=asked.fields,
        typed=asked.typed if form is None else shown(form, asked.fields),
        problems={each.field: each.code for each in problems},
        refusal=error if isinstance(error, RelaisError) else None,
        event=event or new_id().hex(),
    )


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
