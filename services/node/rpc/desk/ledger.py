"""LedgerService on the local listener: the ledger for the member's own auditor."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import ledger_pb2, ledger_pb2_grpc
from services.node.domain.concerns import Concern
from services.node.domain.errors import InvalidInputError
from services.node.domain.identifiers import parse_alias
from services.node.flows.case_proofs import prove_case
from services.node.flows.concerns import ConcernGroup, concerns, own_concerns
from services.node.flows.entries import (
    GivenProof,
    ProvedEntry,
    list_entries,
    outcome_of,
    prove_entry,
    prove_own_entry,
    receipt_of,
)
from services.node.flows.verify_ledger import LedgerChecks
from services.node.rpc.calls import acting_officer
from services.node.rpc.desk.desk import Desk, limit_of
from services.node.rpc.desk.render import millis
from services.node.store.concerns import Part
from services.node.store.entries import EntryFilter, EntryRow
from services.node.wire.mapping import from_millis


class LedgerServicer(ledger_pb2_grpc.LedgerServiceServicer):
    """Shows entries with their proofs, recomputes, and lists concerns."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._checks = LedgerChecks(desk.own)

    async def ListEntries(
        self, request: ledger_pb2.ListEntriesRequest, context: Any
    ) -> ledger_pb2.ListEntriesResponse:
        """List entries, the newest first."""
        return await self._entries(request, "")

    async def ListOwnEntries(
        self, request: ledger_pb2.ListOwnEntriesRequest, context: Any
    ) -> ledger_pb2.ListOwnEntriesResponse:
        """List entries of the cases that the officer's unit acted in."""
        page = await self._entries(request.sought, acting_officer().unit)
        return ledger_pb2.ListOwnEntriesResponse(page=page)

    async def _entries(
        self, request: ledger_pb2.ListEntriesRequest, unit: str
    ) -> ledger_pb2.ListEntriesResponse:
        head = self._desk.published.head
        wanted = EntryFilter(
            code=parse_alias(request.code) if request.code else "",
            kind=request.kind,
            member=request.member,
            since=from_millis(request.since) if request.since else None,
            until=from_millis(request.until) if request.until else None,
            before=min(request.before or head.size, head.size),
            role=request.role,
            unit=unit,
            own=self._desk.own.name,
        )
        rows = await list_entries(self._desk.own, head, wanted, limit_of(request.limit))
        return ledger_pb2.ListEntriesResponse(
            entries=[_entry(each) for each in rows], size=head.size
        )

    async def GetEntry(
        self, request: ledger_pb2.GetEntryRequest, context: Any
    ) -> ledger_pb2.GetEntryResponse:
        """Show one entry, proved now."""
        head = self._desk.published.head
        return _proved(await prove_entry(self._desk.own, head, request.index))

    async def GetOwnEntry(
        self, request: ledger_pb2.GetOwnEntryRequest, context: Any
    ) -> ledger_pb2.GetOwnEntryResponse:
        """Show one entry of the officer's unit, proved now."""
        head, unit = self._desk.published.head, acting_officer().unit
        found = await prove_own_entry(self._desk.own, head, request.index, unit)
        return ledger_pb2.GetOwnEntryResponse(proved=_proved(found))

    async def VerifyLedger(
        self, request: ledger_pb2.VerifyLedgerRequest, context: Any
    ) -> ledger_pb2.VerifyLedgerResponse:
        """Recompute what this node can prove by itself."""
        found = await self._checks.check(self._desk.now().wire)
        return ledger_pb2.VerifyLedgerResponse(
            sound=found.faults_found == 0,
            leaves=found.leaves,
            nodes=found.nodes,
            receipts_held=found.receipts.held,
            receipts_verified=found.receipts.verified,
            receipts_missing=found.receipts.missing,
            evidence_held=found.evidence.held,
            evidence_verified=found.evidence.verified,
            checkpoint=found.checkpoint.decode(),
            faults=[
                ledger_pb2.LedgerFault(what=each.what, index=each.index, code=each.code)
                for each in found.faults
            ],
            faults_found=found.faults_found,
            checked_at=millis(found.checked_at),
            took=found.took_ms,
        )

    async def ListParties(
        self, request: ledger_pb2.ListPartiesRequest, context: Any
    ) -> ledger_pb2.ListPartiesResponse:
        """Name the members that entries are with."""
        members = self._desk.own.adopted.directory.members
        return ledger_pb2.ListPartiesResponse(
            parties=[
                ledger_pb2.Party(
                    name=name,
                    names=[
                        ledger_pb2.PartyName(language=each.language, name=each.name)
                        for each in members[name].description.names
                    ],
                )
                for name in sorted(members)
            ]
        )

    async def ListConcerns(
        self, request: ledger_pb2.ListConcernsRequest, context: Any
    ) -> ledger_pb2.ListConcernsResponse:
        """List what needs an auditor's eye."""
        now = self._desk.now().case
        part = Part(limit_of(request.limit), request.offset)
        found = await concerns(self._desk.own, _kinds(request.kind), part, now)
        return ledger_pb2.ListConcernsResponse(
            groups=[_group(each) for each in found], now=millis(now)
        )

    async def ListOwnConcerns(
        self, request: ledger_pb2.ListOwnConcernsRequest, context: Any
    ) -> ledger_pb2.ListOwnConcernsResponse:
        """List what is unanswered or one-sided in the cases of the officer's unit."""
        now = self._desk.now().case
        part = Part(limit_of(request.limit), request.offset)
        found = await own_concerns(self._desk.own, acting_officer().unit, part, now)
        kinds = _kinds(request.kind)
        return ledger_pb2.ListOwnConcernsResponse(
            found=ledger_pb2.ListConcernsResponse(
                groups=[_group(each) for each in found if each.kind in kinds],
                now=millis(now),
            )
        )

    async def ProveCase(
        self, request: ledger_pb2.ProveCaseRequest, context: Any
    ) -> ledger_pb2.ProveCaseResponse:
        """Verify the newest entries of one case."""
        own, head = self._desk.own, self._desk.published.head
        found = await prove_case(own, head, request.case_pseudonym)
        return ledger_pb2.ProveCaseResponse(
            checked=found.checked,
            size=found.size,
            faults=[
                ledger_pb2.CaseFault(
                    what=each.fault.what,
                    index=each.fault.index,
                    code=each.fault.code,
                    step=each.step,
                )
                for each in found.faults
            ],
            receipted=found.receipted,
        )


