"""AccessService on the local listener: who looked at what."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import datetime
from typing import Any

from relais.desk.v1 import access_pb2, access_pb2_grpc
from services.node.domain.access import (
    UNUSUAL,
    UNUSUAL_SINCE,
    Looked,
    PrunedLooks,
    is_chained,
)
from services.node.domain.errors import InvalidInputError
from services.node.domain.identifiers import parse_alias
from services.node.domain.people import Officer
from services.node.domain.sheets import LooksAsked, SheetStanding
from services.node.flows import sheets
from services.node.flows.looks import (
    KeptLook,
    Look,
    every_look,
    keep_look,
    list_looks,
)
from services.node.flows.own import OwnMember
from services.node.flows.work import find_code
from services.node.rpc.calls import acting_officer, calling
from services.node.rpc.desk.desk import Desk, limit_of
from services.node.rpc.desk.render import millis
from services.node.rpc.local_calls import at_host
from services.node.store import access as access_store
from services.node.store.access import LookFilter, PruningRow
from services.node.wire.mapping import from_millis


class AccessServicer(access_pb2_grpc.AccessServiceServicer):
    """Lists looks, and keeps those that only a gateway sees."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ListAccess(
        self, request: access_pb2.ListAccessRequest, context: Any
    ) -> access_pb2.ListAccessResponse:
        """List who looked at a case and its referrals."""
        wanted = LookFilter(
            case=_alias(request.case_pseudonym),
            officer="",
            refused=False,
            since=None,
            until=None,
            before=request.before,
        )
        found = await list_looks(self._desk.own, wanted, limit_of(request.limit))
        return access_pb2.ListAccessResponse(rows=[_look(each) for each in found])

    async def ReviewAccess(
        self, request: access_pb2.ReviewAccessRequest, context: Any
    ) -> access_pb2.ReviewAccessResponse:
        """List who looked at anything."""
        wanted = await self._wanted(request, request.before)
        found = await list_looks(self._desk.own, wanted, limit_of(request.limit))
        return access_pb2.ReviewAccessResponse(rows=[_look(each) for each in found])

    async def ExportAccess(
        self, request: access_pb2.ExportAccessRequest, context: Any
    ) -> AsyncIterator[access_pb2.ExportAccessResponse]:
        """Stream the same, whole; at the gateway once a second person knows of it."""
        wanted = await self._wanted(request, 0)
        if not at_host():
            now = self._desk.now().wire
            await sheets.check(self._desk.own, acting_officer(), _asked(wanted), now)
        async with aclosing(every_look(self._desk.own, wanted)) as pages:
            async for page in pages:
                yield access_pb2.ExportAccessResponse(
                    rows=[_look(each) for each in page]
                )

    async def AskSheet(
        self, request: access_pb2.AskSheetRequest, context: Any
    ) -> access_pb2.AskSheetResponse:
        """Ask that a second person confirm an export."""
        standing = await sheets.ask(*await self._sheet(request.looks))
        return access_pb2.AskSheetResponse(standing=_standing(standing))

    async def GetSheet(
        self, request: access_pb2.GetSheetRequest, context: Any
    ) -> access_pb2.GetSheetResponse:
        """Tell where it stands."""
        standing = await sheets.where(*await self._sheet(request.looks))
        return access_pb2.GetSheetResponse(standing=_standing(standing))

    async def WithdrawSheet(
        self, request: access_pb2.WithdrawSheetRequest, context: Any
    ) -> access_pb2.WithdrawSheetResponse:
        """Take back what the officer asked for and nobody answered yet."""
        own, auditor, looks, _ = await self._sheet(request.looks)
        standing = await sheets.withdraw(own, auditor, looks, self._desk.now())
        return access_pb2.WithdrawSheetResponse(standing=_standing(standing))

    async def ListPrunings(
        self, request: access_pb2.ListPruningsRequest, context: Any
    ) -> access_pb2.ListPruningsResponse:
        """List when looks were deleted because they were too old."""
        own = self._desk.own
        async with own.database.connection() as connection:
            rows = await access_store.list_prunings(connection, limit_of(request.limit))
        return access_pb2.ListPruningsResponse(
            prunings=[_pruning(each) for each in rows],
            keep_years=own.keep_looks_years,
        )

    async def ListUnusual(
        self, request: access_pb2.ListUnusualRequest, context: Any
    ) -> access_pb2.ListUnusualResponse:
        """List days on which somebody looked at much, at night, or in vain."""
        since = self._desk.now().wire - UNUSUAL_SINCE
        async with self._desk.own.database.connection() as connection:
            rows = await access_store.unusual_days(
                connection, since, UNUSUAL, limit_of(request.limit)
            )
        return access_pb2.ListUnusualResponse(
            days=[
                access_pb2.UnusualDay(
                    officer=row.officer,
                    role=row.role,
                    unit=row.unit,
                    day=millis(row.day),
                    cases=row.cases,
                    at_night=row.at_night,
                    refused=row.refused,
                )
                for row in rows
            ]
        )

    async def _sheet(
        self, looks: access_pb2.LooksAsked
    ) -> tuple[OwnMember, Officer, LooksAsked, datetime]:
        request = access_pb2.ExportAccessRequest(
            pseudonym=looks.officer,
            refused=looks.refused,
            case_pseudonym=looks.case_pseudonym,
            since=looks.since,
            until=looks.until,
        )
        asked = _asked(await self._wanted(request, 0))
        return self._desk.own, acting_officer(), asked, self._desk.now().wire

    async def _wanted(self, request: Any, before: int) -> LookFilter:
        """Which looks a review or an export asks for; a case by any of its codes."""
        case = request.case_pseudonym
        if case:
            alias = _alias(case)
            case = (await find_code(self._desk.own, alias)).case_pseudonym or alias
        return LookFilter(
            case=case,
            officer=request.pseudonym,
            refused=request.refused,
            since=from_millis(request.since) if request.since else None,
            until=from_millis(request.until) if request.until else None,
            before=before,
        )

    async def RecordAccess(
        self, request: access_pb2.RecordAccessRequest, context: Any
    ) -> access_pb2.RecordAccessResponse:
        """Keep a look that only a gateway sees."""
        if request.what not in set(Looked):
            raise InvalidInputError(
                "access.unknown_look",
                f"what is one of {', '.join(Looked)}.",
                where="what",
            )
        look = Look(
            acting_officer(),
            calling().listener,
            request.what,
            request.case_pseudonym,
            request.referral_id,
            calling().reason,
        )
        now = self._desk.now().wire
        number = await keep_look(self._desk.own, look, "ok", now)
        return access_pb2.RecordAccessResponse(number=number)


