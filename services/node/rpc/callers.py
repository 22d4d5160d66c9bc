"""Who may call what, on which listener: one row for every method that is served.

Two questions are asked of every call before anything else: does this listener
serve the method, and may this caller call it. On the *peers* listener the caller
is the member that lists the TLS certificate; on the *local* listener it is the
officer who is signed in or whom the request names, and ``act`` says what kind of
act the role must allow (None: anybody who reaches the socket); where one method
serves acts of several kinds, ``told`` says which one a request asks for. The gateway's
socket serves the same methods, but only to officers who are signed in, and those
few that sign them in (``before_sign_in``). A house test walks every method of the
contracts and fails on one without a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.node.domain.people import Act
from services.node.domain.rights import Kinds
from services.node.rpc.kinds_asked import of_case_act, of_paper, of_step


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
    reads: str | None = None
    """The request's field that names what is looked at; empty for many at once,
    None for what is no look. Looks are kept before they are answered."""
    of_unit: bool = False
    """At the gateway's socket, what another unit works on asks for a reason: every
    method that shows what is sealed, or more of one case than that it exists, how far
    it is and what is due (which the worklist of everybody shows). What is asked of a
    second person, and what only its own officer opens (drafts, forms), is no look
    beyond one's work."""
    acts_on: str = ""
    """The request's field that names what an act is about: its case, a referral or a
    clock. At the gateway's socket, what another unit works on asks for a reason, which
    is kept like that of a look; nobody gets to read a case by doing something in it."""
    at_gateway: Act | None = None
    """What kind of act the role must allow at the gateway's socket, where the member's
    own command line may ask without an officer."""
    signed_in: bool = False
    """It is about a session: served to signed-in officers only, on every socket."""
    while_locked: bool = False
    """Served in a session that is locked, too."""
    asked: bool = False
    """On the peers listener: the caller only answers what this node asks, so that it
    sets no pace and hands nothing in that counts against its allowance."""
    recent: bool = False
    """In a session it asks for a recent proof of who that is: much leaves at once."""
    before_sign_in: bool = False
    """Served at the gateway's socket to those who are not signed in yet."""
    told: Callable[[Any], Kinds] | None = None
    """Of which kinds the act is that a request asks for; the role must allow one."""


_PEER = CallerRow(Listener.PEERS)
_CASE = CallerRow(Listener.LOCAL, Act.CASE)
_ON_CASE = CallerRow(Listener.LOCAL, Act.CASE, acts_on="case_pseudonym")
_CARE = CallerRow(Listener.LOCAL, Act.CARE, acts_on="case_pseudonym")
_ON_CLOCK = CallerRow(Listener.LOCAL, Act.CASE, acts_on="clock_id")
_AUDIT = CallerRow(Listener.LOCAL, Act.AUDIT, reads="")
_EXPORT = CallerRow(Listener.LOCAL, Act.AUDIT, reads="", recent=True)
_EXTRACT = CallerRow(Listener.LOCAL, Act.AUDIT, reads="code", recent=True)
_OWN_EXTRACT = CallerRow(Listener.LOCAL, Act.OWN_LEDGER, reads="code", recent=True)
_OWN_LEDGER = CallerRow(Listener.LOCAL, Act.OWN_LEDGER, reads="")
_CASES = CallerRow(Listener.LOCAL, Act.CASE, reads="")
_CORRIDORS = CallerRow(Listener.LOCAL, Act.EXCHANGE, reads="")
_ASSIGNMENT = CallerRow(Listener.LOCAL, Act.ASSIGNMENT, reads="")
_SEARCH = CallerRow(Listener.LOCAL, Act.SEARCH, reads="")
_OF_CASE = CallerRow(Listener.LOCAL, Act.CASE, reads="case_pseudonym")
_PERSON = CallerRow(Listener.LOCAL, Act.CASE, reads="case_pseudonym", of_unit=True)
_ACCOMPANIED = CallerRow(Listener.LOCAL, Act.CARE, reads="case_pseudonym", of_unit=True)
_OF_REFERRAL = CallerRow(Listener.LOCAL, Act.CASE, reads="referral_id")
_TALK = CallerRow(Listener.LOCAL, Act.CASE, reads="referral_id", of_unit=True)
_OPEN = CallerRow(Listener.LOCAL)
_OF_PEOPLE = CallerRow(Listener.LOCAL, at_gateway=Act.ADMINISTRATION)
_DOOR = CallerRow(Listener.LOCAL, before_sign_in=True)
_SESSION = CallerRow(Listener.LOCAL, signed_in=True)
_LOCKED = CallerRow(Listener.LOCAL, signed_in=True, while_locked=True)
_ADMISSION = CallerRow(Listener.LOCAL, Act.ADMISSION, "acting_officer")
_SECOND = CallerRow(Listener.LOCAL, Act.ADMISSION, "acting_officer", recent=True)
_ADMIN = CallerRow(Listener.LOCAL, Act.ADMINISTRATION, "acting_officer")

