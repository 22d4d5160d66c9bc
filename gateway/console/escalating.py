"""S10: a partner is silent, and an officer tells the national desk, with a reason.

The page says before what that desk is told: codes, and nothing about the person.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.referral import referral_of
from gateway.console.today import names_of
from gateway.forms.event import event_of
from gateway.forms.fields import Field, FormError, Widget, read_fields, shown, text_of
from gateway.web.pages import page, see_other
from gateway.web.refusals import status_of
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import NotFoundError, NotPermittedError, RelaisError
from services.node.domain.escalating import EscalationReason
from services.node.domain.identifiers import new_id

router = APIRouter(prefix="/referrals")

FIELDS = (Field("reason", Widget.CHOICE, tuple(EscalationReason), "escalation_reason"),)


@router.get("/{number}/escalate")
async def ask(officer: SignedIn, number: str) -> Response:
    """Asks why, and says whom it goes to and what is told there."""
    return await _ask(officer, number)


@router.post("/{number}/escalate")
async def escalate(officer: SignedIn, form: Sent, number: str) -> Response:
    """Tells it, and shows what was told: the escalation is a referral like any."""
    try:
        said = read_fields(FIELDS, form)
    except FormError as error:
        return await _ask(officer, number, form=form, error=error)
    try:
        told = await officer.desk.escalate(
            officer.name,
            referral_of(number),
            str(said["reason"]),
            event_id=event_of(form),
        )
    except (NotPermittedError, NotFoundError):
        raise
    except RelaisError as refusal:
        return await _ask(officer, number, form=form, refusal=refusal)
    return see_other(f"/referrals/{told.referral_id.hex()}?done=offer")


async def _ask(
    officer: Officer,
    number: str,
    *,
    form: Sent | None = None,
    error: FormError | None = None,
    refusal: RelaisError | None = None,
) -> Response:
    conversation = await officer.desk.get_referral(officer.name, referral_of(number))
    if refusal is None and not conversation.escalates_to:
        return see_other(f"/referrals/{number}")
    cards = await officer.desk.list_members(officer.name)
    return page(
        officer.visitor,
        "escalate.html",
        status=_status(error, refusal),
        here="",
        conversation=conversation,
        referral=conversation.referral,
        fields=FIELDS,
        typed={} if form is None else shown(form, FIELDS),
        problems={} if error is None else {p.field: p.code for p in error.problems},
        refusal=refusal,
        names=names_of(officer, cards),
        desk=next((c for c in cards if c.name == conversation.escalates_to), None),
        event=("" if form is None else text_of(form, "event")) or new_id().hex(),
    )


def _status(error: FormError | None, refusal: RelaisError | None) -> int:
    if refusal is not None:
        return status_of(refusal)
    return 200 if error is None else 400
