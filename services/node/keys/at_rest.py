"""Keys at rest: random data keys, wrapped by an epoch; records sealed under them.

Promises: a data key is random (a derived key can always be derived again, so
deriving cannot erase), leaves this floor only wrapped or to its user, and a
record opens only in the table, row and version it was sealed for. Leaves
storing, rotation and destruction to others. Follows protocol.md §6, AES-256-GCM
of NIST SP 800-38D with random 96-bit nonces.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.encoding import HASH_LENGTH, hkdf, lp

#: Length of a data key and of a key-encryption key, in bytes.
KEY_LENGTH = HASH_LENGTH
#: Length of a nonce, in bytes.
NONCE_LENGTH = 12
#: Length of a wrapped data key: nonce, key, tag, in bytes.
WRAPPED_LENGTH = 60


def new_data_key() -> bytes:
    """A fresh random key of 32 bytes for one case, category or referral."""
    return os.urandom(KEY_LENGTH)


@dataclass(frozen=True, slots=True)
class KeyEncryptionEpoch:
    """One epoch's key-encryption key; ``number`` counts from 1."""

    number: int
    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.number < 1 or len(self.key) != KEY_LENGTH:
            raise InvalidInputError(
                "keys.bad_length",
                f"A key-encryption key counts from 1 and has {KEY_LENGTH} bytes.",
            )

    def wrap(self, data_key: bytes) -> bytes:
        """Nonce ‖ ciphertext of a 32-byte data key, bound to this epoch."""
        if len(data_key) != KEY_LENGTH:
            raise InvalidInputError(
                "keys.bad_length", f"A data key has {KEY_LENGTH} bytes."
            )
        nonce = os.urandom(NONCE_LENGTH)
        return nonce + AESGCM(self.key).encrypt(nonce, data_key, self._aad())

    def unwrap(self, wrapped: bytes) -> bytes:
        """The data key; ``VerificationError`` (``keys.bad_wrap``) if it is none."""
        nonce, ciphertext = wrapped[:NONCE_LENGTH], wrapped[NONCE_LENGTH:]
        if len(wrapped) != WRAPPED_LENGTH:
            raise VerificationError(
                "keys.bad_wrap",
                f"A wrapped key has {len(wrapped)} bytes; expected {WRAPPED_LENGTH}.",
            )
        try:
            return AESGCM(self.key).decrypt(nonce, ciphertext, self._aad())
        except InvalidTag as error:
            raise VerificationError(
                "keys.bad_wrap", f"A wrapped key does not open in epoch {self.number}."
            ) from error

    def _aad(self) -> bytes:
        return lp("relais/v1/kek", str(self.number))


def record_key(category_key: bytes, table: str, row: int) -> bytes:
    """The key of one row: HKDF(category key, "relais/v1/rec", table, row)."""
    return hkdf(category_key, "relais/v1/rec", table, str(row))


def seal_record(
    category_key: bytes, table: str, row: int, version: int, plain: bytes
) -> tuple[bytes, bytes]:
    """Nonce (12 bytes, fresh) and ciphertext of one version of one row."""
    nonce = os.urandom(NONCE_LENGTH)
    cipher = AESGCM(record_key(category_key, table, row))
    return nonce, cipher.encrypt(nonce, plain, lp(table, str(row), str(version)))


def open_record(
    category_key: bytes,
    table: str,
    row: int,
    version: int,
    nonce: bytes,
    ciphertext: bytes,
) -> bytes:
    """The plaintext of one version of one row.

    Raises ``VerificationError`` (``keys.bad_record``), naming table and row, for
    another key, place or version, or a changed byte.
    """
    cipher = AESGCM(record_key(category_key, table, row))
    try:
        return cipher.decrypt(nonce, ciphertext, lp(table, str(row), str(version)))
    except (InvalidTag, ValueError) as error:
        raise VerificationError(
            "keys.bad_record",
            "A sealed record does not open in its place.",
            where=f"{table} {row} version {version}",
        ) from error
