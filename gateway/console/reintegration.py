"""S9: the plan of one case, what the law gives towards it, visits, and minors.

What was planned and what was done are told apart in words: a follow-up is done,
due or late, and the person may decline each without losing anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import member_names
from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from gateway.words.provinces import written
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.follow_ups import NextStep
from services.node.domain.plans import DECISION
from services.node.rpc.case_values import CaseClockRead, FollowUpRead, PlanRead
from services.node.rpc.clock_values import ClockRead

router = APIRouter(prefix="/cases")

_NEVER = 1970
"""The year of the instant that stands for none."""

_ACTS = (
    CaseAct.MOVE_TO_REINTEGRATION,
    CaseAct.PLAN_REINTEGRATION,
    CaseAct.BEGIN_CRISIS,
    CaseAct.BEGIN_TRANSITION,
    CaseAct.BEGIN_INCLUSION,
    CaseAct.NOTE_SETBACK,
    CaseAct.REVIEW_PLAN,
    CaseAct.COMPLETE_PLAN,
    CaseAct.BEGIN_FOLLOW_UP,
    CaseAct.SUSPEND_BY_PERSON,
    CaseAct.RESUME,
    CaseAct.LOSE_CONTACT,
    CaseAct.ALERT_RETRAFFICKING,
    CaseAct.CLOSE,
)
"""Acts of reintegration, in the order of the way."""

_PLAN_CLOCKS = {
    "first_plan",
    "plan_review",
    DECISION,
    "reintegration_application_window",
}


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One of the schedule; ``mark`` is done, late, due or later."""

    deadline: str
    due: datetime
    mark: str
    done_at: datetime | None = None
    result: str = ""
    how: FollowUpRead | None = None
    """What was noted of it, where it is known."""


@router.get("/{code}/reintegration")
async def show(
    officer: SignedIn, code: str, done: str = "", next_step: str = ""
) -> Response:
    """The plan with its goals, the follow-ups and the minors of a case."""
    desk, name = officer.desk, officer.name
    state = await desk.get_case_state(name, code)
    plan = await desk.get_plan(name, code)
    clocks = await desk.list_clocks(name, code)
    return page(
        officer.visitor,
        "reintegration.html",
        here="/cases",
        code=code,
        state=state,
        plan=plan.plan if plan.plan.goals else None,
        written=written,
        visits=schedule_of(plan, clocks.clocks, clocks.now),
        others=unplanned(plan, clocks.clocks),
        clocks=_running(clocks.clocks),
        acts=[each for each in _ACTS if each in state.open_acts],
        now=clocks.now,
        done=done if done in {"follow_up", "plan", "minor"} else "",
        next_step=next_step if next_step in set(NextStep) - {NextStep.NONE} else "",
        names=await member_names(officer),
    )


def schedule_of(
    plan: PlanRead, clocks: Iterable[ClockRead], now: datetime
) -> tuple[FollowUpLine, ...]:
    """Every planned follow-up with what came of it."""
    ran = {each.deadline: each for each in clocks if not each.referral_id}
    results = {each.at: each for each in plan.done}
    coming = next((each.deadline for each in plan.planned if _open(each, ran)), "")
    return tuple(
        _line(each, ran.get(each.deadline), results, now, coming)
        for each in plan.planned
    )


def unplanned(plan: PlanRead, clocks: Iterable[ClockRead]) -> list[FollowUpRead]:
    """Visits and calls beside the schedule, the newest first."""
    planned = {
        each.stopped_at for each in clocks if each.deadline.startswith("follow_up_")
    }
    return [each for each in reversed(plan.done) if each.at not in planned]


def _line(
    planned: CaseClockRead,
    clock: ClockRead | None,
    results: Mapping[datetime, FollowUpRead],
    now: datetime,
    coming: str,
) -> FollowUpLine:
    name, due = planned.deadline, planned.due
    if clock is not None and clock.stopped_at.year != _NEVER:
        at = clock.stopped_at
        how = results.get(at)
        result = "" if how is None else how.result
        return FollowUpLine(name, due, "done", at, result, how)
    mark = "late" if due < now else "due" if name == coming else "later"
    return FollowUpLine(name, due, mark)


def _open(planned: CaseClockRead, ran: dict[str, ClockRead]) -> bool:
    clock = ran.get(planned.deadline)
    return clock is None or clock.stopped_at.year == _NEVER


def _running(clocks: Iterable[ClockRead]) -> list[ClockRead]:
    return [
        each
        for each in clocks
        if each.deadline in _PLAN_CLOCKS and each.stopped_at.year == _NEVER
    ]
