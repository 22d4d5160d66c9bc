"""S2: an officer keeps a view of the list under a name, and deletes it again."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import Shown, shown_of, worklist_page
from gateway.forms.event import event_of
from gateway.forms.fields import text_of
from gateway.web.pages import see_other
from gateway.web.visitors import Sent, SignedIn
from services.node.domain.errors import InvalidInputError, NotFoundError, NotLawfulError
from services.node.rpc.work_values import SavedViewRead

router = APIRouter(prefix="/today")


@router.get("/views")
async def listed(officer: SignedIn) -> Response:
    """The list again: views stand on it."""
    del officer
    return see_other("/")


@router.post("/views")
async def keep(officer: SignedIn, form: Sent) -> Response:
    """Keeps the view that is shown; a problem shows the list again."""
    shown, name = shown_of(form), text_of(form, "view_name")
    view = SavedViewRead(event_of(form), name, shown.group, shown.whose, shown.peer)
    try:
        await officer.desk.keep_view(officer.name, view)
    except InvalidInputError as refusal:
        if refusal.where == "name":
            return await worklist_page(officer, shown, unnamed=True, view_name=name)
        return await worklist_page(officer, shown, refusal=refusal, view_name=name)
    except NotLawfulError as refusal:
        return await worklist_page(officer, shown, refusal=refusal, view_name=name)
    return see_other(_address(shown))


@router.post("/views/{number}/drop")
async def drop(officer: SignedIn, form: Sent, number: str) -> Response:
    """Deletes a view; the list that is shown stays."""
    try:
        view_id = bytes.fromhex(number)
    except ValueError:
        raise NotFoundError("console.no_page", "There is no such page here.") from None
    await officer.desk.drop_view(officer.name, view_id)
    return see_other(_address(shown_of(form)))


def _address(shown: Shown) -> str:
    said = {"group": shown.group, "whose": shown.whose, "peer": shown.peer}
    return f"/?{urlencode({name: value for name, value in said.items() if value})}"
