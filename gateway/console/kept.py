"""What was sent into a locked session, or refused: seen, and sent once more."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.interrupted import KIND, from_bytes
from gateway.web.pages import page, see_other
from gateway.web.visitors import Sent, SignedIn, local_path
from services.node.domain.errors import NotFoundError

router = APIRouter(prefix="/kept")


@router.get("/{number}")
async def show(officer: SignedIn, number: str) -> Response:
    """What was typed, and the button that sends it where it was meant for."""
    found = await officer.forms.get_form(officer.name, _id(number))
    if found.form.kind != KIND:
        raise _nothing()
    form = from_bytes(found.content)
    return page(
        officer.visitor,
        "kept.html",
        here="/",
        number=number,
        path=local_path(form.path),
        fields=form.fields,
    )


@router.post("/{number}/drop")
async def drop(officer: SignedIn, _form: Sent, number: str) -> Response:
    """Forgets it; nothing of it was done."""
    await officer.forms.drop_form(officer.name, _id(number))
    return see_other("/?group=drafts")


def _id(number: str) -> bytes:
    try:
        return bytes.fromhex(number)
    except ValueError:
        raise _nothing() from None


def _nothing() -> NotFoundError:
    return NotFoundError("console.no_page", "There is no such page here.")
