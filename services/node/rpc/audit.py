"""The audit as a server: the member's own auditor gets log and answerability."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from relais.audit.v1 import answerability_pb2, audit_pb2, audit_pb2_grpc
from services.node.flows.answerability import list_answerability
from services.node.flows.export import export_log
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.wire.answerability import to_response
from services.node.wire.audit import item_to_message


class AuditServicer(audit_pb2_grpc.AuditServiceServicer):
    """Gives both; the listener's gate has checked the auditor."""

    def __init__(self, own: OwnMember, clocks: Clocks) -> None:
        self._own = own
        self._clocks = clocks

    async def Export(
        self, request: audit_pb2.ExportRequest, context: Any
    ) -> AsyncIterator[audit_pb2.ExportResponse]:
        """Stream the log as it stands now."""
        async with aclosing(export_log(self._own)) as items:
            async for item in items:
                yield item_to_message(item)

    async def ListAnswerability(
        self, request: answerability_pb2.ListAnswerabilityRequest, context: Any
    ) -> AsyncIterator[answerability_pb2.ListAnswerabilityResponse]:
        """Stream every case's periods and referrals as they stand now."""
        moment = self._clocks.now()
        async with aclosing(list_answerability(self._own, moment)) as items:
            async for item in items:
                yield to_response(item)
