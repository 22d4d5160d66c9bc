"""CaseService on the local listener."""

from __future__ import annotations

from typing import Any

from relais.casefile.v1 import standing_pb2
from relais.desk.v1 import case_pb2, case_pb2_grpc
from services.node.domain.follow_ups import follow_up_record
from services.node.domain.identifiers import new_id, parse_alias
from services.node.domain.notes import Note
from services.node.domain.people import Act
from services.node.flows.case_contact import RecordFollowUp
from services.node.flows.case_matters import safety_view, services_view
from services.node.flows.case_state_view import case_state_view, plan_view
from services.node.flows.disclose import numbered_records_of
from services.node.flows.footing import case_named
from services.node.flows.notes import KeepNote, notes_of
from services.node.flows.open_case import AddRecord, OpenCase
from services.node.flows.versions import (
    compare_plans,
    compare_versions,
    list_plan_versions,
    list_versions,
)
from services.node.flows.views import case_view
from services.node.rpc.calls import acting_officer, calling
from services.node.rpc.conversions import event_id_from, record_from, record_to
from services.node.rpc.desk.case_matters import safety_response, services_response
from services.node.rpc.desk.case_states import (
    case_step,
    clock_messages,
    minor_kept,
    plan_kept,
    plan_response,
    state_response,
    step_response,
)
from services.node.rpc.desk.desk import Desk, limit_of
from services.node.rpc.desk.render import case_response, millis
from services.node.rpc.desk.versions import (
    opened_message,
    opened_plan_message,
    plan_version_message,
    version_message,
)
from services.node.store import cases as case_store
from services.node.wire.mapping import from_message, to_message


