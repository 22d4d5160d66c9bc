"""A document on paper: typst sets it, tagged for screen readers (PDF/UA-1).

Promises the same bytes for the same document and copy. Values go to typst as data
(``page``); the templates beside this module are the only code that runs, they read
no other file and reach no network. A machine without the fonts is refused rather
than left to print boxes.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import typst

from gateway.documents.canonical import kind_of
from gateway.documents.page import FONTS, page_data
from gateway.documents.values import Document, Print
from services.node.domain.errors import InvalidInputError, UnavailableError

_TEMPLATES = Path(__file__).with_name("templates")
_SCREEN_PPI = 110


@cache
def system_fonts() -> typst.Fonts:
    """The fonts of this machine, looked for once; it takes about a second."""
    return typst.Fonts(include_embedded_fonts=False)


def render(document: Document, copy: Print, fonts: typst.Fonts | None = None) -> bytes:
    """One ``copy`` of a ``document`` as a tagged PDF.

    Raises ``UnavailableError`` with ``document.no_font`` if a font family is missing,
    and ``InvalidInputError`` with ``document.unprintable`` for text that no font has
    signs for or that cannot stand on paper.
    """
    compiler = _compiler(document, copy, fonts or system_fonts())
    try:
        pdf = compiler.compile(
            format="pdf",
            pdf_standards="ua-1",
            timestamp=int(copy.printed_at.timestamp()),
        )
    except typst.TypstError as fault:
        raise _unprintable(fault) from None
    return _whole(pdf)


def pictures(
    document: Document, copy: Print, fonts: typst.Fonts | None = None
) -> list[bytes]:
    """The pages of one ``copy`` as PNG, to look at before printing.

    Raises what ``render`` raises.
    """
    compiler = _compiler(document, copy, fonts or system_fonts())
    pages = compiler.compile(format="png", ppi=_SCREEN_PPI)
    return pages if isinstance(pages, list) else [_whole(pages)]


def _compiler(document: Document, copy: Print, fonts: typst.Fonts) -> typst.Compiler:
    missing = set(FONTS) - set(fonts.families())
    if missing:
        raise UnavailableError(
            "document.no_font",
            "This machine lacks a font that official forms are set in.",
            where=", ".join(sorted(missing)),
            remedy="Install the Debian packages fonts-noto-core and fonts-noto-cjk.",
        )
    data = json.dumps(page_data(document, copy), ensure_ascii=False)
    return typst.Compiler(
        _TEMPLATES / f"{kind_of(document)}.typ",
        root=_TEMPLATES,
        font_paths=fonts,
        sys_inputs={"data": data},
    )


def _unprintable(fault: typst.TypstError) -> Exception:
    """A text without signs in any font; anything else is a fault of ours."""
    if "could not be displayed" not in fault.message:
        return RuntimeError("a form does not compile")
    return InvalidInputError(
        "document.unprintable",
        "A text holds a character that cannot stand on paper.",
        remedy="Type the text anew, without copying it from elsewhere.",
    )


def _whole(output: bytes | list[bytes] | None) -> bytes:
    """The one file that was asked for."""
    if not isinstance(output, bytes):
        raise TypeError("one file was asked for")
    return output
