"""NodeService on the local listener: how the node is, its officers, its clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relais.desk.v1 import node_pb2, node_pb2_grpc
from services.node.domain.errors import InvalidInputError
from services.node.domain.people import Role, is_pseudonym
from services.node.domain.plain_words import not_listed
from services.node.domain.sessions import check_recent
from services.node.flows.admissions import Asking, keep_officer
from services.node.flows.leavers import HandingOver, work_held
from services.node.flows.looks import Look
from services.node.flows.sessions import times_of
from services.node.rpc.calls import acting_officer, at_host, calling
from services.node.rpc.desk.admissions import AdmissionCalls
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk.outbox import OutboxCalls
from services.node.rpc.desk.render import millis
from services.node.rpc.peer_client import PeerClient
from services.node.rpc.probing import probe_peer
from services.node.store import directory as directory_store
from services.node.store import exchange as exchange_store
from services.node.store import officers as officer_store
from services.node.store import reports as report_store
from services.node.store.rows import OfficerRow
from services.node.wire.mapping import from_millis

_REPORTS, _MOST_REPORTS = 100, 1000


class NodeServicer(AdmissionCalls, OutboxCalls, node_pb2_grpc.NodeServiceServicer):
    """Administers this node; it has no access to cases."""

    def __init__(
        self, desk: Desk, peers: PeerClient, ask_now: Callable[[str], None]
    ) -> None:
        """``ask_now`` ends the relay's wait for a member."""
        super().__init__(desk, ask_now)
        self._peers = peers

    async def GetStatus(
        self, request: node_pb2.GetStatusRequest, context: Any
    ) -> node_pb2.GetStatusResponse:
        """Tell how the node is and what waits."""
        own = self._desk.own
        async with own.database.connection() as connection:
            waiting = await exchange_store.waiting(connection)
            alarms = await directory_store.contradictions(connection)
        alarms += self._desk.published.alarms.lately(self._desk.now().wire)
        return node_pb2.GetStatusResponse(
            member=own.name,
            kind=own.kind,
            network=own.network,
            case_now=millis(self._desk.now().case),
            ledger_size=self._desk.published.head.size,
            checkpoint=self._desk.published.head.checkpoint.decode(),
            directory_size=own.adopted.directory.size,
            policy_version=own.policy_version,
            waiting=[
                node_pb2.WaitingFor(
                    recipient=row.recipient,
                    waiting=row.waiting,
                    attempts=row.attempts,
                    last_problem=row.last_problem or "",
                )
                for row in waiting
            ],
            alarms=[
                node_pb2.PeerAlarm(
                    member=row.member,
                    code=row.code,
                    times=row.times,
                    first_at=millis(row.first_at),
                    last_at=millis(row.last_at),
                )
                for row in alarms
            ],
        )

    async def KeepOfficer(
        self, request: node_pb2.KeepOfficerRequest, context: Any
    ) -> node_pb2.KeepOfficerResponse:
        """Add an officer, or change role, unit and whether active."""
        officer = request.officer
        roles = [role for role in Role if role is not Role.NODE]
        if not is_pseudonym(officer.pseudonym):
            raise InvalidInputError(
                "people.bad_pseudonym",
                "A staff pseudonym is one word of at most 64 characters.",
                where="officer.pseudonym",
                remedy="Choose one short word that names nobody.",
            )
        if officer.role not in roles:
            raise InvalidInputError(
                "people.unknown_role",
                not_listed("role", roles),
                where="officer.role",
                remedy="Choose one of them.",
            )
        session, now = calling().session, self._desk.now()
        if session is not None:
            check_recent(times_of(session), now.wire)
        said = (officer.pseudonym, officer.role, officer.unit, officer.active)
        act = (now.case, acting_officer().pseudonym)
        over = None
        if request.hand_over_to and not officer.active:
            caller, by = calling(), acting_officer()
            what = caller.method.removeprefix("/relais.desk.v1.")
            over = HandingOver(
                request.hand_over_to, Look(by, caller.listener, what), by, now
            )
        waits = await keep_officer(
            self._desk.own,
            OfficerRow(*said, *act, *act),
            Asking(acting_officer(), now.wire, at_host()),
            over,
        )
        return node_pb2.KeepOfficerResponse(waits=waits)

    async def ListHeld(
        self, request: node_pb2.ListHeldRequest, context: Any
    ) -> node_pb2.ListHeldResponse:
        """List what is assigned to an officer, and who may take all of it over."""
        found = await work_held(self._desk.own, request.pseudonym)
        return node_pb2.ListHeldResponse(
            held=[
                node_pb2.Held(
                    code=each.code,
                    is_case=each.case_id is not None,
                    assigned_by=each.assigned_by,
                    assigned_at=millis(each.assigned_at),
                )
                for each in found.held
            ],
            successors=[
                node_pb2.Officer(
                    pseudonym=each.pseudonym,
                    role=each.role,
                    unit=each.unit,
                    active=each.active,
                )
                for each in found.successors
            ],
        )

    async def ListOfficers(
        self, request: node_pb2.ListOfficersRequest, context: Any
    ) -> node_pb2.ListOfficersResponse:
        """List the officers."""
        async with self._desk.own.database.connection() as connection:
            rows = await officer_store.list_officers(connection)
        return node_pb2.ListOfficersResponse(
            officers=[
                node_pb2.Officer(
                    pseudonym=row.pseudonym,
                    role=row.role,
                    unit=row.unit,
                    active=row.active,
                )
                for row in rows
            ]
        )

    async def ListDisclosureReports(
        self, request: node_pb2.ListDisclosureReportsRequest, context: Any
    ) -> node_pb2.ListDisclosureReportsResponse:
        """List what other members sent and should not have, the newest first."""
        limit = min(request.limit or _REPORTS, _MOST_REPORTS)
        async with self._desk.own.database.connection() as connection:
            rows = await report_store.disclosure_reports(
                connection, limit, request.offset
            )
        return node_pb2.ListDisclosureReportsResponse(
            reports=[
                node_pb2.DisclosureReport(
                    sender=row.sender,
                    referral_id=row.referral_id,
                    step=row.step,
                    code=row.code,
                    categories=row.categories,
                    reported_at=millis(row.reported_at),
                    digest=row.digest,
                )
                for row in rows
            ]
        )

    async def SetCaseClock(
        self, request: node_pb2.SetCaseClockRequest, context: Any
    ) -> node_pb2.SetCaseClockResponse:
        """Move a driven case clock forward; what is due by then rings now."""
        moment = self._desk.clocks.drive(from_millis(request.now))
        async with self._desk.own.database.transaction() as connection:
            await officer_store.clock_moved(
                connection, moment.case, moment.wire, acting_officer().pseudonym
            )
        self._desk.published.notify()
        return node_pb2.SetCaseClockResponse(now=millis(moment.case))

    async def ProbePeer(
        self, request: node_pb2.ProbePeerRequest, context: Any
    ) -> node_pb2.ProbePeerResponse:
        """Tell which part of an exchange with a peer fails."""
        findings = await probe_peer(
            self._desk.own, self._peers, request.member, self._desk.now().wire
        )
        return node_pb2.ProbePeerResponse(
            findings=[
                node_pb2.ProbeFinding(
                    part=each.part,
                    works=each.error is None,
                    detail=each.detail if each.error is None else each.error.message,
                    code="" if each.error is None else each.error.code,
                    remedy="" if each.error is None else each.error.remedy,
                )
                for each in findings
            ]
        )
