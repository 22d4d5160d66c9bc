"""S12: the files of a case: added from a camera or a disk, seen, and downloaded.

Works as a plain form; a script sends the same in pieces and goes on after a cut
line. Every view and download is a look of its own, kept before it is answered. The
name that a file had is told to nobody.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from hashlib import sha256

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from gateway.console.today import member_names
from gateway.documents.showing import (
    LARGEST_SHOWN,
    MOST_PAGES,
    SMALL,
    WIDE,
    Mark,
    cannot_be_shown,
    marked,
)
from gateway.forms.event import event_of
from gateway.forms.fields import text_of
from gateway.web.headers import SANDBOXED
from gateway.web.numbers import Offset, whole_number
from gateway.web.pages import page, see_other
from gateway.web.refusals import status_of
from gateway.web.uploads import pass_on, read_piece, read_upload
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.attachments import LARGEST, MediaType
from services.node.domain.categories import Category
from services.node.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    RelaisError,
    UnavailableError,
)
from services.node.domain.identifiers import ID_BYTES, new_id
from services.node.rpc.attachment_values import AttachmentRead

router = APIRouter(prefix="/cases/{code}/files")

CATEGORIES = tuple(each for each in Category if each is not Category.D0)
ENDINGS = {MediaType.JPEG: "jpg", MediaType.PNG: "png", MediaType.PDF: "pdf"}
_ALONE = {"Content-Security-Policy": SANDBOXED}


@router.get("")
async def files(
    officer: SignedIn, code: str, done: str = "", small: str = ""
) -> Response:
    """Which files there are; their pictures only if somebody asks for them."""
    return await _files(officer, code, done=done == "added", small=small == "yes")


@router.post("")
async def add(request: Request, officer: SignedIn, code: str) -> Response:
    """Takes a whole file as it comes; what is wrong with it is said on the page."""
    category, event = "", ""
    try:
        upload = await read_upload(request, officer.visitor)
        category, event = text_of(upload, "category"), text_of(upload, "event")
        await pass_on(officer, code, event_of(upload), category, upload)
    except (ConflictError, InvalidInputError, UnavailableError) as error:
        return await _files(officer, code, error=error, category=category, event=event)
    return see_other(f"/cases/{code}/files?done=added")


@router.post("/begin")
async def begin(officer: SignedIn, form: Sent, code: str) -> Response:
    """Announces a file that comes in pieces, or says how far it came."""
    digest, size = text_of(form, "digest"), text_of(form, "size")
    category = text_of(form, "category")
    named = sha256(f"{officer.name}|{code}|{category}|{digest}".encode()).digest()
    upload_id = named[:ID_BYTES]
    held = await officer.desk.begin_upload(
        officer.name, upload_id, code, category, whole_number(size) or 0
    )
    return JSONResponse({"upload": upload_id.hex(), "held": held})


@router.post("/{upload}/pieces")
async def keep_piece(
    request: Request, officer: SignedIn, code: str, upload: str, offset: Offset
) -> Response:
    """Keeps the next piece, and says where to go on."""
    del code
    data = await read_piece(request, officer.visitor)
    held = await officer.desk.keep_piece(
        officer.name, _id(upload), max(offset, 0), data
    )
    return JSONResponse({"held": held})


@router.post("/{upload}/finish")
async def finish(officer: SignedIn, form: Sent, code: str, upload: str) -> Response:
    """Adds the file, if it is the one that was sent."""
    try:
        digest = bytes.fromhex(text_of(form, "digest"))
    except ValueError:
        digest = b"?"
    await officer.desk.finish_upload(officer.name, _id(upload), digest)
    return JSONResponse({"next": f"/cases/{code}/files?done=added"})


@router.get("/{file}")
async def show(officer: SignedIn, code: str, file: str, at: int = 1) -> Response:
    """One file on a page of its own."""
    found = await _file(officer, code, file)
    return page(
        officer.visitor,
        "file.html",
        here="/cases",
        code=code,
        file=found,
        at=min(max(at, 1), MOST_PAGES),
        shown=found.size <= LARGEST_SHOWN and found.state == "whole",
        names=await member_names(officer),
    )


@router.get("/{file}/picture")
async def picture(
    officer: SignedIn, code: str, file: str, at: int = 1, small: str = ""
) -> Response:
    """A page of a file as a picture, marked for whoever opened it."""
    found = await _file(officer, code, file)
    if found.size > LARGEST_SHOWN:
        raise cannot_be_shown()
    now = datetime.now(UTC)
    visitor = officer.visitor
    mark = Mark(
        f"{visitor.site.member_name(visitor.words.lang)} · {officer.session.unit}",
        officer.name,
        now,
        visitor.words.instant(now),
        code,
        found.attachment_id,
    )
    content = officer.desk.read_attachment(officer.name, code, found.attachment_id)
    async with aclosing(content) as pieces:  # type: ignore[type-var]  # an async generator
        made = await marked(
            found.media_type,
            pieces,
            mark,
            page=min(max(at, 1), MOST_PAGES),
            width=SMALL if small else WIDE,
        )
    return Response(
        made,
        media_type="image/png",
        headers=_ALONE | {"Content-Disposition": 'inline; filename="file.png"'},
    )


@router.get("/{file}/download")
async def download(officer: SignedIn, code: str, file: str) -> Response:
    """The file itself, under a name that says nothing."""
    found = await _file(officer, code, file)
    content = officer.desk.read_attachment(officer.name, code, found.attachment_id)
    # A refusal is answered as one, so the first piece is read before the head goes.
    first = await anext(content, b"")
    name = f"{file[:8]}.{ENDINGS[MediaType(found.media_type)]}"
    return StreamingResponse(
        _after(first, content),
        media_type="application/octet-stream",
        headers=_ALONE
        | {
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Length": str(found.size),
            # Packing it would hold it back, and would make nothing smaller.
            "Content-Encoding": "identity",
        },
    )


async def _after(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async with aclosing(rest) as pieces:  # type: ignore[type-var]  # an async generator
        yield first
        async for piece in pieces:
            yield piece


async def _files(
    officer: Officer,
    code: str,
    *,
    done: bool = False,
    small: bool = False,
    error: RelaisError | None = None,
    category: str = "",
    event: str = "",
) -> Response:
    case = await officer.desk.get_case(officer.name, code)
    return page(
        officer.visitor,
        "files.html",
        status=200 if error is None else status_of(error),
        here="/cases",
        code=case.case_pseudonym,
        files=await officer.desk.list_attachments(officer.name, code),
        names=await member_names(officer),
        categories=CATEGORIES,
        chosen=category,
        event=event or new_id().hex(),
        largest=LARGEST,
        shown=LARGEST_SHOWN,
        error=error,
        done=done,
        small=small,
    )


async def _file(officer: Officer, code: str, number: str) -> AttachmentRead:
    wanted = _id(number)
    for each in await officer.desk.list_attachments(officer.name, code):
        if each.attachment_id == wanted:
            return each
    raise NotFoundError("console.no_page", "There is no such page here.")


def _id(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise NotFoundError("console.no_page", "There is no such page here.") from None
