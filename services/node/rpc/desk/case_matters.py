"""Needs and services, people and safety of a case, as answers of CaseService."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from relais.casefile.v1 import record_pb2, standing_pb2
from relais.desk.v1 import case_pb2
from services.node.flows.case_matters import (
    KnownPart,
    RiskAssessed,
    SafetyView,
    ServiceAsked,
    ServicesView,
)
from services.node.rpc.desk.render import millis, referral_summary
from services.node.wire.mapping import to_message


def services_response(
    view: ServicesView, now: datetime
) -> case_pb2.ReadServicesResponse:
    """Needs and services; ``now`` on the case clock."""
    plan = view.plan
    return case_pb2.ReadServicesResponse(
        needs=_parts(view.needs),
        services=[_service(each) for each in view.services],
        plan=None if plan is None else to_message(plan, standing_pb2.ReintegrationPlan),
        now=millis(now),
    )


def safety_response(view: SafetyView) -> case_pb2.ReadSafetyResponse:
    """People and safety."""
    return case_pb2.ReadSafetyResponse(
        people=_parts(view.people),
        safety=_parts(view.safety),
        minors=[
            to_message(each, standing_pb2.AccompanyingMinor) for each in view.minors
        ],
        risks=[_risk(each) for each in view.risks],
        safeguards=[
            case_pb2.Safeguard(
                referral_id=each.referral_id,
                peer=each.peer,
                constraints=each.constraints,
                escort=each.escort,
            )
            for each in view.safeguards
        ],
    )


def _parts(parts: Iterable[KnownPart]) -> list[case_pb2.KnownPart]:
    return [
        case_pb2.KnownPart(
            category=each.category,
            answers=[to_message(one, record_pb2.Answer) for one in each.answers],
            version=case_pb2.RecordVersion(
                number=each.number,
                recorded_at=millis(each.recorded_at),
                recorded_by=each.recorded_by,
                source=each.source,
            ),
        )
        for each in parts
    ]


def _service(each: ServiceAsked) -> case_pb2.ServiceAsked:
    offer, promise, done = each.offer, each.acceptance, each.completion
    return case_pb2.ServiceAsked(
        referral=referral_summary(each.referral),
        asked=() if offer is None else offer.services,
        given=() if promise is None else promise.services,
        need="" if offer is None else offer.need,
        need_language="" if offer is None else offer.need_language,
        answered_at=millis(each.answered_at),
        reason=each.reason,
        expected_at=millis(None if promise is None else promise.expected_at),
        expected_zone="" if promise is None else promise.expected_zone,
        completed_at=millis(each.completed_at),
        outcome="" if done is None else done.outcome,
        result="" if done is None else done.result,
    )


def _risk(each: RiskAssessed) -> case_pb2.RiskAssessed:
    return case_pb2.RiskAssessed(
        basis=each.basis,
        level=each.level,
        decision=each.decision,
        assessed_at=millis(each.assessed_at),
        valid_until=millis(each.valid_until),
        member=each.member,
        officer=each.officer,
        role=each.role,
        referral_id=each.referral_id,
    )
