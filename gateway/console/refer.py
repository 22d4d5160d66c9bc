"""S4: a new referral, one question a page, kept at the node until it is sent.

The person's answer decides: with a yes the offer goes out and rests on it; a no is
recorded as a result, and nothing goes out. What leaves only by two officers is kept
as it is until a second one has read it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.asking import may_be_asked, recipient_of, whom_to_ask
from gateway.console.best_interests import checked_concern, known_concern
from gateway.console.sending import (
    ask_second,
    file_names,
    offered,
    standing_approval,
    whole_files,
)
from gateway.console.today import names_of
from gateway.forms import referral as draft_forms
from gateway.forms.event import answer_id, event_of
from gateway.forms.fields import Field, FormError, Typed, Widget, shown, text_of
from gateway.forms.referral import CALLBACK_FIELDS, PAGES, Draft, Said
from gateway.forms.said import CONSENT_FIELDS
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.approvals import ApprovalState
from services.node.domain.doors import Door
from services.node.domain.errors import NotFoundError, RelaisError
from services.node.domain.identifiers import new_id
from services.node.domain.referrals import ReferralType
from services.node.rpc.desk_values import OfferChecked
from services.node.rpc.work_values import CategoryNeedRead

router = APIRouter(prefix="/refer")

_SERVICES = "services_requested"
_BEGIN = (
    Field("case", Widget.TEXT, optional=True),
    Field("door", Widget.CHOICE, tuple(Door), "door", optional=True),
)


@router.get("")
async def begin(officer: SignedIn, case: str = "") -> Response:
    """Whom it is about: a case that there is, or a new one."""
    if case:
        return await _begun(officer, case)
    forms = await officer.forms.list_forms(officer.name)
    return page(
        officer.visitor,
        "refer_begin.html",
        here="/refer",
        fields=_BEGIN,
        typed={},
        problems={},
        event=new_id().hex(),
        begun=[each for each in forms if each.kind == draft_forms.KIND],
    )


@router.post("")
async def choose_case(officer: SignedIn, form: Sent) -> Response:
    """Goes on with a case, or opens one by the door that was chosen."""
    code, door = text_of(form, "case"), text_of(form, "door")
    if not code and door in set(Door):
        opened = await officer.desk.open_case(
            officer.name, door, event_id=event_of(form)
        )
        code = opened.case_pseudonym
    if not code:
        problems = {"case": "either"}
        return page(
            officer.visitor,
            "refer_begin.html",
            status=400,
            here="/refer",
            fields=_BEGIN,
            typed=shown(form, _BEGIN),
            problems=problems,
            event=new_id().hex(),
            begun=[],
        )
    return await _begun(officer, code)


@router.get("/{number}/{name}")
async def ask(officer: SignedIn, number: str, name: str) -> Response:
    """One page of the referral."""
    officer, form_id, draft = await _read(officer, number)
    error = await _outdated(officer, draft) if name == "callback" else None
    return await _page(officer, form_id, draft, _known(name), error=error)


@router.post("/{number}/drop")
async def drop(officer: SignedIn, form: Sent, number: str) -> Response:
    """Forgets what was typed; nothing was sent."""
    del form
    _, form_id, _ = await _read(officer, number)
    await officer.forms.drop_form(officer.name, form_id)
    return see_other("/refer")


@router.post("/{number}/{name}")
async def keep(officer: SignedIn, form: Sent, number: str, name: str) -> Response:
    """Keeps a page and goes on to the next; the last one sends."""
    officer, form_id, draft = await _read(officer, number)
    wanted = _known(name)
    if wanted not in draft.pages:
        return see_other(f"/refer/{number}/check")
    if wanted == "check":
        return await _send(officer, form_id, draft)
    try:
        taken = await _taken(officer, draft, wanted, form)
    except FormError as error:
        return await _page(officer, form_id, draft, wanted, form=form, error=error)
    # What a second officer approved was what the form said then.
    draft = taken if taken == draft else replace(taken, approval="")
    await _keep(officer, form_id, draft)
    following = draft.pages[draft.pages.index(wanted) + 1]
    return see_other(f"/refer/{number}/{following}")


async def _keep(officer: Officer, form_id: bytes, draft: Draft) -> None:
    await officer.forms.keep_form(
        officer.name,
        draft_forms.KIND,
        draft_forms.to_bytes(draft),
        form_id=form_id,
        case=draft.case,
    )


async def _begun(officer: Officer, code: str) -> Response:
    case = await officer.desk.get_case(officer.name, code)
    officer = officer.about(case.case_pseudonym)
    draft = Draft(case.case_pseudonym, event=new_id().hex())
    draft = await known_concern(officer, draft)
    kept = await officer.forms.keep_form(
        officer.name,
        draft_forms.KIND,
        draft_forms.to_bytes(draft),
        case=case.case_pseudonym,
    )
    return see_other(f"/refer/{kept.form_id.hex()}/need")


async def _read(officer: Officer, number: str) -> tuple[Officer, bytes, Draft]:
    try:
        form_id = bytes.fromhex(number)
    except ValueError:
        raise NotFoundError("console.no_page", "There is no such page here.") from None
    found = await officer.forms.get_form(officer.name, form_id)
    draft = draft_forms.from_bytes(found.content)
    # The address names the form; a reason is said for the case that it is about.
    return officer.about(draft.case), form_id, draft


async def _taken(officer: Officer, draft: Draft, name: str, form: Typed) -> Draft:
    if name == "answer":
        status = await officer.desk.get_status()
        return draft_forms.with_answer(draft, form, status.case_now)
    if name == "callback":
        status, checked = await officer.desk.get_status(), await _limits(officer, draft)
        # Without a limit of the rules the node writes the first instant there is.
        latest = checked and checked.answer_latest.timestamp() and checked.answer_latest
        return draft_forms.with_callback(draft, form, status.case_now, latest or None)
    changed = draft_forms.with_fields(draft, await _asked(officer, draft, name), form)
    if name == "show" and changed.files:
        files = await whole_files(officer, draft.case)
        draft_forms.check_files(
            changed, {each.attachment_id.hex(): each.category for each in files}
        )
    return draft_forms.still_holding(draft, changed)


async def _outdated(officer: Officer, draft: Draft) -> FormError | None:
    """What is wrong by now with an hour that was kept.

    It passed, or another priority leaves less time.
    """
    if not draft.answer_by or draft.complete_until() != "check":
        return None
    kept = {each.name: (str(getattr(draft, each.name)),) for each in CALLBACK_FIELDS}
    try:
        await _taken(officer, draft, "callback", Said({**kept}))
    except FormError as error:
        return error
    return None


async def _asked(officer: Officer, draft: Draft, name: str) -> tuple[Field, ...]:
    if name == "need":
        cards = await officer.desk.list_members(officer.name)
        able = {kind for card in cards for kind in card.may_offer}
        types = tuple(each for each in ReferralType if each in able)
        services = await officer.desk.list_codes(officer.name, _SERVICES)
        return draft_forms.need_fields(types, services)
    if name == "where":
        cards = await officer.desk.list_members(officer.name)
        return draft_forms.recipient_fields(
            tuple(card.name for card in may_be_asked(draft, cards))
        )
    if name == "show":
        needs = await _needs(officer, draft)
        return draft_forms.category_fields(
            tuple(each.category for each in needs if _may_show(each)),
            tuple(
                each.attachment_id.hex()
                for each in await whole_files(officer, draft.case)
            ),
        )
    if name == "interests":
        return draft_forms.interests_fields(draft.deciders)
    if name == "callback":
        return CALLBACK_FIELDS
    return CONSENT_FIELDS if name == "answer" else ()


async def _page(
    officer: Officer,
    form_id: bytes,
    draft: Draft,
    name: str,
    *,
    form: Typed | None = None,
    error: FormError | None = None,
) -> Response:
    if PAGES.index(name) > PAGES.index(draft.complete_until()):
        return see_other(f"/refer/{form_id.hex()}/{draft.complete_until()}")
    if name not in draft.pages:
        return see_other(f"/refer/{form_id.hex()}/check")
    asked = await _asked(officer, draft, name)
    chooses = name == "where"
    cards = await officer.desk.list_members(officer.name, details=chooses)
    names, more = names_of(officer, cards), dict[str, Any]()
    if chooses:
        more |= await whom_to_ask(officer, draft, cards)
    if name in {"show", "check"}:
        more["needs"] = await _needs(officer, draft)
        more["recipient"] = recipient_of(draft, cards)
        names |= await file_names(officer, draft.case)
    if name == "callback":
        more["checked"] = await _limits(officer, draft)
    if name == "check":
        more |= await _checked(officer, draft)
    if name == "check" and more["draft"] != draft:
        # The node knows better for whom it is decided what is best.
        draft = more["draft"]
        await _keep(officer, form_id, draft)
        if draft.complete_until() != "check":
            return see_other(f"/refer/{form_id.hex()}/interests")
    if name == "check" and _hour_refused(more["refusal"]):
        return see_other(f"/refer/{form_id.hex()}/callback")
    return page(
        officer.visitor,
        f"refer_{name}.html",
        status=200 if form is None else 400,
        here="/refer",
        number=form_id.hex(),
        fields=asked,
        typed=_typed(draft, name, asked) if form is None else shown(form, asked),
        problems={} if error is None else {p.field: p.code for p in error.problems},
        names=names,
        now=None,
        pages=draft.pages,
        name=name,
        **{"draft": draft} | more,
    )


async def _limits(officer: Officer, draft: Draft) -> OfferChecked | None:
    """The offer without an hour of its own: one that ran out would hide the limits."""
    if draft.complete_until() != "check":
        return None
    found = await _checked(officer, replace(draft, answer_by=""))
    checked: OfferChecked | None = found["checked"]
    return checked


async def _checked(officer: Officer, draft: Draft) -> dict[str, Any]:
    """The offer as it would stand, or why it would not."""
    status = await officer.desk.get_status()
    consent = draft.consent(status.case_now)
    found: dict[str, Any] = {
        "draft": draft,
        "offer": None,
        "refusal": None,
        "consent": consent,
        "second_person_for": (),
        "approval": None,
        "checked": None,
    }
    if consent.status != "given":
        return found
    try:
        checked = await officer.desk.check_referral(
            officer.name,
            draft.case,
            draft.recipient,
            draft.offer(),
            draft.categories,
            consent,
        )
    except RelaisError as refusal:
        return found | {"refusal": refusal}
    draft = checked_concern(draft, checked)
    approval = await standing_approval(officer, draft, checked.offer)
    return found | {
        "draft": draft,
        "offer": checked.offer,
        "checked": checked,
        "second_person_for": checked.second_person_for,
        "leaving": checked.leaving,
        "approval": approval,
    }


async def _send(officer: Officer, form_id: bytes, draft: Draft) -> Response:
    now = (await officer.desk.get_status()).case_now
    consent = draft.consent(now)
    answered = await officer.desk.record_consent(
        officer.name,
        draft.case,
        replace(consent, consent_id=answer_id(bytes.fromhex(draft.event))),
    )
    if consent.status != "given":
        # The need is not lost: another may be asked, or she may think again.
        await _keep(officer, form_id, draft.asked_anew())
        return see_other(f"/cases/{draft.case}/answers")
    checked = await officer.desk.check_referral(
        officer.name,
        draft.case,
        draft.recipient,
        draft.offer(),
        draft.categories,
        replace(consent, consent_id=answered),
    )
    draft = checked_concern(draft, checked)
    if draft.complete_until() != "check":
        await _keep(officer, form_id, draft)
        return see_other(f"/refer/{form_id.hex()}/interests")
    sending = draft.sending(checked.offer)
    approval = b""
    if checked.second_person_for or checked.best_interests_for:
        asked = await standing_approval(officer, draft, sending.offer)
        if asked is None:
            approval = await ask_second(officer, form_id, draft, sending)
            return see_other(f"/approvals/{approval.hex()}")
        approval = asked.approval_id
        if asked.state != ApprovalState.APPROVED:
            return see_other(f"/approvals/{approval.hex()}")
    return await offered(officer, form_id, draft, sending, approval)


async def _needs(officer: Officer, draft: Draft) -> tuple[CategoryNeedRead, ...]:
    return await officer.desk.list_needs(
        officer.name, draft.recipient, draft.referral_type
    )


def _may_show(need: CategoryNeedRead) -> bool:
    return need.necessity != "refused" and need.category != "D0"


def _hour_refused(refusal: RelaisError | None) -> bool:
    """Whether only the hour of the answer is wrong: its own page says how."""
    return refusal is not None and refusal.where == "answer_by"


def _typed(draft: Draft, name: str, asked: tuple[Field, ...]) -> dict[str, Any]:
    if name == "answer":
        kept = dict(draft.answer)
        return {
            field.name: list(kept.get(field.name, ()))
            if field.widget is Widget.CHOICES
            else "".join(kept.get(field.name, ()))
            for field in asked
        }
    return {field.name: getattr(draft, field.name) for field in asked}


def _known(name: str) -> str:
    if name not in PAGES:
        raise NotFoundError("console.no_page", "There is no such page here.")
    return name
