"""Official forms of a case, numbered, and whether a paper in hand is this member's.

A copy is asked for in the fields of the console's form, and answered as a PDF that
is kept nowhere; every request numbers another copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from pydantic import StringConstraints
from starlette.responses import Response

from gateway.api.answers import (
    USUAL,
    Cursor,
    Limit,
    answer,
    page_of,
    part_page,
    read_cursor,
)
from gateway.api.callers import ME, Caller, Calling
from gateway.api.problems import BodyError, Place
from gateway.api.sessions import who_calls
from gateway.api.shapes import EPOCH, Sent, Word, model_of
from gateway.forms.fields import FormError, read_fields
from gateway.papers.printing import Printer, paper_fields, print_copy
from gateway.web.site import Site
from gateway.web.visitors import source_of
from services.node.domain.documents import DocumentKind
from services.node.rpc.work_values import PrintedCopyRead, Verified

router = APIRouter(tags=["documents"])
Digits = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})*$", max_length=64)]
_PDF = "application/pdf"
FileDigest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class PaperAsked:
    """What a copy says beside the case; each form reads its own of these.

    ``referral`` is that of a slip or of minutes of a handover, in hex; ``valid_until``
    is a day. ``given_to`` is a member, or ``person``, ``guardian`` or ``file``.
    """

    second_language: str
    given_to: str
    with_name: bool
    referral: str = ""
    place: str = ""
    received_at: datetime = EPOCH
    received_from: str = ""
    condition: str = ""
    items: tuple[str, ...] = ()
    addressed_to: str = ""
    valid_until: str = ""

    def get(self, key: str, /) -> object:
        """The field as a form would have it."""
        said = getattr(self, key)
        if isinstance(said, bool):
            return "yes" if said else "no"
        if isinstance(said, datetime):
            return "" if said == EPOCH else said.isoformat()
        return "\n".join(said) if isinstance(said, tuple) else said

    def getlist(self, key: str, /) -> list[object]:
        """The same as a list of one."""
        return [self.get(key)]


@router.post(
    "/cases/{case}/documents/{kind}",
    summary="Print a numbered copy of an official form",
    response_class=Response,
    responses={
        200: {"content": {_PDF: {"schema": {"type": "string", "format": "binary"}}}}
    },
)
async def print_document(
    caller: Calling,
    case: Word,
    kind: DocumentKind,
    said: Annotated[PaperAsked, Sent(), Body()],
) -> Response:
    """Every request is another copy; its file is known by its hash from then on."""
    found = await caller.desk.get_case(ME, case)
    printer = await _printer(caller)
    try:
        fields = read_fields(await paper_fields(printer, kind, found), said)
    except FormError as error:
        wrong = error.problems
        raise BodyError(
            Place(where=f"body.{each.field}", problem=each.code) for each in wrong
        ) from None
    copy = await print_copy(printer, kind, found, fields)
    name = f'attachment; filename="{copy.name}"'
    return Response(copy.pdf, media_type=_PDF, headers={"Content-Disposition": name})


async def _printer(caller: Caller) -> Printer:
    who = await who_calls(caller)
    site = caller.site
    return Printer(caller.desk, ME, who.officer, who.role, site.config, site.languages)


@router.get(
    "/cases/{case}/copies",
    response_model=page_of(PrintedCopyRead),
    summary="The copies that were printed",
)
async def list_copies(
    request: Request,
    caller: Calling,
    case: Word,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """Of a case; the newest first."""
    start = read_cursor(cursor)
    found = await caller.desk.list_copies(ME, case)
    return answer(request, part_page(found, start, limit))


@router.get("/documents", response_model=model_of(Verified), summary="Verify a file")
async def verify_file(
    request: Request, file_digest: Annotated[FileDigest, Query()]
) -> Response:
    """By the SHA-256 of its bytes; open to everybody; the file stays away."""
    site: Site = request.app.state.site
    found = await site.node.desk.verify_file(
        bytes.fromhex(file_digest), source_of(request)
    )
    return answer(request, found)


@router.get(
    "/documents/{code}", response_model=model_of(Verified), summary="Verify a document"
)
async def verify_document(
    request: Request, code: Word, digits: Annotated[Digits, Query()] = ""
) -> Response:
    """By what stands on the paper; open to everybody, and nothing about the person."""
    site: Site = request.app.state.site
    found = await site.node.desk.verify_document(
        code, bytes.fromhex(digits), source_of(request)
    )
    return answer(request, found)
