"""Files of a case: sent in pieces that go on after a cut line, listed, and read.

Promises that a piece twice, a finish twice and a create twice are one; that the
hash which is said in the end is compared by the node; and that no file has a name.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query, Request
from starlette.responses import Response, StreamingResponse

from gateway.api.answers import (
    USUAL,
    Cursor,
    Limit,
    answer,
    page_of,
    part_page,
    read_cursor,
)
from gateway.api.callers import ME, ActId, Caller, Calling
from gateway.api.problems import MEDIA_TYPE
from gateway.api.shapes import Identifier, Sent, Word, model_of
from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.rpc.attachment_client import PIECE
from services.node.rpc.attachment_values import AttachmentAdded, AttachmentRead

router = APIRouter(prefix="/cases/{case}", tags=["files"])

_RANGE = re.compile(r"bytes=(\d{1,12})-(\d{0,12})")
_BYTES: dict[str, Any] = {"type": "string", "format": "binary"}
_OCTETS = "application/octet-stream"
_DIGEST_BYTES = 32


@dataclass(frozen=True, slots=True)
class UploadSaid:
    """A file that will come: of which data category, and how many bytes."""

    category: str
    size: int


@dataclass(frozen=True, slots=True)
class UploadState:
    """How far a file came; the next piece begins at ``held``."""

    upload_id: bytes
    held: int


@dataclass(frozen=True, slots=True)
class UploadEnd:
    """The SHA-256 of the file as it was sent."""

    digest: bytes


@router.get(
    "/attachments",
    response_model=page_of(AttachmentRead),
    summary="The files of a case",
)
async def list_attachments(
    request: Request,
    caller: Calling,
    case: Word,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """Type, size, category, and how the SHA-256 begins; in order of coming."""
    start = read_cursor(cursor)
    found = await caller.desk.list_attachments(ME, case)
    return answer(request, part_page(found, start, limit))


@router.get(
    "/attachments/{attachment_id}/content",
    summary="The content of a file",
    response_class=StreamingResponse,
    responses={
        200: {"content": {_OCTETS: {"schema": _BYTES}}},
        416: {
            "description": "There is no such part.",
            "content": {
                MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}
            },
        },
        206: {
            "description": "The part that was asked for.",
            "content": {_OCTETS: {"schema": _BYTES}},
        },
    },
)
async def read_attachment(
    caller: Calling,
    case: Word,
    attachment_id: Identifier,
    wanted: Annotated[
        str,
        Header(alias="Range", max_length=60, description="bytes=FIRST-LAST, or none."),
    ] = "",
) -> Response:
    """All of it, or one range of bytes; the look is kept before the first byte."""
    file = await _file(caller, case, attachment_id)
    first, last = _range(wanted, file.size)
    content = caller.desk.read_attachment(ME, case, attachment_id, first)
    # A refusal is answered as one, so the first piece is read before the head goes.
    begun = await anext(content, b"")
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": "attachment",
        "Content-Encoding": "identity",
        "Content-Length": str(last - first + 1),
    }
    if wanted:
        headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    return StreamingResponse(
        _until(begun, content, last - first + 1),
        status_code=206 if wanted else 200,
        media_type=_OCTETS,
        headers=headers,
    )


@router.post(
    "/uploads",
    status_code=201,
    response_model=model_of(UploadState),
    summary="Announce a file",
)
async def begin_upload(
    request: Request,
    caller: Calling,
    act: ActId,
    case: Word,
    said: Annotated[UploadSaid, Sent(), Body()],
) -> Response:
    """The key names the upload; the same again says how far it came."""
    held = await caller.desk.begin_upload(ME, act, case, said.category, said.size)
    return answer(request, UploadState(act, held), status=201)


@router.get(
    "/uploads/{upload_id}",
    response_model=model_of(UploadState),
    summary="How far a file came",
)
async def get_upload(
    request: Request, caller: Calling, case: Word, upload_id: Identifier
) -> Response:
    """Where the next piece begins."""
    del case
    held = await caller.desk.keep_piece(ME, upload_id, 0, b"")
    return answer(request, UploadState(upload_id, held))


@router.put(
    "/uploads/{upload_id}",
    response_model=model_of(UploadState),
    summary="Send the next piece of a file",
    openapi_extra={
        "requestBody": {"content": {_OCTETS: {"schema": _BYTES}}, "required": True}
    },
)
async def keep_piece(
    request: Request,
    caller: Calling,
    case: Word,
    upload_id: Identifier,
    offset: Annotated[int, Query(ge=0, le=2**40)],
) -> Response:
    """A whole number of 64 KiB, at most 1 MiB; any rest with the last piece."""
    del case
    data = await request.body()
    if len(data) > PIECE:
        raise InvalidInputError("api.too_large", "What was sent is too large.")
    held = await caller.desk.keep_piece(ME, upload_id, offset, data)
    return answer(request, UploadState(upload_id, held))


@router.post(
    "/uploads/{upload_id}/finish",
    response_model=model_of(AttachmentAdded),
    summary="Add a file to its case",
)
async def finish_upload(
    request: Request,
    caller: Calling,
    case: Word,
    upload_id: Identifier,
    said: Annotated[UploadEnd, Sent(), Body()],
) -> Response:
    """Cleaned, and only if it is the one with this hash; twice it is one act."""
    del case
    if len(said.digest) != _DIGEST_BYTES:
        raise InvalidInputError(
            "attachment.changed_on_way",
            "The file that arrived is not the file that was sent.",
            where="digest",
            remedy="Send the file again from its beginning.",
        )
    found = await caller.desk.finish_upload(ME, upload_id, said.digest)
    return answer(request, found)


async def _file(caller: Caller, case: str, number: bytes) -> AttachmentRead:
    for each in await caller.desk.list_attachments(ME, case):
        if each.attachment_id == number:
            return each
    raise NotFoundError(
        "attachment.unknown", "This case has no such attachment that can be read."
    )


def _range(header: str, size: int) -> tuple[int, int]:
    """First and last byte; raises InvalidInputError ``api.bad_range``."""
    if not header:
        return 0, size - 1
    found = _RANGE.fullmatch(header)
    if found is not None:
        first = int(found[1])
        last = min(int(found[2] or size - 1), size - 1)
        if first <= last:
            return first, last
    raise InvalidInputError(
        "api.bad_range",
        "The header Range names no part of this file.",
        where="header.range",
        remedy="Say bytes=FIRST-LAST with places within the file.",
    )


async def _until(
    begun: bytes, content: AsyncIterator[bytes], left: int
) -> AsyncIterator[bytes]:
    async with aclosing(content) as pieces:  # type: ignore[type-var]  # an async generator
        yield begun[:left]
        left -= len(begun)
        while left > 0:
            piece = await anext(pieces, b"")
            if not piece:
                return
            yield piece[:left]
            left -= len(piece)
