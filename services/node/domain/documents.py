"""The official papers of a case: their kinds, and to whom a copy is given."""

from __future__ import annotations

from collections.abc import Container
from enum import StrEnum

from services.node.domain.errors import InvalidInputError

DIGEST_LENGTH = 32
SHORTEST_PREFIX = 16
"""Bytes of a hash that stand in the picture on the paper: 128 bits."""


class DocumentKind(StrEnum):
    """An official form."""

    REFERRAL_SLIP = "referral_slip"
    CONSENT_FORM = "consent_form"
    DECLARATION = "declaration"
    RECEPTION_MINUTES = "reception_minutes"
    HANDOVER_MINUTES = "handover_minutes"
    CERTIFICATE_LETTER = "certificate_letter"


class GivenTo(StrEnum):
    """To whom a copy is given who is no member."""

    PERSON = "person"
    """The person herself."""
    GUARDIAN = "guardian"
    """A child's guardian."""
    FILE = "file"
    """The paper file of the case."""


def check_copy(
    kind: str, digest: bytes, given_to: str, members: Container[str]
) -> None:
    """Raise InvalidInputError ``document.bad_copy_request`` for what is no copy."""
    if (
        kind not in set(DocumentKind)
        or len(digest) != DIGEST_LENGTH
        or (given_to not in set(GivenTo) and given_to not in members)
    ):
        raise InvalidInputError(
            "document.bad_copy_request",
            "A copy has a kind, a hash, and somebody to whom it is given.",
            remedy=f"Kinds are {', '.join(DocumentKind)}; it is given to"
            f" {', '.join(GivenTo)}, or to a member.",
        )


def check_prefix(prefix: bytes) -> None:
    """Raise InvalidInputError ``document.short_hash`` for what tells too little."""
    if not SHORTEST_PREFIX <= len(prefix) <= DIGEST_LENGTH:
        raise InvalidInputError(
            "document.short_hash",
            "This is not enough of the hash to know a document by.",
            where="digest_prefix",
            remedy="Give at least the first 32 digits that stand on the paper.",
        )


def check_file(file_digest: bytes) -> None:
    """Raise InvalidInputError ``document.bad_file_hash`` for what is no SHA-256."""
    if len(file_digest) != DIGEST_LENGTH:
        raise InvalidInputError(
            "document.bad_file_hash",
            "This is not the hash of a file.",
            where="file_digest",
            remedy="Give the SHA-256 of the file's bytes: 64 hexadecimal digits.",
        )
