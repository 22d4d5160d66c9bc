"""What leaves only by two officers, while a referral is written and after.

Promises that nothing is lost meanwhile: the form stays where it is, and knows which
approval was asked for exactly what it says.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from urllib.parse import quote

from starlette.responses import Response

from gateway.forms import referral as draft_forms
from gateway.forms.event import rerouting_id
from gateway.forms.referral import Draft
from gateway.web.pages import see_other
from gateway.web.visitors import Officer
from services.node.domain.approvals import ApprovalState
from services.node.domain.bodies import Offer, Rerouting
from services.node.domain.errors import RelaisError
from services.node.domain.handoff import Step
from services.node.domain.second_person import Sending
from services.node.rpc.approval_values import ApprovalOpened, ApprovalRead
from services.node.rpc.attachment_values import AttachmentRead

_PROVE = "sign_in.reauthenticate"
_SERVES = frozenset({ApprovalState.WAITING, ApprovalState.APPROVED})


async def standing_approval(
    officer: Officer, draft: Draft, offer: Offer
) -> ApprovalRead | None:
    """The approval that the form asked for, if it can still serve this very offer."""
    if not draft.approval:
        return None
    opened = await officer.desk.get_approval(
        officer.name, bytes.fromhex(draft.approval)
    )
    act, found = opened.act, opened.approval
    same = (
        isinstance(act, Sending)
        and (act.offer, act.best_interests) == (offer, draft.best_interests())
        and not opened.changed
    )
    return found if same and found.state in _SERVES else None


async def ask_second(
    officer: Officer, form_id: bytes, draft: Draft, sending: Sending
) -> bytes:
    """Asks a second officer for what the form says, and keeps her number in it.

    The same form asks once, however often it is sent.
    """
    raw = draft_forms.to_bytes(draft)
    asked = await officer.desk.ask_approval(
        officer.name,
        draft.case,
        sending,
        approval_id=sha256(form_id + raw).digest()[:16],
    )
    await officer.forms.keep_form(
        officer.name,
        draft_forms.KIND,
        draft_forms.to_bytes(replace(draft, approval=asked.approval_id.hex())),
        form_id=form_id,
        case=draft.case,
    )
    return asked.approval_id


async def offered(
    officer: Officer, form_id: bytes, draft: Draft, sending: Sending, approval: bytes
) -> Response:
    """Sends what the form says and forgets it; who has to prove herself does first."""
    try:
        made = await officer.desk.send(
            officer.name,
            draft.case,
            sending,
            event_id=bytes.fromhex(draft.event),
            approval_id=approval,
        )
    except RelaisError as refusal:
        if refusal.code == _PROVE:
            here = quote(f"/refer/{form_id.hex()}/check", safe="")
            return see_other(f"/account/prove?next={here}")
        raise
    await _reroute(officer, draft)
    await officer.forms.drop_form(officer.name, form_id)
    return see_other(f"/referrals/{made.referral_id.hex()}?done=offer")


async def _reroute(officer: Officer, draft: Draft) -> None:
    """Settles what was meant for somebody else, once somebody else was asked."""
    if not draft.instead_of:
        return
    before = bytes.fromhex(draft.instead_of)
    found = await officer.desk.get_referral(officer.name, before)
    if Step.REROUTED in found.referral.open_steps:
        await officer.desk.take_step(
            officer.name,
            before,
            Rerouting(),
            event_id=rerouting_id(bytes.fromhex(draft.event)),
        )


async def form_of(officer: Officer, opened: ApprovalOpened) -> bytes | None:
    """The officer's form that waits for this approval; None if there is none."""
    number, code = opened.approval.approval_id.hex(), opened.approval.case_pseudonym
    for each in await officer.forms.list_forms(officer.name):
        if each.kind == draft_forms.KIND and each.case_pseudonym == code:
            found = await officer.forms.get_form(officer.name, each.form_id)
            if draft_forms.from_bytes(found.content).approval == number:
                return each.form_id
    return None


async def whole_files(officer: Officer, case: str) -> tuple[AttachmentRead, ...]:
    """The files of a case that can go along."""
    found = await officer.desk.list_attachments(officer.name, case)
    return tuple(each for each in found if each.state == "whole")


async def file_names(officer: Officer, case: str) -> dict[str, str]:
    """What each file is called where one is chosen: nothing of it is a name."""
    words = officer.visitor.words
    return {
        each.attachment_id.hex(): " · ".join(
            (
                words.category(each.category),
                words.code("media_type", each.media_type),
                each.digest_prefix.hex(),
            )
        )
        for each in await whole_files(officer, case)
    }
