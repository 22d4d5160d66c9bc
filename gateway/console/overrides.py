"""S7, consent: what was opened without it in an emergency, and its review.

The clock of the review stands in *Today*; whoever did not ask for it reads here why
it was asked and says what she finds. A review is final, and what was taken back is
recalled by the node itself.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.today import member_names
from gateway.forms.event import event_of
from gateway.forms.fields import (
    Field,
    FormError,
    Typed,
    Widget,
    read_fields,
    shown,
    text_of,
)
from gateway.web.navigation import may_of
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import NotFoundError, NotLawfulError, RelaisError
from services.node.domain.identifiers import new_id
from services.node.domain.override import Verdict
from services.node.domain.people import Act
from services.node.rpc.consent_values import OverrideRead

router = APIRouter(prefix="/cases")

REVIEW_FIELDS = (Field("verdict", Widget.CHOICE, tuple(Verdict), "verdict"),)
"""What a review finds."""


@router.get("/{code}/overrides/{number}")
async def show(officer: SignedIn, code: str, number: str) -> Response:
    """What was opened, why, by whom, and what its review says or asks."""
    return await _show(officer, code, await _held(officer, code, number))


@router.post("/{code}/overrides/{number}")
async def review(officer: SignedIn, form: Sent, code: str, number: str) -> Response:
    """Records what she finds of it; the node refuses who asked for it herself."""
    held = await _held(officer, code, number)
    try:
        said = read_fields(REVIEW_FIELDS, form)
        await officer.desk.review_override(
            officer.name,
            code,
            held.override_id,
            str(said["verdict"]),
            event_id=event_of(form),
        )
    except (FormError, NotLawfulError) as error:
        return await _show(officer, code, held, form=form, error=error)
    return see_other(f"/cases/{code}/answers?done=review")


async def _show(
    officer: Officer,
    code: str,
    held: OverrideRead,
    *,
    form: Typed | None = None,
    error: FormError | RelaisError | None = None,
) -> Response:
    problems = error.problems if isinstance(error, FormError) else ()
    return page(
        officer.visitor,
        "override_review.html",
        status=200 if error is None else 400,
        here="/cases",
        code=code,
        override=held,
        now=(await officer.desk.get_status()).case_now,
        may_review=Act.OVERRIDE_APPROVAL in may_of(officer.session)
        and officer.name != held.first_officer,
        fields=REVIEW_FIELDS,
        typed={} if form is None else shown(form, REVIEW_FIELDS),
        problems={each.field: each.code for each in problems},
        refusal=error if isinstance(error, RelaisError) else None,
        names=await member_names(officer),
        event=new_id().hex() if form is None else text_of(form, "event"),
    )


async def _held(officer: Officer, code: str, number: str) -> OverrideRead:
    """The override that is named; raises NotFoundError for anything else."""
    found = await officer.desk.list_consents(officer.name, code)
    for each in found.overrides:
        if each.override_id.hex() == number:
            return each
    raise NotFoundError("console.no_page", "There is no such page here.")
