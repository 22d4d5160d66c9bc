"""The node and its people: status, officers, reports, sign-in events, looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from starlette.responses import Response

from gateway.api.answers import (
    USUAL,
    Cursor,
    Limit,
    answer,
    offset_page,
    page,
    page_of,
    part_page,
    read_cursor,
)
from gateway.api.callers import ME, Calling
from gateway.api.ledger import Between
from gateway.api.shapes import Digest, Identifier, Sent, Word, list_of, model_of
from services.node.rpc.desk_values import (
    AdmissionRead,
    DisclosureReportRead,
    OfficerRead,
)
from services.node.rpc.node_values import HeldWorkRead, ProbeRead, StatusRead
from services.node.rpc.outbox_values import DestinationRead, LetterRead
from services.node.rpc.sign_in_values import AccessRead, InvitedRead, SignInEventRead

router = APIRouter(tags=["node"])


@dataclass(frozen=True, slots=True)
class OfficerKept:
    """What an officer is to be; ``hand_over_to`` counts for one who leaves."""

    role: str
    unit: str
    active: bool
    hand_over_to: str = ""


@dataclass(frozen=True, slots=True)
class InvitationAsked:
    """``reset`` drops every credential and session of the officer now."""

    reset: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """``waits``: it holds once a second person confirmed it."""

    waits: bool


@dataclass(frozen=True, slots=True)
class AdmissionGiven:
    """``confirmed``: yes, let in."""

    confirmed: bool


@dataclass(frozen=True, slots=True)
class AdmissionAnswered:
    """``answer``: confirmed, refused or withdrawn."""

    answer: str


@router.get("/node", response_model=model_of(StatusRead), summary="How the node is")
async def get_status(request: Request, caller: Calling) -> Response:
    """Its ledger, its directory, its policy, and what waits for whom."""
    return answer(request, await caller.desk.get_status(), varying=("case_now",))


@router.get(
    "/outbox",
    response_model=page_of(DestinationRead),
    summary="What waits, by member",
)
async def list_waiting(
    request: Request, caller: Calling, limit: Limit = USUAL, cursor: Cursor = ""
) -> Response:
    """How much, since when, the next try, the last problem and the circuit."""
    start = read_cursor(cursor)
    found = await caller.desk.list_waiting(ME, limit, offset=start)
    return answer(request, offset_page(found, start, limit))


@router.get(
    "/outbox/letters",
    response_model=page_of(LetterRead),
    summary="Envelopes that wait, or that were not received",
)
async def list_letters(
    request: Request,
    caller: Calling,
    *,
    member: Annotated[Word, Query()] = "",
    dead: Annotated[bool, Query()] = False,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """With ``dead`` those refused for good or expired, each with its reason."""
    start = read_cursor(cursor)
    found = await caller.desk.list_letters(ME, member, limit, dead=dead, offset=start)
    return answer(request, offset_page(found, start, limit))


@router.post(
    "/outbox/members/{member}/retry", status_code=204, summary="Ask a member now"
)
async def retry_member(caller: Calling, member: Word) -> Response:
    """All that waits for it is due now."""
    await caller.desk.retry_now(ME, member)
    return Response(status_code=204)


@router.post(
    "/outbox/letters/{digest}/retry", status_code=204, summary="Try one envelope now"
)
async def retry_letter(caller: Calling, digest: Digest) -> Response:
    """What was refused for good is refused here too: it would be again."""
    await caller.desk.retry_now(ME, digest=digest)
    return Response(status_code=204)


@router.post(
    "/outbox/letters/{digest}/return",
    response_model=model_of(LetterRead),
    summary="Give an envelope back to who sent it",
)
async def return_letter(request: Request, caller: Calling, digest: Digest) -> Response:
    """As not received; who is answerable stays so, and the recipient is still asked."""
    return answer(request, await caller.desk.return_letter(ME, digest))


@router.get("/officers", response_model=page_of(OfficerRead), summary="The officers")
async def list_officers(
    request: Request, caller: Calling, limit: Limit = USUAL, cursor: Cursor = ""
) -> Response:
    """By staff pseudonym."""
    start = read_cursor(cursor)
    found = await caller.desk.list_officers()
    return answer(request, part_page(found, start, limit))


@router.put(
    "/officers/{pseudonym}",
    response_model=model_of(Kept),
    summary="Enter or change one",
)
async def keep_officer(
    request: Request,
    caller: Calling,
    pseudonym: Word,
    said: Annotated[OfficerKept, Sent(), Body()],
) -> Response:
    """What lets somebody in waits for a second person; until then all stays as it is.

    Sessions and programs of an officer who is not active any more end at once, and
    what is assigned to that officer is then ``hand_over_to``'s, if one is named: 403
    ``assignment.other_unit`` names what stands against it, and nobody left.
    """
    kept = OfficerRead(pseudonym, said.role, said.unit, said.active)
    waits = await caller.desk.keep_officer(ME, kept, hand_over_to=said.hand_over_to)
    return answer(request, Kept(waits))


@router.get(
    "/officers/{pseudonym}/work",
    response_model=model_of(HeldWorkRead),
    summary="What is assigned to an officer",
)
async def get_officer_work(
    request: Request, caller: Calling, pseudonym: Word
) -> Response:
    """By code, closed cases left out, and who may take all of it over."""
    return answer(request, await caller.desk.list_held(ME, pseudonym))


@router.get(
    "/admissions",
    response_model=page_of(AdmissionRead),
    summary="Who waits to be let in",
)
async def list_admissions(
    request: Request, caller: Calling, limit: Limit = USUAL, cursor: Cursor = ""
) -> Response:
    """Officers, invitations and programs that a second person has yet to confirm."""
    start = read_cursor(cursor)
    found = await caller.desk.list_admissions(ME)
    return answer(request, part_page(found, start, limit))


@router.post(
    "/admissions/{admission_id}/answer",
    response_model=model_of(AdmissionAnswered),
    summary="Let in, or not",
)
async def answer_admission(
    request: Request,
    caller: Calling,
    admission_id: Identifier,
    said: Annotated[AdmissionGiven, Sent(), Body()],
) -> Response:
    """By a second person with a recent proof; who asked may take it back."""
    given = await caller.desk.answer_admission(
        ME, admission_id, confirmed=said.confirmed
    )
    return answer(request, AdmissionAnswered(given))


@router.post(
    "/officers/{pseudonym}/invitation",
    status_code=201,
    response_model=model_of(InvitedRead),
    summary="Invite an officer to sign in",
)
async def invite_officer(
    request: Request,
    caller: Calling,
    pseudonym: Word,
    said: Annotated[InvitationAsked, Sent(), Body()],
) -> Response:
    """A code that is told once, after a recent proof; a second person confirms it."""
    invited = await caller.sign_in.invite_officer(ME, pseudonym, reset=said.reset)
    return answer(request, invited, status=201)


@router.get(
    "/disclosure-reports",
    response_model=page_of(DisclosureReportRead),
    summary="What others should not have sent",
)
async def list_disclosure_reports(
    request: Request, caller: Calling, limit: Limit = USUAL, cursor: Cursor = ""
) -> Response:
    """As it was refused; the newest first."""
    start = read_cursor(cursor)
    found = await caller.desk.list_disclosure_reports(ME, limit, offset=start)
    return answer(request, offset_page(found, start, limit))


@router.get(
    "/sign-in-events",
    response_model=page_of(SignInEventRead),
    summary="What happened around sign-in",
)
async def list_sign_in_events(
    request: Request,
    caller: Calling,
    officer: Annotated[Word, Query()] = "",
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """Of one officer, or of everybody; the newest first."""
    found = await caller.sign_in.list_sign_in_events(
        ME, officer, limit=limit, before=read_cursor(cursor)
    )
    return answer(request, page(found, found[-1].number if found else None))


@router.post(
    "/members/{member}/probe",
    response_model=list_of(ProbeRead),
    summary="Try the line to a member",
)
async def probe_member(request: Request, caller: Calling, member: Word) -> Response:
    """What works of an exchange, up to the first part that fails."""
    return answer(request, await caller.desk.probe_peer(member))


@router.get(
    "/looks",
    response_model=page_of(AccessRead),
    summary="Who looked at anything",
    tags=["audit"],
)
async def review_looks(
    request: Request,
    caller: Calling,
    *,
    officer: Annotated[Word, Query()] = "",
    refused: Annotated[bool, Query()] = False,
    case: Annotated[Word, Query()] = "",
    period: Between,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """For the auditor; the newest first."""
    found = await caller.desk.review_access(
        ME,
        officer,
        refused=refused,
        case=case,
        period=period,
        limit=limit,
        before=read_cursor(cursor),
    )
    return answer(request, page(found, found[-1].number if found else None))
