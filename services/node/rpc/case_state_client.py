"""The desk as a client, for what a case is in: its acts, follow-ups, minors and plan.

Promises and leaves to others what ``desk_client`` does, which builds on it.
"""

from __future__ import annotations

from pathlib import Path

from relais.casefile.v1 import standing_pb2
from relais.desk.v1 import case_pb2, case_pb2_grpc
from services.node.domain.case_details import NO_DETAILS, CaseDetails
from services.node.domain.minors import Minor
from services.node.domain.notes import Note
from services.node.domain.plans import ReintegrationPlan
from services.node.rpc import case_values as values
from services.node.rpc.matter_values import SafetyRead, ServicesRead
from services.node.rpc.node_client import all_of
from services.node.rpc.version_values import (
    PlansCompared,
    VersionRead,
    VersionsCompared,
)
from services.node.rpc.work_client import WorkClient
from services.node.wire.mapping import from_message, to_message


class CaseStateClient(WorkClient):
    """One node's local listener, for moving cases; use with ``async with``."""

    def __init__(
        self, socket: Path, member: str = "", *, session: str = "", reason: str = ""
    ) -> None:
        """``member`` names the node in errors."""
        super().__init__(socket, member, session=session, reason=reason)
        self._states = case_pb2_grpc.CaseServiceStub(self.channel)

    async def take_case_step(
        self,
        officer: str,
        case: str,
        act: str,
        details: CaseDetails = NO_DETAILS,
        *,
        approval_id: bytes = b"",
        event_id: bytes = b"",
    ) -> values.CaseStepTaken:
        """Move a case on within the member; closing rests on an approval."""
        request = case_pb2.TakeCaseStepRequest(
            officer=officer,
            event_id=event_id,
            case_pseudonym=case,
            act=act,
            details=to_message(details, standing_pb2.CaseDetails),
            approval_id=approval_id,
        )
        answer = await self.ask(self._states.TakeCaseStep, request)
        return from_message(answer, values.CaseStepTaken)

    async def get_case_state(self, officer: str, case: str) -> values.CaseStateRead:
        """What a case is in, was in, and may become; what the law grants."""
        request = case_pb2.GetCaseStateRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._states.GetCaseState, request)
        return from_message(answer, values.CaseStateRead)

    async def read_services(self, officer: str, case: str) -> ServicesRead:
        """What a case says of needs, and which service was asked of whom."""
        request = case_pb2.ReadServicesRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._states.ReadServices, request)
        return from_message(answer, ServicesRead)

    async def read_safety(self, officer: str, case: str) -> SafetyRead:
        """Who stands around the person, and what keeps them safe."""
        request = case_pb2.ReadSafetyRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._states.ReadSafety, request)
        return from_message(answer, SafetyRead)

    async def keep_note(
        self, officer: str, case: str, note: Note, *, event_id: bytes = b""
    ) -> int:
        """Write an internal note; the index of its leaf."""
        request = case_pb2.KeepNoteRequest(
            officer=officer,
            event_id=event_id,
            case_pseudonym=case,
            note=to_message(note, standing_pb2.Note),
        )
        return int((await self.ask(self._states.KeepNote, request)).ledger_index)

    async def read_notes(self, officer: str, case: str) -> tuple[values.NoteRead, ...]:
        """The internal notes of a case, the newest first."""
        request = case_pb2.ReadNotesRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._states.ReadNotes, request)
        return all_of(answer.notes, values.NoteRead)

    async def record_follow_up(
        self,
        officer: str,
        case: str,
        kind: str,
        mode: str,
        result: str,
        *,
        next_action: str = "",
        event_id: bytes = b"",
    ) -> values.FollowUpRecorded:
        """Note a follow-up with the person."""
        request = case_pb2.RecordFollowUpRequest(
            officer=officer,
            event_id=event_id,
            case_pseudonym=case,
            kind=kind,
            mode=mode,
            result=result,
            next_action=next_action,
        )
        answer = await self.ask(self._states.RecordFollowUp, request)
        return from_message(answer, values.FollowUpRecorded)

    async def keep_minor(
        self, officer: str, case: str, minor: Minor, *, event_id: bytes = b""
    ) -> values.MinorKept:
        """Record what is known of a minor who came along."""
        request = case_pb2.KeepMinorRequest(
            officer=officer,
            event_id=event_id,
            case_pseudonym=case,
            minor=to_message(minor, standing_pb2.AccompanyingMinor),
        )
        answer = await self.ask(self._states.KeepMinor, request)
        return from_message(answer, values.MinorKept)

    async def keep_plan(
        self,
        officer: str,
        case: str,
        plan: ReintegrationPlan,
        *,
        based_on: int | None = None,
        event_id: bytes = b"",
    ) -> values.PlanKept:
        """Record the reintegration plan; ``based_on`` is the version it was made of."""
        request = case_pb2.KeepPlanRequest(
            officer=officer,
            event_id=event_id,
            case_pseudonym=case,
            plan=to_message(plan, standing_pb2.ReintegrationPlan),
            based_on=based_on,
        )
        answer = await self.ask(self._states.KeepPlan, request)
        return from_message(answer, values.PlanKept)

    async def get_plan(self, officer: str, case: str) -> values.PlanRead:
        """The plan, and the follow-ups that are planned and that were."""
        request = case_pb2.GetPlanRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._states.GetPlan, request)
        return from_message(answer, values.PlanRead)

    async def list_versions(
        self, officer: str, case: str, category: str, *, limit: int = 0, offset: int = 0
    ) -> tuple[VersionRead, ...]:
        """Who recorded one data category and when, the newest first."""
        request = case_pb2.ListVersionsRequest(
            officer=officer,
            case_pseudonym=case,
            category=category,
            limit=limit,
            offset=offset,
        )
        answer = await self.ask(self._states.ListVersions, request)
        return all_of(answer.versions, VersionRead)

    async def compare_versions(
        self, officer: str, case: str, category: str, older: int = 0, newer: int = 0
    ) -> VersionsCompared:
        """Two versions; 0 is what was before the first, and what stands now."""
        request = case_pb2.CompareVersionsRequest(
            officer=officer,
            case_pseudonym=case,
            category=category,
            older=older,
            newer=newer,
        )
        answer = await self.ask(self._states.CompareVersions, request)
        return from_message(answer, VersionsCompared)

    async def list_plan_versions(
        self, officer: str, case: str, *, limit: int = 0, offset: int = 0
    ) -> tuple[VersionRead, ...]:
        """Who recorded the reintegration plan and when, the newest first."""
        request = case_pb2.ListPlanVersionsRequest(
            officer=officer, case_pseudonym=case, limit=limit, offset=offset
        )
        answer = await self.ask(self._states.ListPlanVersions, request)
        return all_of(answer.versions, VersionRead)

    async def compare_plans(
        self, officer: str, case: str, older: int = 0, newer: int = 0
    ) -> PlansCompared:
        """Two versions; 0 is what was before the first, and what stands now."""
        request = case_pb2.ComparePlansRequest(
            officer=officer, case_pseudonym=case, older=older, newer=newer
        )
        answer = await self.ask(self._states.ComparePlans, request)
        return from_message(answer, PlansCompared)
