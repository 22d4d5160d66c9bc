"""Numbered copies of a case, and whether a paper in hand is one of this member's.

The forms themselves are printed at the console: who prints one has it in hand.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
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
from gateway.api.callers import ME, Calling
from gateway.api.shapes import Word, model_of
from gateway.web.site import Site
from gateway.web.visitors import source_of
from services.node.rpc.work_values import PrintedCopyRead, Verified

router = APIRouter(tags=["documents"])
Digits = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})*$", max_length=64)]
FileDigest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


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
