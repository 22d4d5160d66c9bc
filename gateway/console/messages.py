"""S7, messages: internal notes, and what was asked and answered with others.

The two stand apart by label, colour and what is said before one writes: a note is
read inside this organisation alone, a message by the member that it goes to.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import member_names
from gateway.forms.event import event_of
from gateway.forms.fields import FormError, Typed, shown, text_of
from gateway.forms.languages import LANGUAGES
from gateway.forms.notes import NOTE_FIELDS, read_note
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import InvalidInputError
from services.node.domain.identifiers import new_id

router = APIRouter(prefix="/cases")


@router.get("/{code}/messages")
async def messages(officer: SignedIn, code: str, done: str = "") -> Response:
    """The notes, then member by member, the newest referral first."""
    talks = await officer.desk.read_messages(officer.name, code)
    return page(
        officer.visitor,
        "messages.html",
        here="/cases",
        code=code,
        notes=await officer.desk.read_notes(officer.name, code),
        talks=tuple(reversed(talks)),
        names=await member_names(officer),
        done=done == "note",
    )


@router.get("/{code}/notes/new")
async def ask_note(officer: SignedIn, code: str) -> Response:
    """The form of an internal note."""
    return _ask(officer, code)


@router.post("/{code}/notes/new")
async def keep_note(officer: SignedIn, form: Sent, code: str) -> Response:
    """Keeps it here; it goes to nobody."""
    try:
        note = read_note(form)
        await officer.desk.keep_note(officer.name, code, note, event_id=event_of(form))
    except (FormError, InvalidInputError) as error:
        return _ask(officer, code, form=form, error=error)
    return see_other(f"/cases/{code}/messages?done=note")


def _ask(
    officer: Officer,
    code: str,
    *,
    form: Typed | None = None,
    error: FormError | InvalidInputError | None = None,
) -> Response:
    own = officer.visitor.words.lang[:2]
    begun = {"note_language": own if own in LANGUAGES else ""}
    event = "" if form is None else text_of(form, "event")
    problems = error.problems if isinstance(error, FormError) else ()
    return page(
        officer.visitor,
        "note.html",
        status=200 if error is None else 400,
        here="/cases",
        code=code,
        fields=NOTE_FIELDS,
        typed=begun if form is None else shown(form, NOTE_FIELDS),
        problems={each.field: each.code for each in problems},
        refusal=error if isinstance(error, InvalidInputError) else None,
        event=event or new_id().hex(),
    )
