"""The encodings under every hash, key derivation and signature of Relais.

Promises: one injective byte string for any list of items (``lp``), and the
derivations built on it, exactly as protocol.md writes them. Leaves to others
what is hashed and why. Follows RFC 5869 (HKDF with SHA-256, empty salt) and
FIPS 180-4.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF, HKDFExpand

from services.node.domain.errors import InvalidInputError

#: Length of every hash, commitment and symmetric key, in bytes.
HASH_LENGTH = 32

_WORD = 8
_TOO_LARGE = 1 << 64


def lp(*items: bytes | str | int) -> bytes:
    """LP of protocol.md: for each item u64 big-endian length, then the bytes.

    A ``str`` counts as its UTF-8 bytes, an ``int`` as its u64 big-endian bytes.
    Raises ``InvalidInputError`` (``keys.not_encodable``) for an integer outside
    0 to 2^64 - 1 and for text that is no valid Unicode.
    """
    out = bytearray()
    for item in items:
        raw = item if isinstance(item, bytes) else _item_bytes(item)
        out += len(raw).to_bytes(_WORD, "big")
        out += raw
    return bytes(out)


def _item_bytes(item: str | int) -> bytes:
    if isinstance(item, int):
        if not 0 <= item < _TOO_LARGE:
            raise InvalidInputError(
                "keys.not_encodable", "A number inside LP lies outside u64."
            )
        return item.to_bytes(_WORD, "big")
    try:
        return item.encode()
    except UnicodeEncodeError as error:
        raise InvalidInputError(
            "keys.not_encodable", "A text inside LP is not valid Unicode."
        ) from error


def sha256(data: bytes) -> bytes:
    """SHA-256 of ``data``, 32 bytes."""
    return hashlib.sha256(data).digest()


def hkdf(
    ikm: bytes, label: str, *context: bytes | str | int, length: int = HASH_LENGTH
) -> bytes:
    """HKDF-SHA256 with empty salt and info = LP(label, context…).

    ``length`` is 1 to 8160 bytes.
    """
    return HKDF(SHA256(), length, None, lp(label, *context)).derive(ikm)


def hkdf_expand(
    prk: bytes, label: str, *context: bytes | str | int, length: int = HASH_LENGTH
) -> bytes:
    """HKDF-Expand only, for a ``prk`` that is already uniform (a fresh key)."""
    return HKDFExpand(SHA256(), length, lp(label, *context)).derive(prk)
