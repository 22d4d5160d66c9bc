"""ApprovalService on the local listener."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import approval_pb2, approval_pb2_grpc
from services.node.domain.approvals import ApprovalAnswer
from services.node.domain.errors import InvalidInputError
from services.node.domain.identifiers import new_id, parse_alias
from services.node.flows.approval_views import (
    ApprovalLine,
    Looking,
    approval_view,
    approvals_for,
)
from services.node.flows.approvals import AnswerApproval, AskApproval
from services.node.rpc.calls import acting_officer
from services.node.rpc.conversions import (
    approved_act_from,
    approved_act_to,
    event_id_from,
    record_to,
)
from services.node.rpc.desk.desk import Desk, limit_of
from services.node.rpc.desk.render import millis


class ApprovalServicer(approval_pb2_grpc.ApprovalServiceServicer):
    """Lets a second officer act herself where one is not enough."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def AskApproval(
        self, request: approval_pb2.AskApprovalRequest, context: Any
    ) -> approval_pb2.AskApprovalResponse:
        """Ask a second officer for exactly one act."""
        desk = self._desk
        approval_id = event_id_from(request.approval_id, new_id())
        logged = await desk.submit(
            AskApproval(
                own=desk.own,
                officer=acting_officer(),
                approval_id=approval_id,
                case_pseudonym=parse_alias(request.case_pseudonym),
                act=approved_act_from(request.act),
                moment=desk.now(),
            )
        )
        return approval_pb2.AskApprovalResponse(
            approval_id=approval_id,
            expires_at=millis(logged.result),
            ledger_index=logged.index,
        )

    async def AnswerApproval(
        self, request: approval_pb2.AnswerApprovalRequest, context: Any
    ) -> approval_pb2.AnswerApprovalResponse:
        """Record what the second officer says."""
        desk = self._desk
        if request.answer not in set(ApprovalAnswer):
            raise InvalidInputError(
                "call.unknown_code",
                f"answer is one of {', '.join(ApprovalAnswer)}.",
                where="answer",
            )
        logged = await desk.submit(
            AnswerApproval(
                own=desk.own,
                officer=acting_officer(),
                event_id=event_id_from(request.event_id, new_id()),
                approval_id=request.approval_id,
                answer=ApprovalAnswer(request.answer),
                reason=request.reason,
                moment=desk.now(),
            )
        )
        return approval_pb2.AnswerApprovalResponse(ledger_index=logged.index)

    async def ListApprovals(
        self, request: approval_pb2.ListApprovalsRequest, context: Any
    ) -> approval_pb2.ListApprovalsResponse:
        """List what waits for the officer, what she asked, or a case's."""
        named = request.case_pseudonym
        looking = Looking(
            officer=acting_officer(),
            case_pseudonym=parse_alias(named) if named else "",
            asked_by_me=request.asked_by_me,
            my_unit=request.my_unit,
            limit=limit_of(request.limit),
            offset=request.offset,
            now=self._desk.now().case,
        )
        found = await approvals_for(self._desk.own, looking)
        return approval_pb2.ListApprovalsResponse(
            approvals=[_summary(each) for each in found]
        )

    async def GetApproval(
        self, request: approval_pb2.GetApprovalRequest, context: Any
    ) -> approval_pb2.GetApprovalResponse:
        """Show exactly what is to be approved."""
        desk = self._desk
        view = await approval_view(
            desk.own, request.approval_id, acting_officer(), desk.now()
        )
        return approval_pb2.GetApprovalResponse(
            approval=_summary(view.line),
            act=approved_act_to(view.act),
            reason=view.reason,
            leaving=[record_to(each) for each in view.leaving],
            changed=view.changed,
        )


def _summary(line: ApprovalLine) -> approval_pb2.ApprovalSummary:
    row = line.row
    return approval_pb2.ApprovalSummary(
        approval_id=row.approval_id,
        kind=row.kind,
        case_pseudonym=row.pseudonym,
        state=line.state.value,
        asked_by=row.asked_by,
        asked_unit=row.asked_unit,
        asked_at=millis(row.asked_at),
        expires_at=millis(row.expires_at),
        answered_by=row.answered_by or "",
        answered_at=millis(row.answered_at),
        used_at=millis(row.used_at),
        used_by_event=row.used_by or b"",
    )
