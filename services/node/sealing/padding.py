"""Padding: a message's length tells its bucket and nothing finer.

Promises: the buckets of protocol.md §3, on both sides; what is not padded by that
rule is refused. Leaves encryption to ``envelope`` and ``parts``. Above 1 MiB
follows Padmé (Nikitin et al., PETS 2019, §4.2), which adds at most 12 %.
"""

from __future__ import annotations

from services.node.domain.errors import InvalidInputError, VerificationError

#: Buckets for plaintexts up to 1 MiB, in bytes.
BUCKETS = (4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20)

_LENGTH_BYTES = 4
_TOO_LONG = 1 << 32


def bucket(length: int) -> int:
    """The padded length, in bytes, for a plaintext of ``length`` bytes (>= 0)."""
    for each in BUCKETS:
        if length <= each:
            return each
    exponent = length.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return (length + mask) & ~mask


def padded_length(content: int, salt: int = 0) -> int:
    """The bucket of a plaintext with ``content`` bytes after a salt of ``salt``."""
    return bucket(_LENGTH_BYTES + salt + content)


def pad(content: bytes, salt: bytes = b"") -> bytes:
    """u32 length of the content ‖ salt ‖ content ‖ zeros up to the bucket.

    Raises ``InvalidInputError`` (``envelope.too_large``) from 4 GiB on.
    """
    if len(content) >= _TOO_LONG:
        raise InvalidInputError(
            "envelope.too_large", "A content of 4 GiB or more cannot be sealed."
        )
    plain = len(content).to_bytes(_LENGTH_BYTES, "big") + salt + content
    return plain.ljust(bucket(len(plain)), b"\0")


def unpad(plain: bytes, salt: int = 0) -> tuple[bytes, bytes]:
    """Content and salt (of ``salt`` bytes) of a padded plaintext.

    Raises ``VerificationError`` (``envelope.bad_padding``) unless the plaintext
    fills a bucket, holds what its length says, and ends in zeros only.
    """
    start = _LENGTH_BYTES + salt
    end = start + int.from_bytes(plain[:_LENGTH_BYTES], "big")
    if bucket(len(plain)) != len(plain) or end > len(plain):
        raise VerificationError(
            "envelope.bad_padding",
            f"A plaintext of {len(plain)} bytes is not padded to a bucket.",
        )
    if plain.count(0, end) != len(plain) - end:
        raise VerificationError(
            "envelope.bad_padding", "A plaintext's padding is not all zeros."
        )
    return plain[start:end], plain[_LENGTH_BYTES:start]
