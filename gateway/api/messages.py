"""Messages of a case: what was asked and answered, and notes that stay inside."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
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
from gateway.api.cases import Kept
from gateway.api.deciding import OnCase
from gateway.api.shapes import Sent, Word, model_of
from services.node.domain.notes import Note
from services.node.rpc.case_values import NoteRead
from services.node.rpc.message_values import TalkRead

router = APIRouter(prefix="/cases/{case}", tags=["messages"])


@router.get(
    "/messages",
    response_model=page_of(TalkRead),
    summary="What was asked and answered in a case",
)
async def read_messages(
    request: Request,
    caller: Calling,
    case: Word,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """Referral by referral, the oldest first, those without a message too."""
    start = read_cursor(cursor)
    found = await caller.desk.read_messages(ME, case)
    return answer(request, part_page(found, start, limit))


@router.get(
    "/notes", response_model=page_of(NoteRead), summary="The internal notes of a case"
)
async def read_notes(
    request: Request,
    caller: Calling,
    case: Word,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """The newest first; the look is kept, with its reason."""
    start = read_cursor(cursor)
    found = await caller.desk.read_notes(ME, case)
    return answer(request, part_page(found, start, limit))


@router.post("/notes", response_model=model_of(Kept), summary="Write an internal note")
async def keep_note(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    said: Annotated[Note, Sent(), Body()],
) -> Response:
    """It is sealed at this member, and goes to no other."""
    return answer(request, Kept(await desk.keep_note(ME, case, said, event_id=act)))
