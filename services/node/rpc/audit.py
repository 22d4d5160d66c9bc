"""The audit as a server: the member's own auditor gets the whole log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from relais.audit.v1 import audit_pb2, audit_pb2_grpc
from services.node.flows.export import export_log
from services.node.flows.own import OwnMember
from services.node.wire.audit import item_to_message


class AuditServicer(audit_pb2_grpc.AuditServiceServicer):
    """Gives the log; the listener's gate has checked the auditor."""

    def __init__(self, own: OwnMember) -> None:
        self._own = own

    async def Export(
        self, request: audit_pb2.ExportRequest, context: Any
    ) -> AsyncIterator[audit_pb2.ExportResponse]:
        """Stream the log as it stands now."""
        async with aclosing(export_log(self._own)) as items:
            async for item in items:
                yield item_to_message(item)
