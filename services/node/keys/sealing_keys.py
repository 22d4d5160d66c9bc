"""Sealing keys: what opens envelopes, and the seal towards a public key.

Promises: HPKE in base mode under the one suite of protocol.md, bound through
``info`` only. Leaves epochs and expiry to the directory, envelopes to
``sealing``. Follows RFC 9180 with X-Wing (0x647a), HKDF-SHA256, AES-256-GCM.
"""

from __future__ import annotations

import os
from typing import Self

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.suites import (
    HPKE_SUITE,
    PUBLIC_LENGTH,
    X_WING,
    hpke_public_key,
    key_id,
)

#: ML-KEM seed (64) and X25519 scalar (32), in bytes.
PRIVATE_LENGTH = 96
#: What HPKE adds to a plaintext: encapsulated key (1,120) and tag (16), in bytes.
STANZA_OVERHEAD = 1136

_SEED_LENGTH = 64


class SealingPrivateKey:
    """One epoch's private half; never shows its bytes in its repr."""

    __slots__ = ("_key", "key_id", "public_raw", "raw")

    def __init__(self, raw: bytes) -> None:
        if len(raw) != PRIVATE_LENGTH:
            raise InvalidInputError(
                "keys.bad_length",
                f"A sealing key has {len(raw)} bytes; expected {PRIVATE_LENGTH}.",
            )
        ml_kem = MLKEM768PrivateKey.from_seed_bytes(raw[:_SEED_LENGTH])
        scalar = X25519PrivateKey.from_private_bytes(raw[_SEED_LENGTH:])
        self._key = hpke.MLKEM768X25519PrivateKey(ml_kem, scalar)
        #: ML-KEM seed ‖ X25519 scalar, 96 bytes, for the key file only.
        self.raw: bytes = raw
        #: ML-KEM-768 key ‖ X25519 key, 1,216 bytes.
        self.public_raw: bytes = (
            ml_kem.public_key().public_bytes_raw()
            + scalar.public_key().public_bytes_raw()
        )
        #: Key id of protocol.md §1, 32 bytes.
        self.key_id: bytes = key_id(X_WING, self.public_raw)

    @classmethod
    def generate(cls) -> Self:
        """A fresh random key."""
        return cls(os.urandom(PRIVATE_LENGTH))

    @classmethod
    def from_raw(cls, raw: bytes) -> Self:
        """The key of its 96 private bytes; ``InvalidInputError`` otherwise."""
        return cls(raw)

    def open(self, stanza: bytes, info: bytes) -> bytes:
        """The plaintext sealed to this key under ``info``.

        Raises ``VerificationError`` (``keys.bad_stanza``), whatever is wrong.
        """
        try:
            return HPKE_SUITE.decrypt(stanza, self._key, info)
        except (InvalidTag, ValueError) as error:
            raise VerificationError(
                "keys.bad_stanza", "A sealed key does not open with this sealing key."
            ) from error


def hpke_seal(public_raw: bytes, info: bytes, plaintext: bytes) -> bytes:
    """Encapsulated key ‖ ciphertext, ``STANZA_OVERHEAD`` longer than the plaintext.

    Raises ``VerificationError`` (``keys.self_test``) for a key that cannot seal.
    """
    if len(public_raw) != PUBLIC_LENGTH[X_WING]:
        raise VerificationError(
            "keys.bad_length",
            f"A sealing key has {len(public_raw)} bytes; "
            f"expected {PUBLIC_LENGTH[X_WING]}.",
        )
    try:
        return HPKE_SUITE.encrypt(plaintext, hpke_public_key(public_raw), info)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise VerificationError(
            "keys.self_test", "A public sealing key cannot be sealed to."
        ) from error
