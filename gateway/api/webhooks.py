"""Where the member's programs are told what happens, for the administrator."""

from __future__ import annotations

from dataclasses import dataclass
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
from services.node.rpc.webhooks import (
    EndpointRead,
    EndpointRegistered,
    EndpointWanted,
    SecretRotated,
)

router = APIRouter(prefix="/webhooks", tags=["programs"])


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether events are brought there; what waits is dropped when they are not."""

    enabled: bool


@router.get("", response_model=page_of(EndpointRead), summary="The endpoints")
async def list_webhooks(
    request: Request, caller: Calling, limit: Limit = USUAL, cursor: Cursor = ""
) -> Response:
    """Those that are disabled too, with why; the newest first."""
    start = read_cursor(cursor)
    found = await caller.webhooks.list_endpoints(ME, limit, offset=start)
    return answer(request, offset_page(found, start, limit))


@router.post(
    "",
    status_code=201,
    response_model=model_of(EndpointRegistered),
    summary="Tell a program what happens",
)
async def register_webhook(
    request: Request, caller: Calling, said: Annotated[EndpointWanted, Sent(), Body()]
) -> Response:
    """Its secret is told once; asks for a recent proof, and never for a program."""
    found = await caller.webhooks.register_endpoint(ME, said)
    return answer(request, found, status=201)


@router.post(
    "/{endpoint_id}/secret",
    status_code=201,
    response_model=model_of(SecretRotated),
    summary="Make another secret",
)
async def rotate_webhook(
    request: Request, caller: Calling, endpoint_id: Identifier
) -> Response:
    """Told once; for a day both sign. Asks for a recent proof."""
    found = await caller.webhooks.rotate_secret(ME, endpoint_id)
    return answer(request, found, status=201)


@router.post("/{endpoint_id}/test", status_code=204, summary="Send a test event")
async def test_webhook(caller: Calling, endpoint_id: Identifier) -> Response:
    """It says nothing but that it is a test, and is brought at once."""
    await caller.webhooks.send_test(ME, endpoint_id)
    return Response(status_code=204)


@router.put("/{endpoint_id}", status_code=204, summary="Enable or disable an endpoint")
async def switch_webhook(
    caller: Calling, endpoint_id: Identifier, said: Annotated[Switch, Sent(), Body()]
) -> Response:
    """Disabled by the node itself after three days without one success."""
    await caller.webhooks.switch_endpoint(ME, endpoint_id, enabled=said.enabled)
    return Response(status_code=204)
