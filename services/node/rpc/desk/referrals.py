"""ReferralService on the local listener."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from relais.desk.v1 import referral_pb2, referral_pb2_grpc
from services.node.domain.bodies import Offer, Release, Voiding
from services.node.domain.bodies_return import Arrival, Countersignature
from services.node.domain.errors import NotPermittedError
from services.node.domain.escalating import parse_reason
from services.node.domain.identifiers import new_id, parse_alias
from services.node.domain.referrals import ReferralType
from services.node.domain.sessions import check_recent
from services.node.domain.tables import day_of
from services.node.domain.turns import STOPPED
from services.node.flows.check_referral import check_for_case, check_for_draft
from services.node.flows.deciding import conflicts_in
from services.node.flows.escalate_by_hand import EscalateByHand, escalation_of
from services.node.flows.handover_codes import with_code
from services.node.flows.make_offer import MakeOffer
from services.node.flows.moment import Moment
from services.node.flows.said import said_in
from services.node.flows.sending import needing
from services.node.flows.sessions import times_of
from services.node.flows.take_step import TakeStep
from services.node.flows.views import (
    await_referral,
    newest_referrals,
    referral_view,
    talks_of,
)
from services.node.rpc.calls import acting_officer, calling
from services.node.rpc.conversions import (
    best_interests_from,
    body_from,
    event_id_from,
    offer_from,
    offer_to,
    record_to,
)
from services.node.rpc.desk.consents import completed
from services.node.rpc.desk.desk import Desk, instant_or, limit_of
from services.node.rpc.desk.render import millis, referral_summary, said_step
from services.node.rpc.pace import CODES_TRIED, Paces
from services.node.store import events as event_store
from services.node.store import timers as timer_store

_LONGEST_WAIT = 120


class ReferralServicer(referral_pb2_grpc.ReferralServiceServicer):
    """Hands over: offers, and every step that follows."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._codes = Paces("handover_code", CODES_TRIED)

    async def MakeOffer(
        self, request: referral_pb2.MakeOfferRequest, context: Any
    ) -> referral_pb2.MakeOfferResponse:
        """Offer a share or a transfer to one member."""
        desk, moment = self._desk, self._desk.now()
        _check_sender(desk, request.recipient, request.categories, moment)
        logged = await desk.submit(
            MakeOffer(
                own=desk.own,
                actor=acting_officer().actor(),
                event_id=event_id_from(request.event_id, new_id()),
                case_pseudonym=parse_alias(request.case_pseudonym),
                recipient=request.recipient,
                offer=offer_from(request.offer),
                categories=tuple(request.categories),
                happened_at=instant_or(request.happened_at, moment.case),
                moment=moment,
                attachment_ids=tuple(request.attachment_ids),
                approval_id=request.approval_id,
                best_interests=best_interests_from(request),
            )
        )
        return referral_pb2.MakeOfferResponse(
            referral_id=logged.result.referral_id, ledger_index=logged.index
        )

    async def CheckReferral(
        self, request: referral_pb2.CheckReferralRequest, context: Any
    ) -> referral_pb2.CheckReferralResponse:
        """Say whether an offer would stand; nothing is recorded."""
        desk, moment = self._desk, self._desk.now()
        would = MakeOffer(
            own=desk.own,
            actor=acting_officer().actor(),
            event_id=new_id(),
            case_pseudonym=request.case_pseudonym
            and parse_alias(request.case_pseudonym),
            recipient=request.recipient,
            offer=offer_from(request.offer),
            categories=tuple(request.categories),
            happened_at=moment.case,
            moment=moment,
        )
        consent = completed(desk, request.consent)
        checked = (
            await check_for_draft(would, consent, request.draft_id, request.door)
            if request.draft_id
            else await check_for_case(would, consent)
        )
        return referral_pb2.CheckReferralResponse(
            offer=offer_to(checked.offer),
            second_person_for=checked.second_person_for,
            leaving=[record_to(each) for each in checked.leaving],
            best_interests_for=checked.concern or "",
            best_interests_deciders=checked.deciders,
            answer_due=millis(None if checked.times is None else checked.times.due),
            answer_latest=millis(
                None if checked.times is None else checked.times.latest
            ),
        )

    async def TakeStep(
        self, request: referral_pb2.TakeStepRequest, context: Any
    ) -> referral_pb2.TakeStepResponse:
        """Take the next step of a referral."""
        desk, moment = self._desk, self._desk.now()
        body = with_code(body_from(request.body))
        if isinstance(body, Countersignature | Arrival) and body.handover_code:
            self._codes.take(request.referral_id.hex())
        if isinstance(body, Release | Voiding | Offer):
            raise NotPermittedError(
                "step.not_by_hand",
                "Release and void are the node's own; an offer begins a referral.",
                where="body",
                remedy="Nothing to do; the node takes it by itself.",
            )
        logged = await desk.submit(
            TakeStep(
                own=desk.own,
                actor=acting_officer().actor(),
                referral_id=request.referral_id,
                event_id=event_id_from(request.event_id, new_id()),
                body=body,
                happened_at=instant_or(request.happened_at, moment.case),
                moment=moment,
                approval_id=event_id_from(request.approval_id, b""),
                attachment_id=event_id_from(request.attachment_id, b""),
            )
        )
        taken = logged.result
        answer = referral_pb2.TakeStepResponse(
            event_id=taken.event_id,
            state=taken.state,
            ledger_index=logged.index,
            digest=taken.digest,
        )
        if not taken.state or taken.state in STOPPED:
            # An act that was repeated, or a return that stopped.
            view = await referral_view(desk.own, request.referral_id, desk.today())
            answer.state = taken.state or view.referral.state
            answer.still_open.extend(view.still_open)
        return answer

    async def Escalate(
        self, request: referral_pb2.EscalateRequest, context: Any
    ) -> referral_pb2.EscalateResponse:
        """Tell the national desk that the other member is silent."""
        desk = self._desk
        act = EscalateByHand(
            own=desk.own,
            actor=acting_officer().actor(),
            event_id=event_id_from(request.event_id, new_id()),
            referral_id=request.referral_id,
            reason=parse_reason(request.reason),
            moment=desk.now(),
        )
        logged = await desk.submit(act)
        made = logged.result.referral_id
        view = await referral_view(desk.own, made, desk.today())
        return referral_pb2.EscalateResponse(
            referral_id=made, told=view.referral.peer, ledger_index=logged.index
        )

    async def GetReferral(
        self, request: referral_pb2.GetReferralRequest, context: Any
    ) -> referral_pb2.GetReferralResponse:
        """Show a referral with what was said in it."""
        own = self._desk.own
        async with own.database.connection() as connection:
            # First of all, as in views.py.
            last = await event_store.newest_in_referral(connection, request.referral_id)
        view = await referral_view(own, request.referral_id, self._desk.today())
        async with own.database.connection() as connection:
            steps = await said_in(own, connection, request.referral_id)
            running = await timer_store.running_in(connection, request.referral_id)
            conflicts = await conflicts_in(own, connection, view.referral, steps)
            silence = await escalation_of(own, connection, view, self._desk.now())
        steps_meeting = own.adopted.policy.deadlines.steps_meeting
        kind = ReferralType(view.referral.referral_type)
        return referral_pb2.GetReferralResponse(
            referral=referral_summary(view),
            steps=[said_step(each, own.name) for each in steps],
            last_index=max(last, 0),
            limits=[
                referral_pb2.RunningLimit(
                    deadline=each.deadline,
                    due_at=millis(each.due_at),
                    paused_at=millis(each.paused_at),
                    ended_by=steps_meeting(each.deadline, kind),
                )
                for each in running
            ],
            now=millis(self._desk.now().case),
            conflicts=conflicts,
            escalates_to=silence.told,
            escalation_id=silence.open_id,
        )

    async def ReadMessages(
        self, request: referral_pb2.ReadMessagesRequest, context: Any
    ) -> referral_pb2.ReadMessagesResponse:
        """Show what was asked and answered in every referral of a case."""
        own = self._desk.own
        pseudonym = parse_alias(request.case_pseudonym)
        found = await talks_of(own, pseudonym, self._desk.today())
        return referral_pb2.ReadMessagesResponse(
            talks=[
                referral_pb2.Talk(
                    referral=referral_summary(each.referral),
                    messages=[said_step(said, own.name) for said in each.messages],
                )
                for each in found
            ]
        )

    async def ListReferrals(
        self, request: referral_pb2.ListReferralsRequest, context: Any
    ) -> referral_pb2.ListReferralsResponse:
        """List the referrals that changed last."""
        views = await newest_referrals(
            self._desk.own,
            limit_of(request.limit),
            request.offset,
            self._desk.today(),
        )
        return referral_pb2.ListReferralsResponse(
            referrals=[referral_summary(each) for each in views]
        )

    async def AwaitReferral(
        self, request: referral_pb2.AwaitReferralRequest, context: Any
    ) -> referral_pb2.AwaitReferralResponse:
        """Return as soon as the referral is in one of the states."""
        view = await await_referral(
            self._desk.own,
            self._desk.published,
            request.referral_id,
            frozenset(request.states),
            self._desk.today(),
            settled=request.settled,
            seconds=min(max(request.timeout_seconds, 1), _LONGEST_WAIT),
        )
        return referral_pb2.AwaitReferralResponse(referral=referral_summary(view))


def _check_sender(
    desk: Desk, recipient: str, categories: Sequence[str], moment: Moment
) -> None:
    """Raise unless whoever calls may send what needs two people.

    ``NotPermittedError``: ``offer.people_only`` for a program, and
    ``sign_in.reauthenticate`` where the proof in the session is too old. The
    member's own socket names an officer without a session; its file mode decides.
    """
    if not needing(desk.own, recipient, categories, day_of(moment.case)):
        return
    caller = calling()
    if caller.client is not None:
        raise NotPermittedError(
            "offer.people_only",
            "What needs two people to leave is sent by a person, not by a program.",
            where="categories",
            remedy="Leave these categories out, or let an officer send it who is signed"
            " in.",
        )
    if caller.session is not None:
        check_recent(times_of(caller.session), moment.wire)
