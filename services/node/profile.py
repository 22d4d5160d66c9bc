"""What a kind of node is: which services it mounts on which listener.

Kinds differ in their row of this vocabulary and in nothing else of the engine.
A service is named as in the contracts; ``build`` knows how each is made.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.functions import Kind

EXCHANGE = (
    "relais.exchange.v1.DeliverService",
    "relais.exchange.v1.CollectService",
    "relais.exchange.v1.ProbeService",
    "relais.exchange.v1.AttachmentService",
)
"""What every member offers to its peers."""

LETTERS = ("relais.mailbox.v1.MailboxService",)
"""What the member offers that keeps letters for those whom nobody can dial."""

ADMINISTRATION = (
    "relais.desk.v1.SignInService",
    "relais.desk.v1.ClientService",
    "relais.desk.v1.WebhookService",
    "relais.desk.v1.AccessService",
    "relais.desk.v1.LedgerService",
    "relais.desk.v1.NodeService",
    "relais.desk.v1.UpkeepService",
    "relais.audit.v1.AuditService",
)
"""What every member's own people need to run and audit the node."""

COORDINATION = (
    "relais.desk.v1.CaseService",
    "relais.desk.v1.ApprovalService",
    "relais.desk.v1.ClockService",
    "relais.desk.v1.ReferralService",
    "relais.desk.v1.PolicyService",
    "relais.desk.v1.WorkService",
    "relais.desk.v1.DocumentService",
    "relais.desk.v1.AttachmentService",
    "relais.desk.v1.FormService",
)
"""What members need who take up referrals, were it only an escalation."""

CASEWORK = (*COORDINATION, "relais.desk.v1.ConsentService")
"""What members need who accompany persons."""

INTAKE = ("relais.desk.v1.DraftService",)
"""What members need who take in case sheets."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind and its services, by listener."""

    kind: Kind
    peers: tuple[str, ...]
    local: tuple[str, ...]
