"""What an officer typed and did not send yet, kept at the node."""

from __future__ import annotations

from dataclasses import dataclass, field
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
from gateway.api.callers import ME, Calling
from gateway.api.shapes import Identifier, Sent, model_of
from services.node.rpc.sign_in_values import FormLine, FormRead

router = APIRouter(prefix="/forms", tags=["forms"])


@dataclass(frozen=True, slots=True)
class FormSaid:
    """What was typed; ``version`` is the one that was changed, 0 replaces any."""

    kind: str
    content: bytes = field(repr=False)
    case_pseudonym: str = ""
    version: int = 0


@router.get("", response_model=page_of(FormLine), summary="My forms")
async def list_forms(
    request: Request, caller: Calling, limit: Limit = USUAL, cursor: Cursor = ""
) -> Response:
    """The one kept last first."""
    start = read_cursor(cursor)
    found = await caller.desk.list_forms(ME)
    return answer(request, part_page(found, start, limit))


@router.post(
    "", status_code=201, response_model=model_of(FormLine), summary="Begin a form"
)
async def begin_form(
    request: Request, caller: Calling, said: Annotated[FormSaid, Sent(), Body()]
) -> Response:
    """Sealed at the node, and for its officer only."""
    kept = await caller.desk.keep_form(
        ME, said.kind, said.content, case=said.case_pseudonym
    )
    return answer(request, kept, status=201)


@router.get("/{form_id}", response_model=model_of(FormRead), summary="One of my forms")
async def get_form(request: Request, caller: Calling, form_id: Identifier) -> Response:
    """With what was typed."""
    return answer(request, await caller.desk.get_form(ME, form_id))


@router.put("/{form_id}", response_model=model_of(FormLine), summary="Keep a form")
async def keep_form(
    request: Request,
    caller: Calling,
    form_id: Identifier,
    said: Annotated[FormSaid, Sent(), Body()],
) -> Response:
    """In place of what was typed before."""
    kept = await caller.desk.keep_form(
        ME,
        said.kind,
        said.content,
        form_id=form_id,
        case=said.case_pseudonym,
        version=said.version,
    )
    return answer(request, kept)


@router.delete("/{form_id}", status_code=204, summary="Drop a form")
async def drop_form(caller: Calling, form_id: Identifier) -> Response:
    """Again changes nothing."""
    await caller.desk.drop_form(ME, form_id)
    return Response(status_code=204)
