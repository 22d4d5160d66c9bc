"""Envelopes: sealed to one recipient, bound to their header byte for byte.

Promises: what opens is exactly what was sealed, under this header, for this key;
one ciphertext has one plaintext (key_commit). Leaves the header's meaning to
``wire``, who may send to ``directory`` and the evidence to ``ledger``. Sealing
takes two steps, because the header holds key_commit and padded_len: make
``ContentKeys``, write the header, then ``seal_envelope``. Follows protocol.md §3:
HPKE (RFC 9180) for the content-encryption key, AES-256-GCM with a fixed nonce for
the content (the key is fresh for every envelope and used once).
"""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.encoding import HASH_LENGTH, hkdf_expand, lp, sha256
from services.node.keys.sealing_keys import (
    STANZA_OVERHEAD,
    SealingPrivateKey,
    hpke_seal,
)
from services.node.sealing.padding import pad, padded_length, unpad

#: Suite number in every header: X-Wing, HKDF-SHA256, AES-256-GCM.
SUITE = 1
#: Length of the salt of a payload, in bytes.
SALT_LENGTH = HASH_LENGTH
#: Length of every stanza, in bytes.
STANZA_LENGTH = STANZA_OVERHEAD + HASH_LENGTH

_NONCE = bytes(12)


@dataclass(frozen=True, slots=True)
class ContentKeys:
    """The keys of one envelope; never used for another."""

    cek: bytes = field(repr=False)
    content_key: bytes = field(repr=False)
    #: Stands in the header, 32 bytes.
    key_commit: bytes

    @classmethod
    def new(cls) -> ContentKeys:
        """Fresh random keys."""
        return cls.from_cek(os.urandom(HASH_LENGTH))

    @classmethod
    def from_cek(cls, cek: bytes) -> ContentKeys:
        """The keys that a content-encryption key of 32 bytes gives."""
        return cls(
            cek,
            hkdf_expand(cek, "relais/v1/env/content-key"),
            hkdf_expand(cek, "relais/v1/env/key-commit"),
        )


@dataclass(frozen=True, slots=True)
class SealedEnvelope:
    """An envelope as it is sent; the three are hashed and carried as bytes."""

    header: bytes
    stanza: bytes
    ciphertext: bytes

    @property
    def digest(self) -> bytes:
        """What the sender's leaf commits to, 32 bytes."""
        return digest(self.header, self.stanza, self.ciphertext)


@dataclass(frozen=True, slots=True)
class Opened:
    """What an envelope held."""

    payload: bytes = field(repr=False)
    salt: bytes = field(repr=False)


def new_salt() -> bytes:
    """A fresh random salt for one payload, 32 bytes."""
    return os.urandom(SALT_LENGTH)


def padded_len(payload_length: int) -> int:
    """The header's padded_len for a payload of so many bytes."""
    return padded_length(payload_length, SALT_LENGTH)


def header_hash(header: bytes) -> bytes:
    """The hash hh, 32 bytes, that binds stanza and content to the header as sent."""
    return sha256(lp("relais/v1/env/header", header))


def digest(header: bytes, stanza: bytes, ciphertext: bytes) -> bytes:
    """Digest of the whole envelope as sent, 32 bytes."""
    return sha256(lp("relais/v1/env/digest", header, stanza, ciphertext))


def payload_hash(salt: bytes, payload: bytes) -> bytes:
    """Salted hash of a payload, 32 bytes, to which both ledgers commit."""
    return sha256(lp("relais/v1/payload", salt, payload))


def seal_envelope(
    header: bytes,
    keys: ContentKeys,
    recipient_public: bytes,
    payload: bytes,
    salt: bytes,
) -> SealedEnvelope:
    """Seal ``payload`` under a header that states the key_commit of ``keys``.

    ``recipient_public`` is an X-Wing key (1,216 bytes) that the directory admits.
    Raises ``InvalidInputError`` (``envelope.bad_salt``, ``envelope.too_large``)
    and ``VerificationError`` (``keys.bad_length``, ``keys.self_test``).
    """
    if len(salt) != SALT_LENGTH:
        raise InvalidInputError(
            "envelope.bad_salt",
            f"A payload's salt has {len(salt)} bytes; expected {SALT_LENGTH}.",
        )
    hashed = header_hash(header)
    return SealedEnvelope(
        header,
        hpke_seal(recipient_public, _stanza_info(hashed), keys.cek),
        AESGCM(keys.content_key).encrypt(
            _NONCE, pad(payload, salt), _content_aad(hashed)
        ),
    )


def open_envelope(
    header: bytes,
    stanza: bytes,
    ciphertext: bytes,
    private: SealingPrivateKey,
    key_commit: bytes,
) -> Opened:
    """What the envelope holds; ``key_commit`` is the header's own.

    The caller compares the header's padded_len with the ciphertext's length less
    its tag of 16 bytes; here the plaintext must fill a bucket.
    Checks in the order of protocol.md §3 and raises ``VerificationError``:
    ``envelope.bad_stanza``, ``envelope.bad_key_commit``,
    ``envelope.bad_ciphertext``, ``envelope.bad_padding``.
    """
    hashed = header_hash(header)
    keys = ContentKeys.from_cek(_open_stanza(stanza, private, hashed))
    if not hmac.compare_digest(keys.key_commit, key_commit):
        raise VerificationError(
            "envelope.bad_key_commit",
            "An envelope's key is not the one its header commits to.",
        )
    try:
        plain = AESGCM(keys.content_key).decrypt(
            _NONCE, ciphertext, _content_aad(hashed)
        )
    except (InvalidTag, ValueError) as error:
        raise VerificationError(
            "envelope.bad_ciphertext",
            "An envelope's content was not sealed under this header and key.",
        ) from error
    payload, salt = unpad(plain, SALT_LENGTH)
    return Opened(payload, salt)


def _open_stanza(stanza: bytes, private: SealingPrivateKey, hashed: bytes) -> bytes:
    try:
        cek = private.open(stanza, _stanza_info(hashed))
    except VerificationError as error:
        raise VerificationError(
            "envelope.bad_stanza",
            "An envelope was not sealed to this key under this header.",
        ) from error
    if len(cek) != HASH_LENGTH:
        raise VerificationError(
            "envelope.bad_stanza",
            f"A stanza holds {len(cek)} bytes; expected {HASH_LENGTH}.",
        )
    return cek


def _stanza_info(hashed: bytes) -> bytes:
    return lp("relais/v1/env/cek", hashed)


def _content_aad(hashed: bytes) -> bytes:
    return lp("relais/v1/env/content", hashed)
