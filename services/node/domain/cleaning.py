"""Cleaning files of what they tell beside their picture, piece by piece.

Promises: of a JPEG or PNG only what a viewer needs to show it passes; where and
when and with which camera it was taken, texts, thumbnails and whatever follows its
end do not. Nothing is decoded, so nothing of the picture is lost, and at most one
segment is held in memory. A PDF passes as it is, if it begins and ends like one:
what it tells beside its pages cannot be taken out without writing it anew.

Leaves to others: the types themselves (``cleaning_jpeg``, ``cleaning_png``).
"""

from __future__ import annotations

from typing import Protocol

from services.node.domain.attachments import MediaType, media_type_of
from services.node.domain.cleaning_jpeg import JpegCleaner
from services.node.domain.cleaning_png import PngCleaner
from services.node.domain.damaged import damaged

_PDF_END, _PDF_TAIL = b"%%EOF", 2048


class Cleaner(Protocol):
    """Takes a file in pieces and gives what of it passes."""

    def feed(self, piece: bytes) -> bytes:
        """What passes of what is known so far; raises InvalidInputError."""
        ...

    def finish(self) -> bytes:
        """The rest; raises InvalidInputError for a file that stops early."""
        ...


class PdfChecker:
    """Passes a PDF whole, if its end says that it is."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, piece: bytes) -> bytes:
        """The piece itself."""
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
