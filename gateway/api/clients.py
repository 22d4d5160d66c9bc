"""Programs that act as officers here: their keys, for the administrator."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
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
from gateway.api.callers import ME, Calling
from gateway.api.shapes import Identifier, Sent, model_of
from services.node.rpc.api_client_values import ClientAsked, ClientInvited, ClientRead

router = APIRouter(prefix="/clients", tags=["programs"])


@router.get("", response_model=page_of(ClientRead), summary="The programs")
async def list_clients(
    request: Request, caller: Calling, limit: Limit = USUAL, cursor: Cursor = ""
) -> Response:
    """Those that ended too; the newest first."""
    start = read_cursor(cursor)
    found = await caller.clients.list_clients(ME, limit, offset=start)
    return answer(request, offset_page(found, start, limit))


@router.post(
    "",
    status_code=201,
    response_model=model_of(ClientInvited),
    summary="Let a program in",
)
async def invite_client(
    request: Request, caller: Calling, said: Annotated[ClientAsked, Sent(), Body()]
) -> Response:
    """Its key is told once, and opens nothing until a second person confirmed it.

    Asks for a recent proof, and never for another program.
    """
    return answer(request, await caller.clients.invite_client(ME, said), status=201)


@router.delete("/{client_id}", status_code=204, summary="Take a key back")
async def revoke_client(caller: Calling, client_id: Identifier) -> Response:
    """It opens nothing from now on."""
    await caller.clients.revoke_client(ME, client_id)
    return Response(status_code=204)
