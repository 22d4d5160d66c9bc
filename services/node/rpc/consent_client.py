"""ConsentService as a client: the person's answers, and emergency overrides.

Promises and leaves to others what ``desk_client`` does, which builds on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from relais.desk.v1 import consent_pb2, consent_pb2_grpc
from services.node.domain.override import OverrideAsked
from services.node.domain.records import ConsentCopy
from services.node.rpc.consent_values import AnswersRead
from services.node.rpc.conversions import consent_to
from services.node.rpc.desk_receipts import (
    AnswerRecorded,
    ReceiptRead,
    WithdrawalAsked,
    WithdrawalForeseen,
)
from services.node.rpc.node_client import NodeClient, all_of
from services.node.wire.mapping import from_message, to_millis


class ConsentClient(NodeClient):
    """One node's local listener, for consents; use with ``async with``."""

    def __init__(
        self, socket: Path, member: str = "", *, session: str = "", reason: str = ""
    ) -> None:
        """``member`` names the node in errors."""
        super().__init__(socket, member, session=session, reason=reason)
        self._consents = consent_pb2_grpc.ConsentServiceStub(self.channel)

    async def record_answer(
        self, officer: str, case: str, consent: ConsentCopy
    ) -> AnswerRecorded:
        """Record one answer, a refusal too.

        An empty ``consent_id`` and instants at the epoch are filled in by the node.
        """
        request = consent_pb2.RecordConsentRequest(
            officer=officer, case_pseudonym=case, consent=consent_to(consent)
        )
        answer = await self.ask(self._consents.RecordConsent, request)
        return AnswerRecorded(
            bytes(answer.consent_id), recipient_known=not answer.recipient_unknown
        )

    async def record_consent(
        self, officer: str, case: str, consent: ConsentCopy
    ) -> bytes:
        """The same; only its id."""
        return (await self.record_answer(officer, case, consent)).consent_id

    async def withdraw_consent(
        self,
        officer: str,
        case: str,
        asked: WithdrawalAsked,
        *,
        event_id: bytes = b"",
    ) -> bytes:
        """End an answer at once; the id of the withdrawal."""
        request = consent_pb2.WithdrawConsentRequest(
            officer=officer,
            event_id=event_id,
            case_pseudonym=case,
            consent_id=asked.consent_id,
            categories=asked.categories,
            subject=asked.subject,
            method=asked.method,
            language=asked.language,
            interpreter=asked.interpreter,
            witness=asked.witness,
        )
        answer = await self.ask(self._consents.WithdrawConsent, request)
        return bytes(answer.consent_id)

    async def check_withdrawal(
        self, officer: str, case: str, consent_id: bytes, categories: Sequence[str] = ()
    ) -> WithdrawalForeseen:
        """What would follow if an answer ended now; nothing is recorded."""
        request = consent_pb2.CheckWithdrawalRequest(
            officer=officer,
            case_pseudonym=case,
            consent_id=consent_id,
            categories=categories,
        )
        answer = await self.ask(self._consents.CheckWithdrawal, request)
        return from_message(answer, WithdrawalForeseen)

    async def read_receipts(self, officer: str, case: str) -> tuple[ReceiptRead, ...]:
        """What became of every no of the person."""
        request = consent_pb2.ReadReceiptsRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._consents.ReadReceipts, request)
        return all_of(answer.receipts, ReceiptRead)

    async def record_override(
        self,
        officer: str,
        case: str,
        asked: OverrideAsked,
        approval_id: bytes = b"",
    ) -> bytes:
        """Open one category without consent, as a second officer approved; its id."""
        request = consent_pb2.RecordOverrideRequest(
            officer=officer,
            case_pseudonym=case,
            recipient=asked.recipient,
            purpose=asked.purpose,
            category=asked.category,
            law=asked.law,
            reason=asked.reason,
            review_by=to_millis(asked.review_by),
            approval_id=approval_id,
        )
        answer = await self.ask(self._consents.RecordOverride, request)
        return bytes(answer.override_id)

    async def review_override(
        self,
        officer: str,
        case: str,
        override_id: bytes,
        review: str,
        *,
        event_id: bytes = b"",
    ) -> int:
        """Record the review: confirmed or withdrawn; the index of its leaf."""
        request = consent_pb2.ReviewOverrideRequest(
            officer=officer,
            event_id=event_id,
            case_pseudonym=case,
            override_id=override_id,
            review=review,
        )
        answer = await self.ask(self._consents.ReviewOverride, request)
        return int(answer.ledger_index)

    async def list_consents(self, officer: str, case: str) -> AnswersRead:
        """The person's answers, and what the family may be told by them."""
        request = consent_pb2.ListConsentsRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._consents.ListConsents, request)
        return from_message(answer, AnswersRead)
