"""Whether this member receives anybody new, as it tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Request
from starlette.responses import Response

from gateway.api.answers import answer
from gateway.api.callers import ME, Calling
from gateway.api.shapes import EPOCH, Sent, model_of
from services.node.domain.closed_to_new import ClosedToNew
from services.node.rpc.work_values import OwnWordRead

router = APIRouter(prefix="/closed-to-new", tags=["directory"])


@dataclass(frozen=True, slots=True)
class Closing:
    """Until when, at most 90 days ahead, why, and of which referrals; none for all."""

    until: datetime
    reason: str
    referral_types: tuple[str, ...] = ()


@router.get(
    "", response_model=model_of(OwnWordRead), summary="Whether we receive anybody new"
)
async def get_closed_to_new(request: Request, caller: Calling) -> Response:
    """What this member says to the others; ``closed`` is null while it receives."""
    return answer(request, await caller.desk.get_closed_to_new(ME))


@router.put("", status_code=204, summary="Say that we receive nobody new")
async def say_closed_to_new(
    caller: Calling, said: Annotated[Closing, Sent(), Body()]
) -> Response:
    """All members hear it, in place of what was said before; nothing is blocked."""
    closed = ClosedToNew(EPOCH, said.until, said.referral_types, said.reason)
    await caller.desk.say_closed_to_new(ME, closed)
    return Response(status_code=204)


@router.delete("", status_code=204, summary="Say that we receive again")
async def say_open_again(caller: Calling) -> Response:
    """All members hear it; it ends by itself, too, at the hour that was said."""
    await caller.desk.say_closed_to_new(ME, None)
    return Response(status_code=204)
