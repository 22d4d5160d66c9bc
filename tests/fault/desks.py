"""One officer at one node's desk, as a person works: ask again until answered."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import grpc

from relais.casefile.v1 import approval_pb2 as asked_pb2
from relais.casefile.v1 import record_pb2
from relais.desk.v1 import (
    approval_pb2,
    approval_pb2_grpc,
    case_pb2,
    case_pb2_grpc,
    consent_pb2,
    consent_pb2_grpc,
    node_pb2,
    node_pb2_grpc,
    referral_pb2,
    referral_pb2_grpc,
)
from relais.envelope.v1 import body_pb2
from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.rpc.conversions import body_to
from services.node.rpc.errors import from_rpc_error
from tests.fault.person import FIRST_NAME
from tests.fault.small_network import CLOCK
from tests.promised import promised

ROLES = {
    "hotline-hanoi": "operator",
    "lao-cai": "officer",
    "liaison-yunnan": "liaison",
    "nha-hoa-ban": "manager",
}
ACCEPT: dict[str, Any] = {"acceptance": body_to(promised(CLOCK)).acceptance}
"""How whoever receives a person says yes; a field of Body."""
_DAY = 86_400_000
_OPTIONS = (
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 200),
)


def new_id() -> bytes:
    """16 random bytes, as an officer's program chooses them."""
    return os.urandom(16)


class Desk:
    """The desk of one node, through its local socket."""

    def __init__(self, name: str, socket: Path) -> None:
        self.name, self.officer, self.second = name, f"{name}-1", f"{name}-2"
        self._channel = grpc.aio.insecure_channel(f"unix:{socket}", options=_OPTIONS)
        self.cases = case_pb2_grpc.CaseServiceStub(self._channel)
        self.approvals = approval_pb2_grpc.ApprovalServiceStub(self._channel)
        self.consents = consent_pb2_grpc.ConsentServiceStub(self._channel)
        self.referrals = referral_pb2_grpc.ReferralServiceStub(self._channel)
        self.node = node_pb2_grpc.NodeServiceStub(self._channel)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._channel.close()

    async def keep_officer(self, office: str = "") -> None:
        """The first people of a new node: administrator, officer, and a colleague."""
        people = (
            ("", "admin", "administrator"),
            ("admin", self.officer, ""),
            ("admin", self.second, ""),
        )
        for acting, pseudonym, role in people:
            officer = node_pb2.Officer(
                pseudonym=pseudonym,
                role=role or office or ROLES[self.name],
                unit="desk",
                active=True,
            )
            await self.node.KeepOfficer(
                node_pb2.KeepOfficerRequest(acting_officer=acting, officer=officer)
            )

    async def case_now(self) -> int:
        """The node's case clock, Unix milliseconds."""
        status = await self.node.GetStatus(
            node_pb2.GetStatusRequest(), wait_for_ready=True, timeout=20
        )
        return int(status.case_now)

    async def open_case(
        self, event_id: bytes | None = None, door: str = "hotline"
    ) -> str:
        """A case with the sex in D1 and a first name in D2; its pseudonym."""
        opened = await self.cases.OpenCase(
            case_pb2.OpenCaseRequest(
                officer=self.officer,
                event_id=event_id or new_id(),
                door=door,
                records=[profile_record(), name_record(FIRST_NAME)],
            ),
            wait_for_ready=True,
            timeout=30,
        )
        return str(opened.case_pseudonym)

    async def agree(
        self,
        case: str,
        purpose: str,
        recipient: str,
        consent_id: bytes | None = None,
        status: str = "given",
    ) -> record_pb2.ConsentCopy:
        """The person's answer to one purpose and recipient, for D1 and D2."""
        copy = consent_copy(purpose, recipient, await self.case_now(), consent_id)
        copy.status = status
        await self.consents.RecordConsent(
            consent_pb2.RecordConsentRequest(
                officer=self.officer, case_pseudonym=case, consent=copy
            ),
            wait_for_ready=True,
            timeout=30,
        )
        return copy

    async def offer(
        self,
        case: str,
        recipient: str,
        referral_type: str = "reception",
        event_id: bytes | None = None,
        categories: tuple[str, ...] = ("D1", "D2"),
    ) -> bytes:
        """Offer with profile and identity as sealed parts; the referral's id.

        Where identity leaves the country, the colleague approves it first.
        """
        event_id, said = event_id or new_id(), _said(referral_type)
        approval_id = await self.approval(
            case, recipient, referral_type, event_id, categories
        )
        made = await self.referrals.MakeOffer(
            referral_pb2.MakeOfferRequest(
                officer=self.officer,
                event_id=event_id,
                case_pseudonym=case,
                recipient=recipient,
                offer=body_pb2.Offer(**said),
                categories=categories,
                approval_id=approval_id,
            ),
            wait_for_ready=True,
            timeout=30,
        )
        return bytes(made.referral_id)

    async def approval(
        self,
        case: str,
        recipient: str,
        referral_type: str,
        event_id: bytes,
        categories: tuple[str, ...] = ("D1", "D2"),
    ) -> bytes:
        """The colleague's approval of an offer; empty where none is needed."""
        crosses = any(each.startswith("liaison") for each in (self.name, recipient))
        if not (crosses and "D2" in categories):
            return b""
        sending = asked_pb2.Sending(
            recipient=recipient,
            offer=asked_pb2.OfferAsked(**_said(referral_type)),
            categories=categories,
        )
        return await self._approved(case, sending, event_id)

    async def _approved(
        self, case: str, sending: asked_pb2.Sending, event_id: bytes
    ) -> bytes:
        """The colleague's approval; both acts are the same however often they go."""
        asked = await self.approvals.AskApproval(
            approval_pb2.AskApprovalRequest(
                officer=self.officer,
                approval_id=bytes(each ^ 0xAA for each in event_id),
                case_pseudonym=case,
                act=asked_pb2.ApprovedAct(sending=sending),
            ),
            wait_for_ready=True,
            timeout=30,
        )
        await self.approvals.AnswerApproval(
            approval_pb2.AnswerApprovalRequest(
                officer=self.second,
                event_id=bytes(each ^ 0xCC for each in event_id),
                approval_id=asked.approval_id,
                answer="approved",
            ),
            wait_for_ready=True,
            timeout=30,
        )
        return bytes(asked.approval_id)

    async def step(
        self, referral_id: bytes, event_id: bytes | None = None, **body: Any
    ) -> referral_pb2.TakeStepResponse:
        """Take one step; ``body`` is one field of Body."""
        return await self.referrals.TakeStep(
            referral_pb2.TakeStepRequest(
                officer=self.officer,
                event_id=event_id or new_id(),
                referral_id=referral_id,
                body=body_pb2.Body(**body),
            ),
            wait_for_ready=True,
            timeout=30,
        )

    async def see(
        self, referral_id: bytes, *states: str, settled: bool = False
    ) -> case_pb2.ReferralSummary:
        """Wait until the referral is in one of the states here."""
        answer = await self.referrals.AwaitReferral(
            referral_pb2.AwaitReferralRequest(
                officer=self.officer,
                referral_id=referral_id,
                states=states,
                settled=settled,
                timeout_seconds=60,
            ),
            wait_for_ready=True,
            timeout=60,
        )
        return answer.referral

    async def digest_of(self, referral_id: bytes, step: str) -> bytes:
        """The digest of the envelope that said ``step``."""
        answer = await self.referrals.GetReferral(
            referral_pb2.GetReferralRequest(
                officer=self.officer, referral_id=referral_id
            ),
            wait_for_ready=True,
            timeout=30,
        )
        (found,) = [each.digest for each in answer.steps if each.step == step]
        return bytes(found)

    async def case(self, pseudonym: str) -> case_pb2.GetCaseResponse:
        """The case as this member sees it."""
        return await self.cases.GetCase(
            case_pb2.GetCaseRequest(officer=self.officer, case_pseudonym=pseudonym),
            wait_for_ready=True,
            timeout=30,
        )

    async def records(self, pseudonym: str) -> Mapping[str, record_pb2.CategoryRecord]:
        """What this member holds of the person, by category."""
        answer = await self.cases.ReadRecords(
            case_pb2.ReadRecordsRequest(officer=self.officer, case_pseudonym=pseudonym),
            wait_for_ready=True,
            timeout=30,
        )
        return {each.category: each for each in answer.records}


