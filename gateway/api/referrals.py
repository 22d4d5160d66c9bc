"""Referrals: list, show, check, offer, claim, and every step by its own body."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from starlette.responses import Response

from gateway.api.answers import (
    USUAL,
    Cursor,
    Limit,
    answer,
    offset_page,
    page_of,
    read_cursor,
)
from gateway.api.callers import ME, ActId, Calling
from gateway.api.deciding import OnCase, OnReferral
from gateway.api.shapes import Identifier, Sent, Word, model_of
from services.node.domain.best_interests import BestInterests
from services.node.domain.bodies import Offer
from services.node.domain.escalating import EscalationReason
from services.node.domain.handoff import BODY_OF, Step
from services.node.domain.records import ConsentCopy
from services.node.domain.second_person import Sending
from services.node.rpc.desk_values import (
    ConversationRead,
    Escalated,
    OfferChecked,
    OfferMade,
    ReferralRead,
    StepTaken,
)
from services.node.rpc.work_values import ClaimHeld, ClaimRead

router = APIRouter(tags=["referrals"])

BY_HAND = tuple(
    step for step in Step if step not in {Step.OFFER, Step.RELEASE, Step.VOID}
)
"""Steps that somebody takes; an offer is made, and the node answers by itself."""


@dataclass(frozen=True, slots=True)
class OfferAsked:
    """An offer and whom it goes to; ``categories`` travel sealed.

    The node fills in the minimal profile, and on which answers it rests. Files go
    with their categories, and open with them. ``approval_id`` is a second officer's
    approval of exactly this, where ``second_person_for`` of the check names any, or
    ``best_interests_for`` says that it is decided for the person what is best: then
    ``best_interests`` says why, and by whom.
    """

    recipient: str
    offer: Offer
    categories: tuple[str, ...] = ()
    attachment_ids: tuple[bytes, ...] = ()
    approval_id: bytes = b""
    best_interests: BestInterests | None = None


@dataclass(frozen=True, slots=True)
class CheckAsked:
    """The same with the answer that would be recorded."""

    recipient: str
    offer: Offer
    consent: ConsentCopy
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EscalationAsked:
    """Why the national desk is told now."""

    reason: EscalationReason


@router.get(
    "/referrals",
    response_model=page_of(ReferralRead),
    summary="The referrals that changed last",
)
async def list_referrals(
    request: Request, caller: Calling, limit: Limit = USUAL, cursor: Cursor = ""
) -> Response:
    """Both those that were offered and those that came in."""
    start = read_cursor(cursor)
    found = await caller.desk.list_referrals(ME, limit, offset=start)
    return answer(request, offset_page(found, start, limit))


@router.get(
    "/referrals/{referral_id}",
    response_model=model_of(ConversationRead),
    summary="One referral",
)
async def get_referral(
    request: Request, caller: Calling, referral_id: Identifier
) -> Response:
    """With everything said in it, and which steps are open now."""
    return answer(request, await caller.desk.get_referral(ME, referral_id))


@router.post(
    "/cases/{case}/referral-checks",
    response_model=model_of(OfferChecked),
    summary="Check an offer before the person is asked",
)
async def check_referral(
    request: Request,
    caller: Calling,
    case: Word,
    said: Annotated[CheckAsked, Sent(), Body()],
) -> Response:
    """The offer as it would stand with this answer; nothing is recorded.

    ``second_person_for`` are the categories that leave only by two officers.
    """
    checked = await caller.desk.check_referral(
        ME, case, said.recipient, said.offer, said.categories, said.consent
    )
    return answer(request, checked)


@router.post(
    "/cases/{case}/referrals",
    status_code=201,
    response_model=model_of(OfferMade),
    summary="Offer a referral",
)
async def make_offer(
    request: Request,
    desk: OnCase,
    act: ActId,
    case: Word,
    said: Annotated[OfferAsked, Sent(), Body()],
) -> Response:
    """It rests on the person's answers that are named in ``basis_ids``.

    For a child, or whoever cannot consent: 409 ``best_interests.missing`` and
    ``best_interests.not_approved`` until it is said and approved why it is best.
    Where it leaves only by two officers: 409 ``approval.missing`` until a second one
    approved exactly this (``ask_sending_approval``), 403 ``sign_in.reauthenticate``
    without a recent proof (``prove_session``), 403 ``offer.people_only`` for a
    program.
    """
    sending = Sending(
        said.recipient,
        said.offer,
        said.categories,
        said.attachment_ids,
        best_interests=said.best_interests,
    )
    made = await desk.send(
        ME, case, sending, event_id=act, approval_id=said.approval_id
    )
    return answer(request, made, status=201)


@router.post(
    "/referrals/{referral_id}/escalation",
    status_code=201,
    response_model=model_of(Escalated),
    summary="Tell the national desk that the other member is silent",
)
async def escalate_referral(
    request: Request,
    caller: Calling,
    act: ActId,
    referral_id: Identifier,
    said: Annotated[EscalationAsked, Sent(), Body()],
) -> Response:
    """It goes to ``escalates_to`` of the referral, in codes and without the person.

    409 ``escalation.told`` while an escalation of the same silence is open there
    (``escalation_id``).
    """
    told = await caller.desk.escalate(ME, referral_id, said.reason, event_id=act)
    return answer(request, told, status=201)


@router.get(
    "/referrals/{referral_id}/claim",
    response_model=model_of(ClaimHeld),
    summary="Who is on it",
)
async def get_claim(
    request: Request, caller: Calling, referral_id: Identifier
) -> Response:
    """Who of one's own people works on a decision, since and until when."""
    found = await caller.desk.get_claim(ME, referral_id)
    return answer(request, found, varying=("now",))


@router.put(
    "/referrals/{referral_id}/claim",
    response_model=model_of(ClaimRead),
    summary="Say that you are on it",
)
async def claim_referral(
    request: Request, caller: Calling, referral_id: Identifier
) -> Response:
    """So that two of one's own people do not answer at once."""
    return answer(request, await caller.desk.claim_referral(ME, referral_id))


@router.delete(
    "/referrals/{referral_id}/claim",
    response_model=model_of(ClaimRead),
    summary="Give a claim back",
)
async def release_claim(
    request: Request, caller: Calling, referral_id: Identifier
) -> Response:
    """A colleague may take it."""
    found = await caller.desk.claim_referral(ME, referral_id, release=True)
    return answer(request, found)


def _taking(body_class: type) -> Callable[..., Awaitable[Response]]:
    async def take(
        request: Request,
        desk: OnReferral,
        act: ActId,
        referral_id: Identifier,
        said: Any,
        approval_id: Annotated[Identifier, Query()] = b"",
        attachment_id: Annotated[Identifier, Query()] = b"",
    ) -> Response:
        """One of ``open_steps``; If-Match takes the ETag of the referral.

        Of an arrival: ``approval_id`` is that of the second officer who signs it,
        ``attachment_id`` the scan of the thumbprint among the documents of the case.
        """
        taken = await desk.take_step(
            ME,
            referral_id,
            said,
            event_id=act,
            approval_id=approval_id,
            attachment_id=attachment_id,
        )
        return answer(request, taken)

    take.__annotations__["said"] = Annotated[body_class, Sent(), Body()]
    return take


for _step in BY_HAND:
    router.add_api_route(
        f"/referrals/{{referral_id}}/steps/{_step}",
        _taking(BODY_OF[_step]),
        methods=["POST"],
        name=f"take_step_{_step}",
        response_model=model_of(StepTaken),
        summary=f"Take the step {_step}",
    )
