"""S12: verifying a document: by what stands on the paper, or by its file.

Open to everybody: whoever holds a paper or a file learns that it was issued, of
which kind and when, and nothing about the person. Of a file only its hash goes to
the node, taken while it comes; nothing of it is kept.
"""

from __future__ import annotations

from hashlib import sha256

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.web.pages import page
from gateway.web.refusals import wait_of
from gateway.web.uploads import LARGEST_PAPER, Upload, read_upload
from gateway.web.visitors import Anybody, Visitor
from services.node.domain.errors import InvalidInputError, RelaisError
from services.node.rpc.work_values import Verified

router = APIRouter(prefix="/verify")

_BEGINNING = b"%PDF-"


@router.get("")
async def ask(visitor: Anybody, code: str = "", digits: str = "") -> Response:
    """The page on which somebody types what stands on a paper, or gives its file."""
    return await _verify(visitor, code, digits)


@router.post("")
async def verify_file(request: Request, visitor: Anybody) -> Response:
    """Whether a file is, to its last byte, one that was issued here."""
    try:
        upload = await read_upload(request, visitor, check_paper_size)
        digest = await _digest(upload)
        found = await visitor.site.node.desk.verify_file(digest, visitor.source)
    except InvalidInputError as error:
        return _page(visitor, wrong=error.code, by_file=True)
    return _page(visitor, found=found, by_file=True)


@router.get("/{code}/{digits}")
async def verify(visitor: Anybody, code: str, digits: str) -> Response:
    """What the picture on a paper leads to."""
    return await _verify(visitor, code, digits)


def check_paper_size(size: int) -> None:
    """Raise InvalidInputError unless an issued file may have ``size`` bytes."""
    if size < 1:
        raise InvalidInputError(
            "document.no_file",
            "No file was chosen, or it is empty.",
            remedy="Choose the PDF that you were given.",
        )
    if size > LARGEST_PAPER:
        raise InvalidInputError(
            "document.file_too_large",
            "This file is larger than any document that we issue.",
            remedy="Type the code and the digits that stand on the paper.",
        )


async def _digest(upload: Upload) -> bytes:
    """The file's SHA-256; all of it is read, so that a browser shows the answer."""
    digest, begun, is_pdf = sha256(), False, False
    async for piece in upload.pieces:
        if not begun:
            begun, is_pdf = True, piece.startswith(_BEGINNING)
        digest.update(piece)
    if not is_pdf:
        raise InvalidInputError(
            "document.no_pdf",
            "This file is no PDF.",
            remedy="Choose the PDF that you were given, or type the code and the"
            " digits that stand on the paper.",
        )
    return digest.digest()


async def _verify(visitor: Visitor, code: str, digits: str) -> Response:
    found, wrong = None, ""
    if code or digits:
        try:
            prefix = bytes.fromhex("".join(digits.split())[:64])
            found = await visitor.site.node.desk.verify_document(
                code, prefix, visitor.source
            )
        except ValueError:
            wrong = "document.bad_hash"
        except RelaisError as error:
            if wait_of(error):
                raise
            wrong = error.code
    return _page(visitor, code, digits, found=found, wrong=wrong)


def _page(
    visitor: Visitor,
    code: str = "",
    digits: str = "",
    *,
    found: Verified | None = None,
    wrong: str = "",
    by_file: bool = False,
) -> Response:
    return page(
        visitor,
        "verify.html",
        status=400 if wrong else 200,
        code=code,
        digits=digits,
        found=found,
        wrong=wrong,
        by_file=by_file,
        largest=LARGEST_PAPER // 2**20,
    )
