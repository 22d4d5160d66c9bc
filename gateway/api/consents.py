"""What the person answered: record, list, withdraw, and what became of a no."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from starlette.responses import Response

from gateway.api.answers import (
    USUAL,
    Cursor,
    Limit,
    answer,
    page_of,
    part_page,
    read_cursor,
)
from gateway.api.callers import ME, ActId, Calling
from gateway.api.deciding import OnCase
from gateway.api.problems import words_of
from gateway.api.shapes import Identifier, Sent, Word, model_of
from gateway.words.receipts import said_to_the_person
from services.node.domain.categories import Category
from services.node.domain.records import ConsentCopy
from services.node.rpc.consent_values import AnswersRead
from services.node.rpc.desk_receipts import (
    AnswerRecorded,
    ReceiptRead,
    WithdrawalAsked,
    WithdrawalForeseen,
)

router = APIRouter(prefix="/cases/{case}", tags=["consents"])


@dataclass(frozen=True, slots=True)
class WithdrawalRecorded:
    """The id of a withdrawal."""

    consent_id: bytes


@router.get(
    "/consents", response_model=model_of(AnswersRead), summary="The person's answers"
)
async def list_consents(request: Request, caller: Calling, case: Word) -> Response:
    """By purpose and recipient, refusals too, and what the family may be told."""
    return answer(request, await caller.desk.list_consents(ME, case))


@router.post(
    "/consents", response_model=model_of(AnswerRecorded), summary="Record an answer"
)
async def record_consent(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    said: Annotated[ConsentCopy, Sent("consent_id"), Body()],
) -> Response:
    """A refusal too. The key of the act is its id; null instants are filled in."""
    consent = replace(said, consent_id=act)
    return answer(request, await desk.record_answer(ME, case, consent))


@router.post(
    "/consents/{consent_id}/withdrawal",
    response_model=model_of(WithdrawalRecorded),
    summary="Withdraw an answer",
)
async def withdraw_consent(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    consent_id: Identifier,
    said: Annotated[WithdrawalAsked, Sent("consent_id"), Body()],
) -> Response:
    """At once; no categories are all of them. What rested on it is recalled."""
    asked = replace(said, consent_id=consent_id)
    found = await desk.withdraw_consent(ME, case, asked, event_id=act)
    return answer(request, WithdrawalRecorded(found))


@router.get(
    "/consents/{consent_id}/withdrawal",
    response_model=model_of(WithdrawalForeseen),
    summary="What withdrawing an answer would do",
)
async def check_withdrawal(
    request: Request,
    caller: Calling,
    case: Word,
    consent_id: Identifier,
    category: Annotated[list[Category] | None, Query()] = None,
) -> Response:
    """Who would be told, and what would close there; nothing is recorded."""
    found = await caller.desk.check_withdrawal(ME, case, consent_id, category or ())
    return answer(request, found)


@router.get(
    "/receipts",
    response_model=page_of(ReceiptRead),
    summary="What became of every no",
)
async def read_receipts(
    request: Request,
    caller: Calling,
    case: Word,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """Who had to be told, and what each deleted or kept.

    ``sentences`` are for the person, in the language that is asked for.
    """
    start, words = read_cursor(cursor), words_of(request)
    found = tuple(
        replace(each, sentences=said_to_the_person(words, each, {}))
        for each in await caller.desk.read_receipts(ME, case)
    )
    response = answer(request, part_page(found, start, limit))
    response.headers["Content-Language"] = words.lang
    response.headers["Vary"] = "Accept-Language"
    return response
