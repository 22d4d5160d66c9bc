"""Which call a program's key opens, by scope; what stands in no row opens for none.

Promises that a gateway cannot widen a key: the node itself looks here, after it
found the program and before the officer's role is looked at. Sign-in, other
programs, overrides, names on a list and whatever a second person answers for are for
people only.
"""

from __future__ import annotations

from services.node.domain.api_clients import Scope

_READ = frozenset({Scope.READ_CASES})
_WRITE = frozenset({Scope.WRITE_CASES})
_REFER = frozenset({Scope.REFERRALS})
_SEE_REFERRALS = _READ | _REFER
_SEE_CODES = frozenset({Scope.DIRECTORY, Scope.REFERRALS})
_ADMINISTER = frozenset({Scope.ADMINISTRATION})
_AUDIT = frozenset({Scope.AUDIT})
_ANY = frozenset(Scope)
_NONE: frozenset[Scope] = frozenset()

_OPENED_BY: dict[str, dict[str, frozenset[Scope]]] = {
    "CaseService": {
        "OpenCase": _WRITE,
        "AddRecord": _WRITE,
        "ReadRecords": _READ,
        "ListVersions": _READ,
        "CompareVersions": _READ,
        "RecordFollowUp": _WRITE,
        "TakeCaseStep": _WRITE,
        "GetCaseState": _READ,
        "KeepMinor": _WRITE,
        "KeepPlan": _WRITE,
        "GetPlan": _READ,
        "ListPlanVersions": _READ,
        "ComparePlans": _READ,
        "KeepNote": _WRITE,
        "ReadNotes": _READ,
        "ReadServices": _READ,
        "ReadSafety": _READ,
        "GetCase": _READ,
        "ListCases": _READ,
    },
    "ClockService": {
        "ListClocks": _READ,
        "PauseClock": _WRITE,
        "ResumeClock": _WRITE,
    },
    "ConsentService": {
        "RecordConsent": _WRITE,
        "WithdrawConsent": _WRITE,
        "CheckWithdrawal": _READ,
        "ReadReceipts": _READ,
        "ListConsents": _READ,
    },
    "ReferralService": {
        "MakeOffer": _REFER,
        "CheckReferral": _REFER,
        "TakeStep": _REFER,
        "Escalate": _REFER,
        "GetReferral": _SEE_REFERRALS,
        # It names a case, and shows all of it at once.
        "ReadMessages": _READ,
        "ListReferrals": _SEE_REFERRALS,
        "AwaitReferral": _SEE_REFERRALS,
    },
    "PolicyService": {"ExplainCase": _READ},
    "WorkService": {
        "GetWorklist": _SEE_REFERRALS,
        "ListViews": _SEE_REFERRALS,
        "KeepView": _WRITE,
        "DropView": _WRITE,
        "FindCode": _SEE_REFERRALS,
        "ListCorridors": _SEE_REFERRALS,
        "ListNotices": _SEE_REFERRALS,
        "ClaimReferral": _REFER,
        "GetClaim": _SEE_REFERRALS,
        "ListMembers": _SEE_CODES,
        "GetClosedToNew": _SEE_CODES,
        "SayClosedToNew": _REFER,
        "ListResults": _SEE_CODES,
        "ListNeeds": _SEE_CODES,
        "ListCodes": _SEE_CODES,
        "AwaitChange": _SEE_REFERRALS,
    },
    "DocumentService": {
        "ListCopies": _READ,
        "KeepCopy": _WRITE,
        "KeepFile": _WRITE,
    },
    "AttachmentService": {
        "BeginUpload": _WRITE,
        "KeepPiece": _WRITE,
        "FinishUpload": _WRITE,
        "ListAttachments": _READ,
        "ReadAttachment": _READ,
    },
    "FormService": {
        "KeepForm": _WRITE,
        "GetForm": _WRITE,
        "ListForms": _WRITE,
        "DropForm": _WRITE,
    },
    "AccessService": {
        "ListAccess": _READ,
        "ReviewAccess": _AUDIT,
        "ExportAccess": _AUDIT,
        "AskSheet": _AUDIT,
        "GetSheet": _AUDIT,
        "WithdrawSheet": _AUDIT,
        "ListPrunings": _AUDIT,
        "ListUnusual": _AUDIT,
        "RecordAccess": _READ,
    },
    "LedgerService": {
        "ListEntries": _AUDIT,
        "GetEntry": _AUDIT,
        "VerifyLedger": _AUDIT,
        "ListParties": _AUDIT,
        "ListConcerns": _AUDIT,
        "ListOwnEntries": _READ,
        "GetOwnEntry": _READ,
        "ListOwnConcerns": _READ,
        "ProveCase": _READ,
    },
    "NodeService": {
        "GetStatus": _ANY,
        "KeepOfficer": _ADMINISTER,
        "ListHeld": _ADMINISTER,
        # Who is let in is confirmed by people, who prove who they are.
        "ListAdmissions": _ADMINISTER,
        "ListOfficers": _ADMINISTER,
        "ListDisclosureReports": _ADMINISTER,
        "ProbePeer": _ADMINISTER,
        "ListWaiting": _ADMINISTER,
        "ListLetters": _ADMINISTER,
        "RetryNow": _ADMINISTER,
        "ReturnLetter": _ADMINISTER,
    },
    "UpkeepService": {
        "GetUpkeep": _ADMINISTER,
        # The program that makes the backup says so itself.
        "NoteUpkeep": _ADMINISTER,
        "ListKeys": _ADMINISTER,
        "ListPeers": _ADMINISTER,
        "MeasurePeers": _ADMINISTER,
        "ListRetention": _ADMINISTER,
        "ExportConfiguration": _ADMINISTER,
        "ListDay": _ADMINISTER,
    },
    "SignInService": {"ListSignInEvents": _ADMINISTER},
    "WebhookService": {"ListEndpoints": _ADMINISTER},
    "ClientService": {"GetClient": _ANY, "ListClients": _ADMINISTER},
}
_AUDITS = {
    f"/relais.audit.v1.AuditService/{name}": _AUDIT
    for name in ("Export", "ListAnswerability", "Extract")
} | {"/relais.audit.v1.AuditService/ExtractOwn": _READ}

OPENED_BY: dict[str, frozenset[Scope]] = _AUDITS | {
    f"/relais.desk.v1.{service}/{name}": scopes
    for service, methods in _OPENED_BY.items()
    for name, scopes in methods.items()
}
"""Method to the scopes of which one opens it."""


def opened_by(method: str) -> frozenset[Scope]:
    """The scopes that open a method; none for what no program may do."""
    return OPENED_BY.get(method, _NONE)
