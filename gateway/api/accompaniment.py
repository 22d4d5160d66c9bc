"""Beside a case's acts: clocks, the plan, follow-ups, and minors who came along."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from pydantic import BaseModel, create_model
from starlette.responses import Response

from gateway.api.answers import (
    USUAL,
    Cursor,
    Limit,
    answer,
    cursor_of,
    read_cursor,
)
from gateway.api.callers import ME, ActId, Calling
from gateway.api.cases import Kept
from gateway.api.deciding import OnCase
from gateway.api.shapes import Identifier, Sent, Word, json_of, model_of
from gateway.api.versions import BasedOn
from services.node.domain.minors import Minor
from services.node.domain.plans import ReintegrationPlan
from services.node.rpc.case_values import (
    FollowUpRecorded,
    MinorKept,
    PlanKept,
    PlanRead,
)
from services.node.rpc.clock_values import ClocksRead

router = APIRouter(tags=["cases"])


@dataclass(frozen=True, slots=True)
class PauseSaid:
    """The named reason for which a clock stands still."""

    reason: str


@dataclass(frozen=True, slots=True)
class FollowUpSaid:
    """A follow-up with the person, as it was."""

    kind: str
    mode: str
    result: str
    next_action: str = ""


def _clocks_page() -> type[BaseModel]:
    return create_model(
        "ClocksPage",
        __base__=model_of(ClocksRead),
        __doc__="A page of clocks; next is null at their end.",
        next=(str | None, ...),
    )


@router.get("/clocks", response_model=_clocks_page(), summary="What runs")
async def list_clocks(
    request: Request,
    caller: Calling,
    *,
    overdue: Annotated[bool, Query()] = False,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """In all cases, the earliest due first."""
    start = read_cursor(cursor)
    found = await caller.desk.list_clocks(
        ME, overdue=overdue, limit=limit, offset=start
    )
    following = start + limit if len(found.clocks) == limit else None
    return _clocks(request, found, following)


@router.get("/cases/{case}/clocks", response_model=_clocks_page(), summary="Its clocks")
async def list_case_clocks(
    request: Request,
    caller: Calling,
    case: Word,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """Those of one case, also those that stopped."""
    start = read_cursor(cursor)
    found = await caller.desk.list_clocks(ME, case)
    end = start + limit
    part = replace(found, clocks=found.clocks[start:end])
    return _clocks(request, part, end if len(found.clocks) > end else None)


def _clocks(request: Request, found: ClocksRead, following: int | None) -> Response:
    body: dict[str, Any] = json_of(found)
    body["next"] = None if following is None else cursor_of(following)
    return answer(request, body, varying=("now",))


@router.post(
    "/clocks/{clock_id}/pause",
    response_model=model_of(Kept),
    summary="Let a clock stand still",
)
async def pause_clock(
    request: Request,
    caller: Calling,
    act: ActId,
    clock_id: Identifier,
    said: Annotated[PauseSaid, Sent(), Body()],
) -> Response:
    """For a reason that the policy names."""
    desk = caller.desk
    index = await desk.pause_clock(ME, clock_id, said.reason, event_id=act)
    return answer(request, Kept(index))


@router.post(
    "/clocks/{clock_id}/resume",
    response_model=model_of(Kept),
    summary="Let a clock go on",
)
async def resume_clock(
    request: Request, caller: Calling, act: ActId, clock_id: Identifier
) -> Response:
    """With what was left of it."""
    index = await caller.desk.resume_clock(ME, clock_id, event_id=act)
    return answer(request, Kept(index))


@router.get(
    "/cases/{case}/plan",
    response_model=model_of(PlanRead),
    summary="The reintegration plan",
)
async def get_plan(request: Request, caller: Calling, case: Word) -> Response:
    """With the follow-ups that are planned and that were."""
    return answer(request, await caller.desk.get_plan(ME, case))


@router.put(
    "/cases/{case}/plan",
    response_model=model_of(PlanKept),
    summary="Keep the reintegration plan",
)
async def keep_plan(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    said: Annotated[ReintegrationPlan, Sent(), Body()],
    based_on: BasedOn = None,
) -> Response:
    """As the person and the member made it."""
    found = await desk.keep_plan(ME, case, said, based_on=based_on, event_id=act)
    return answer(request, found)


@router.post(
    "/cases/{case}/follow-ups",
    response_model=model_of(FollowUpRecorded),
    summary="Note a follow-up",
)
async def record_follow_up(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    said: Annotated[FollowUpSaid, Sent(), Body()],
) -> Response:
    """As it was; the answer says what its result asks for."""
    found = await desk.record_follow_up(
        ME,
        case,
        said.kind,
        said.mode,
        said.result,
        next_action=said.next_action,
        event_id=act,
    )
    return answer(request, found)


@router.post(
    "/cases/{case}/minors",
    response_model=model_of(MinorKept),
    summary="Record a minor who came along",
)
async def keep_minor(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    said: Annotated[Minor, Sent(), Body()],
) -> Response:
    """An empty alias is a minor who is new."""
    return answer(request, await desk.keep_minor(ME, case, said, event_id=act))