class CaseServicer(case_pb2_grpc.CaseServiceServicer):
    """Keeps the cases of this member."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def OpenCase(
        self, request: case_pb2.OpenCaseRequest, context: Any
    ) -> case_pb2.OpenCaseResponse:
        """Open a case for which this member answers from now on."""
        desk = self._desk
        logged = await desk.submit(
            OpenCase(
                own=desk.own,
                actor=acting_officer().actor(),
                event_id=event_id_from(request.event_id, new_id()),
                door=request.door,
                records=tuple(record_from(each) for each in request.records),
                moment=desk.now(),
            )
        )
        return case_pb2.OpenCaseResponse(
            case_pseudonym=logged.result, ledger_index=logged.index
        )

    async def AddRecord(
        self, request: case_pb2.AddRecordRequest, context: Any
    ) -> case_pb2.AddRecordResponse:
        """Add a version of one data category."""
        desk = self._desk
        logged = await desk.submit(
            AddRecord(
                own=desk.own,
                actor=acting_officer().actor(),
                event_id=event_id_from(request.event_id, new_id()),
                case_pseudonym=parse_alias(request.case_pseudonym),
                record=record_from(request.record),
                moment=desk.now(),
                based_on=request.based_on if request.HasField("based_on") else None,
            )
        )
        return case_pb2.AddRecordResponse(ledger_index=logged.index)

    async def ReadRecords(
        self, request: case_pb2.ReadRecordsRequest, context: Any
    ) -> case_pb2.ReadRecordsResponse:
        """Open what this member knows, for the officer."""
        own = self._desk.own
        async with own.database.connection() as connection:
            pseudonym = parse_alias(request.case_pseudonym)
            case = await case_named(connection, pseudonym)
            records = await numbered_records_of(own, connection, case.case_id)
        return case_pb2.ReadRecordsResponse(
            records=[record_to(each) for each, _ in records],
            versions=[number for _, number in records],
        )

    async def ListVersions(
        self, request: case_pb2.ListVersionsRequest, context: Any
    ) -> case_pb2.ListVersionsResponse:
        """List who recorded one data category, and when."""
        rows = await list_versions(
            self._desk.own,
            parse_alias(request.case_pseudonym),
            request.category,
            limit_of(request.limit),
            request.offset,
        )
        return case_pb2.ListVersionsResponse(
            versions=[version_message(each) for each in rows]
        )

    async def CompareVersions(
        self, request: case_pb2.CompareVersionsRequest, context: Any
    ) -> case_pb2.CompareVersionsResponse:
        """Open two versions of one data category, for the officer."""
        older, newer = await compare_versions(
            self._desk.own,
            parse_alias(request.case_pseudonym),
            request.category,
            request.older,
            request.newer,
        )
        return case_pb2.CompareVersionsResponse(
            older=None if older is None else opened_message(older),
            newer=opened_message(newer),
        )

    async def RecordFollowUp(
        self, request: case_pb2.RecordFollowUpRequest, context: Any
    ) -> case_pb2.RecordFollowUpResponse:
        """Note a follow-up with the person."""
        desk = self._desk
        record = follow_up_record(
            request.kind, request.mode, request.result, request.next_action
        )
        logged = await desk.submit(
            RecordFollowUp(
                own=desk.own,
                actor=acting_officer().actor(),
                event_id=event_id_from(request.event_id, new_id()),
                case_pseudonym=parse_alias(request.case_pseudonym),
                record=record,
                moment=desk.now(),
            )
        )
        return case_pb2.RecordFollowUpResponse(
            ledger_index=logged.index, next_step=logged.result.value
        )

    async def TakeCaseStep(
        self, request: case_pb2.TakeCaseStepRequest, context: Any
    ) -> case_pb2.TakeCaseStepResponse:
        """Move a case on within this member."""
        logged = await self._desk.submit(case_step(self._desk, request))
        return step_response(logged.result, logged.index)

    async def GetCaseState(
        self, request: case_pb2.GetCaseStateRequest, context: Any
    ) -> case_pb2.GetCaseStateResponse:
        """Show what a case is in, may become, and what the law grants."""
        pseudonym = parse_alias(request.case_pseudonym)
        view = await case_state_view(self._desk.own, pseudonym, self._desk.now())
        return state_response(view)

    async def KeepMinor(
        self, request: case_pb2.KeepMinorRequest, context: Any
    ) -> case_pb2.KeepMinorResponse:
        """Record what is known of a minor who came along."""
        logged = await self._desk.submit(minor_kept(self._desk, request))
        return case_pb2.KeepMinorResponse(
            alias=logged.result.alias,
            clocks=clock_messages(logged.result.clocks),
            ledger_index=logged.index,
        )

    async def KeepPlan(
        self, request: case_pb2.KeepPlanRequest, context: Any
    ) -> case_pb2.KeepPlanResponse:
        """Record the reintegration plan."""
        logged = await self._desk.submit(plan_kept(self._desk, request))
        return case_pb2.KeepPlanResponse(
            clocks=clock_messages(logged.result.clocks), ledger_index=logged.index
        )

    async def GetPlan(
        self, request: case_pb2.GetPlanRequest, context: Any
    ) -> case_pb2.GetPlanResponse:
        """Show the plan, and the follow-ups that are planned and that were."""
        pseudonym = parse_alias(request.case_pseudonym)
        return plan_response(await plan_view(self._desk.own, pseudonym))

    async def ListPlanVersions(
        self, request: case_pb2.ListPlanVersionsRequest, context: Any
    ) -> case_pb2.ListPlanVersionsResponse:
        """List who recorded the reintegration plan, and when."""
        own, named = self._desk.own, parse_alias(request.case_pseudonym)
        limit = limit_of(request.limit)
        rows = await list_plan_versions(own, named, limit, request.offset)
        return case_pb2.ListPlanVersionsResponse(
            versions=[plan_version_message(each, own.name) for each in rows]
        )

    async def ComparePlans(
        self, request: case_pb2.ComparePlansRequest, context: Any
    ) -> case_pb2.ComparePlansResponse:
        """Open two versions of the reintegration plan, for the officer."""
        own, named = self._desk.own, parse_alias(request.case_pseudonym)
        older, newer = await compare_plans(own, named, request.older, request.newer)
        return case_pb2.ComparePlansResponse(
            older=None if older is None else opened_plan_message(older, own.name),
            newer=opened_plan_message(newer, own.name),
        )

    async def KeepNote(
        self, request: case_pb2.KeepNoteRequest, context: Any
    ) -> case_pb2.KeepNoteResponse:
        """Write an internal note."""
        desk = self._desk
        logged = await desk.submit(
            KeepNote(
                own=desk.own,
                actor=acting_officer().actor(),
                event_id=event_id_from(request.event_id, new_id()),
                case_pseudonym=parse_alias(request.case_pseudonym),
                note=from_message(request.note, Note),
                moment=desk.now(),
            )
        )
        return case_pb2.KeepNoteResponse(ledger_index=logged.index)

    async def ReadNotes(
        self, request: case_pb2.ReadNotesRequest, context: Any
    ) -> case_pb2.ReadNotesResponse:
        """Open the internal notes of a case, for the officer."""
        pseudonym = parse_alias(request.case_pseudonym)
        found = await notes_of(self._desk.own, pseudonym)
        return case_pb2.ReadNotesResponse(
            notes=[
                case_pb2.NoteWritten(
                    event_id=each.event_id,
                    officer=each.actor.pseudonym,
                    role=each.actor.role,
                    unit=each.actor.unit,
                    written_at=millis(each.written_at),
                    note=to_message(each.note, standing_pb2.Note),
                )
                for each in found
            ]
        )

    async def ReadServices(
        self, request: case_pb2.ReadServicesRequest, context: Any
    ) -> case_pb2.ReadServicesResponse:
        """Open what a case says of needs, and which service was asked of whom."""
        desk = self._desk
        view = await services_view(
            desk.own,
            parse_alias(request.case_pseudonym),
            desk.today(),
            with_plan=Act.CARE in calling().acts,
        )
        return services_response(view, desk.now().case)

    async def ReadSafety(
        self, request: case_pb2.ReadSafetyRequest, context: Any
    ) -> case_pb2.ReadSafetyResponse:
        """Open who stands around the person, and what keeps them safe."""
        pseudonym = parse_alias(request.case_pseudonym)
        return safety_response(await safety_view(self._desk.own, pseudonym))

    async def GetCase(
        self, request: case_pb2.GetCaseRequest, context: Any
    ) -> case_pb2.GetCaseResponse:
        """Show a case without anything sealed."""
        pseudonym = parse_alias(request.case_pseudonym)
        view = await case_view(self._desk.own, pseudonym, self._desk.today())
        return case_response(view)

    async def ListCases(
        self, request: case_pb2.ListCasesRequest, context: Any
    ) -> case_pb2.ListCasesResponse:
        """List the newest cases."""
        async with self._desk.own.database.connection() as connection:
            rows = await case_store.list_cases(
                connection, limit_of(request.limit), request.offset
            )
        return case_pb2.ListCasesResponse(
            cases=[
                case_pb2.CaseSummary(
                    case_pseudonym=row.pseudonym,
                    phase=row.phase,
                    answerable=row.answerable,
                    opened_at=millis(row.opened_at),
                )
                for row in rows
            ]
        )
