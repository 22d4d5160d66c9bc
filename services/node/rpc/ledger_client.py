"""LedgerService and the export of the log as a client, for the member's auditor.

Promises and leaves to others what ``node_client`` does, on which it builds.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from pathlib import Path
from typing import Any

from relais.desk.v1 import ledger_pb2, ledger_pb2_grpc
from services.node.rpc import ledger_values as values
from services.node.rpc.node_client import NodeClient, all_of
from services.node.wire.audit import (
    encode_export_request,
    encode_extract_request,
    encode_own_extract_request,
    extracted_item,
    framed,
)
from services.node.wire.mapping import from_message, to_millis

_CHECK_SECONDS = 600.0
_AUDIT = "/relais.audit.v1.AuditService"


class LedgerClient(NodeClient):
    """One node's local listener, for its auditor; use with ``async with``."""

    def __init__(
        self, socket: Path, member: str = "", *, session: str = "", reason: str = ""
    ) -> None:
        """``member`` names the node in errors."""
        super().__init__(socket, member, session=session, reason=reason)
        self._ledger = ledger_pb2_grpc.LedgerServiceStub(self.channel)
        # Bytes in, bytes out: without serializers nothing is decoded here.
        self._export: Any = self.channel.unary_stream(f"{_AUDIT}/Export")
        self._extract: Any = self.channel.unary_stream(f"{_AUDIT}/Extract")
        self._extract_own: Any = self.channel.unary_stream(f"{_AUDIT}/ExtractOwn")

    async def list_entries(
        self, officer: str, sought: values.EntrySought, limit: int = 0
    ) -> values.EntriesRead:
        """A page of entries, the newest first."""
        request = _sought(officer, sought, limit)
        answer = await self.ask(self._ledger.ListEntries, request)
        return from_message(answer, values.EntriesRead)

    async def list_own_entries(
        self, officer: str, sought: values.EntrySought, limit: int = 0
    ) -> values.EntriesRead:
        """The same, of the cases that the officer's unit acted in."""
        request = ledger_pb2.ListOwnEntriesRequest(
            officer=officer, sought=_sought("", sought, limit)
        )
        answer = await self.ask(self._ledger.ListOwnEntries, request)
        return from_message(answer.page, values.EntriesRead)

    async def get_own_entry(self, officer: str, index: int) -> values.ProvedEntryRead:
        """One of these entries with the proofs for it, verified by the node now."""
        request = ledger_pb2.GetOwnEntryRequest(officer=officer, index=index)
        answer = await self.ask(self._ledger.GetOwnEntry, request)
        return from_message(answer.proved, values.ProvedEntryRead)

    async def list_own_concerns(
        self, officer: str, kind: str = "", *, limit: int = 0, offset: int = 0
    ) -> values.ConcernsRead:
        """What is unanswered or one-sided in the cases of the officer's unit."""
        request = ledger_pb2.ListOwnConcernsRequest(
            officer=officer, kind=kind, limit=limit, offset=offset
        )
        answer = await self.ask(self._ledger.ListOwnConcerns, request)
        return from_message(answer.found, values.ConcernsRead)

    async def get_entry(self, officer: str, index: int) -> values.ProvedEntryRead:
        """One entry with the proofs for it, verified by the node now."""
        request = ledger_pb2.GetEntryRequest(officer=officer, index=index)
        answer = await self.ask(self._ledger.GetEntry, request)
        return from_message(answer, values.ProvedEntryRead)

    async def verify_ledger(self, officer: str) -> values.LedgerCheckRead:
        """Has the node recompute what it can prove by itself."""
        request = ledger_pb2.VerifyLedgerRequest(officer=officer)
        answer = await self.ask(self._ledger.VerifyLedger, request, _CHECK_SECONDS)
        return from_message(answer, values.LedgerCheckRead)

    async def prove_case(self, officer: str, case: str) -> values.CaseProvedRead:
        """Has the node verify the newest entries of one case."""
        request = ledger_pb2.ProveCaseRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._ledger.ProveCase, request)
        return from_message(answer, values.CaseProvedRead)

    async def list_parties(self, officer: str) -> tuple[values.PartyRead, ...]:
        """The members that entries are with, by name."""
        request = ledger_pb2.ListPartiesRequest(officer=officer)
        answer = await self.ask(self._ledger.ListParties, request)
        return all_of(answer.parties, values.PartyRead)

    async def list_concerns(
        self, officer: str, kind: str = "", *, limit: int = 0, offset: int = 0
    ) -> values.ConcernsRead:
        """What needs an auditor's eye, by kind."""
        request = ledger_pb2.ListConcernsRequest(
            officer=officer, kind=kind, limit=limit, offset=offset
        )
        answer = await self.ask(self._ledger.ListConcerns, request)
        return from_message(answer, values.ConcernsRead)

    async def export_log(self, officer: str) -> AsyncGenerator[bytes, None]:
        """The whole log as ``relais audit verify`` reads it, item by item.

        Close it if it is left early.
        """
        request = encode_export_request(officer)
        async with aclosing(self.each(self._export, request)) as items:
            async for raw in items:
                yield framed(raw)

    async def extract(
        self, officer: str, code: str, indexes: tuple[int, ...] = ()
    ) -> AsyncGenerator[bytes, None]:
        """Entries of a code, or of these numbers, with what proves each, as a file.

        ``relais audit verify`` reads it. Close it if it is left early.
        """
        request = encode_extract_request(officer, code, indexes)
        async with aclosing(self.each(self._extract, request)) as items:
            async for raw in items:
                yield framed(extracted_item(raw))

    async def extract_own(self, officer: str, code: str) -> AsyncGenerator[bytes, None]:
        """The same of a code that the officer's unit acted in."""
        request = encode_own_extract_request(officer, code)
        async with aclosing(self.each(self._extract_own, request)) as items:
            async for raw in items:
                yield framed(extracted_item(raw))


def _sought(
    officer: str, sought: values.EntrySought, limit: int
) -> ledger_pb2.ListEntriesRequest:
    return ledger_pb2.ListEntriesRequest(
        officer=officer,
        code=sought.code,
        kind=sought.kind,
        member=sought.member,
        since=_millis(sought.period.since),
        until=_millis(sought.period.until),
        before=sought.before,
        limit=limit,
        role=sought.role,
    )


def _millis(instant: datetime | None) -> int:
    return 0 if instant is None else to_millis(instant)
