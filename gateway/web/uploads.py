"""A file that a browser sends, read as it comes: never whole in memory or on disk.

Promises: who sends it is asked for before its first byte is kept; the name that
the telephone gave it is read by nobody. The form's file is its last field, so that
its length is known before it comes: what the request says, less what stands around.
Leaves to others: what a file may be (the node decides).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from hashlib import sha256

from fastapi import Request

from gateway.web.numbers import whole_number
from gateway.web.tokens import check_form_token
from gateway.web.visitors import Officer, Visitor, check_origin
from services.node.domain.attachments import LARGEST, check_size
from services.node.domain.errors import InvalidInputError, RelaisError
from services.node.rpc.attachment_client import PIECE
from services.node.rpc.attachment_values import AttachmentAdded

TOKEN_HEADER = "relais-token"  # noqa: S105 - a header's name
MOST_SENT = 2 * LARGEST
"""Bytes that are read of what is too large, so that the answer is read, too."""
LARGEST_PAPER = 5 * 1024 * 1024
"""Bytes of a file that somebody has verified; a form that is issued has a tenth."""
_LONGEST_HEAD = 16_384
_FILE = re.compile(
    rb'--[^\r\n]+\r\ncontent-disposition:[^\r\n]*\bname="file"[^\r\n]*\r\n'
    rb"(?:[^\r\n]+\r\n)*\r\n",
    re.IGNORECASE,
)
_FIELD = re.compile(rb'\bname="([a-z_]{1,40})"\r\n\r\n([^\r\n]{0,500})\r\n--')
_BOUNDARY = re.compile(r'multipart/form-data;\s*boundary="?([\w\'()+,./:=? -]{1,70})"?')


@dataclass(frozen=True, slots=True)
class Upload:
    """What a form says before its file, the file's length, and its bytes to come."""

    fields: dict[str, str]
    size: int
    pieces: AsyncIterator[bytes]
    stream: AsyncIterator[bytes]

    def get(self, key: str, /) -> object:
        """The value of a field, as a form gives it."""
        return self.fields.get(key)

    def getlist(self, key: str, /) -> list[str]:
        """The same as a list."""
        return [self.fields[key]] if key in self.fields else []


async def read_upload(
    request: Request, visitor: Visitor, check: Callable[[int], None] = check_size
) -> Upload:
    """A form with one file, up to where its content begins.

    Raises NotPermittedError for a form of another page, InvalidInputError for what
    no browser sends and what ``check`` raises for a file of so many bytes.
    """
    check_origin(request, visitor.site)
    found = _BOUNDARY.fullmatch(request.headers.get("content-type", ""))
    length = whole_number(request.headers.get("content-length", ""))
    if found is None or length is None:
        raise bad_upload()
    end = f"\r\n--{found[1]}--\r\n".encode()
    stream, head = request.stream(), b""
    while (at := _FILE.search(head)) is None:
        piece = await anext(stream, b"")
        if not piece or len(head) > _LONGEST_HEAD:
            raise bad_upload()
        head += piece
    before = head[: at.start()] + b"--"
    said = {name.decode(): _text(value) for name, value in _FIELD.findall(before)}
    check_form_token(visitor.secret, said.get("token", ""))
    size = length - at.end() - len(end)
    try:
        check(max(size, 0))
    except InvalidInputError:
        # A browser shows an answer only once it has sent everything.
        async for _ in stream:
            pass
        raise
    return Upload(said, size, _pieces(head[at.end() :], stream, size, end), stream)


async def pass_on(
    officer: Officer, case: str, upload_id: bytes, category: str, upload: Upload
) -> AttachmentAdded:
    """Hand a file to the node while it comes; what is there already is passed over.

    The node compares the hash of all of it in the end. Raises what the node raises,
    once everything was read: a browser shows an answer only then.
    """
    try:
        return await _pass_on(officer, case, upload_id, category, upload)
    except RelaisError:
        async for _ in upload.stream:
            pass
        raise


async def _pass_on(
    officer: Officer, case: str, upload_id: bytes, category: str, upload: Upload
) -> AttachmentAdded:
    desk, digest, at = officer.desk, sha256(), 0
    held = await desk.begin_upload(officer.name, upload_id, case, category, upload.size)
    async for piece in upload.pieces:
        digest.update(piece)
        end = at + len(piece)
        if end > held:
            rest = piece[max(held - at, 0) :]
            held = await desk.keep_piece(officer.name, upload_id, end - len(rest), rest)
        at = end
    return await desk.finish_upload(officer.name, upload_id, digest.digest())


async def read_piece(request: Request, visitor: Visitor) -> bytes:
    """One piece that a script sends; raises what ``read_upload`` raises."""
    check_origin(request, visitor.site)
    check_form_token(visitor.secret, request.headers.get(TOKEN_HEADER, ""))
    return await request.body()


async def _pieces(
    begun: bytes, stream: AsyncIterator[bytes], size: int, end: bytes
) -> AsyncIterator[bytes]:
    """The file in pieces of one length; raises if the form does not end behind it."""
    waiting, left = bytearray(begun), size
    while left:
        wanted = min(PIECE, left)
        while len(waiting) < wanted:
            piece = await anext(stream, b"")
            if not piece:
                raise bad_upload()
            waiting += piece
        if left == wanted:
            async for piece in stream:
                waiting += piece
                if len(waiting) > wanted + len(end):
                    raise bad_upload()
            if waiting[wanted:] != end:
                raise bad_upload()
        yield bytes(waiting[:wanted])
        del waiting[:wanted]
        left -= wanted


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def bad_upload() -> InvalidInputError:
    """What is said of a request that is no form with one file."""
    return InvalidInputError(
        "console.bad_form",
        "The form was changed on its way.",
        remedy="Open the page again and send the form once more.",
    )
