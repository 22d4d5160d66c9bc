"""S6, S8 and S10: one referral: what is asked, what was said, what may be done now.

Whoever decides claims it first, so that two officers do not answer at once. Each
form carries an identifier of the act, so that one that is sent twice is one act.
"""

from __future__ import annotations

from binascii import Error as HexError
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.arriving import TOLD_WHERE, lost_of, promise_of
from gateway.console.handing import is_called_only, minutes_of, signed_of
from gateway.console.sending import file_names
from gateway.console.signing import ask_second, is_thumbprint, scans_of
from gateway.console.today import member_names, names_of
from gateway.forms.arriving import promise_fields
from gateway.forms.event import event_of
from gateway.forms.fields import FormError, Typed, shown, text_of
from gateway.forms.forward import AWAY, may_go_away, may_go_on, suggested
from gateway.forms.handing import MORE, medicine_fields, medicine_rows
from gateway.forms.signing import SCAN
from gateway.forms.steps import FREE, Known, fields_of, read_step
from gateway.web.pages import page, see_other
from gateway.web.pictures import qr
from gateway.web.refusals import status_of
from gateway.web.visitors import Officer, Sent, SignedIn
from gateway.words.escalated import codes_said
from gateway.words.handing import things_named
from services.node.domain.arrivals import AWAITED
from services.node.domain.bodies_return import Minutes
from services.node.domain.errors import NotFoundError, NotPermittedError, RelaisError
from services.node.domain.handing import MOST_THINGS, things_of
from services.node.domain.handoff import Step
from services.node.domain.identifiers import new_id
from services.node.domain.steps import Side, State
from services.node.rpc.desk_values import ConversationRead, ReferralRead
from services.node.rpc.work_values import WorkItemRead

router = APIRouter(prefix="/referrals")

_SIGNED = {
    "assessment_digest": Step.RISK_ASSESSMENT,
    "plan_digest": Step.RETURN_PLAN,
    "minutes_digest": Step.MINUTES,
}
"""Which step a signature is put under: the newest one that was said."""

FIRST = (Step.OPENED, Step.ACCEPT, Step.QUESTION, Step.ANSWER)
"""What is asked for most; everything else stands below it."""

ONWARD = (
    *(Step.COUNTERSIGNATURE, Step.MINUTES, Step.GATE_ARRIVAL, Step.DEPARTURE),
    *(Step.RECONSENT, Step.APPOINTMENT_CONFIRMATION, Step.APPOINTMENT),
    *(Step.PLAN_CONFIRMATION, Step.RETURN_PLAN, Step.TRAVEL_DOCUMENT),
    *(Step.RISK_COUNTERSIGNATURE, Step.RISK_ASSESSMENT, Step.ARRIVAL),
    Step.COMPLETION,
)
"""What brings a referral further, the latest stage first: the button of the page."""

_OF_RECALL = {Step.RECALL, Step.RECALL_ACKNOWLEDGEMENT}

_UNDECIDED = {State.OFFERED, State.OPENED}
"""While somebody has to decide, colleagues see who does."""


@dataclass(frozen=True, slots=True)
class Handover:
    """What the giver shows at the gate: six digits, and the same as a picture."""

    digits: str
    picture: str


BY_HAND = frozenset(Step) - {Step.OFFER, Step.RELEASE, Step.VOID}


@router.get("/{number}")
async def show(officer: SignedIn, number: str, done: str = "") -> Response:
    """The referral with what was said, and what this member may do now."""
    return await _show(officer, referral_of(number), done)


@router.post("/{number}/claim")
async def claim(officer: SignedIn, form: Sent, number: str) -> Response:
    """Says to one's own colleagues who is on it, or gives that back."""
    release = text_of(form, "release") == "yes"
    await officer.desk.claim_referral(
        officer.name, referral_of(number), release=release
    )
    return see_other(f"/referrals/{number}")


@router.get("/{number}/{step}")
async def ask(officer: SignedIn, number: str, step: str) -> Response:
    """The form of one step."""
    return await _ask(officer, referral_of(number), _step(step))


