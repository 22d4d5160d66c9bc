"""S5: whoever decides on what others ask says that nobody new is received, or is again.

Nothing is forbidden by it: the others are told, and may ask all the same. What was
typed and cannot be said comes back with what is wrong beside it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from gateway.forms.closing import closing_fields, read_closing, said_before
from gateway.forms.event import event_of
from gateway.forms.fields import FormError, Typed, shown, text_of
from gateway.web.pages import page, see_other
from gateway.web.refusals import status_of
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import InvalidInputError
from services.node.domain.identifiers import new_id

router = APIRouter(prefix="/directory/closed")


@router.get("")
async def ask(officer: SignedIn) -> Response:
    """What this member says now, and the form."""
    return await _ask(officer)


@router.post("")
async def close(officer: SignedIn, form: Sent) -> Response:
    """Says it to all members, in place of what was said before."""
    known = await officer.desk.get_closed_to_new(officer.name)
    try:
        said = read_closing(form, known.may_be_asked, datetime.now(UTC))
    except FormError as error:
        return await _ask(officer, form=form, error=error)
    try:
        await officer.desk.say_closed_to_new(
            officer.name, said, event_id=event_of(form)
        )
    except InvalidInputError as refusal:
        return await _ask(officer, form=form, refusal=refusal)
    return see_other("/directory")


@router.post("/end")
async def end(officer: SignedIn, form: Sent) -> Response:
    """Says to all members that somebody new is received again."""
    await officer.desk.say_closed_to_new(officer.name, None, event_id=event_of(form))
    return see_other("/directory")


async def _ask(
    officer: Officer,
    *,
    form: Typed | None = None,
    error: FormError | None = None,
    refusal: InvalidInputError | None = None,
) -> Response:
    known = await officer.desk.get_closed_to_new(officer.name)
    fields = closing_fields(known.may_be_asked)
    status = 200 if error is None else 400
    return page(
        officer.visitor,
        "closing.html",
        status=status if refusal is None else status_of(refusal),
        here="/directory",
        known=known,
        fields=fields,
        typed=said_before(known.closed) if form is None else shown(form, fields),
        problems={} if error is None else {p.field: p.code for p in error.problems},
        refusal=refusal,
        event=("" if form is None else text_of(form, "event")) or new_id().hex(),
        ending=new_id().hex(),
    )
