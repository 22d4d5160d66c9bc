"""By which hash a document is known, and the text of its QR code.

Promises one SHA-256 for one content, whatever copy it is printed as and whatever
the PDF looks like. The hash is over the canonical bytes: a line that names the
format, then JSON with sorted keys, no blanks, no floating numbers and UTF-8 text
in Unicode's composed form (NFC), as in RFC 8785; instants are UTC to the
microsecond, days ISO 8601, digests hexadecimal, members of an enumeration their
values. It covers every value of the document, its kind, its two languages and the
edition of the form's words; the print block (copy, given to, printed by and when)
is outside.

The QR code holds the alias and the first half of the hash: nothing of a person.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import json
import re
import unicodedata
from datetime import UTC, date, datetime
from enum import Enum

from gateway.documents.values import Document
from gateway.documents.wording import edition
from services.node.domain.errors import InvalidInputError

FORMAT = b"relais-document/1\n"
"""The first line of the canonical bytes; a change of rules is another number."""

PREFIX_DIGITS = 32
"""How many hexadecimal digits of the hash stand in the QR code: 128 bits."""

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]
"""What JSON holds."""

_KIND = re.compile(r"(?<!^)(?=[A-Z])")
# What no name, place or answer holds, and what could turn a line around unseen.
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_ALLOWED = {"\n", "\u200c", "\u200d"}


def kind_of(document: Document) -> str:
    """The kind of a ``document``, such as ``handover_minutes``."""
    return _KIND.sub("_", type(document).__name__).lower()


def text_of(text: str, where: str) -> str:
    """A ``text`` in its one written form.

    Raises ``InvalidInputError`` with ``document.unprintable`` if it holds a control
    character or a mark that turns the direction of writing.
    """
    composed = unicodedata.normalize("NFC", text)
    for sign in composed:
        if unicodedata.category(sign) in _UNPRINTABLE and sign not in _ALLOWED:
            raise InvalidInputError(
                "document.unprintable",
                "A text holds a character that cannot stand on paper.",
                where=where,
                remedy="Type the text anew, without copying it from elsewhere.",
            )
    return composed


def canonical_bytes(document: Document) -> bytes:
    """What the hash of a ``document`` is over."""
    kind = kind_of(document)
    content = {
        "kind": kind,
        "edition": edition(kind, document.issue.languages),
        "content": _plain(document, kind),
    }
    return FORMAT + json.dumps(
        content, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    ).encode("utf-8")


def document_hash(document: Document) -> bytes:
    """The 32 bytes by which a ``document`` is known, the same for every copy."""
    return hashlib.sha256(canonical_bytes(document)).digest()


def verify_path(document: Document) -> str:
    """Where a ``document`` can be verified: ``/verify/ALIAS/HASH-PREFIX``."""
    prefix = document_hash(document).hex()[:PREFIX_DIGITS]
    return f"/verify/{document.issue.alias}/{prefix}"


def is_known_by(digits: str, digest: bytes) -> bool:
    """Whether somebody who holds the paper gave the hash ``digest``, or its half.

    ``digits`` may be typed in groups and in capitals. Raises ``InvalidInputError``
    with ``document.bad_hash`` for anything but hexadecimal digits, for fewer than
    stand in the QR code and for more than a hash has.
    """
    typed = "".join(digits.split()).lower()
    long_enough = PREFIX_DIGITS <= len(typed) <= 2 * len(digest)
    if not (long_enough and set(typed) <= set("0123456789abcdef")):
        raise InvalidInputError(
            "document.bad_hash",
            "This is not the hash of a document, nor the part of it in a QR code.",
            where="hash",
            remedy="Scan the code again, or type at least the first 32 digits.",
        )
    return hmac.compare_digest(digest.hex()[: len(typed)], typed)


def _plain(value: object, where: str) -> Plain:
    """A field's value as JSON holds it; ``where`` names the field, not its value."""
    plain: Plain
    match value:
        case Enum():
            plain = str(value.value)
        case None | bool() | int():
            plain = value
        case str():
            plain = text_of(value, where)
        case bytes():
            plain = value.hex()
        case datetime():
            plain = value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            plain = value.isoformat()
        case tuple():
            plain = [_plain(each, where) for each in value]
        case _ if dataclasses.is_dataclass(value):
            plain = {
                field.name: _plain(getattr(value, field.name), f"{where}.{field.name}")
                for field in dataclasses.fields(value)
            }
        case _:
            raise TypeError(type(value).__name__)
    return plain
