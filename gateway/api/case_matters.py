"""Needs and services, people and safety of a case: each in one look."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.api.answers import answer
from gateway.api.callers import ME, Calling
from gateway.api.shapes import Word, model_of
from services.node.rpc.matter_values import SafetyRead, ServicesRead

router = APIRouter(prefix="/cases/{case}", tags=["cases"])


@router.get(
    "/services",
    response_model=model_of(ServicesRead),
    summary="Needs, and which service was asked of whom",
)
async def read_services(request: Request, caller: Calling, case: Word) -> Response:
    """What the parts say of needs, every referral as a service, and the plan.

    The plan has no goals where there is none, or where the caller's role does not
    accompany people. The look is kept, with its reason.
    """
    return answer(request, await caller.desk.read_services(ME, case))


@router.get(
    "/safety",
    response_model=model_of(SafetyRead),
    summary="Who stands around the person, and what keeps them safe",
)
async def read_safety(request: Request, caller: Calling, case: Word) -> Response:
    """Contacts, guardian, interpreter, escort, minors, risks and what to avoid.

    The look is kept, with its reason.
    """
    return answer(request, await caller.desk.read_safety(ME, case))
