"""What a case is in, as contract messages both ways."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relais.casefile.v1 import record_pb2, standing_pb2
from relais.desk.v1 import case_pb2
from services.node.domain.case_details import CaseDetails
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.entitlements import Entitlement
from services.node.domain.errors import InvalidInputError
from services.node.domain.identifiers import new_id, parse_alias
from services.node.domain.minors import Minor
from services.node.domain.officers_acts import OFFICERS_ACTS
from services.node.domain.plain_words import not_listed
from services.node.domain.plans import ReintegrationPlan
from services.node.domain.rights import case_acts_for
from services.node.flows.case_keeping import KeepMinor, KeepPlan
from services.node.flows.case_standing import Clock
from services.node.flows.case_state_view import CaseStateView, PlanView
from services.node.flows.case_step import CaseStepTaken, TakeCaseStep
from services.node.rpc.calls import acting_officer, calling
from services.node.rpc.conversions import event_id_from
from services.node.rpc.desk.desk import Desk, instant_or
from services.node.rpc.desk.render import millis
from services.node.wire.mapping import from_message, to_message


def case_step(desk: Desk, request: case_pb2.TakeCaseStepRequest) -> TakeCaseStep:
    """The act that a request asks for; raises InvalidInputError for an unknown one."""
    if request.act not in set(CaseAct):
        raise InvalidInputError(
            "case.unknown_act",
            not_listed("act", OFFICERS_ACTS),
            where="act",
            remedy="Choose one of them.",
        )
    moment = desk.now()
    return TakeCaseStep(
        own=desk.own,
        officer=acting_officer(),
        event_id=event_id_from(request.event_id, new_id()),
        case_pseudonym=parse_alias(request.case_pseudonym),
        act=CaseAct(request.act),
        details=from_message(request.details, CaseDetails),
        approval_id=event_id_from(request.approval_id, b""),
        happened_at=instant_or(request.happened_at, moment.case),
        moment=moment,
    )


def step_response(taken: CaseStepTaken, index: int) -> case_pb2.TakeCaseStepResponse:
    """What an act made of a case."""
    return case_pb2.TakeCaseStepResponse(
        phase=taken.phase,
        state=taken.state,
        clocks=clock_messages(taken.clocks),
        ledger_index=index,
    )


def state_response(view: CaseStateView) -> case_pb2.GetCaseStateResponse:
    """What a case is in, and what whoever calls may do in it."""
    standing = view.now.standing
    history: list[Any] = [
        to_message(each, standing_pb2.CaseStanding) for each in view.history
    ]
    return case_pb2.GetCaseStateResponse(
        phase=standing.phase.value,
        state=standing.state.value,
        beside=sorted(each.value for each in standing.beside),
        person_status=view.person_status.value,
        is_minor=view.is_minor.value,
        legal_regime=view.legal_regime.value,
        placement=view.now.placement,
        risk_level=view.risk_level,
        essential_needs_until=millis(view.now.clocks.essential_needs_until),
        recovery_pause_until=millis(view.now.clocks.recovery_pause_until),
        open_acts=case_acts_for(view.open_acts, calling().acts),
        history=history,
        entitlements=[entitlement_message(each) for each in view.entitlements],
        minors=[
            case_pb2.MinorState(
                minor=to_message(each.minor, standing_pb2.AccompanyingMinor),
                entitlements=[entitlement_message(one) for one in each.entitlements],
            )
            for each in view.minors
        ],
        last_index=view.last_index,
        age_band=view.profile.age_band,
        sex=view.profile.sex,
        languages=view.profile.languages,
        agreed_until=millis(view.agreed_until),
        best_interests_for=view.concern or "",
        best_interests_deciders=view.deciders,
        notes=[
            case_pb2.StepNote(
                event_id=each.event_id,
                expected_at=millis(each.expected_at),
                expected_zone=each.expected_zone,
                giver_known_by=each.giver_known_by,
                call_function=each.call_function,
                called_at=millis(each.called_at),
                person_known_by=each.person_known_by,
                signed_by=each.signed_by,
                second_officer=each.second_officer,
                unsigned_reason=each.unsigned_reason,
                by_code=each.by_code,
                referral_id=each.referral_id,
                outcome=each.outcome,
                result=each.result,
            )
            for each in view.notes
        ],
        safe_contact=None
        if view.safe_contact is None
        else to_message(view.safe_contact, record_pb2.Answer),
    )


def minor_kept(desk: Desk, request: case_pb2.KeepMinorRequest) -> KeepMinor:
    """The act of keeping a minor that a request asks for."""
    return KeepMinor(
        own=desk.own,
        actor=acting_officer().actor(),
        event_id=event_id_from(request.event_id, new_id()),
        case_pseudonym=parse_alias(request.case_pseudonym),
        minor=from_message(request.minor, Minor),
        moment=desk.now(),
    )


def plan_kept(desk: Desk, request: case_pb2.KeepPlanRequest) -> KeepPlan:
    """The act of keeping a plan that a request asks for."""
    return KeepPlan(
        own=desk.own,
        actor=acting_officer().actor(),
        event_id=event_id_from(request.event_id, new_id()),
        case_pseudonym=parse_alias(request.case_pseudonym),
        plan=from_message(request.plan, ReintegrationPlan),
        moment=desk.now(),
        based_on=request.based_on if request.HasField("based_on") else None,
    )


def plan_response(view: PlanView) -> case_pb2.GetPlanResponse:
    """A plan with its follow-ups."""
    plan: Any = None
    if view.plan is not None:
        plan = to_message(view.plan, standing_pb2.ReintegrationPlan)
    return case_pb2.GetPlanResponse(
        plan=plan,
        planned=[
            case_pb2.CaseClock(deadline=each.deadline, due=millis(each.at))
            for each in view.planned
        ],
        done=[
            case_pb2.FollowUpDone(
                at=millis(each.at),
                result=each.result,
                kind=each.kind,
                mode=each.mode,
                next_action=each.next_action,
            )
            for each in view.done
        ],
        version=view.version,
    )


def clock_messages(clocks: Iterable[Clock]) -> list[case_pb2.CaseClock]:
    """The deadlines that an act started."""
    return [
        case_pb2.CaseClock(deadline=each.deadline, due=millis(each.due))
        for each in clocks
    ]


def entitlement_message(each: Entitlement) -> case_pb2.Entitlement:
    """What the law says about one regime."""
    return case_pb2.Entitlement(
        regime=each.regime.value,
        granted=each.granted.value,
        rule="" if each.row is None else str(each.row.rule),
    )
