"""Parts: data categories that travel sealed and open only when keys are released.

Promises: a part opens only with the key its offer committed to, in its own
envelope, id and category. Leaves the time of release to ``domain`` and the
keeping of part keys to ``store``. Follows protocol.md §3: AES-256-GCM with a fixed
nonce; a part key is fresh for every part of every envelope and used once.
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.node.domain.errors import VerificationError
from services.node.keys.encoding import HASH_LENGTH, hkdf_expand, lp, sha256
from services.node.sealing.padding import pad, unpad

_NONCE = bytes(12)


@dataclass(frozen=True, slots=True)
class SealedPart:
    """One sealed part; ``part_key`` stays with the sender until the release."""

    part_key: bytes = field(repr=False)
    part_commit: bytes
    ciphertext: bytes
    ciphertext_hash: bytes
    #: Length of the ciphertext, in bytes.
    length: int


def commit_of(part_key: bytes) -> bytes:
    """The commitment to a part key, 32 bytes."""
    return hkdf_expand(part_key, "relais/v1/part/key-commit")


def seal_part(
    envelope_id: bytes, part_id: str, category: str, plain: bytes
) -> SealedPart:
    """Seal one part under a fresh key.

    Raises ``InvalidInputError`` (``envelope.too_large``) from 4 GiB on.
    """
    part_key = os.urandom(HASH_LENGTH)
    ciphertext = AESGCM(part_key).encrypt(
        _NONCE, pad(plain), _aad(envelope_id, part_id, category)
    )
    return SealedPart(
        part_key,
        commit_of(part_key),
        ciphertext,
        sha256(ciphertext),
        len(ciphertext),
    )


def open_part(
    envelope_id: bytes,
    part_id: str,
    category: str,
    part_key: bytes,
    part_commit: bytes,
    ciphertext: bytes,
    ciphertext_hash: bytes,
) -> bytes:
    """The part, checked against the commitment and hash of its offer.

    Raises ``VerificationError``: ``envelope.bad_part_key`` (not the key that was
    committed to), ``envelope.bad_part_hash``, ``envelope.bad_part``,
    ``envelope.bad_padding``.
    """
    if len(part_key) != HASH_LENGTH or not hmac.compare_digest(
        commit_of(part_key), part_commit
    ):
        raise VerificationError(
            "envelope.bad_part_key",
            "A released key is not the one its offer committed to.",
        )
    if not hmac.compare_digest(sha256(ciphertext), ciphertext_hash):
        raise VerificationError(
            "envelope.bad_part_hash", "A sealed part is not the one of its offer."
        )
    try:
        plain = AESGCM(part_key).decrypt(
            _NONCE, ciphertext, _aad(envelope_id, part_id, category)
        )
    except (InvalidTag, ValueError) as error:
        raise VerificationError(
            "envelope.bad_part",
            "A part was not sealed for this envelope, id and category.",
        ) from error
    return unpad(plain)[0]


def _aad(envelope_id: bytes, part_id: str, category: str) -> bytes:
    return lp("relais/v1/env/part", envelope_id, part_id, category)
