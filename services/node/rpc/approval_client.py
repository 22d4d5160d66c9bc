"""The desk as a client, for what needs two officers: ask, read, answer.

Promises and leaves to others what ``desk_client`` does, which builds on it.
"""

from __future__ import annotations

from pathlib import Path

from relais.desk.v1 import approval_pb2, approval_pb2_grpc
from services.node.domain.approvals import ApprovedAct
from services.node.rpc import approval_values as values
from services.node.rpc.conversions import approved_act_to
from services.node.rpc.node_client import NodeClient, all_of
from services.node.wire.mapping import from_message


class ApprovalClient(NodeClient):
    """One node's local listener, for approvals; use with ``async with``."""

    def __init__(
        self, socket: Path, member: str = "", *, session: str = "", reason: str = ""
    ) -> None:
        """``member`` names the node in errors."""
        super().__init__(socket, member, session=session, reason=reason)
        self._approvals = approval_pb2_grpc.ApprovalServiceStub(self.channel)

    async def ask_approval(
        self, officer: str, case: str, act: ApprovedAct, *, approval_id: bytes = b""
    ) -> values.ApprovalAsked:
        """Ask a second officer for exactly this act."""
        request = approval_pb2.AskApprovalRequest(
            officer=officer,
            approval_id=approval_id,
            case_pseudonym=case,
            act=approved_act_to(act),
        )
        answer = await self.ask(self._approvals.AskApproval, request)
        return from_message(answer, values.ApprovalAsked)

    async def answer_approval(
        self,
        officer: str,
        approval_id: bytes,
        answer: str,
        reason: str = "",
        *,
        event_id: bytes = b"",
    ) -> int:
        """Say, as the second officer, approved or refused; the index of the leaf."""
        request = approval_pb2.AnswerApprovalRequest(
            officer=officer,
            event_id=event_id,
            approval_id=approval_id,
            answer=answer,
            reason=reason,
        )
        given = await self.ask(self._approvals.AnswerApproval, request)
        return int(given.ledger_index)

    async def list_approvals(
        self,
        officer: str,
        case: str = "",
        *,
        asked_by_me: bool = False,
        my_unit: bool = False,
        limit: int = 0,
        offset: int = 0,
    ) -> tuple[values.ApprovalRead, ...]:
        """What waits for the officer, or all of a case, or what she asked for.

        ``my_unit``: of what waits, only what her own unit asked for. ``limit`` 1 to
        500, 0 means 50.
        """
        request = approval_pb2.ListApprovalsRequest(
            officer=officer,
            case_pseudonym=case,
            asked_by_me=asked_by_me,
            my_unit=my_unit,
            limit=limit,
            offset=offset,
        )
        answer = await self.ask(self._approvals.ListApprovals, request)
        return all_of(answer.approvals, values.ApprovalRead)

    async def get_approval(
        self, officer: str, approval_id: bytes
    ) -> values.ApprovalOpened:
        """An approval with exactly what is to be done."""
        request = approval_pb2.GetApprovalRequest(
            officer=officer, approval_id=approval_id
        )
        answer = await self.ask(self._approvals.GetApproval, request)
        return from_message(answer, values.ApprovalOpened)