@router.post("/{number}/{step}")
async def take(officer: SignedIn, form: Sent, number: str, step: str) -> Response:
    """Takes the step; a problem shows the form again with everything typed."""
    referral_id, wanted = referral_of(number), _step(step)
    conversation = await officer.desk.get_referral(officer.name, referral_id)
    known, members = await _known(officer, conversation)
    fields = fields_of(wanted, known, members)
    if wanted is Step.MINUTES and text_of(form, MORE):
        return await _ask(officer, referral_id, wanted, form=form)
    try:
        body = read_step(wanted, fields, form, known)
    except FormError as error:
        return await _ask(officer, referral_id, wanted, form=form, error=error)
    try:
        asked = await ask_second(officer, conversation.referral, body, event_of(form))
        if asked is not None:
            return asked
        await officer.desk.take_step(
            officer.name,
            referral_id,
            body,
            event_id=event_of(form),
            attachment_id=bytes.fromhex(text_of(form, SCAN))
            if is_thumbprint(body)
            else b"",
        )
    except (NotPermittedError, NotFoundError):
        raise
    except RelaisError as refusal:
        # What was typed stands there again, to be mended or sent once more.
        return await _ask(officer, referral_id, wanted, form=form, refusal=refusal)
    return see_other(f"/referrals/{number}?done={wanted}")


async def _show(officer: Officer, referral_id: bytes, done: str) -> Response:
    conversation = await officer.desk.get_referral(officer.name, referral_id)
    referral = conversation.referral
    may = _may(conversation)
    apart = _apart(referral.referral_type, may)
    following_step = _onward(referral, may)
    offer = next(
        (each.body for each in conversation.steps if each.step == Step.OFFER), None
    )
    decides = referral.side == Side.RECEIVER and referral.state in _UNDECIDED
    recorded = _recorded(officer, conversation, done)
    cards = await officer.desk.list_members(officer.name)
    other = next((each for each in cards if each.name == referral.peer), None)
    return page(
        officer.visitor,
        "referral.html",
        here="",
        referral=referral,
        said=tuple(reversed(conversation.steps)),
        offer=offer,
        codes=codes_said(offer),
        files=[each for step in conversation.steps for each in step.files],
        first=[each for each in FIRST if each in may and each not in apart],
        promising=promise_fields(referral.referral_type)
        if Step.ACCEPT in apart
        else (),
        promise=promise_of(conversation),
        lost=lost_of(conversation),
        minutes=minutes_of(conversation),
        signed=signed_of(conversation),
        called=is_called_only(conversation),
        things=things_named(officer.visitor.words, minutes_of(conversation)),
        alarm=Step.NOT_ARRIVED if Step.NOT_ARRIVED in may else "",
        away=bool(may_go_away(referral)),
        onward=may_go_on(referral),
        hint=suggested(conversation),
        handover=_handover(conversation),
        next=following_step,
        further=[
            each for each in may if each not in {*FIRST, *AWAY, *apart, following_step}
        ],
        claim=await officer.desk.get_claim(officer.name, referral_id)
        if decides
        else None,
        done=recorded,
        following=await _following(officer, referral_id) if recorded else None,
        names=names_of(officer, cards),
        other=other,
        due=conversation,
        events={step: new_id().hex() for step in Step},
    )


def _apart(referral_type: str, may: list[Step]) -> set[Step]:
    """What has a place of its own: an alarm, and an acceptance that promises."""
    found = {Step.NOT_ARRIVED} & set(may)
    awaited = referral_type in set(AWAITED)
    return found | ({Step.ACCEPT} & set(may) if awaited else set())


def _onward(referral: ReferralRead, may: list[Step]) -> Step | str:
    """What this side has to do next, or nothing where it is not its turn.

    A person who was received stays for as long as that takes: nobody is pressed to
    complete it.
    """
    if referral.must_act != referral.side:
        return ""
    awaited = referral.referral_type in set(AWAITED)
    stays = {Step.COMPLETION} if awaited else set()
    return next((each for each in ONWARD if each in may and each not in stays), "")


def _handover(conversation: ConversationRead) -> Handover | None:
    """The digits to be shown, from the minutes until the other side has signed."""
    for each in reversed(conversation.steps):
        if each.step == Step.COUNTERSIGNATURE:
            return None
        if isinstance(each.body, Minutes):
            digits = each.body.handover_code
            return Handover(digits, qr(digits)) if digits else None
    return None


def _may(conversation: ConversationRead) -> list[Step]:
    """What somebody may do now; a recall is acknowledged where there is one."""
    newest = [each.step for each in conversation.steps if each.step in _OF_RECALL]
    recalled = bool(newest) and newest[-1] == Step.RECALL
    return [
        Step(each)
        for each in conversation.referral.open_steps
        if Step(each) in BY_HAND and (recalled or each != Step.RECALL_ACKNOWLEDGEMENT)
    ]


