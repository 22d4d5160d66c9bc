"""The audit as a server: logs, extracts and answerability for the member."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from relais.audit.v1 import answerability_pb2, audit_pb2, audit_pb2_grpc
from services.node.flows.answerability import list_answerability
from services.node.flows.export import export_log
from services.node.flows.extract import ExtractAsked, extract_log
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.published import Published
from services.node.rpc.calls import acting_officer
from services.node.wire.answerability import to_response
from services.node.wire.audit import LogItem, encode_item, item_to_message


class AuditServicer(audit_pb2_grpc.AuditServiceServicer):
    """Gives them; the listener's gate has checked who asks."""

    def __init__(self, own: OwnMember, published: Published, clocks: Clocks) -> None:
        self._own = own
        self._published = published
        self._clocks = clocks

    async def Export(
        self, request: audit_pb2.ExportRequest, context: Any
    ) -> AsyncIterator[audit_pb2.ExportResponse]:
        """Stream the log as it stands now."""
        async with aclosing(export_log(self._own)) as items:
            async for item in items:
                yield item_to_message(item)

    async def Extract(
        self, request: audit_pb2.ExtractRequest, context: Any
    ) -> AsyncIterator[audit_pb2.ExtractResponse]:
        """Stream some entries with what proves each."""
        asked = ExtractAsked(request.code, tuple(request.indexes))
        async with aclosing(self._extract(asked)) as items:
            async for item in items:
                yield audit_pb2.ExtractResponse(item=encode_item(item))

    async def ExtractOwn(
        self, request: audit_pb2.ExtractOwnRequest, context: Any
    ) -> AsyncIterator[audit_pb2.ExtractOwnResponse]:
        """Stream the same of what the officer's unit acted in."""
        asked = ExtractAsked(request.code, unit=acting_officer().unit)
        async with aclosing(self._extract(asked)) as items:
            async for item in items:
                yield audit_pb2.ExtractOwnResponse(item=encode_item(item))

    def _extract(self, asked: ExtractAsked) -> AsyncGenerator[LogItem, None]:
        now = self._clocks.now().wire
        return extract_log(self._own, self._published.head, asked, now)

    async def ListAnswerability(
        self, request: answerability_pb2.ListAnswerabilityRequest, context: Any
    ) -> AsyncIterator[answerability_pb2.ListAnswerabilityResponse]:
        """Stream every case's periods and referrals as they stand now."""
        moment = self._clocks.now()
        async with aclosing(list_answerability(self._own, moment)) as items:
            async for item in items:
                yield to_response(item)