def _kinds(text: str) -> tuple[Concern, ...]:
    if not text:
        return tuple(Concern)
    try:
        return (Concern(text),)
    except ValueError:
        raise InvalidInputError(
            "audit.unknown_concern",
            f"kind is one of {', '.join(Concern)}.",
            where="kind",
            remedy="Leave it empty for all.",
        ) from None


def _entry(row: EntryRow) -> ledger_pb2.LedgerEntry:
    return ledger_pb2.LedgerEntry(
        index=row.index,
        kind=row.kind,
        at=millis(row.recorded_at),
        outcome=outcome_of(row),
        code=row.code,
        member=row.member,
        role=row.role,
        policy_version=row.policy_version,
        receipt=receipt_of(row),
    )


def _proved(found: ProvedEntry) -> ledger_pb2.GetEntryResponse:
    return ledger_pb2.GetEntryResponse(
        entry=_entry(found.row),
        leaf=found.row.leaf,
        leaf_hash=found.leaf_hash,
        path=found.path,
        inclusion=found.inclusion,
        checkpoint=found.head.checkpoint.decode(),
        size=found.head.size,
        signature=found.signature,
        opening=found.opening,
        receipt=_proof(found.receipt),
        evidence=_proof(found.evidence),
    )


def _proof(given: GivenProof) -> ledger_pb2.EntryProof:
    return ledger_pb2.EntryProof(
        state=given.state,
        code=given.code,
        member=given.member,
        index=given.index,
        size=given.size,
    )


def _group(group: ConcernGroup) -> ledger_pb2.ConcernGroup:
    return ledger_pb2.ConcernGroup(
        kind=group.kind,
        count=group.count,
        rows=[
            ledger_pb2.ConcernRow(
                code=row.code,
                member=row.member,
                reason=row.reason,
                since=millis(row.since),
                due=millis(row.due),
                answerable=answering.member,
                answerable_since=millis(answering.since),
            )
            for row, answering in group.rows
        ],
    )