def _said(referral_type: str) -> dict[str, Any]:
    return {"referral_type": referral_type, "priority": "emergency", "need": "help"}


async def insist(call: Callable[[], Any]) -> Any:
    """Ask again as long as the node is away: same act, same event id."""
    while True:
        try:
            return await call()
        except grpc.aio.AioRpcError as error:
            if error.code() is not grpc.StatusCode.UNAVAILABLE:
                raise


def code_of(error: grpc.aio.AioRpcError) -> str:
    """The stable code of a refusal."""
    return from_rpc_error(error).code


def profile_record() -> record_pb2.CategoryRecord:
    """D1 with the sex alone."""
    answer = record_pb2.Answer(field="prs_Gender", values=["Feminine"])
    return record_pb2.CategoryRecord(category="D1", answers=[answer])


def name_record(first_name: str) -> record_pb2.CategoryRecord:
    """D2 with one invented first name."""
    answer = record_pb2.Answer(field="prs_FirstName", values=[first_name])
    return record_pb2.CategoryRecord(category="D2", answers=[answer])


def consent_copy(
    purpose: str, recipient: str, now: int, consent_id: bytes | None = None
) -> record_pb2.ConsentCopy:
    """A *given* for D1 and D2, good for thirty days."""
    return record_pb2.ConsentCopy(
        consent_id=consent_id or new_id(),
        purpose=purpose,
        recipient=recipient,
        categories=["D1", "D2"],
        status="given",
        subject="self",
        capacity="adult",
        method="oral_witnessed",
        witness="o-witness",
        language="vi",
        informed_points=INFORMED_POINTS,
        given_at=now,
        valid_until=now + 30 * _DAY,
    )
