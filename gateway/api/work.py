"""The work of the day, the members, what may be asked of them, and codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Depends, Query, Request
from pydantic import BaseModel, create_model
from starlette.responses import Response

from gateway.api.answers import (
    USUAL,
    Cursor,
    Limit,
    answer,
    cursor_of,
    page_of,
    part_page,
    read_cursor,
)
from gateway.api.callers import ME, ActId, Calling
from gateway.api.shapes import Identifier, Sent, Word, json_of, list_of, model_of
from gateway.forms.choosing import Wanted, fits
from services.node.domain.offices import Population
from services.node.domain.referrals import ReferralType
from services.node.rpc.work_values import (
    AssigneeRead,
    CategoryNeedRead,
    CorridorsRead,
    FoundRead,
    MemberCardRead,
    NoticeRead,
    SavedViewRead,
    ServiceResultRead,
    ShownNameRead,
    WorklistRead,
)

router = APIRouter(tags=["work"])
Group = Literal["needs_me", "waiting_on_others"]
Whose = Literal["all", "unit", "me"]
Peer = Annotated[Word, Query(description="Only with this member.")]
_LONGEST_WAIT = 55


@dataclass(frozen=True, slots=True)
class Changed:
    """The size of the node's ledger: it grows with whatever happens."""

    size: int


@dataclass(frozen=True, slots=True)
class WorkAssigned:
    """What is assigned to whom, at most 50; an empty ``assignee`` takes it back.

    A referral that has a case here is assigned with its case.
    """

    assignee: str
    cases: tuple[str, ...] = ()
    referrals: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Assigned:
    """How many cases, and referrals without one, were assigned."""

    assigned: int


@dataclass(frozen=True, slots=True)
class ViewNamed:
    """A view under a name of at most 60 characters; ``whose`` is empty, unit or me."""

    name: str
    group: str = "needs_me"
    whose: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True)
class NamesAsked:
    """The cases of which names are shown, at most 100."""

    cases: tuple[str, ...]


def _worklist_page() -> type[BaseModel]:
    return create_model(
        "WorklistPage",
        __base__=model_of(WorklistRead),
        __doc__="A page of one group of work; next is null at its end.",
        next=(str | None, ...),
    )


@router.get("/worklist", response_model=_worklist_page(), summary="The work of the day")
async def get_worklist(
    request: Request,
    caller: Calling,
    group: Group = "needs_me",
    limit: Limit = USUAL,
    cursor: Cursor = "",
    whose: Whose = "all",
    peer: Peer = "",
) -> Response:
    """What is due first on top; no name anywhere."""
    start = read_cursor(cursor)
    found = await caller.desk.get_worklist(
        ME,
        group,
        limit=limit,
        offset=start,
        whose="" if whose == "all" else whose,
        peer=peer,
    )
    more = len(found.items) == limit
    body: dict[str, Any] = json_of(found)
    body["next"] = cursor_of(start + limit) if more else None
    return answer(request, body, varying=("now",))


@router.get(
    "/corridors",
    response_model=model_of(CorridorsRead),
    summary="What is open with every other member",
)
async def list_corridors(request: Request, caller: Calling) -> Response:
    """By member and direction: who must answer, by when, and what has no receipt."""
    found = await caller.desk.list_corridors(ME)
    return answer(request, found, varying=("now",))


@router.get(
    "/notices",
    response_model=list_of(NoticeRead),
    summary="What needs attention and has no clock",
)
async def list_notices(request: Request, caller: Calling) -> Response:
    """Recalls that were taken in, disputes, and what was sent and should not be."""
    return answer(request, await caller.desk.list_notices(ME))


@router.get(
    "/changes", response_model=model_of(Changed), summary="Wait until something changes"
)
async def await_change(
    request: Request,
    caller: Calling,
    known: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    seconds: Annotated[int, Query(ge=1, le=_LONGEST_WAIT)] = 25,
) -> Response:
    """Answers as soon as the ledger is longer than ``known``, or the time is over.

    It says nothing of what changed, and keeps no session from locking.
    """
    size = await caller.unattended.await_change(ME, known, seconds)
    return answer(request, Changed(size))


@router.get(
    "/worklist/assignees",
    response_model=list_of(AssigneeRead),
    summary="Who may be assigned work",
)
async def list_assignees(request: Request, caller: Calling) -> Response:
    """For whoever assigns it: a supervisor, or the manager of a shelter."""
    return answer(request, await caller.desk.list_assignees(ME))


