"""WorkService as a client: the work of the day, claims, and the members.

Promises and leaves to others what ``desk_client`` does, which builds on it.
"""

from __future__ import annotations

from collections.abc import Sequence

from relais.desk.v1 import (
    document_pb2,
    document_pb2_grpc,
    work_pb2,
    work_pb2_grpc,
)
from relais.exchange.v1 import probe_pb2
from services.node.domain.closed_to_new import ClosedToNew
from services.node.rpc import work_values as values
from services.node.rpc.form_client import FormClient
from services.node.rpc.node_client import all_of
from services.node.wire.mapping import from_message, to_message

_GRACE_SECONDS = 10.0


class WorkClient(FormClient):
    """One node's local listener, for finding work; use with ``async with``."""

    async def get_worklist(
        self,
        officer: str,
        group: str,
        *,
        limit: int = 0,
        offset: int = 0,
        whose: str = "",
        peer: str = "",
    ) -> values.WorklistRead:
        """A page of ``needs_me`` or ``waiting_on_others``, the earliest due first.

        ``whose`` is ``unit`` or ``me``, and empty for everybody's.
        """
        request = work_pb2.GetWorklistRequest(
            officer=officer,
            group=group,
            limit=limit,
            offset=offset,
            whose=whose,
            peer=peer,
        )
        answer = await self.ask(self._work.GetWorklist, request)
        return from_message(answer, values.WorklistRead)

    async def list_views(self, officer: str) -> tuple[values.SavedViewRead, ...]:
        """The views of the worklist that the officer keeps."""
        request = work_pb2.ListViewsRequest(officer=officer)
        answer = await self.ask(self._work.ListViews, request)
        return all_of(answer.views, values.SavedViewRead)

    async def keep_view(
        self, officer: str, view: values.SavedViewRead
    ) -> values.SavedViewRead:
        """Keep a view; the same id again keeps what stands there."""
        request = work_pb2.KeepViewRequest(
            officer=officer, view=to_message(view, work_pb2.SavedView)
        )
        answer = await self.ask(self._work.KeepView, request)
        return from_message(answer.view, values.SavedViewRead)

    async def drop_view(self, officer: str, view_id: bytes) -> None:
        """Delete a view of the officer's."""
        request = work_pb2.DropViewRequest(officer=officer, view_id=view_id)
        await self.ask(self._work.DropView, request)

    async def show_names(
        self, officer: str, cases: Sequence[str]
    ) -> tuple[values.ShownNameRead, ...]:
        """The names of the persons of these cases; the client says the reason."""
        request = work_pb2.ShowNamesRequest(officer=officer, case_pseudonyms=cases)
        answer = await self.ask(self._work.ShowNames, request)
        return all_of(answer.names, values.ShownNameRead)

    async def list_corridors(self, officer: str) -> values.CorridorsRead:
        """What is open with every other member, and who must answer."""
        request = work_pb2.ListCorridorsRequest(officer=officer)
        answer = await self.ask(self._work.ListCorridors, request)
        return from_message(answer, values.CorridorsRead)

    async def list_notices(self, officer: str) -> tuple[values.NoticeRead, ...]:
        """What needs attention and has no clock, the newest first."""
        request = work_pb2.ListNoticesRequest(officer=officer)
        answer = await self.ask(self._work.ListNotices, request)
        return all_of(answer.notices, values.NoticeRead)

    async def claim_referral(
        self, officer: str, referral_id: bytes, *, release: bool = False
    ) -> values.ClaimRead:
        """Say that this officer works on a decision, or give that back."""
        request = work_pb2.ClaimReferralRequest(
            officer=officer, referral_id=referral_id, release=release
        )
        answer = await self.ask(self._work.ClaimReferral, request)
        return from_message(answer, values.ClaimRead)

    async def get_claim(self, officer: str, referral_id: bytes) -> values.ClaimHeld:
        """Who of this member works on a decision now."""
        request = work_pb2.GetClaimRequest(officer=officer, referral_id=referral_id)
        answer = await self.ask(self._work.GetClaim, request)
        return from_message(answer, values.ClaimHeld)

    async def assign_work(
        self,
        officer: str,
        assignee: str,
        *,
        cases: Sequence[str] = (),
        referrals: Sequence[bytes] = (),
        event_id: bytes = b"",
    ) -> int:
        """Assign all of it, or take it back where ``assignee`` is empty; how many."""
        request = work_pb2.AssignWorkRequest(
            officer=officer,
            event_id=event_id,
            assignee=assignee,
            case_pseudonyms=cases,
            referral_ids=referrals,
        )
        return int((await self.ask(self._work.AssignWork, request)).assigned)

    async def list_assignees(self, officer: str) -> tuple[values.AssigneeRead, ...]:
        """The officers who may be assigned work."""
        request = work_pb2.ListAssigneesRequest(officer=officer)
        answer = await self.ask(self._work.ListAssignees, request)
        return all_of(answer.assignees, values.AssigneeRead)

    async def find_code(self, officer: str, code: str) -> values.FoundRead:
        """What a code names here; empty if nothing."""
        request = work_pb2.FindCodeRequest(officer=officer, code=code)
        answer = await self.ask(self._work.FindCode, request)
        return from_message(answer, values.FoundRead)

    async def keep_copy(
        self,
        officer: str,
        case: str,
        kind: str,
        alias: str,
        digest: bytes,
        given_to: str,
    ) -> values.CopyKept:
        """Number a copy before it is printed."""
        request = document_pb2.KeepCopyRequest(
            officer=officer,
            case_pseudonym=case,
            kind=kind,
            alias=alias,
            digest=digest,
            given_to=given_to,
        )
        answer = await self.ask(self._documents.KeepCopy, request)
        return from_message(answer, values.CopyKept)

    async def keep_file(
        self, officer: str, digest: bytes, copy: int, file_digest: bytes
    ) -> None:
        """Keep by which hash the file of a numbered copy is known, once."""
        request = document_pb2.KeepFileRequest(
            officer=officer,
            digest=digest,
            copy=copy,
            file_digest=file_digest,
        )
        await self.ask(self._documents.KeepFile, request)

    async def list_copies(
        self, officer: str, case: str
    ) -> tuple[values.PrintedCopyRead, ...]:
        """The copies that were printed of a case, the newest first."""
        request = document_pb2.ListCopiesRequest(officer=officer, case_pseudonym=case)
        answer = await self.ask(self._documents.ListCopies, request)
        return all_of(answer.copies, values.PrintedCopyRead)

    async def verify_document(
        self, alias: str, prefix: bytes, source: str
    ) -> values.Verified:
        """Whether this member issued a document; nothing personal.

        ``source`` marks the place that asks: each has a pace of its own.
        """
        request = document_pb2.VerifyDocumentRequest(
            alias=alias, digest_prefix=prefix, source=source
        )
        answer = await self.ask(self._documents.VerifyDocument, request)
        return from_message(answer, values.Verified)

    async def verify_file(self, file_digest: bytes, source: str) -> values.Verified:
        """Whether a file with this SHA-256 is one that this member made; paced too."""
        request = document_pb2.VerifyDocumentRequest(
            file_digest=file_digest, source=source
        )
        answer = await self.ask(self._documents.VerifyDocument, request)
        return from_message(answer, values.Verified)

    async def list_members(
        self, officer: str, *, details: bool = False
    ) -> tuple[values.MemberCardRead, ...]:
        """The other members of the directory, by name."""
        request = work_pb2.ListMembersRequest(officer=officer, details=details)
        answer = await self.ask(self._work.ListMembers, request)
        return all_of(answer.members, values.MemberCardRead)

    async def get_closed_to_new(self, officer: str) -> values.OwnWordRead:
        """Whether this member says that it receives nobody new."""
        request = work_pb2.GetClosedToNewRequest(officer=officer)
        answer = await self.ask(self._work.GetClosedToNew, request)
        return from_message(answer, values.OwnWordRead)

    async def say_closed_to_new(
        self, officer: str, closed: ClosedToNew | None, *, event_id: bytes = b""
    ) -> None:
        """Say that nobody new is received, or (None) somebody again."""
        request = work_pb2.SayClosedToNewRequest(officer=officer, event_id=event_id)
        if closed is not None:
            request.closed.CopyFrom(to_message(closed, probe_pb2.ClosedToNew))
        await self.ask(self._work.SayClosedToNew, request)

    async def list_results(
        self, officer: str, referral_type: str
    ) -> tuple[values.ServiceResultRead, ...]:
        """The results that a type of referral may report today, by outcome."""
        request = work_pb2.ListResultsRequest(
            officer=officer, referral_type=referral_type
        )
        answer = await self.ask(self._work.ListResults, request)
        return all_of(answer.results, values.ServiceResultRead)

    async def list_needs(
        self, officer: str, recipient: str, referral_type: str
    ) -> tuple[values.CategoryNeedRead, ...]:
        """What a member may be told with a type of referral today, by category."""
        request = work_pb2.ListNeedsRequest(
            officer=officer, recipient=recipient, referral_type=referral_type
        )
        answer = await self.ask(self._work.ListNeeds, request)
        return all_of(answer.needs, values.CategoryNeedRead)

    async def list_codes(self, officer: str, name: str) -> tuple[str, ...]:
        """The codes of a list of the policy today."""
        request = work_pb2.ListCodesRequest(officer=officer, list=name)
        answer = await self.ask(self._work.ListCodes, request)
        return tuple(answer.codes)

    async def await_change(self, officer: str, known_size: int, seconds: int) -> int:
        """The ledger's size as soon as it is over ``known_size``, or the time is."""
        request = work_pb2.AwaitChangeRequest(
            officer=officer, known_size=known_size, timeout_seconds=seconds
        )
        answer = await self.ask(
            self._work.AwaitChange, request, seconds + _GRACE_SECONDS
        )
        return int(answer.size)

    @property
    def _work(self) -> work_pb2_grpc.WorkServiceAsyncStub:
        return work_pb2_grpc.WorkServiceStub(self.channel)

    @property
    def _documents(self) -> document_pb2_grpc.DocumentServiceAsyncStub:
        return document_pb2_grpc.DocumentServiceStub(self.channel)
