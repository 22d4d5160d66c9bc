"""What needs a second person: ask, read, answer; and overrides, which begin there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from starlette.responses import Response

from gateway.api.answers import (
    USUAL,
    Cursor,
    Limit,
    answer,
    offset_page,
    page_of,
    read_cursor,
)
from gateway.api.callers import ME, ActId, Calling
from gateway.api.cases import Kept
from gateway.api.deciding import OnCase
from gateway.api.shapes import Identifier, Sent, Word, model_of
from services.node.domain.approvals import ApprovalAnswer
from services.node.domain.best_interests import BestInterests
from services.node.domain.bodies import Offer
from services.node.domain.both_sign import ArrivalAsked
from services.node.domain.case_details import CaseDetails
from services.node.domain.override import OverrideAsked, Verdict
from services.node.domain.second_person import Sending
from services.node.rpc.approval_values import (
    ApprovalAsked,
    ApprovalOpened,
    ApprovalRead,
)

router = APIRouter(tags=["approvals"])


@dataclass(frozen=True, slots=True)
class ApprovalAnswerSaid:
    """The second person's yes, or her no with a reason."""

    answer: ApprovalAnswer
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SendingAsked:
    """What is to be sent to whom; ``categories`` and their files travel sealed.

    ``best_interests`` is why it is best, where that is decided for the person.
    """

    recipient: str
    offer: Offer
    categories: tuple[str, ...]
    attachment_ids: tuple[bytes, ...] = ()
    best_interests: BestInterests | None = None


@dataclass(frozen=True, slots=True)
class OverrideRecorded:
    """The id of an override."""

    override_id: bytes


@dataclass(frozen=True, slots=True)
class OverrideReviewed:
    """What the review of an override finds."""

    review: Verdict


@router.get("/approvals", response_model=page_of(ApprovalRead), summary="Approvals")
async def list_approvals(
    request: Request,
    caller: Calling,
    *,
    case: Annotated[Word, Query()] = "",
    asked_by_me: Annotated[bool, Query()] = False,
    my_unit: Annotated[bool, Query()] = False,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """What waits for the caller, all of a case, or what the caller asked for."""
    start = read_cursor(cursor)
    found = await caller.desk.list_approvals(
        ME, case, asked_by_me=asked_by_me, my_unit=my_unit, limit=limit, offset=start
    )
    return answer(request, offset_page(found, start, limit))


@router.get(
    "/approvals/{approval_id}",
    response_model=model_of(ApprovalOpened),
    summary="One approval",
)
async def get_approval(
    request: Request, caller: Calling, approval_id: Identifier
) -> Response:
    """With exactly what is to be done."""
    return answer(request, await caller.desk.get_approval(ME, approval_id))


@router.post(
    "/approvals/{approval_id}/answer",
    response_model=model_of(Kept),
    summary="Answer as the second person",
)
async def answer_approval(
    request: Request,
    caller: Calling,
    act: ActId,
    approval_id: Identifier,
    said: Annotated[ApprovalAnswerSaid, Sent(), Body()],
) -> Response:
    """Nobody answers for herself."""
    index = await caller.desk.answer_approval(
        ME, approval_id, said.answer, said.reason, event_id=act
    )
    return answer(request, Kept(index))


@router.post(
    "/cases/{case}/approvals/closure",
    status_code=201,
    response_model=model_of(ApprovalAsked),
    summary="Ask a second person for closing a case",
)
async def ask_closure_approval(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    said: Annotated[CaseDetails, Sent(), Body()],
) -> Response:
    """The key of the act becomes its id; closing then names it (``approval_id``)."""
    found = await desk.ask_approval(ME, case, said, approval_id=act)
    return answer(request, found, status=201)


@router.post(
    "/cases/{case}/approvals/override",
    status_code=201,
    response_model=model_of(ApprovalAsked),
    summary="Ask a second person for an override",
)
async def ask_override_approval(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    said: Annotated[OverrideAsked, Sent(), Body()],
) -> Response:
    """The key of the act becomes its id; nothing is opened before the answer."""
    found = await desk.ask_approval(ME, case, said, approval_id=act)
    return answer(request, found, status=201)


@router.post(
    "/cases/{case}/approvals/sending",
    status_code=201,
    response_model=model_of(ApprovalAsked),
    summary="Ask a second person for sending what leaves only by two",
)
async def ask_sending_approval(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    said: Annotated[SendingAsked, Sent(), Body()],
) -> Response:
    """The key of the act becomes its id; nothing leaves before the answer.

    The offer then names it (``approval_id``) and says exactly the same.
    """
    sending = Sending(
        said.recipient,
        said.offer,
        said.categories,
        said.attachment_ids,
        best_interests=said.best_interests,
    )
    found = await desk.ask_approval(ME, case, sending, approval_id=act)
    return answer(request, found, status=201)


@router.post(
    "/cases/{case}/approvals/arrival",
    status_code=201,
    response_model=model_of(ApprovalAsked),
    summary="Ask a second person to sign that somebody arrived",
)
async def ask_arrival_approval(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    said: Annotated[ArrivalAsked, Sent(), Body()],
) -> Response:
    """The key of the act becomes its id; the arrival then names it."""
    found = await desk.ask_approval(ME, case, said, approval_id=act)
    return answer(request, found, status=201)


@router.post(
    "/cases/{case}/overrides/{approval_id}",
    response_model=model_of(OverrideRecorded),
    summary="Open one category without consent, as approved",
)
async def record_override(
    request: Request,
    desk: OnCase,
    case: Word,
    approval_id: Identifier,
    said: Annotated[OverrideAsked, Sent(), Body()],
) -> Response:
    """Exactly what the second person read, and once."""
    found = await desk.record_override(ME, case, said, approval_id)
    return answer(request, OverrideRecorded(found))


@router.post(
    "/cases/{case}/overrides/{override_id}/review",
    response_model=model_of(Kept),
    summary="Record what the review of an override finds",
)
async def review_override(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    override_id: Identifier,
    said: Annotated[OverrideReviewed, Sent(), Body()],
) -> Response:
    """By another than asked for it, and once; what is taken back is recalled."""
    found = await desk.review_override(
        ME, case, override_id, str(said.review), event_id=act
    )
    return answer(request, Kept(found))
