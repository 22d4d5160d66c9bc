"""What stands on a PDF, read back with PDFium: text, and where each sign is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2

# PDFium writes the hyphen that ends a line as U+FFFE.
BLANKS = re.compile(r"[\s\u200b\ufffe-]+")
A4 = (595.28, 841.89)
"""Points."""


@dataclass(frozen=True)
class Sign:
    """One character and its box in points, from the lower left corner."""

    text: str
    page: int
    left: float
    bottom: float
    right: float
    top: float


def joined(text: str) -> str:
    """A text without blanks and hyphens: where a line breaks says nothing."""
    return BLANKS.sub("", unicodedata.normalize("NFC", text))


def text_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as opened:
        pages = [page.get_textpage().get_text_range() for page in opened]
    return "\n".join(pages)


def pages_of(pdf: bytes) -> int:
    with pypdfium2.PdfDocument(pdf) as opened:
        return len(opened)


def title_of(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as opened:
        return str(opened.get_metadata_dict()["Title"])


def signs_of(pdf: bytes) -> Iterator[Sign]:
    with pypdfium2.PdfDocument(pdf) as opened:
        for number, page in enumerate(opened):
            text = page.get_textpage()
            for index in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(index)
                yield Sign(
                    text.get_text_range(index, 1), number, left, bottom, right, top
                )
