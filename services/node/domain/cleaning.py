"""Cleaning files of what they tell beside their picture, piece by piece.

Promises: of a JPEG or PNG only what a viewer needs to show it passes; where and
when and with which camera it was taken, texts, thumbnails and whatever follows its
end do not. Nothing is decoded, so nothing of the picture is lost, and at most one
segment is held in memory. A PDF passes as it is, if it begins and ends like one and
names nothing that runs, opens or holds another file: what it tells of its author
cannot be taken out without writing it anew.

Leaves to others: the types themselves (``cleaning_jpeg``, ``cleaning_png``).
"""

from __future__ import annotations

import re
from typing import Protocol

from services.node.domain.attachments import MediaType, media_type_of
from services.node.domain.cleaning_jpeg import JpegCleaner
from services.node.domain.cleaning_png import PngCleaner
from services.node.domain.damaged import damaged
from services.node.domain.errors import InvalidInputError

_PDF_END, _PDF_TAIL = b"%%EOF", 2048
_LONGEST_NAME = 64
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|Encrypt|ObjStm|OpenAction"
    rb"|SubmitForm|ImportData|GoToE|GoToR)(?=[\x00\s/<>\[\](){}%])"
)


class Cleaner(Protocol):
    """Takes a file in pieces and gives what of it passes."""

    def feed(self, piece: bytes) -> bytes:
        """What passes of what is known so far; raises InvalidInputError."""
        ...

    def finish(self) -> bytes:
        """The rest; raises InvalidInputError for a file that stops early."""
        ...


class PdfChecker:
    """Passes a PDF whole, if its end says that it is and it names nothing that acts.

    Names are compared as they stand and with their escapes resolved. Where names
    could stand packed or encrypted, nobody can tell; that is refused as well.
    """

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, piece: bytes) -> bytes:
        """The piece itself; raises InvalidInputError ``attachment.active_pdf``."""
        joined = self._tail[-_LONGEST_NAME:] + piece
        plain = _ESCAPE.sub(lambda each: bytes((int(each[1], 16),)), joined)
        if _ACTIVE.search(joined) or _ACTIVE.search(plain):
            raise InvalidInputError(
                "attachment.active_pdf",
                "This PDF runs programs, holds other files, or hides what it holds.",
                remedy="Print it as a picture or scan it, and attach that.",
            )
        self._tail = (self._tail + piece)[-_PDF_TAIL:]
        return piece

    def finish(self) -> bytes:
        """Nothing more; raises InvalidInputError ``attachment.damaged``."""
        if _PDF_END not in self._tail:
            raise damaged()
        return b""


_CLEANERS: dict[MediaType, type[Cleaner]] = {
    MediaType.JPEG: JpegCleaner,
    MediaType.PNG: PngCleaner,
    MediaType.PDF: PdfChecker,
}


def cleaner_for(beginning: bytes) -> tuple[MediaType, Cleaner]:
    """The type of a file and what cleans it; raises what ``media_type_of`` raises."""
    media_type = media_type_of(beginning)
    return media_type, _CLEANERS[media_type]()