def _asked(wanted: LookFilter) -> LooksAsked:
    return LooksAsked(
        wanted.officer,
        wanted.refused,
        wanted.case,
        millis(wanted.since),
        millis(wanted.until),
    )


def _standing(standing: SheetStanding) -> access_pb2.SheetStanding:
    return access_pb2.SheetStanding(
        waits_until=millis(standing.waits_until),
        open_until=millis(standing.open_until),
        refused_at=millis(standing.refused_at),
        ended_at=millis(standing.ended_at),
    )


def _alias(text: str) -> str:
    """A code as it stands in the log; what is none names no look."""
    try:
        return parse_alias(text)
    except InvalidInputError:
        return text


def _pruning(row: PruningRow) -> access_pb2.Pruning:
    run = PrunedLooks(
        row.number,
        row.first_number,
        row.last_number,
        row.looks,
        row.oldest_at,
        row.newest_at,
        row.pruned_at,
        row.digest,
    )
    return access_pb2.Pruning(
        number=row.number,
        first_number=row.first_number,
        last_number=row.last_number,
        looks=row.looks,
        oldest_at=millis(row.oldest_at),
        newest_at=millis(row.newest_at),
        pruned_at=millis(row.pruned_at),
        digest=row.digest,
        chain=row.chain,
        chained=is_chained(run, row.chain, row.chain_before),
    )


def _look(kept: KeptLook) -> access_pb2.Access:
    row = kept.row
    return access_pb2.Access(
        number=row.number,
        officer=row.officer,
        role=row.role,
        unit=row.unit,
        listener=row.listener,
        what=row.what,
        case_pseudonym=row.case_pseudonym,
        subject_id=row.subject_id,
        reason=kept.reason,
        at=millis(row.at),
        outcome=row.outcome,
    )
