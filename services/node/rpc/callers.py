"""Who may call what, on which listener: one row for every method that is served.

Two questions are asked of every call before anything else: does this listener
serve the method, and may this caller call it. On the *peers* listener the caller
is the member that lists the TLS certificate; on the *local* listener it is the
officer whom the request names, and ``act`` says what kind of act the role must
allow (None: anybody who reaches the socket). A house test walks every method of
the contracts and fails on one without a row.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.node.domain.people import Act


class Listener(StrEnum):
    """Where a method is served."""

    PEERS = "peers"
    """Other members' nodes, by pinned mutual TLS."""
    LOCAL = "local"
    """The member's own gateway and command line, by unix socket."""


@dataclass(frozen=True, slots=True)
class CallerRow:
    """``officer_field`` names the request's field with the staff pseudonym."""

    listener: Listener
    act: Act | None = None
    officer_field: str = "officer"


_PEER = CallerRow(Listener.PEERS)
_CASE = CallerRow(Listener.LOCAL, Act.CASE)
_AUDIT = CallerRow(Listener.LOCAL, Act.AUDIT)
_OPEN = CallerRow(Listener.LOCAL)
_ADMIN = CallerRow(Listener.LOCAL, Act.ADMINISTRATION, "acting_officer")

CALLERS: dict[str, CallerRow] = {
    "/relais.exchange.v1.DeliverService/Deliver": _PEER,
    "/relais.exchange.v1.ProbeService/Probe": _PEER,
    "/relais.audit.v1.AuditService/Export": _AUDIT,
    "/relais.audit.v1.AuditService/ListAnswerability": _AUDIT,
    "/relais.desk.v1.CaseService/OpenCase": _CASE,
    "/relais.desk.v1.CaseService/AddRecord": _CASE,
    "/relais.desk.v1.CaseService/ReadRecords": _CASE,
    "/relais.desk.v1.CaseService/RecordFollowUp": _CASE,
    "/relais.desk.v1.CaseService/TakeCaseStep": _CASE,
    "/relais.desk.v1.CaseService/GetCaseState": _CASE,
    "/relais.desk.v1.CaseService/KeepMinor": _CASE,
    "/relais.desk.v1.CaseService/KeepPlan": _CASE,
    "/relais.desk.v1.CaseService/GetPlan": _CASE,
    "/relais.desk.v1.CaseService/GetCase": _CASE,
    "/relais.desk.v1.CaseService/ListCases": _CASE,
    "/relais.desk.v1.ClockService/ListClocks": _CASE,
    "/relais.desk.v1.ClockService/PauseClock": _CASE,
    "/relais.desk.v1.ClockService/ResumeClock": _CASE,
    "/relais.desk.v1.ConsentService/RecordConsent": _CASE,
    "/relais.desk.v1.ConsentService/WithdrawConsent": _CASE,
    "/relais.desk.v1.ConsentService/ReadReceipts": _CASE,
    "/relais.desk.v1.ConsentService/RecordOverride": _CASE,
    "/relais.desk.v1.ConsentService/ReviewOverride": CallerRow(
        Listener.LOCAL, Act.OVERRIDE_APPROVAL
    ),
    "/relais.desk.v1.ConsentService/ListConsents": _CASE,
    "/relais.desk.v1.ReferralService/MakeOffer": _CASE,
    "/relais.desk.v1.ReferralService/CheckReferral": _CASE,
    "/relais.desk.v1.ReferralService/TakeStep": _CASE,
    "/relais.desk.v1.ReferralService/GetReferral": _CASE,
    "/relais.desk.v1.ReferralService/ListReferrals": _CASE,
    "/relais.desk.v1.ReferralService/AwaitReferral": _CASE,
    "/relais.desk.v1.DraftService/ImportSheet": _CASE,
    "/relais.desk.v1.DraftService/ListDrafts": _CASE,
    "/relais.desk.v1.DraftService/ReadDraft": _CASE,
    "/relais.desk.v1.DraftService/ConfirmDraft": _CASE,
    "/relais.desk.v1.PolicyService/ExplainCase": _CASE,
    "/relais.desk.v1.WorkService/GetWorklist": _CASE,
    "/relais.desk.v1.WorkService/ClaimReferral": _CASE,
    "/relais.desk.v1.WorkService/ListMembers": _CASE,
    "/relais.desk.v1.WorkService/ListResults": _CASE,
    "/relais.desk.v1.WorkService/ListNeeds": _CASE,
    "/relais.desk.v1.WorkService/ListCodes": _CASE,
    "/relais.desk.v1.WorkService/AwaitChange": _CASE,
    "/relais.desk.v1.NodeService/GetStatus": _OPEN,
    "/relais.desk.v1.NodeService/KeepOfficer": _ADMIN,
    "/relais.desk.v1.NodeService/ListOfficers": _OPEN,
    "/relais.desk.v1.NodeService/ListDisclosureReports": _ADMIN,
    "/relais.desk.v1.NodeService/SetCaseClock": _ADMIN,
    "/relais.desk.v1.NodeService/ProbePeer": _OPEN,
    "/grpc.health.v1.Health/Check": _OPEN,
    "/grpc.health.v1.Health/List": _OPEN,
    "/grpc.health.v1.Health/Watch": _OPEN,
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo": _OPEN,
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": _OPEN,
}
