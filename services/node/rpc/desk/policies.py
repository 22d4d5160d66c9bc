"""PolicyService on the local listener: by which rows this node ruled."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import policy_pb2, policy_pb2_grpc
from services.node.domain.identifiers import parse_alias
from services.node.domain.rulings import Ruling
from services.node.flows.explain import ExplainedEvent, explain_case
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk.render import millis


class PolicyServicer(policy_pb2_grpc.PolicyServiceServicer):
    """Tells by which dated rows this node ruled."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ExplainCase(
        self, request: policy_pb2.ExplainCaseRequest, context: Any
    ) -> policy_pb2.ExplainCaseResponse:
        """Tell for every handoff and clock of a case which row decided what."""
        pseudonym = parse_alias(request.case_pseudonym)
        explained = await explain_case(self._desk.own, pseudonym)
        return policy_pb2.ExplainCaseResponse(
            events=[_event(each) for each in explained]
        )


def _event(explained: ExplainedEvent) -> policy_pb2.ExplainedEvent:
    return policy_pb2.ExplainedEvent(
        event_id=explained.event_id,
        referral_id=explained.referral_id or b"",
        author=explained.author,
        recipient=explained.recipient,
        step=explained.step,
        happened_at=millis(explained.happened_at),
        policy_version=explained.policy_version,
        ruled_by=explained.ruled_by,
        rulings=[_ruling(each) for each in explained.rulings],
    )


def _ruling(ruling: Ruling) -> policy_pb2.Ruling:
    rule = ruling.rule
    if rule is None:
        return policy_pb2.Ruling(decided=ruling.decided)
    return policy_pb2.Ruling(
        table=rule.table,
        row=rule.row,
        law=rule.law,
        valid_from=rule.valid_from.isoformat(),
        valid_to=rule.valid_to.isoformat() if rule.valid_to else "",
        verified=rule.verified,
        decided=ruling.decided,
    )