CALLERS: dict[str, CallerRow] = {
    "/relais.exchange.v1.DeliverService/Deliver": _PEER,
    "/relais.exchange.v1.CollectService/Collect": CallerRow(Listener.PEERS, asked=True),
    "/relais.exchange.v1.ProbeService/Probe": _PEER,
    "/relais.mailbox.v1.MailboxService/Deposit": _PEER,
    "/relais.mailbox.v1.MailboxService/Collect": _PEER,
    "/relais.exchange.v1.AttachmentService/Fetch": _PEER,
    "/relais.audit.v1.AuditService/Export": _EXPORT,
    "/relais.audit.v1.AuditService/ListAnswerability": _AUDIT,
    "/relais.audit.v1.AuditService/Extract": _EXTRACT,
    "/relais.audit.v1.AuditService/ExtractOwn": _OWN_EXTRACT,
    "/relais.desk.v1.LedgerService/ListEntries": _AUDIT,
    "/relais.desk.v1.LedgerService/GetEntry": _AUDIT,
    "/relais.desk.v1.LedgerService/VerifyLedger": _AUDIT,
    "/relais.desk.v1.LedgerService/ListParties": CallerRow(Listener.LOCAL, Act.AUDIT),
    "/relais.desk.v1.LedgerService/ListConcerns": _AUDIT,
    "/relais.desk.v1.LedgerService/ListOwnEntries": _OWN_LEDGER,
    "/relais.desk.v1.LedgerService/GetOwnEntry": _OWN_LEDGER,
    "/relais.desk.v1.LedgerService/ListOwnConcerns": _OWN_LEDGER,
    "/relais.desk.v1.LedgerService/ProveCase": _OF_CASE,
    "/relais.desk.v1.CaseService/OpenCase": _CASE,
    "/relais.desk.v1.CaseService/AddRecord": _ON_CASE,
    "/relais.desk.v1.CaseService/ReadRecords": _PERSON,
    "/relais.desk.v1.CaseService/ListVersions": _PERSON,
    "/relais.desk.v1.CaseService/CompareVersions": _PERSON,
    "/relais.desk.v1.CaseService/RecordFollowUp": _CARE,
    "/relais.desk.v1.CaseService/TakeCaseStep": CallerRow(
        Listener.LOCAL, Act.CASE, acts_on="case_pseudonym", told=of_case_act
    ),
    "/relais.desk.v1.CaseService/GetCaseState": _PERSON,
    "/relais.desk.v1.CaseService/KeepMinor": _CARE,
    "/relais.desk.v1.CaseService/KeepPlan": _CARE,
    "/relais.desk.v1.CaseService/GetPlan": _ACCOMPANIED,
    "/relais.desk.v1.CaseService/ListPlanVersions": _ACCOMPANIED,
    "/relais.desk.v1.CaseService/ComparePlans": _ACCOMPANIED,
    "/relais.desk.v1.CaseService/KeepNote": _ON_CASE,
    "/relais.desk.v1.CaseService/ReadNotes": _PERSON,
    "/relais.desk.v1.CaseService/ReadServices": _PERSON,
    "/relais.desk.v1.CaseService/ReadSafety": _PERSON,
    "/relais.desk.v1.CaseService/GetCase": _OF_CASE,
    "/relais.desk.v1.CaseService/ListCases": _CASES,
    "/relais.desk.v1.ClockService/ListClocks": _OF_CASE,
    "/relais.desk.v1.ApprovalService/AskApproval": _ON_CASE,
    "/relais.desk.v1.ApprovalService/AnswerApproval": CallerRow(
        Listener.LOCAL, Act.APPROVAL
    ),
    "/relais.desk.v1.ApprovalService/ListApprovals": _CASES,
    "/relais.desk.v1.ApprovalService/GetApproval": CallerRow(
        Listener.LOCAL, Act.CASE, reads="approval_id"
    ),
    "/relais.desk.v1.ClockService/PauseClock": _ON_CLOCK,
    "/relais.desk.v1.ClockService/ResumeClock": _ON_CLOCK,
    "/relais.desk.v1.ConsentService/RecordConsent": _ON_CASE,
    "/relais.desk.v1.ConsentService/WithdrawConsent": _ON_CASE,
    "/relais.desk.v1.ConsentService/CheckWithdrawal": _PERSON,
    "/relais.desk.v1.ConsentService/ReadReceipts": _PERSON,
    "/relais.desk.v1.ConsentService/RecordOverride": _ON_CASE,
    "/relais.desk.v1.ConsentService/ReviewOverride": CallerRow(
        Listener.LOCAL, Act.OVERRIDE_APPROVAL
    ),
    "/relais.desk.v1.ConsentService/ListConsents": _PERSON,
    "/relais.desk.v1.ReferralService/MakeOffer": _ON_CASE,
    "/relais.desk.v1.ReferralService/CheckReferral": _PERSON,
    "/relais.desk.v1.ReferralService/TakeStep": CallerRow(
        Listener.LOCAL, Act.CASE, acts_on="referral_id", told=of_step
    ),
    "/relais.desk.v1.ReferralService/Escalate": CallerRow(
        Listener.LOCAL, Act.CASE, acts_on="referral_id"
    ),
    "/relais.desk.v1.ReferralService/GetReferral": _TALK,
    "/relais.desk.v1.ReferralService/ReadMessages": _PERSON,
    "/relais.desk.v1.ReferralService/ListReferrals": _CASES,
    "/relais.desk.v1.ReferralService/AwaitReferral": _OF_REFERRAL,
    "/relais.desk.v1.DraftService/ImportSheet": _CASE,
    "/relais.desk.v1.DraftService/ListDrafts": _CASES,
    "/relais.desk.v1.DraftService/ReadDraft": CallerRow(
        Listener.LOCAL, Act.CASE, reads="draft_id"
    ),
    "/relais.desk.v1.DraftService/ConfirmDraft": _CASE,
    "/relais.desk.v1.PolicyService/ExplainCase": _PERSON,
    "/relais.desk.v1.WorkService/GetWorklist": _CASES,
    "/relais.desk.v1.WorkService/ListCorridors": _CORRIDORS,
    "/relais.desk.v1.WorkService/ListNotices": _CASES,
    "/relais.desk.v1.WorkService/ClaimReferral": CallerRow(
        Listener.LOCAL, Act.DECISION, acts_on="referral_id"
    ),
    "/relais.desk.v1.WorkService/GetClaim": _CASE,
    "/relais.desk.v1.WorkService/AssignWork": _ASSIGNMENT,
    "/relais.desk.v1.WorkService/ListAssignees": CallerRow(
        Listener.LOCAL, Act.ASSIGNMENT
    ),
    "/relais.desk.v1.WorkService/ListViews": _CASE,
    "/relais.desk.v1.WorkService/KeepView": _CASE,
    "/relais.desk.v1.WorkService/DropView": _CASE,
    "/relais.desk.v1.WorkService/ShowNames": _CASES,
    "/relais.desk.v1.WorkService/FindCode": _SEARCH,
    "/relais.desk.v1.DocumentService/KeepCopy": CallerRow(
        Listener.LOCAL, Act.CASE, reads="case_pseudonym", of_unit=True, told=of_paper
    ),
    "/relais.desk.v1.DocumentService/KeepFile": _CASE,
    "/relais.desk.v1.DocumentService/ListCopies": _PERSON,
    "/relais.desk.v1.DocumentService/VerifyDocument": _DOOR,
    "/relais.desk.v1.AttachmentService/BeginUpload": _ON_CASE,
    "/relais.desk.v1.AttachmentService/KeepPiece": _CASE,
    "/relais.desk.v1.AttachmentService/FinishUpload": _CASE,
    "/relais.desk.v1.AttachmentService/ListAttachments": _PERSON,
    "/relais.desk.v1.AttachmentService/ReadAttachment": _PERSON,
    "/relais.desk.v1.WorkService/ListMembers": _CASE,
    "/relais.desk.v1.WorkService/GetClosedToNew": _CASE,
    "/relais.desk.v1.WorkService/SayClosedToNew": CallerRow(
        # Kept like a look: who said to everybody that nobody new is received.
        Listener.LOCAL,
        Act.DECISION,
        reads="",
    ),
    "/relais.desk.v1.WorkService/ListResults": _CASE,
    "/relais.desk.v1.WorkService/ListNeeds": _CASE,
    "/relais.desk.v1.WorkService/ListCodes": _CASE,
    "/relais.desk.v1.WorkService/AwaitChange": _CASE,
    "/relais.desk.v1.FormService/KeepForm": CallerRow(
        # What was being typed when the session locked is kept.
        Listener.LOCAL,
        Act.CASE,
        while_locked=True,
    ),
    "/relais.desk.v1.FormService/GetForm": CallerRow(
        Listener.LOCAL, Act.CASE, reads="form_id"
    ),
    "/relais.desk.v1.FormService/ListForms": _CASE,
    "/relais.desk.v1.FormService/DropForm": _CASE,
    "/relais.desk.v1.AccessService/ListAccess": _PERSON,
    "/relais.desk.v1.AccessService/ReviewAccess": _AUDIT,
    "/relais.desk.v1.AccessService/ExportAccess": _EXPORT,
    "/relais.desk.v1.AccessService/AskSheet": _AUDIT,
    "/relais.desk.v1.AccessService/GetSheet": CallerRow(Listener.LOCAL, Act.AUDIT),
    "/relais.desk.v1.AccessService/WithdrawSheet": CallerRow(Listener.LOCAL, Act.AUDIT),
    "/relais.desk.v1.AccessService/ListPrunings": _AUDIT,
    "/relais.desk.v1.AccessService/ListUnusual": _AUDIT,
    "/relais.desk.v1.AccessService/RecordAccess": _CASE,
    "/relais.desk.v1.SignInService/InviteOfficer": _ADMIN,
    "/relais.desk.v1.SignInService/BeginEnrolment": _DOOR,
    "/relais.desk.v1.SignInService/EnrolPassword": _DOOR,
    "/relais.desk.v1.SignInService/ConfirmEnrolment": _DOOR,
    "/relais.desk.v1.SignInService/SignIn": _DOOR,
    "/relais.desk.v1.SignInService/BeginPasskeySignIn": _DOOR,
    "/relais.desk.v1.SignInService/FinishPasskeySignIn": _DOOR,
    "/relais.desk.v1.SignInService/BeginPasskeyRegistration": _SESSION,
    "/relais.desk.v1.SignInService/FinishPasskeyRegistration": _SESSION,
    "/relais.desk.v1.SignInService/ListPasskeys": _SESSION,
    "/relais.desk.v1.SignInService/RemovePasskey": _SESSION,
    "/relais.desk.v1.SignInService/ChangePassword": _SESSION,
    "/relais.desk.v1.SignInService/GetSession": _LOCKED,
    "/relais.desk.v1.SignInService/LockSession": _LOCKED,
    "/relais.desk.v1.SignInService/UnlockSession": _LOCKED,
    "/relais.desk.v1.SignInService/Reauthenticate": _SESSION,
    "/relais.desk.v1.SignInService/SetLanguage": _SESSION,
    "/relais.desk.v1.SignInService/SignOut": _LOCKED,
    "/relais.desk.v1.SignInService/SignOutEverywhere": _LOCKED,
    "/relais.desk.v1.SignInService/ListSignInEvents": _ADMIN,
    "/relais.desk.v1.ClientService/InviteClient": _ADMIN,
    "/relais.desk.v1.ClientService/ListClients": _ADMIN,
    "/relais.desk.v1.ClientService/RevokeClient": _ADMIN,
    "/relais.desk.v1.ClientService/GetClient": _SESSION,
    "/relais.desk.v1.WebhookService/RegisterEndpoint": _ADMIN,
    "/relais.desk.v1.WebhookService/ListEndpoints": _ADMIN,
    "/relais.desk.v1.WebhookService/RotateSecret": _ADMIN,
    "/relais.desk.v1.WebhookService/SendTest": _ADMIN,
    "/relais.desk.v1.WebhookService/SwitchEndpoint": _ADMIN,
    "/relais.desk.v1.UpkeepService/GetUpkeep": _ADMIN,
    "/relais.desk.v1.UpkeepService/NoteUpkeep": _ADMIN,
    "/relais.desk.v1.UpkeepService/ListKeys": _ADMIN,
    "/relais.desk.v1.UpkeepService/AskKey": CallerRow(
        Listener.LOCAL, Act.ADMINISTRATION, "acting_officer", recent=True
    ),
    "/relais.desk.v1.UpkeepService/ListPeers": _ADMIN,
    "/relais.desk.v1.UpkeepService/MeasurePeers": _ADMIN,
    "/relais.desk.v1.UpkeepService/ListRetention": _ADMIN,
    "/relais.desk.v1.UpkeepService/ExportConfiguration": _ADMIN,
    "/relais.desk.v1.UpkeepService/ListDay": _ADMIN,
    "/relais.desk.v1.NodeService/GetStatus": _OPEN,
    "/relais.desk.v1.NodeService/KeepOfficer": _ADMIN,
    "/relais.desk.v1.NodeService/ListHeld": CallerRow(
        Listener.LOCAL, Act.ADMINISTRATION, "acting_officer", reads=""
    ),
    "/relais.desk.v1.NodeService/ListAdmissions": _ADMISSION,
    "/relais.desk.v1.NodeService/AnswerAdmission": _SECOND,
    "/relais.desk.v1.NodeService/ListOfficers": _OF_PEOPLE,
    "/relais.desk.v1.NodeService/ListDisclosureReports": _ADMIN,
    "/relais.desk.v1.NodeService/SetCaseClock": _ADMIN,
    "/relais.desk.v1.NodeService/ProbePeer": _OF_PEOPLE,
    "/relais.desk.v1.NodeService/ListWaiting": _ADMIN,
    "/relais.desk.v1.NodeService/ListLetters": _ADMIN,
    "/relais.desk.v1.NodeService/RetryNow": _ADMIN,
    "/relais.desk.v1.NodeService/ReturnLetter": _ADMIN,
    "/grpc.health.v1.Health/Check": _DOOR,
    "/grpc.health.v1.Health/List": _OPEN,
    "/grpc.health.v1.Health/Watch": _OPEN,
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo": _OPEN,
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": _OPEN,
}
