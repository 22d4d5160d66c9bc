"""DraftService on the local listener."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import draft_pb2, draft_pb2_grpc
from services.node.domain.casesheet import RawRow, RawSheet
from services.node.domain.identifiers import new_id
from services.node.flows.intake import (
    Draft,
    Intake,
    confirmed_case,
    draft_of,
    drafts_of,
    offer_from,
    take_sheet,
)
from services.node.rpc.calls import acting_officer
from services.node.rpc.conversions import event_id_from, offer_to, record_to
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk.render import millis


class DraftServicer(draft_pb2_grpc.DraftServiceServicer):
    """Takes in case sheets; nothing is sent before an officer confirms."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def ImportSheet(
        self, request: draft_pb2.ImportSheetRequest, context: Any
    ) -> draft_pb2.ImportSheetResponse:
        """Read a case sheet; keep its rows as drafts if told to."""
        desk = self._desk
        rows = tuple(RawRow(row.number, tuple(row.cells)) for row in request.rows)
        intake = await take_sheet(
            desk.own,
            acting_officer().pseudonym,
            RawSheet(request.sheet, rows),
            desk.now(),
            keep=request.keep,
        )
        return draft_pb2.ImportSheetResponse(
            rows=[
                draft_pb2.ImportedRow(
                    row=kept.row,
                    status=kept.status,
                    draft_id=kept.draft_id or b"",
                    known=kept.known,
                    of_another=kept.of_another,
                )
                for kept in intake.rows
            ],
            findings=_findings(intake),
        )

    async def ListDrafts(
        self, request: draft_pb2.ListDraftsRequest, context: Any
    ) -> draft_pb2.ListDraftsResponse:
        """List the drafts and the history of an officer."""
        drafts = await drafts_of(self._desk.own, acting_officer().pseudonym)
        return draft_pb2.ListDraftsResponse(
            drafts=[self._summary(each) for each in drafts]
        )

    async def ReadDraft(
        self, request: draft_pb2.ReadDraftRequest, context: Any
    ) -> draft_pb2.ReadDraftResponse:
        """Open a draft for its own officer."""
        officer = acting_officer().pseudonym
        draft = await draft_of(self._desk.own, officer, request.draft_id)
        return draft_pb2.ReadDraftResponse(
            draft=self._summary(draft),
            records=[record_to(each) for each in draft.records],
        )

    async def ConfirmDraft(
        self, request: draft_pb2.ConfirmDraftRequest, context: Any
    ) -> draft_pb2.ConfirmDraftResponse:
        """Open a case from a draft; consent and offer follow as for any."""
        desk = self._desk
        act, offer = await confirmed_case(
            desk.own,
            acting_officer().actor(),
            request.draft_id,
            event_id_from(request.event_id, new_id()),
            request.door,
            desk.now(),
        )
        logged = await desk.submit(act)
        return draft_pb2.ConfirmDraftResponse(
            case_pseudonym=logged.result,
            ledger_index=logged.index,
            offer=offer_to(offer),
        )

    def _summary(self, draft: Draft) -> draft_pb2.DraftSummary:
        offer = offer_from(draft, self._desk.now())
        return draft_pb2.DraftSummary(
            draft_id=draft.row.draft_id,
            status=draft.row.status,
            imported_at=millis(draft.row.imported_at),
            age_band=offer.age_band,
            sex=offer.sex,
            categories=[record.category for record in draft.records],
            interview_consent=draft.row.interview_consent,
            sheet=draft.sheet,
            row=draft.number,
        )


def _findings(intake: Intake) -> list[draft_pb2.SheetFinding]:
    report = intake.report
    findings = [
        draft_pb2.SheetFinding(
            row=each.row,
            column=each.column,
            field=each.field,
            code=each.code,
            message=each.message,
            allowed=each.allowed,
            refused=True,
        )
        for each in report.problems
    ]
    findings += [
        draft_pb2.SheetFinding(
            row=note.row,
            column=note.column,
            field=note.field,
            code=note.code,
            message=note.message,
        )
        for note in report.notes
    ]
    findings += [
        draft_pb2.SheetFinding(
            column=column.column,
            code="casesheet.unknown_column",
            message=column.message,
        )
        for column in report.unknown_columns
    ]
    return findings
