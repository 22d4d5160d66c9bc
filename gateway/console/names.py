"""S2: names on one page of the list, for a reason that every case keeps.

A list tells codes. Whoever needs names asks for them with a reason, sees them on that
one page, and the next page is told in codes again.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import shown_of, worklist_page
from gateway.forms.fields import text_of
from gateway.web.pages import see_other
from gateway.web.visitors import Sent, SignedIn
from services.node.domain.access import NamesReason

router = APIRouter(prefix="/today")


@router.get("/names")
async def listed(officer: SignedIn) -> Response:
    """The list again, in codes: nothing at this address stays."""
    del officer
    return see_other("/")


@router.post("/names")
async def show(officer: SignedIn, form: Sent) -> Response:
    """The same page of the list with names, once somebody says why."""
    shown = shown_of(
        text_of(form, "group"), text_of(form, "whose"), text_of(form, "start")
    )
    reason = text_of(form, "names_reason")
    if reason not in set(NamesReason):
        return await worklist_page(officer, shown, unsaid=True)
    return await worklist_page(officer, shown, names_for=reason)
