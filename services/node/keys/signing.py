"""Signing keys and the verification of what they sign.

Promises: three signers with one shape, and ``verify``, which raises unless the
signature holds under a public key that passed the entry checks. Leaves what is
signed (always domain-separated bytes) to the caller. Follows RFC 8032 (Ed25519)
and FIPS 204 (ML-DSA, empty context).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.asymmetric.mldsa import (
    MLDSA44PrivateKey,
    MLDSA44PublicKey,
    MLDSA65PrivateKey,
    MLDSA65PublicKey,
)

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.suites import (
    ED25519,
    ML_DSA_44,
    ML_DSA_65,
    check_public_key,
    key_id,
)

#: Length of the seed from which each signing key is made, in bytes.
SEED_LENGTH = 32

_PrivateKey = Ed25519PrivateKey | MLDSA44PrivateKey | MLDSA65PrivateKey
_PublicKey = Ed25519PublicKey | MLDSA44PublicKey | MLDSA65PublicKey


class Signer(Protocol):
    """What signs: a key of this process, or one in a token."""

    @property
    def algorithm(self) -> str:
        """Name of the algorithm, as in ``suites``."""

    @property
    def public_raw(self) -> bytes:
        """Raw public key."""

    @property
    def key_id(self) -> bytes:
        """Key id of protocol.md §1, 32 bytes."""

    def sign(self, data: bytes) -> bytes:
        """Signature over exactly ``data``."""


class _SeededSigner(ABC):
    """A signer made from a seed of 32 bytes; never shows the seed in its repr."""

    __slots__ = ("_key", "_seed", "key_id", "public_raw")

    algorithm: str

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SEED_LENGTH:
            raise InvalidInputError(
                "keys.bad_length",
                f"A private key for {self.algorithm} has {len(seed)} bytes; "
                f"expected {SEED_LENGTH}.",
            )
        self._seed = seed
        self._key = self._load(seed)
        self.public_raw: bytes = self._key.public_key().public_bytes_raw()
        self.key_id: bytes = key_id(self.algorithm, self.public_raw)

    @classmethod
    def from_private_raw(cls, seed: bytes) -> Self:
        """The signer of a 32-byte seed; ``InvalidInputError`` for another length."""
        return cls(seed)

    @property
    def private_raw(self) -> bytes:
        """The seed, for the key file; it leaves the process no other way."""
        return self._seed

    def sign(self, data: bytes) -> bytes:
        """Signature over exactly ``data``."""
        return self._key.sign(data)

    @abstractmethod
    def _load(self, seed: bytes) -> _PrivateKey:
        """The library's key of ``seed``."""


class Ed25519Signer(_SeededSigner):
    """Ed25519: checkpoints, and half of the identity; 64-byte signatures."""

    __slots__ = ()
    algorithm = ED25519

    @classmethod
    def generate(cls) -> Self:
        """A fresh random key."""
        return cls(Ed25519PrivateKey.generate().private_bytes_raw())

    def _load(self, seed: bytes) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(seed)


class MlDsa44Signer(_SeededSigner):
    """ML-DSA-44: cosignatures of heads; 2,420-byte signatures."""

    __slots__ = ()
    algorithm = ML_DSA_44

    @classmethod
    def generate(cls) -> Self:
        """A fresh random key."""
        return cls(MLDSA44PrivateKey.generate().private_bytes_raw())

    def _load(self, seed: bytes) -> MLDSA44PrivateKey:
        return MLDSA44PrivateKey.from_seed_bytes(seed)


class MlDsa65Signer(_SeededSigner):
    """ML-DSA-65: the other half of the identity; 3,309-byte signatures."""

    __slots__ = ()
    algorithm = ML_DSA_65

    @classmethod
    def generate(cls) -> Self:
        """A fresh random key."""
        return cls(MLDSA65PrivateKey.generate().private_bytes_raw())

    def _load(self, seed: bytes) -> MLDSA65PrivateKey:
        return MLDSA65PrivateKey.from_seed_bytes(seed)


def verify(algorithm: str, public_raw: bytes, signature: bytes, data: bytes) -> None:
    """Raise unless ``signature`` over ``data`` holds under ``public_raw``.

    Raises ``VerificationError`` (``keys.bad_signature``, or what
    ``check_public_key`` says of the key) and ``InvalidInputError``
    (``keys.unknown_algorithm``).
    """
    key = _public_key(algorithm, public_raw)
    try:
        key.verify(signature, data)
    except InvalidSignature as error:
        raise VerificationError(
            "keys.bad_signature",
            f"A signature does not hold under its {algorithm} key.",
        ) from error


@lru_cache(maxsize=4096)
def _public_key(algorithm: str, public_raw: bytes) -> _PublicKey:
    """Checked and parsed once per key: heads are verified by the thousand."""
    check_public_key(algorithm, public_raw)
    if algorithm == ED25519:
        return Ed25519PublicKey.from_public_bytes(public_raw)
    if algorithm == ML_DSA_44:
        return MLDSA44PublicKey.from_public_bytes(public_raw)
    if algorithm == ML_DSA_65:
        return MLDSA65PublicKey.from_public_bytes(public_raw)
    raise InvalidInputError(
        "keys.unknown_algorithm", f"A key for {algorithm} signs nothing here."
    )