async def _following(officer: Officer, referral_id: bytes) -> WorkItemRead | None:
    """What is due first of what still waits for this member, after this one."""
    found = await officer.desk.get_worklist(officer.name, "needs_me", limit=2)
    waiting = [
        each
        for each in found.items
        if each.referral is not None and each.referral.referral_id != referral_id
    ]
    return waiting[0] if waiting else None


def _recorded(officer: Officer, conversation: ConversationRead, done: str) -> Any:
    """The step of this name that this member took; None if it took none."""
    own = officer.visitor.site.config.member
    taken = (
        each
        for each in reversed(conversation.steps)
        if each.step == done and each.author == own
    )
    return next(taken, None)


async def _ask(
    officer: Officer,
    referral_id: bytes,
    step: Step,
    *,
    form: Typed | None = None,
    error: FormError | None = None,
    refusal: RelaisError | None = None,
) -> Response:
    conversation = await officer.desk.get_referral(officer.name, referral_id)
    known, members = await _known(officer, conversation)
    fields = fields_of(step, known, members)
    rows = medicine_rows(form) if step is Step.MINUTES else 0
    every = (*fields, *FREE.get(step, ()), *medicine_fields(rows))
    event = "" if form is None else text_of(form, "event")
    return page(
        officer.visitor,
        "step.html",
        status=_status(error, refusal),
        here="",
        referral=conversation.referral,
        step=step,
        refusal=refusal,
        fields=every,
        typed={} if form is None else shown(form, every),
        problems={} if error is None else {p.field: p.code for p in error.problems},
        names={
            **await member_names(officer),
            **things_named(officer.visitor.words, minutes_of(conversation)),
            **(
                await file_names(officer, conversation.referral.case_pseudonym)
                if known.scans
                else {}
            ),
        },
        now=known.now,
        scanless=step is Step.ARRIVAL and not known.scans,
        conversation=conversation,
        promise=promise_of(conversation) if step in TOLD_WHERE else None,
        event=event or new_id().hex(),
        rows=rows,
        more=0 < rows < MOST_THINGS,
    )


def _status(error: FormError | None, refusal: RelaisError | None) -> int:
    if refusal is not None:
        return status_of(refusal)
    return 200 if error is None else 400


async def _known(
    officer: Officer, conversation: ConversationRead
) -> tuple[Known, tuple[str, ...]]:
    referral = conversation.referral
    newest = {each.step: each for each in conversation.steps}
    results: dict[str, tuple[str, ...]] = {}
    for each in await officer.desk.list_results(officer.name, referral.referral_type):
        results[each.outcome] = (*results.get(each.outcome, ()), each.result)
    minutes = minutes_of(conversation)
    status = await officer.desk.get_status()
    cards = await officer.desk.list_members(officer.name)
    signing = Step.ARRIVAL in referral.open_steps and referral.case_pseudonym
    known = Known(
        now=status.case_now,
        digests={
            name: newest[step].digest
            for name, step in _SIGNED.items()
            if step in newest
        },
        results=results,
        recipient=referral.peer,
        referral_type=referral.referral_type,
        consent_id=await _return_consent(officer, conversation),
        things=() if minutes is None else things_of(minutes),
        scans=await scans_of(officer, referral.case_pseudonym) if signing else (),
        called=is_called_only(conversation),
    )
    return known, tuple(card.name for card in cards if card.name != referral.peer)


async def _return_consent(officer: Officer, conversation: ConversationRead) -> bytes:
    """The person's newest yes to the return, which a withdrawal ends."""
    referral = conversation.referral
    if Step.WITHDRAWAL not in referral.open_steps or not referral.case_pseudonym:
        return b""
    answers = await officer.desk.list_consents(officer.name, referral.case_pseudonym)
    given = [
        each
        for each in answers.consents
        if each.status == "given" and each.recipient == referral.peer
    ]
    newest: Any = max(given, key=lambda each: each.given_at, default=None)
    return b"" if newest is None else bytes(newest.consent_id)


def referral_of(number: str) -> bytes:
    """The id that an address names; raises NotFoundError."""
    try:
        return bytes.fromhex(number)
    except (ValueError, HexError):
        raise NotFoundError(
            "referral.unknown", "No referral of this member has that id."
        ) from None


def _step(text: str) -> Step:
    if text not in BY_HAND:
        raise NotFoundError("console.no_page", "There is no such page here.")
    return Step(text)
