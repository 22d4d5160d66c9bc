"""NodeService as a client, and the channel to one's own node.

Promises: one method an RPC over the node's unix socket; a refusal is raised as the
error that the node raised, with its code, sentence, place and remedy. The socket's
file mode decides who gets here.

Leaves to others: the work on cases (desk_client.py).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from copy import copy
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc

from relais.desk.v1 import node_pb2, node_pb2_grpc
from services.node.domain.errors import RelaisError, UnavailableError
from services.node.rpc import desk_values as values
from services.node.rpc.errors import from_rpc_error
from services.node.rpc.node_values import HeldWorkRead, ProbeRead, StatusRead
from services.node.rpc.outbox_values import DestinationRead, LetterRead
from services.node.rpc.said import (
    CERTIFICATE_KEY,
    REASON_KEY,
    SESSION_KEY,
    UNATTENDED_KEY,
    UNCHANGED_KEY,
)
from services.node.wire.mapping import from_message, to_millis

V = TypeVar("V")
_ANSWER_SECONDS = 60.0
_WHOLE_SECONDS = 1800.0
"""For answers that are as long as what the node holds."""
_MESSAGE_LIMIT = 64 * 1024 * 1024
"""Bytes; a case sheet of 20 MiB and its findings fit."""


class NodeClient:
    """One node's local listener; use with ``async with``."""

    def __init__(
        self, socket: Path, member: str = "", *, session: str = "", reason: str = ""
    ) -> None:
        """``member`` names the node in errors; made inside a running event loop.

        ``session`` and ``reason`` are what ``acting`` takes.
        """
        self.member = member
        self.said = _metadata(session, reason)
        self.channel = grpc.aio.insecure_channel(
            f"unix:{socket}",
            options=[
                ("grpc.max_receive_message_length", _MESSAGE_LIMIT),
                ("grpc.max_send_message_length", _MESSAGE_LIMIT),
            ],
        )
        self._node = node_pb2_grpc.NodeServiceStub(self.channel)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.channel.close()

    def acting(
        self,
        session: str,
        reason: str = "",
        *,
        unattended: bool = False,
        rests_on: str = "",
        certificate: bytes = b"",
    ) -> Self:
        """The same client for one signed-in officer, on the same channel.

        ``session`` is the token of sign-in; ``reason`` says why the officer looks
        at what another unit works on. An ``unattended`` call, such as a page that
        refreshes by itself, does not keep the session from locking. ``rests_on``
        says what an act was decided on: ``case N`` or ``referral N``. ``certificate``
        is the DER with which a program proved itself, in place of a token.
        """
        other = copy(self)
        other.said = _metadata(
            session,
            reason,
            unattended=unattended,
            rests_on=rests_on,
            certificate=certificate,
        )
        return other

    async def get_status(self) -> StatusRead:
        """How the node is, and what waits."""
        request = node_pb2.GetStatusRequest()
        answer = await self.ask(self._node.GetStatus, request)
        return from_message(answer, StatusRead)

    async def keep_officer(
        self,
        acting_officer: str,
        officer: values.OfficerRead,
        *,
        hand_over_to: str = "",
    ) -> bool:
        """Add or change an officer; whether that waits for a second person.

        Nobody acts only for the very first one. ``hand_over_to`` takes over what is
        assigned to an officer who leaves.
        """
        request = node_pb2.KeepOfficerRequest(
            acting_officer=acting_officer,
            officer=node_pb2.Officer(
                pseudonym=officer.pseudonym,
                role=officer.role,
                unit=officer.unit,
                active=officer.active,
            ),
            hand_over_to=hand_over_to,
        )
        return bool((await self.ask(self._node.KeepOfficer, request)).waits)

    async def list_held(self, acting_officer: str, pseudonym: str) -> HeldWorkRead:
        """What is assigned to an officer, and who may take all of it over."""
        request = node_pb2.ListHeldRequest(
            acting_officer=acting_officer, pseudonym=pseudonym
        )
        answer = await self.ask(self._node.ListHeld, request)
        return from_message(answer, HeldWorkRead)

    async def list_admissions(
        self, acting_officer: str
    ) -> tuple[values.AdmissionRead, ...]:
        """What waits for a second person who lets in, the oldest first."""
        request = node_pb2.ListAdmissionsRequest(acting_officer=acting_officer)
        answer = await self.ask(self._node.ListAdmissions, request)
        return all_of(answer.admissions, values.AdmissionRead)

    async def answer_admission(
        self, acting_officer: str, admission_id: bytes, *, confirmed: bool
    ) -> str:
        """Confirm or refuse; what came of it: confirmed, refused or withdrawn."""
        request = node_pb2.AnswerAdmissionRequest(
            acting_officer=acting_officer,
            admission_id=admission_id,
            confirmed=confirmed,
        )
        return str((await self.ask(self._node.AnswerAdmission, request)).answer)

    async def list_officers(self) -> tuple[values.OfficerRead, ...]:
        """The officers, by pseudonym."""
        answer = await self.ask(self._node.ListOfficers, node_pb2.ListOfficersRequest())
        return all_of(answer.officers, values.OfficerRead)

    async def list_disclosure_reports(
        self, acting_officer: str, limit: int = 0, *, offset: int = 0
    ) -> tuple[values.DisclosureReportRead, ...]:
        """What other members sent and should not have, the newest first."""
        request = node_pb2.ListDisclosureReportsRequest(
            acting_officer=acting_officer, limit=limit, offset=offset
        )
        answer = await self.ask(self._node.ListDisclosureReports, request)
        return all_of(answer.reports, values.DisclosureReportRead)

    async def set_case_clock(self, acting_officer: str, now: datetime) -> None:
        """Move a driven case clock forward."""
        request = node_pb2.SetCaseClockRequest(
            now=to_millis(now), acting_officer=acting_officer
        )
        await self.ask(self._node.SetCaseClock, request)

    async def probe_peer(self, member: str) -> tuple[ProbeRead, ...]:
        """What works of an exchange with a peer, up to the first part that fails."""
        request = node_pb2.ProbePeerRequest(member=member)
        answer = await self.ask(self._node.ProbePeer, request)
        return all_of(answer.findings, ProbeRead)

    async def list_waiting(
        self, acting_officer: str, limit: int = 0, *, offset: int = 0
    ) -> tuple[DestinationRead, ...]:
        """What waits for each member, and the circuit to it."""
        request = node_pb2.ListWaitingRequest(
            acting_officer=acting_officer, limit=limit, offset=offset
        )
        answer = await self.ask(self._node.ListWaiting, request)
        return all_of(answer.destinations, DestinationRead)

    async def list_letters(
        self,
        acting_officer: str,
        recipient: str = "",
        limit: int = 0,
        *,
        dead: bool = False,
        offset: int = 0,
    ) -> tuple[LetterRead, ...]:
        """The envelopes that wait for a member, or the dead letters."""
        request = node_pb2.ListLettersRequest(
            acting_officer=acting_officer,
            recipient=recipient,
            dead=dead,
            limit=limit,
            offset=offset,
        )
        answer = await self.ask(self._node.ListLetters, request)
        return all_of(answer.letters, LetterRead)

    async def retry_now(
        self, acting_officer: str, recipient: str = "", digest: bytes = b""
    ) -> str:
        """Ask a member again now, for all that waits or one envelope; which member."""
        request = node_pb2.RetryNowRequest(
            acting_officer=acting_officer, recipient=recipient, digest=digest
        )
        answer = await self.ask(self._node.RetryNow, request)
        return str(answer.recipient)

    async def return_letter(self, acting_officer: str, digest: bytes) -> LetterRead:
        """Give an envelope back to who sent it, as not received."""
        request = node_pb2.ReturnLetterRequest(
            acting_officer=acting_officer, digest=digest
        )
        answer = await self.ask(self._node.ReturnLetter, request)
        return from_message(answer.letter, LetterRead)

    async def ask(
        self,
        method: Callable[..., Awaitable[Any]],
        request: Any,
        seconds: float = _ANSWER_SECONDS,
    ) -> Any:
        """One call; raises RelaisError."""
        try:
            return await method(request, timeout=seconds, metadata=self.said)
        except grpc.aio.AioRpcError as error:
            raise own_node(from_rpc_error(error, self.member)) from error

    async def each(
        self, method: Callable[..., Any], request: Any, seconds: float = _WHOLE_SECONDS
    ) -> AsyncGenerator[Any, None]:
        """The messages of one streamed answer; raises RelaisError.

        Close it if it is left early: the node holds a snapshot for it.
        """
        call = method(request, timeout=seconds, metadata=self.said)
        try:
            async for message in call:
                yield message
        except grpc.aio.AioRpcError as error:
            raise own_node(from_rpc_error(error, self.member)) from error
        finally:
            call.cancel()


def _metadata(
    session: str,
    reason: str,
    *,
    unattended: bool = False,
    rests_on: str = "",
    certificate: bytes = b"",
) -> tuple[tuple[str, str | bytes], ...]:
    said: list[tuple[str, str | bytes]] = []
    if session:
        said.append((SESSION_KEY, session))
    if reason:
        said.append((REASON_KEY, reason.encode()))
    if certificate:
        said.append((CERTIFICATE_KEY, certificate))
    if rests_on:
        said.append((UNCHANGED_KEY, rests_on))
    if unattended:
        said.append((UNATTENDED_KEY, "1"))
    return tuple(said)


def own_node(error: RelaisError) -> RelaisError:
    """One's own node that is away is told apart from a peer."""
    if error.code not in {"peer.unreachable", "peer.failed"}:
        return error
    return UnavailableError(
        "node.unreachable",
        "This node does not answer at its socket.",
        where=error.where,
        remedy="See whether it runs: relais network status, or its service.",
    )


def all_of(messages: Any, value_class: type[V]) -> tuple[V, ...]:
    """A list in an answer as values."""
    return tuple(from_message(each, value_class) for each in messages)
