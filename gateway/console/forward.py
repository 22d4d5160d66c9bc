"""S6: what this member cannot do goes on to somebody who can, in one form.

Whoever received it says why, and whom it would ask instead: nothing of what it
knows goes to that member from here. Whoever gave it asks on: the need is taken
over, and the person is asked again, because a yes to one is no yes to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.asking import whom_to_ask, whom_to_name
from gateway.console.referral import referral_of
from gateway.console.today import names_of
from gateway.forms import referral as draft_forms
from gateway.forms.event import event_of
from gateway.forms.fields import (
    Field,
    FieldProblem,
    FormError,
    Typed,
    Widget,
    shown,
    text_of,
)
from gateway.forms.forward import (
    alternatives,
    away_fields,
    may_go_away,
    may_go_on,
    onward_draft,
    read_away,
    suggested,
)
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.bodies import Offer
from services.node.domain.handoff import Step
from services.node.domain.identifiers import new_id
from services.node.domain.steps import Side
from services.node.rpc.desk_values import ConversationRead
from services.node.rpc.work_values import MemberCardRead

router = APIRouter(prefix="/referrals")


@router.get("/{number}/forward")
async def ask(officer: SignedIn, number: str) -> Response:
    """Why it is not for this member, or whom this member asks instead."""
    conversation = await officer.desk.get_referral(officer.name, referral_of(number))
    if may_go_away(conversation.referral):
        return await _ask_away(officer, conversation)
    if may_go_on(conversation.referral):
        return await _ask_onward(officer, conversation)
    return see_other(f"/referrals/{number}")


@router.post("/{number}/forward")
async def take(officer: SignedIn, form: Sent, number: str) -> Response:
    """Says no and names another, or begins the referral to another."""
    conversation = await officer.desk.get_referral(officer.name, referral_of(number))
    if text_of(form, "onward") == "yes" and may_go_on(conversation.referral):
        return await _go_on(officer, conversation, form)
    try:
        body = read_away(
            form, may_go_away(conversation.referral), await _members(officer)
        )
    except FormError as error:
        return await _ask_away(officer, conversation, form=form, error=error)
    step = text_of(form, "away")
    await officer.desk.take_step(
        officer.name, referral_of(number), body, event_id=event_of(form)
    )
    return see_other(f"/referrals/{number}?done={step}")


async def _ask_away(
    officer: Officer,
    conversation: ConversationRead,
    *,
    form: Typed | None = None,
    error: FormError | None = None,
) -> Response:
    referral = conversation.referral
    cards = await officer.desk.list_members(officer.name, details=True)
    others = alternatives(cards, referral.referral_type, referral.peer)
    fields = away_fields(may_go_away(conversation.referral), others)
    return page(
        officer.visitor,
        "forward.html",
        status=200 if error is None else 400,
        here="",
        referral=referral,
        fields=fields,
        typed={} if form is None else shown(form, fields),
        problems=_problems(error),
        names=names_of(officer, cards),
        event=("" if form is None else text_of(form, "event")) or new_id().hex(),
        **whom_to_name(
            _offer_of(conversation), (each for each in cards if each.name in others)
        ),
    )


async def _ask_onward(
    officer: Officer,
    conversation: ConversationRead,
    *,
    form: Typed | None = None,
    error: FormError | None = None,
) -> Response:
    referral, hint = conversation.referral, suggested(conversation)
    cards = await officer.desk.list_members(officer.name, details=True)
    able, asked = await _able(officer, conversation, cards)
    field = Field("recipient", Widget.MEMBER, tuple(able), "member")
    named = hint.alternative if hint.alternative in able else ""
    draft = onward_draft(referral, _offer_of(conversation), "", "")
    choice = await whom_to_ask(
        officer.about(draft.case), draft, (each for each in cards if each.active)
    )
    # Whoever was asked for it before comes last.
    choice["cards"] = sorted(choice["cards"], key=lambda card: card.name in asked)
    return page(
        officer.visitor,
        "onward.html",
        status=200 if error is None else 400,
        here="",
        referral=referral,
        hint=hint,
        named=named,
        asked=sorted(asked),
        typed={"recipient": named} if form is None else shown(form, (field,)),
        problems=_problems(error),
        names=names_of(officer, cards),
        **choice,
    )


async def _go_on(
    officer: Officer, conversation: ConversationRead, form: Typed
) -> Response:
    cards = await officer.desk.list_members(officer.name)
    able, _ = await _able(officer, conversation, cards)
    recipient = text_of(form, "recipient")
    if recipient not in able:
        error = FormError([FieldProblem("recipient", "missing")])
        return await _ask_onward(officer, conversation, form=form, error=error)
    draft = onward_draft(
        conversation.referral, _offer_of(conversation), recipient, new_id().hex()
    )
    kept = await officer.forms.keep_form(
        officer.name,
        draft_forms.KIND,
        draft_forms.to_bytes(draft),
        case=draft.case,
    )
    return see_other(f"/refer/{kept.form_id.hex()}/{draft.complete_until()}")


async def _able(
    officer: Officer, conversation: ConversationRead, cards: Iterable[MemberCardRead]
) -> tuple[frozenset[str], frozenset[str]]:
    """Whom the rules let this member ask for the same, and whom it asked already."""
    referral = conversation.referral
    case = await officer.desk.get_case(officer.name, referral.case_pseudonym)
    asked = frozenset(
        each.peer
        for each in case.referrals
        if each.side == Side.GIVER and each.referral_type == referral.referral_type
    )
    able = frozenset(
        card.name
        for card in cards
        if card.active and referral.referral_type in card.may_offer
    )
    return able, asked


def _offer_of(conversation: ConversationRead) -> Offer | None:
    body = next(each.body for each in conversation.steps if each.step == Step.OFFER)
    return body if isinstance(body, Offer) else None


async def _members(officer: Officer) -> tuple[str, ...]:
    return tuple(card.name for card in await officer.desk.list_members(officer.name))


def _problems(error: FormError | None) -> Mapping[str, str]:
    return {} if error is None else {p.field: p.code for p in error.problems}
