"""S2: a supervisor marks rows of the work of the day and assigns them to an officer.

All of it or nothing: where one may not be, the list comes back with what was marked,
and says which and why.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import shown_of, worklist_page
from gateway.forms.event import event_of
from gateway.forms.fields import text_of
from gateway.web.pages import see_other
from gateway.web.visitors import Sent, SignedIn
from services.node.domain.access import REASON_NEEDED, LookReason
from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)

router = APIRouter(prefix="/today")

_REFERRAL = "referral:"
_TAKE_BACK = "back"


@router.get("/assign")
async def listed(officer: SignedIn) -> Response:
    """The list again: whoever was refused stands at this address and reads it anew."""
    del officer
    return see_other("/")


@router.post("/assign")
async def assign(officer: SignedIn, form: Sent) -> Response:
    """Assigns what is marked to the officer who is chosen, or takes it back."""
    marked = tuple(str(each) for each in form.getlist("work"))
    back = text_of(form, "do") == _TAKE_BACK
    assignee = "" if back else text_of(form, "assignee")
    why = text_of(form, "reason")
    if why in set(LookReason):
        officer = replace(officer, reason=why)
    shown = shown_of(
        text_of(form, "group"), text_of(form, "whose"), text_of(form, "start")
    )
    if not marked or not (back or assignee):
        problem = "work" if not marked else "assignee"
        return await worklist_page(
            officer, shown, marked=marked, assignee=assignee, problem=problem
        )
    try:
        count = await officer.desk.assign_work(
            officer.name,
            assignee,
            cases=[each for each in marked if not each.startswith(_REFERRAL)],
            referrals=[
                _id_of(each.removeprefix(_REFERRAL))
                for each in marked
                if each.startswith(_REFERRAL)
            ],
            event_id=event_of(form),
        )
    except (InvalidInputError, NotFoundError, NotPermittedError) as refusal:
        needs_why = refusal.code == REASON_NEEDED
        if not (needs_why or refusal.code.startswith("assignment.")):
            raise
        return await worklist_page(
            officer,
            shown,
            marked=marked,
            assignee=assignee,
            refusal=refusal,
            reasons=tuple(LookReason) if needs_why else (),
        )
    where = {"group": shown.group, "whose": shown.whose, "start": shown.start}
    done = {"done": "back" if back else "assigned", "count": count}
    return see_other(f"/?{urlencode(where | done)}")


def _id_of(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise NotFoundError("console.no_page", "There is no such page here.") from None
