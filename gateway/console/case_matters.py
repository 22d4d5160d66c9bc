"""S7: needs & services, and people & safety: two pages of a case's file.

Each asks the node once; the look is kept in the access log like any other.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import member_names
from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from services.node.domain.constraints import Constraint

router = APIRouter(prefix="/cases")


@router.get("/{code}/services")
async def services(officer: SignedIn, code: str) -> Response:
    """What is needed, who was asked for what, and how far that is."""
    found = await officer.desk.read_services(officer.name, code)
    return page(
        officer.visitor,
        "services.html",
        here="/cases",
        code=code,
        found=found,
        names=await member_names(officer),
    )


@router.get("/{code}/safety")
async def safety(officer: SignedIn, code: str) -> Response:
    """Who stands around the person, and what keeps them safe."""
    found = await officer.desk.read_safety(officer.name, code)
    return page(
        officer.visitor,
        "safety.html",
        here="/cases",
        code=code,
        found=found,
        constraints=frozenset(Constraint),
        names=await member_names(officer),
    )
