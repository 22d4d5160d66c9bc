"""S14: what the auditor sees: how far the ledger is, and who looked at what.

Numbers, codes and times only: an auditor opens no case. Whoever wants to verify a
whole ledger exports it and does so offline (``relais audit verify``).
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from services.node.domain.errors import NotPermittedError
from services.node.domain.people import MAY, Act, Role

router = APIRouter(prefix="/audit")

_LOOKS = 50


@router.get("")
async def audit(
    officer: SignedIn, staff: str = "", refused: str = "", before: int = 0
) -> Response:
    """The looks at this member, the newest first; by officer, or only the refused."""
    if Act.AUDIT not in MAY[Role(officer.session.role)]:
        raise NotPermittedError(
            "console.not_for_role",
            "This page is for the auditor of the member.",
            remedy="Go back to the start.",
        )
    looks = await officer.forms.review_access(
        officer.name,
        staff,
        refused=refused == "yes",
        limit=_LOOKS,
        before=max(before, 0),
    )
    return page(
        officer.visitor,
        "audit.html",
        here="/audit",
        node=await officer.desk.get_status(),
        looks=looks,
        staff=staff,
        refused=refused == "yes",
        older=looks[-1].number if len(looks) == _LOOKS else 0,
    )
