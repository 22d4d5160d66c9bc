"""Cases: open, list, show, what they are in, records, and who looked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from starlette.responses import Response

from gateway.api.answers import (
    USUAL,
    Cursor,
    Limit,
    answer,
    offset_page,
    page,
    page_of,
    part_page,
    read_cursor,
)
from gateway.api.callers import ME, ActId, Calling
from gateway.api.deciding import OnCase
from gateway.api.shapes import Identifier, Sent, Word, list_of, model_of
from gateway.api.versions import BasedOn
from services.node.domain.case_details import CaseDetails
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.categories import Category
from services.node.domain.errors import InvalidInputError
from services.node.domain.records import Answer, CategoryRecord
from services.node.rpc.case_values import CaseStateRead, CaseStepTaken
from services.node.rpc.desk_values import (
    CaseLine,
    CaseRead,
    EventExplained,
    OpenedCase,
)
from services.node.rpc.ledger_values import CaseProvedRead
from services.node.rpc.sign_in_values import AccessRead

router = APIRouter(prefix="/cases", tags=["cases"])


@dataclass(frozen=True, slots=True)
class CaseOpening:
    """By which door somebody came, and what is known already."""

    door: str
    records: tuple[CategoryRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswersKept:
    """What one data category holds from now on."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class RecordKnown:
    """What one data category holds, and the number of this version of it."""

    category: str
    answers: tuple[Answer, ...]
    version: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The index of the act's leaf in the node's ledger."""

    ledger_index: int


@router.get("", response_model=page_of(CaseLine), summary="The newest cases")
async def list_cases(
    request: Request, caller: Calling, limit: Limit = USUAL, cursor: Cursor = ""
) -> Response:
    """Codes, phases, who answers; never a name."""
    start = read_cursor(cursor)
    found = await caller.desk.list_cases(ME, limit, offset=start)
    return answer(request, offset_page(found, start, limit))


@router.post(
    "", status_code=201, response_model=model_of(OpenedCase), summary="Open a case"
)
async def open_case(
    request: Request,
    caller: Calling,
    act: ActId,
    said: Annotated[CaseOpening, Sent(), Body()],
) -> Response:
    """This member answers for the person from now on."""
    found = await caller.desk.open_case(ME, said.door, said.records, event_id=act)
    return answer(request, found, status=201)


@router.get("/{case}", response_model=model_of(CaseRead), summary="One case")
async def get_case(request: Request, caller: Calling, case: Word) -> Response:
    """The chain of who answered when, the referrals, the timeline; nothing sealed."""
    return answer(request, await caller.desk.get_case(ME, case))


@router.get(
    "/{case}/proof",
    response_model=model_of(CaseProvedRead),
    summary="Whether a case still stands as it was written",
)
async def prove_case(request: Request, caller: Calling, case: Word) -> Response:
    """The newest 500 entries of the case with their receipts, verified now.

    ``checked`` says how many; a receipt that is not in ``receipted`` proves nothing.
    """
    return answer(request, await caller.ledger.prove_case(ME, case))


@router.get(
    "/{case}/state", response_model=model_of(CaseStateRead), summary="What a case is in"
)
async def get_case_state(request: Request, caller: Calling, case: Word) -> Response:
    """What it was in and may become, and what the law grants the person."""
    return answer(request, await caller.desk.get_case_state(ME, case))


@router.post(
    "/{case}/acts/{act}",
    response_model=model_of(CaseStepTaken),
    summary="Move a case on within the member",
)
async def take_case_act(
    request: Request,
    desk: OnCase,
    event: ActId,
    case: Word,
    act: CaseAct,
    said: Annotated[CaseDetails, Sent(), Body()],
    approval_id: Annotated[Identifier, Query()] = b"",
) -> Response:
    """One of ``open_acts``; closing rests on an approval of exactly this.

    If-Match takes the ETag of the case or of its state, as with every act in a case.
    """
    found = await desk.take_case_step(
        ME, case, act, said, approval_id=approval_id, event_id=event
    )
    return answer(request, found)


@router.get(
    "/{case}/rulings",
    response_model=page_of(EventExplained),
    summary="Which rule decided what",
)
async def explain_case(
    request: Request,
    caller: Calling,
    case: Word,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """The rows of the policy, by handoff and clock."""
    start = read_cursor(cursor)
    found = await caller.desk.explain_case(ME, case)
    return answer(request, part_page(found, start, limit))


@router.get(
    "/{case}/records",
    response_model=list_of(RecordKnown),
    summary="What is known about the person",
)
async def read_records(
    request: Request,
    caller: Calling,
    case: Word,
    category: Annotated[Category | None, Query()] = None,
) -> Response:
    """The newest version of each category; the look is kept, with its reason."""
    found = await caller.desk.read_case_file(ME, case)
    known = [
        RecordKnown(each.category, each.answers, version)
        for each, version in zip(found.records, found.versions, strict=True)
        if category in {None, each.category}
    ]
    return answer(request, tuple(known))


@router.post(
    "/{case}/records/{category}",
    response_model=model_of(Kept),
    summary="Add a version of one data category",
)
async def add_record(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    category: Category,
    said: Annotated[AnswersKept, Sent(), Body()],
    based_on: BasedOn = None,
) -> Response:
    """It holds the whole category from now on; what was before stays a version."""
    if category is Category.D0:
        raise InvalidInputError(
            "api.own_category",
            "Routing data (D0) are the network's own; nobody writes them.",
            where="path.category",
        )
    record = CategoryRecord(category, said.answers)
    index = await desk.add_record(ME, case, record, based_on=based_on, event_id=act)
    return answer(request, Kept(index))


@router.get(
    "/{case}/looks", response_model=page_of(AccessRead), summary="Who looked at a case"
)
async def list_looks(
    request: Request,
    caller: Calling,
    case: Word,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """And at its referrals; the newest first."""
    found = await caller.desk.list_access(
        ME, case, limit=limit, before=read_cursor(cursor)
    )
    return answer(request, page(found, found[-1].number if found else None))
