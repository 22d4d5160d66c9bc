"""The desk as a client: what a member's own programs ask of their node.

Promises: one method an RPC of relais.desk.v1 over the node's unix socket, plain
and domain values in, frozen values out; a refusal is raised as the error that
the node raised, with its code, sentence, place and remedy. The socket's file
mode decides who gets here; the officer named decides what may be done.

Leaves to others: which officer acts, and what is asked in which order.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from relais.desk.v1 import (
    case_pb2,
    case_pb2_grpc,
    draft_pb2,
    draft_pb2_grpc,
    policy_pb2,
    policy_pb2_grpc,
    referral_pb2,
    referral_pb2_grpc,
)
from services.node.domain.bodies import Offer
from services.node.domain.casesheet import RawSheet
from services.node.domain.handoff import Body
from services.node.domain.records import CategoryRecord, ConsentCopy
from services.node.domain.second_person import Sending
from services.node.rpc import desk_values as values
from services.node.rpc.approval_client import ApprovalClient
from services.node.rpc.attachment_client import AttachmentClient
from services.node.rpc.case_state_client import CaseStateClient
from services.node.rpc.clock_client import ClockClient
from services.node.rpc.consent_client import ConsentClient
from services.node.rpc.conversions import (
    best_interests_to,
    body_to,
    consent_to,
    offer_to,
    record_to,
)
from services.node.rpc.message_values import TalkRead
from services.node.rpc.node_client import all_of
from services.node.wire.mapping import from_message

_GRACE_SECONDS = 10.0


class DeskClient(
    CaseStateClient, ConsentClient, ApprovalClient, ClockClient, AttachmentClient
):
    """One node's local listener, for work on cases; use with ``async with``."""

    def __init__(
        self, socket: Path, member: str = "", *, session: str = "", reason: str = ""
    ) -> None:
        """``member`` names the node in errors."""
        super().__init__(socket, member, session=session, reason=reason)
        self._cases = case_pb2_grpc.CaseServiceStub(self.channel)
        self._referrals = referral_pb2_grpc.ReferralServiceStub(self.channel)
        self._policies = policy_pb2_grpc.PolicyServiceStub(self.channel)
        self._drafts = draft_pb2_grpc.DraftServiceStub(self.channel)

    async def open_case(
        self,
        officer: str,
        door: str,
        records: Sequence[CategoryRecord] = (),
        *,
        event_id: bytes = b"",
    ) -> values.OpenedCase:
        """Open a case for which this member answers from now on."""
        request = case_pb2.OpenCaseRequest(
            officer=officer,
            event_id=event_id,
            door=door,
            records=[record_to(each) for each in records],
        )
        answer = await self.ask(self._cases.OpenCase, request)
        return from_message(answer, values.OpenedCase)

    async def add_record(
        self,
        officer: str,
        case: str,
        record: CategoryRecord,
        *,
        based_on: int | None = None,
        event_id: bytes = b"",
    ) -> int:
        """Add a version of one data category; the index of its leaf.

        ``based_on`` is the version that it was made of, 0 for none.
        """
        request = case_pb2.AddRecordRequest(
            officer=officer,
            event_id=event_id,
            case_pseudonym=case,
            record=record_to(record),
            based_on=based_on,
        )
        return _index(await self.ask(self._cases.AddRecord, request))

    async def read_records(self, officer: str, case: str) -> tuple[CategoryRecord, ...]:
        """What this member knows, one record a category."""
        return (await self.read_case_file(officer, case)).records

    async def read_case_file(self, officer: str, case: str) -> values.RecordsRead:
        """The same, with the number of each version."""
        request = case_pb2.ReadRecordsRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._cases.ReadRecords, request)
        return from_message(answer, values.RecordsRead)

    async def get_case(self, officer: str, case: str) -> values.CaseRead:
        """Who answered when, the referrals, and what happened."""
        request = case_pb2.GetCaseRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._cases.GetCase, request)
        return from_message(answer, values.CaseRead)

    async def explain_case(
        self, officer: str, case: str
    ) -> tuple[values.EventExplained, ...]:
        """Which row of the policy decided what, by handoff and clock."""
        request = policy_pb2.ExplainCaseRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._policies.ExplainCase, request)
        return all_of(answer.events, values.EventExplained)

    async def list_cases(
        self, officer: str, limit: int = 0, *, offset: int = 0
    ) -> tuple[values.CaseLine, ...]:
        """The newest cases; ``limit`` 1 to 500, 0 means 50."""
        request = case_pb2.ListCasesRequest(officer=officer, limit=limit, offset=offset)
        answer = await self.ask(self._cases.ListCases, request)
        return all_of(answer.cases, values.CaseLine)

    async def make_offer(
        self,
        officer: str,
        case: str,
        recipient: str,
        offer: Offer,
        categories: Sequence[str] = (),
        *,
        attachment_ids: Sequence[bytes] = (),
        event_id: bytes = b"",
        approval_id: bytes = b"",
    ) -> values.OfferMade:
        """Offer a share or a transfer; ``categories`` and their files travel sealed.

        ``approval_id`` is a second officer's approval where ``check_referral`` asks.
        """
        files = tuple(attachment_ids)
        act = Sending(recipient, offer, tuple(categories), files)
        return await self.send(
            officer, case, act, event_id=event_id, approval_id=approval_id
        )

    async def send(
        self,
        officer: str,
        case: str,
        act: Sending,
        *,
        event_id: bytes = b"",
        approval_id: bytes = b"",
    ) -> values.OfferMade:
        """Offer exactly this; ``approval_id`` as in ``make_offer``."""
        request = referral_pb2.MakeOfferRequest(
            officer=officer,
            event_id=event_id,
            case_pseudonym=case,
            recipient=act.recipient,
            offer=offer_to(act.offer),
            categories=act.categories,
            attachment_ids=act.attachment_ids,
            approval_id=approval_id,
            best_interests=best_interests_to(act.best_interests),
        )
        answer = await self.ask(self._referrals.MakeOffer, request)
        return from_message(answer, values.OfferMade)

    async def check_referral(
        self,
        officer: str,
        case_or_draft: str | bytes,
        recipient: str,
        offer: Offer,
        categories: Sequence[str],
        consent: ConsentCopy,
        *,
        door: str = "",
    ) -> values.OfferChecked:
        """The offer as it would stand with this answer; nothing is recorded.

        It says too what leaves only by two officers. ``case_or_draft`` is a case's
        pseudonym, or a draft's id, which needs the ``door`` too. Raises what
        recording the answer and offering would raise.
        """
        named = case_or_draft
        request = referral_pb2.CheckReferralRequest(
            officer=officer,
            case_pseudonym=named if isinstance(named, str) else "",
            draft_id=named if isinstance(named, bytes) else b"",
            door=door,
            recipient=recipient,
            offer=offer_to(offer),
            categories=categories,
            consent=consent_to(consent),
        )
        answer = await self.ask(self._referrals.CheckReferral, request)
        return from_message(answer, values.OfferChecked)

    async def take_step(
        self,
        officer: str,
        referral_id: bytes,
        body: Body,
        *,
        event_id: bytes = b"",
        approval_id: bytes = b"",
        attachment_id: bytes = b"",
    ) -> values.StepTaken:
        """Take the step that ``body`` is the content of.

        An arrival rests on a second officer's approval, or on the scan of a thumb.
        """
        request = referral_pb2.TakeStepRequest(
            officer=officer,
            event_id=event_id,
            referral_id=referral_id,
            body=body_to(body),
            approval_id=approval_id,
            attachment_id=attachment_id,
        )
        answer = await self.ask(self._referrals.TakeStep, request)
        return from_message(answer, values.StepTaken)

    async def escalate(
        self, officer: str, referral_id: bytes, reason: str, *, event_id: bytes = b""
    ) -> values.Escalated:
        """Tell the national desk that the other member is silent in a referral."""
        request = referral_pb2.EscalateRequest(
            officer=officer,
            event_id=event_id,
            referral_id=referral_id,
            reason=reason,
        )
        answer = await self.ask(self._referrals.Escalate, request)
        return from_message(answer, values.Escalated)

    async def get_referral(
        self, officer: str, referral_id: bytes
    ) -> values.ConversationRead:
        """A referral with everything said in it."""
        request = referral_pb2.GetReferralRequest(
            officer=officer, referral_id=referral_id
        )
        answer = await self.ask(self._referrals.GetReferral, request)
        return from_message(answer, values.ConversationRead)

    async def read_messages(self, officer: str, case: str) -> tuple[TalkRead, ...]:
        """What was asked and answered in every referral of a case, oldest first."""
        request = referral_pb2.ReadMessagesRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._referrals.ReadMessages, request)
        return all_of(answer.talks, TalkRead)

    async def list_referrals(
        self, officer: str, limit: int = 0, *, offset: int = 0
    ) -> tuple[values.ReferralRead, ...]:
        """The referrals that changed last; ``limit`` 1 to 500, 0 means 50."""
        request = referral_pb2.ListReferralsRequest(
            officer=officer, limit=limit, offset=offset
        )
        answer = await self.ask(self._referrals.ListReferrals, request)
        return all_of(answer.referrals, values.ReferralRead)

    async def await_referral(
        self,
        officer: str,
        referral_id: bytes,
        *states: str,
        settled: bool = False,
        seconds: int = 30,
    ) -> values.ReferralRead:
        """Wait until the referral is in one of ``states`` (any, if none is named).

        ``settled`` also waits until nothing of it waits in the outbox; ``seconds``
        1 to 120. Raises UnavailableError ``referral.not_yet``.
        """
        request = referral_pb2.AwaitReferralRequest(
            officer=officer,
            referral_id=referral_id,
            states=states,
            settled=settled,
            timeout_seconds=seconds,
        )
        answer = await self.ask(
            self._referrals.AwaitReferral, request, seconds + _GRACE_SECONDS
        )
        return from_message(answer.referral, values.ReferralRead)

    async def import_sheet(
        self, officer: str, sheet: RawSheet, *, keep: bool
    ) -> values.SheetRead:
        """Read a case sheet; ``keep`` makes its rows drafts of the officer."""
        request = draft_pb2.ImportSheetRequest(
            officer=officer,
            sheet=sheet.name,
            rows=[
                draft_pb2.SheetRow(number=row.number, cells=row.cells)
                for row in sheet.rows
            ],
            keep=keep,
        )
        answer = await self.ask(self._drafts.ImportSheet, request)
        return from_message(answer, values.SheetRead)

    async def list_drafts(self, officer: str) -> tuple[values.DraftRead, ...]:
        """The officer's drafts and history, oldest first."""
        request = draft_pb2.ListDraftsRequest(officer=officer)
        answer = await self.ask(self._drafts.ListDrafts, request)
        return all_of(answer.drafts, values.DraftRead)

    async def read_draft(self, officer: str, draft_id: bytes) -> values.DraftOpened:
        """What a draft of the officer holds."""
        request = draft_pb2.ReadDraftRequest(officer=officer, draft_id=draft_id)
        answer = await self.ask(self._drafts.ReadDraft, request)
        return from_message(answer, values.DraftOpened)

    async def confirm_draft(
        self, officer: str, draft_id: bytes, door: str, *, event_id: bytes = b""
    ) -> values.DraftConfirmed:
        """Open a case from a draft; consent and offer follow as for any."""
        request = draft_pb2.ConfirmDraftRequest(
            officer=officer, event_id=event_id, draft_id=draft_id, door=door
        )
        answer = await self.ask(self._drafts.ConfirmDraft, request)
        return from_message(answer, values.DraftConfirmed)


def _index(answer: Any) -> int:
    return int(answer.ledger_index)
