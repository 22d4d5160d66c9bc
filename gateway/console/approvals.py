"""What needs a second person: one asks, another reads and answers, the first acts.

Nobody answers for herself, and what is done is exactly what was read: the node
keeps both. Closing a case and an override without consent begin here, what leaves
only by two officers in the referral itself.
"""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.sending import file_names, form_of
from gateway.console.signing import record_arrival
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
from services.node.domain.access import REASON_NEEDED
from services.node.domain.approvals import (
    SECOND_MAY,
    ApprovalAnswer,
    ApprovalKind,
    ApprovalState,
)
from services.node.domain.both_sign import ArrivalAsked
from services.node.domain.case_details import CaseDetails
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.errors import NotFoundError, NotPermittedError
from services.node.domain.identifiers import new_id
from services.node.domain.override import OverrideAsked
from services.node.domain.second_person import Sending
from services.node.rpc.approval_values import ApprovalOpened

router = APIRouter()


def override_fields(members: tuple[str, ...]) -> tuple[Field, ...]:
    """What an override says: to whom, what, by which law, why, until which review."""
    return (
        Field("recipient", Widget.MEMBER, members, "member"),
        Field("purpose", Widget.CHOICE, tuple(Purpose), "purpose"),
        Field("category", Widget.CHOICE, tuple(Category), "category"),
        Field("law", Widget.TEXT),
        Field("why", Widget.LONG_TEXT),
        Field("review_hours", Widget.NUMBER),
    )


@router.get("/approvals")
async def approvals(officer: SignedIn) -> Response:
    """What waits for this officer, and what she asked for herself."""
    desk = officer.desk
    return page(
        officer.visitor,
        "approvals.html",
        here="/approvals",
        waiting=await desk.list_approvals(officer.name),
        asked=await desk.list_approvals(officer.name, asked_by_me=True),
    )


@router.get("/approvals/{number}")
async def show(officer: SignedIn, number: str) -> Response:
    """Exactly what is to be done, and who may do what about it now."""
    opened = await officer.desk.get_approval(officer.name, _number(number))
    approval = opened.approval
    mine = approval.asked_by == officer.name
    # A case is closed by whoever leads: nobody else is offered to answer.
    led = SECOND_MAY[ApprovalKind(approval.kind)] in may_of(officer.session)
    return page(
        officer.visitor,
        "approval.html",
        here="/approvals",
        approval=approval,
        act=opened.act,
        reason=opened.reason,
        names=await _names(officer, opened),
        leaving=opened.leaving,
        changed=opened.changed,
        may_answer=not mine and approval.state == ApprovalState.WAITING and led,
        may_use=mine
        and approval.state == ApprovalState.APPROVED
        and not opened.changed,
        event=new_id().hex(),
    )


@router.post("/approvals/{number}/answer")
async def answer(officer: SignedIn, form: Sent, number: str) -> Response:
    """The second person's yes, or her no with a reason."""
    said = text_of(form, "answer")
    await officer.desk.answer_approval(
        officer.name,
        _number(number),
        said if said in set(ApprovalAnswer) else "",
        text_of(form, "why"),
        event_id=event_of(form),
    )
    return see_other(f"/approvals/{number}")


@router.post("/approvals/{number}/use")
async def use(officer: SignedIn, form: Sent, number: str) -> Response:
    """Does what was approved: exactly that, and once."""
    opened = await officer.desk.get_approval(officer.name, _number(number))
    code, act = opened.approval.case_pseudonym, opened.act
    if isinstance(act, CaseDetails):
        await officer.desk.take_case_step(
            officer.name,
            code,
            CaseAct.CLOSE,
            act,
            event_id=event_of(form),
            approval_id=opened.approval.approval_id,
        )
    elif isinstance(act, Sending):
        return await _send(officer, opened, act, event_of(form))
    elif isinstance(act, ArrivalAsked):
        return await record_arrival(officer, opened, act, event_of(form))
    else:
        await officer.desk.record_override(
            officer.name, code, act, opened.approval.approval_id
        )
        return see_other(f"/cases/{code}/answers")
    return see_other(f"/cases/{code}")


async def _send(
    officer: Officer, opened: ApprovalOpened, act: Sending, event: bytes
) -> Response:
    """On to the form that waits for it; without one, exactly what was approved."""
    form_id = await form_of(officer, opened)
    if form_id is not None:
        return see_other(f"/refer/{form_id.hex()}/check")
    made = await officer.desk.send(
        officer.name,
        opened.approval.case_pseudonym,
        act,
        event_id=event,
        approval_id=opened.approval.approval_id,
    )
    return see_other(f"/referrals/{made.referral_id.hex()}?done=offer")


@router.get("/cases/{code}/override")
async def ask_override(officer: SignedIn, code: str) -> Response:
    """The form of an override without consent."""
    return await _override(officer, code)


@router.post("/cases/{code}/override")
async def request_override(officer: SignedIn, form: Sent, code: str) -> Response:
    """Asks a second person; nothing is opened before she said yes."""
    try:
        values = read_fields(override_fields(await _members(officer)), form)
    except FormError as error:
        return await _override(officer, code, form=form, error=error)
    now = (await officer.desk.get_status()).case_now
    hours = values["review_hours"]
    act = OverrideAsked(
        recipient=str(values["recipient"]),
        purpose=str(values["purpose"]),
        category=str(values["category"]),
        law=str(values["law"]),
        reason=str(values["why"]),
        review_by=now + timedelta(hours=hours if isinstance(hours, int) else 0),
    )
    asked = await officer.desk.ask_approval(
        officer.name, code, act, approval_id=event_of(form)
    )
    return see_other(f"/approvals/{asked.approval_id.hex()}")


async def ask_closure(
    officer: Officer, code: str, details: CaseDetails, event: bytes
) -> Response:
    """Asks a second person for closing a case as the form says."""
    asked = await officer.desk.ask_approval(
        officer.name, code, details, approval_id=event
    )
    return see_other(f"/approvals/{asked.approval_id.hex()}")


async def _override(
    officer: Officer,
    code: str,
    *,
    form: Typed | None = None,
    error: FormError | None = None,
) -> Response:
    fields = override_fields(await _members(officer))
    return page(
        officer.visitor,
        "override.html",
        status=200 if error is None else 400,
        here="/cases",
        code=code,
        kind=ApprovalKind.OVERRIDE,
        fields=fields,
        typed={} if form is None else shown(form, fields),
        problems={} if error is None else {p.field: p.code for p in error.problems},
        names=await member_names(officer),
        event=new_id().hex() if form is None else text_of(form, "event"),
    )


async def _members(officer: Officer) -> tuple[str, ...]:
    cards = await officer.desk.list_members(officer.name)
    return tuple(card.name for card in cards if card.active)


async def _names(officer: Officer, opened: ApprovalOpened) -> dict[str, str]:
    """What members are called, and the files of what is to be sent."""
    names = await member_names(officer)
    if not isinstance(opened.act, Sending) or not opened.act.attachment_ids:
        return names
    try:
        return names | await file_names(officer, opened.approval.case_pseudonym)
    except NotPermittedError as refusal:
        # Whoever leads another unit opens the case file first, and says why.
        if refusal.code != REASON_NEEDED:
            raise
        return names


def _number(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise NotFoundError("console.no_page", "There is no such page here.") from None
