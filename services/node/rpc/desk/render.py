"""Views of cases and referrals as contract messages."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from relais.desk.v1 import case_pb2, referral_pb2
from services.node.domain.bodies import Release
from services.node.domain.rights import steps_for
from services.node.flows.handover_codes import as_shown
from services.node.flows.said import SaidStep
from services.node.flows.views import CaseView, ReferralView
from services.node.rpc.calls import calling
from services.node.rpc.conversions import body_to
from services.node.store.rows import AnswerabilityRow, TimelineRow
from services.node.wire.mapping import to_millis


def millis(instant: datetime | None) -> int:
    """Unix milliseconds; 0 for none."""
    return 0 if instant is None else to_millis(instant)


def referral_summary(view: ReferralView) -> case_pb2.ReferralSummary:
    """A referral as this member sees it, and what whoever calls may do in it."""
    row = view.referral
    return case_pb2.ReferralSummary(
        referral_id=row.referral_id,
        case_pseudonym=view.case_pseudonym,
        alias=row.alias,
        side=row.side,
        peer=row.peer,
        referral_type=row.referral_type,
        priority=row.priority,
        moves_on=row.moves_on,
        state=row.state,
        offered_at=millis(row.offered_at),
        updated_at=millis(row.updated_at),
        open_steps=steps_for(view.open_steps, calling().acts),
        delivered=view.mark.delivered,
        opened=view.mark.opened,
        peer_steps=view.peer_steps,
        must_act=view.must_act,
        still_open=view.still_open,
        reach=view.reach.value,
        late=view.mark.late,
        waiting=view.mark.waiting,
        waits_since=millis(view.mark.waits_since),
        problem=view.mark.problem,
        returned_at=millis(view.mark.returned_at),
    )


def case_response(view: CaseView) -> case_pb2.GetCaseResponse:
    """A case without anything sealed."""
    return case_pb2.GetCaseResponse(
        case_pseudonym=view.case.pseudonym,
        door=view.case.door,
        phase=view.case.phase,
        answerable=view.case.answerable,
        opened_at=millis(view.case.opened_at),
        last_index=view.last_index,
        periods=[_period(row) for row in view.periods],
        referrals=[referral_summary(each) for each in view.referrals],
        timeline=[_entry(row) for row in view.timeline],
        assignments=[
            case_pb2.Assignment(
                officer=row.officer or "",
                assigned_by=row.assigned_by,
                assigned_unit=row.assigned_unit,
                assigned_at=millis(row.assigned_at),
            )
            for row in view.assignments
        ],
    )


def said_step(said: SaidStep, own_name: str) -> referral_pb2.SaidStep:
    """One step with its content; the keys of a release stay in the node."""
    handoff = said.handoff
    body = as_shown(handoff.body, to_giver=handoff.from_ == own_name)
    if isinstance(body, Release):
        body = replace(body, keys=())
    category_of = {each.part_id: each.category for each in handoff.parts}
    return referral_pb2.SaidStep(
        event_id=handoff.event_id,
        author=handoff.from_,
        step=handoff.step.value,
        happened_at=millis(handoff.happened_at),
        body=body_to(body),
        digest=said.digest,
        files=sorted(category_of[each.part_id] for each in handoff.attachments),
    )


def _period(row: AnswerabilityRow) -> case_pb2.AnswerabilityPeriod:
    return case_pb2.AnswerabilityPeriod(
        since_event=row.since_event,
        since_at=millis(row.since_at),
        since_step=row.since_step,
        from_member=row.from_member,
        until_event=row.until_event or b"",
        until_at=millis(row.until_at),
        until_step=row.until_step or "",
        to_member=row.to_member or "",
        confirmed=row.confirmed,
        since_called=row.since_called,
        until_called=row.until_called,
    )


def _entry(row: TimelineRow) -> case_pb2.TimelineEntry:
    return case_pb2.TimelineEntry(
        event_id=row.event_id,
        referral_id=row.referral_id or b"",
        author=row.author,
        peer=row.peer or "",
        step=row.step,
        actor=row.actor,
        actor_role=row.actor_role,
        actor_unit=row.actor_unit,
        happened_at=millis(row.happened_at),
        policy_version=row.policy_version,
        own_index=row.own_index,
        receipt_index=row.receipt_index or 0,
        receipted=row.receipt_index is not None,
        delivery=row.outbox_state or "",
        refusal_code=row.refusal_code or "",
        digest=row.digest or b"",
    )
