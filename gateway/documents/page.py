"""What a template is given: values as each language shows them, and the words.

Promises data only: text, lists and tables in JSON, never markup. Every value that
people read comes as a pair, first and second language; what needs no translation
stands twice. How it is laid out is the templates' business.
"""

from __future__ import annotations

import dataclasses
import io
from datetime import date, datetime
from enum import Enum

import segno

from gateway.documents.canonical import (
    document_hash,
    kind_of,
    text_of,
    verify_path,
)
from gateway.documents.languages import Language, day_in, instant_in
from gateway.documents.law import citations
from gateway.documents.values import Document, Label, Print
from gateway.documents.wording import edition, words
from services.node.domain.tables import day_of

FONTS = ("Noto Sans", "Noto Sans CJK SC")
"""Families that a form is set in; both carry what the four languages need."""

_REGIONS = {
    Language.VIETNAMESE: ("vi", "vn"),
    Language.ENGLISH: ("en", "gb"),
    Language.FRENCH: ("fr", "fr"),
    Language.CHINESE: ("zh", "cn"),
}
# Decree 162/2025/ND-CP, to which Form 07 belongs, is in force from this day.
_FORM_07_FROM = date(2025, 7, 1)
_GROUP = 4  # hexadecimal digits that an eye takes in at once

Pair = tuple[Language, Language]
Shown = str | bool | None | list["Shown"] | dict[str, "Shown"]
"""A value as a template takes it."""


def page_data(document: Document, copy: Print) -> dict[str, object]:
    """Everything on the paper of one ``copy`` of a ``document``.

    Raises ``InvalidInputError`` with ``document.unprintable``.
    """
    languages, kind = document.issue.languages, kind_of(document)
    tables = [dict(words(language)) for language in languages]
    day = day_of(document.issue.issued_at)
    law = citations(kind, day)
    path = verify_path(document)
    return {
        "kind": kind,
        "title": " · ".join(table[f"{kind}.title"] for table in tables),
        "languages": [
            {"lang": _REGIONS[each][0], "region": _REGIONS[each][1]}
            for each in languages
        ],
        "fonts": FONTS,
        "words": tables,
        "document": _shown(document, languages, kind),
        "issue": _shown(document.issue, languages, "issue"),
        "print": _shown(copy, languages, "print"),
        "law": [[each.in_words(table) for each in law] for table in tables],
        "form_07": day >= _FORM_07_FROM,
        "path": path,
        "qr": qr_svg(path),
        "hash": _grouped(document_hash(document)),
        "edition": edition(kind, languages),
    }


def qr_svg(text: str) -> str:
    """A QR code (ISO/IEC 18004, correction level M) as an SVG image."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", border=1, xmldecl=False)
    return drawn.getvalue().decode("utf-8")


def _grouped(digest: bytes) -> str:
    """A digest as people compare it, in groups of four."""
    return digest.hex(" ", _GROUP // 2) if digest else ""


def _shown(value: object, languages: Pair, where: str) -> Shown:
    """A value as both languages show it; ``where`` names the field."""
    shown: Shown
    match value:
        case Label():
            shown = [text_of(value.first, where), text_of(value.second, where)]
        case Enum():
            shown = str(value.value)
        case None | bool():
            shown = value
        case str() | int():
            shown = [text_of(str(value), where) for _ in languages]
        case bytes():
            shown = [_grouped(value) for _ in languages]
        case datetime():
            shown = [instant_in(value, language) for language in languages]
        case date():
            shown = [day_in(value, language) for language in languages]
        case tuple():
            shown = [_shown(each, languages, where) for each in value]
        case _ if dataclasses.is_dataclass(value):
            shown = {
                field.name: _shown(
                    getattr(value, field.name), languages, f"{where}.{field.name}"
                )
                for field in dataclasses.fields(value)
            }
        case _:
            raise TypeError(type(value).__name__)
    return shown
