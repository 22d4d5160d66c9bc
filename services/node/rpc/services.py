"""Which servicer serves which service, and how it is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import grpc

from relais.audit.v1 import audit_pb2_grpc
from relais.desk.v1 import (
    access_pb2_grpc,
    approval_pb2_grpc,
    attachment_pb2_grpc,
    case_pb2_grpc,
    client_pb2_grpc,
    clock_pb2_grpc,
    consent_pb2_grpc,
    document_pb2_grpc,
    draft_pb2_grpc,
    form_pb2_grpc,
    ledger_pb2_grpc,
    node_pb2_grpc,
    policy_pb2_grpc,
    referral_pb2_grpc,
    sign_in_pb2_grpc,
    upkeep_pb2_grpc,
    webhook_pb2_grpc,
    work_pb2_grpc,
)
from relais.exchange.v1 import attachment_pb2_grpc as exchanged_pb2_grpc
from relais.exchange.v1 import collect_pb2_grpc, deliver_pb2_grpc, probe_pb2_grpc
from relais.mailbox.v1 import mailbox_pb2_grpc
from services.node.flows.credentials import SignInDesk
from services.node.flows.keep_letter import Quota
from services.node.flows.mailbox import Mailbox
from services.node.flows.reception import Reception
from services.node.flows.upkeep import Premises
from services.node.rpc.audit import AuditServicer
from services.node.rpc.collecting import Collectors, CollectServicer
from services.node.rpc.desk.access import AccessServicer
from services.node.rpc.desk.approvals import ApprovalServicer
from services.node.rpc.desk.attachments import AttachmentServicer
from services.node.rpc.desk.cases import CaseServicer
from services.node.rpc.desk.clients import ClientServicer
from services.node.rpc.desk.clocks import ClockServicer
from services.node.rpc.desk.consents import ConsentServicer
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk.documents import DocumentServicer
from services.node.rpc.desk.drafts import DraftServicer
from services.node.rpc.desk.forms import FormServicer
from services.node.rpc.desk.ledger import LedgerServicer
from services.node.rpc.desk.node import NodeServicer
from services.node.rpc.desk.policies import PolicyServicer
from services.node.rpc.desk.referrals import ReferralServicer
from services.node.rpc.desk.sign_in import SignInServicer
from services.node.rpc.desk.upkeep import UpkeepServicer
from services.node.rpc.desk.webhooks import WebhookServicer
from services.node.rpc.desk.work import WorkServicer
from services.node.rpc.mailbox import MailboxServicer
from services.node.rpc.measuring import Measuring
from services.node.rpc.peer_client import PeerClient
from services.node.rpc.peers import DeliverServicer, ProbeServicer
from services.node.rpc.server import Mount
from services.node.rpc.serving import FetchServicer


@dataclass(frozen=True, slots=True)
class ServiceParts:
    """What servicers are made of."""

    desk: Desk
    sign_in: SignInDesk
    client: PeerClient
    collectors: Collectors
    quota: Quota
    heard_from: Callable[[str], None]
    is_full: Callable[[], bool]
    webhook_hosts: tuple[str, ...] = ()
    premises: Premises = field(default_factory=Premises)


def _deliver(parts: ServiceParts, server: grpc.aio.Server) -> None:
    desk = parts.desk
    reception = Reception(
        desk.own, desk.published, desk.submit, desk.clocks, parts.is_full
    )
    deliver_pb2_grpc.add_DeliverServiceServicer_to_server(
        DeliverServicer(reception, parts.heard_from), server
    )


def _collect(parts: ServiceParts, server: grpc.aio.Server) -> None:
    collect_pb2_grpc.add_CollectServiceServicer_to_server(
        CollectServicer(parts.collectors, parts.heard_from), server
    )


def _probe(parts: ServiceParts, server: grpc.aio.Server) -> None:
    desk = parts.desk
    probe_pb2_grpc.add_ProbeServiceServicer_to_server(
        ProbeServicer(desk.own, desk.published, desk.clocks), server
    )


def _fetch(parts: ServiceParts, server: grpc.aio.Server) -> None:
    exchanged_pb2_grpc.add_AttachmentServiceServicer_to_server(
        FetchServicer(parts.desk.own), server
    )


def _attachment(parts: ServiceParts, server: grpc.aio.Server) -> None:
    attachment_pb2_grpc.add_AttachmentServiceServicer_to_server(
        AttachmentServicer(parts.desk), server
    )


def _case(parts: ServiceParts, server: grpc.aio.Server) -> None:
    case_pb2_grpc.add_CaseServiceServicer_to_server(CaseServicer(parts.desk), server)


def _approval(parts: ServiceParts, server: grpc.aio.Server) -> None:
    approval_pb2_grpc.add_ApprovalServiceServicer_to_server(
        ApprovalServicer(parts.desk), server
    )


def _clock(parts: ServiceParts, server: grpc.aio.Server) -> None:
    clock_pb2_grpc.add_ClockServiceServicer_to_server(ClockServicer(parts.desk), server)


def _consent(parts: ServiceParts, server: grpc.aio.Server) -> None:
    consent_pb2_grpc.add_ConsentServiceServicer_to_server(
        ConsentServicer(parts.desk), server
    )


def _referral(parts: ServiceParts, server: grpc.aio.Server) -> None:
    referral_pb2_grpc.add_ReferralServiceServicer_to_server(
        ReferralServicer(parts.desk), server
    )


def _draft(parts: ServiceParts, server: grpc.aio.Server) -> None:
    draft_pb2_grpc.add_DraftServiceServicer_to_server(DraftServicer(parts.desk), server)


def _form(parts: ServiceParts, server: grpc.aio.Server) -> None:
    form_pb2_grpc.add_FormServiceServicer_to_server(FormServicer(parts.desk), server)


def _access(parts: ServiceParts, server: grpc.aio.Server) -> None:
    access_pb2_grpc.add_AccessServiceServicer_to_server(
        AccessServicer(parts.desk), server
    )


def _ledger(parts: ServiceParts, server: grpc.aio.Server) -> None:
    ledger_pb2_grpc.add_LedgerServiceServicer_to_server(
        LedgerServicer(parts.desk), server
    )


def _sign_in(parts: ServiceParts, server: grpc.aio.Server) -> None:
    sign_in_pb2_grpc.add_SignInServiceServicer_to_server(
        SignInServicer(parts.desk, parts.sign_in), server
    )


def _client(parts: ServiceParts, server: grpc.aio.Server) -> None:
    client_pb2_grpc.add_ClientServiceServicer_to_server(
        ClientServicer(parts.desk), server
    )


def _webhook(parts: ServiceParts, server: grpc.aio.Server) -> None:
    webhook_pb2_grpc.add_WebhookServiceServicer_to_server(
        WebhookServicer(parts.desk, parts.webhook_hosts), server
    )


def _node(parts: ServiceParts, server: grpc.aio.Server) -> None:
    node_pb2_grpc.add_NodeServiceServicer_to_server(
        NodeServicer(parts.desk, parts.client, parts.heard_from), server
    )


def _upkeep(parts: ServiceParts, server: grpc.aio.Server) -> None:
    desk = parts.desk
    measuring = Measuring(desk.own, parts.client, desk.published.contacts, desk.clocks)
    upkeep_pb2_grpc.add_UpkeepServiceServicer_to_server(
        UpkeepServicer(desk, parts.premises, measuring), server
    )


def _policy(parts: ServiceParts, server: grpc.aio.Server) -> None:
    policy_pb2_grpc.add_PolicyServiceServicer_to_server(
        PolicyServicer(parts.desk), server
    )


def _work(parts: ServiceParts, server: grpc.aio.Server) -> None:
    work_pb2_grpc.add_WorkServiceServicer_to_server(WorkServicer(parts.desk), server)


def _document(parts: ServiceParts, server: grpc.aio.Server) -> None:
    document_pb2_grpc.add_DocumentServiceServicer_to_server(
        DocumentServicer(parts.desk), server
    )


def _audit(parts: ServiceParts, server: grpc.aio.Server) -> None:
    audit_pb2_grpc.add_AuditServiceServicer_to_server(
        AuditServicer(parts.desk.own, parts.desk.published, parts.desk.clocks),
        server,
    )


def _mailbox(parts: ServiceParts, server: grpc.aio.Server) -> None:
    desk = parts.desk
    mailbox = Mailbox(desk.own, desk.published, desk.submit, desk.clocks, parts.quota)
    mailbox_pb2_grpc.add_MailboxServiceServicer_to_server(
        MailboxServicer(mailbox, desk.published), server
    )


SERVICES: dict[str, Callable[[ServiceParts, grpc.aio.Server], None]] = {
    "relais.exchange.v1.DeliverService": _deliver,
    "relais.exchange.v1.CollectService": _collect,
    "relais.exchange.v1.ProbeService": _probe,
    "relais.exchange.v1.AttachmentService": _fetch,
    "relais.mailbox.v1.MailboxService": _mailbox,
    "relais.desk.v1.CaseService": _case,
    "relais.desk.v1.AttachmentService": _attachment,
    "relais.desk.v1.ApprovalService": _approval,
    "relais.desk.v1.ClockService": _clock,
    "relais.desk.v1.ConsentService": _consent,
    "relais.desk.v1.ReferralService": _referral,
    "relais.desk.v1.DraftService": _draft,
    "relais.desk.v1.FormService": _form,
    "relais.desk.v1.AccessService": _access,
    "relais.desk.v1.LedgerService": _ledger,
    "relais.desk.v1.SignInService": _sign_in,
    "relais.desk.v1.ClientService": _client,
    "relais.desk.v1.WebhookService": _webhook,
    "relais.desk.v1.NodeService": _node,
    "relais.desk.v1.UpkeepService": _upkeep,
    "relais.desk.v1.PolicyService": _policy,
    "relais.desk.v1.WorkService": _work,
    "relais.desk.v1.DocumentService": _document,
    "relais.audit.v1.AuditService": _audit,
}


def mounts_for(parts: ServiceParts, names: Iterable[str]) -> list[Mount]:
    """What adds the named services to a server."""

    def mount(name: str) -> Mount:
        return lambda server: SERVICES[name](parts, server)

    return [mount(name) for name in names]