@router.post(
    "/worklist/assignments",
    response_model=model_of(Assigned),
    summary="Assign work to an officer, or take that back",
)
async def assign_work(
    request: Request,
    caller: Calling,
    act: ActId,
    said: Annotated[WorkAssigned, Sent(), Body()],
) -> Response:
    """All of it or nothing; 403 ``assignment.other_unit`` names what is in the way.

    What another unit works on asks for a reason, as every act there.
    """
    count = await caller.desk.assign_work(
        ME, said.assignee, cases=said.cases, referrals=said.referrals, event_id=act
    )
    return answer(request, Assigned(count))


@router.get(
    "/worklist/views", response_model=list_of(SavedViewRead), summary="My saved views"
)
async def list_views(request: Request, caller: Calling) -> Response:
    """Filters of the worklist under names, the officer's own alone."""
    return answer(request, await caller.desk.list_views(ME))


@router.put(
    "/worklist/views/{view_id}",
    response_model=model_of(SavedViewRead),
    summary="Keep a view",
)
async def keep_view(
    request: Request,
    caller: Calling,
    view_id: Identifier,
    said: Annotated[ViewNamed, Sent(), Body()],
) -> Response:
    """At most 12; the same id again keeps what stands there."""
    view = SavedViewRead(view_id, said.name, said.group, said.whose, said.peer)
    return answer(request, await caller.desk.keep_view(ME, view))


@router.delete(
    "/worklist/views/{view_id}", status_code=204, summary="Delete a saved view"
)
async def drop_view(caller: Calling, view_id: Identifier) -> Response:
    """What is gone is gone."""
    await caller.desk.drop_view(ME, view_id)
    return Response(status_code=204)


@router.post(
    "/worklist/names",
    response_model=list_of(ShownNameRead),
    summary="Show the names of some cases",
)
async def show_names(
    request: Request, caller: Calling, said: Annotated[NamesAsked, Sent(), Body()]
) -> Response:
    """A reason is demanded, and kept with a look at each case before the answer.

    403 ``access.names_need_reason`` without one, ``client.not_for_programs`` for the
    key of a program.
    """
    return answer(request, await caller.desk.show_names(ME, said.cases))


@router.get("/codes", response_model=model_of(FoundRead), summary="What a code names")
async def find_code(
    request: Request, caller: Calling, code: Annotated[Word, Query()]
) -> Response:
    """A case or referrals of this member; the search is kept in the access log."""
    return answer(request, await caller.desk.find_code(ME, code))


def _wanted(
    need: Annotated[
        ReferralType | None, Query(description="Who may be asked for this.")
    ] = None,
    serves: Annotated[
        Population | None, Query(description="Who serves them, and excludes them not.")
    ] = None,
    province: Annotated[Word, Query(description="Who works in it.")] = "",
    country: Annotated[Word, Query(description="The same, ISO 3166-1.")] = "",
    language: Annotated[Word, Query(description="Who speaks it, BCP 47.")] = "",
    answers: Annotated[
        Literal["", "now"], Query(alias="open", description="Who answers now.")
    ] = "",
) -> Wanted:
    """The filters of the directory."""
    return Wanted(need or "", serves or "", province, country, language, answers)


@router.get(
    "/members",
    response_model=page_of(MemberCardRead),
    summary="The other members of the directory",
    tags=["directory"],
)
async def list_members(
    request: Request,
    caller: Calling,
    wanted: Annotated[Wanted, Depends(_wanted)],
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """What each is, what may be offered to it, and how it was of late.

    Only those for whom everything holds that is asked for, or everybody.
    """
    start = read_cursor(cursor)
    found = await caller.desk.list_members(ME, details=True)
    shown = tuple(each for each in found if fits(each, wanted))
    return answer(request, part_page(shown, start, limit))


@router.get(
    "/members/{member}/needs",
    response_model=list_of(CategoryNeedRead),
    summary="What a member may be told",
    tags=["directory"],
)
async def list_needs(
    request: Request, caller: Calling, member: Word, referral_type: ReferralType
) -> Response:
    """By data category, with this type of referral, today."""
    return answer(request, await caller.desk.list_needs(ME, member, referral_type))


@router.get(
    "/results",
    response_model=list_of(ServiceResultRead),
    summary="How a type of referral may end",
    tags=["directory"],
)
async def list_results(
    request: Request, caller: Calling, referral_type: ReferralType
) -> Response:
    """The results that may be reported today, by outcome."""
    return answer(request, await caller.desk.list_results(ME, referral_type))


@router.get(
    "/codes/{name}",
    response_model=list[str],
    summary="The codes of a list of the policy",
    tags=["directory"],
)
async def list_codes(request: Request, caller: Calling, name: Word) -> Response:
    """Those that hold today."""
    return answer(request, await caller.desk.list_codes(ME, name))
