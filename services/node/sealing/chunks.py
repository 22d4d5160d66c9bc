"""Contents in chunks: sealed piece by piece, opened from any piece on.

Promises: a chunk opens only with its key, in its content, at its place and in a
content of so many chunks; one that is changed, moved, doubled or from another
content is refused, and so is a content that ends early or goes on. Nothing is
ever whole in memory. A key seals one content only: it is random for each.

Follows the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, *Online
Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance*, CRYPTO 2015) with
the nonces and the 64 KiB chunks of C2SP agead, over AES-256-GCM: 11 bytes of
counter from 0, then 1 for the last chunk and 0 for any other. Number and total
stand in the associated data as well, so that a chunk that is read out of order
says where it belongs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.encoding import HASH_LENGTH, hkdf_expand, lp

#: Length of every chunk of a content but the last, in bytes.
CHUNK = 64 * 1024
#: By how much a sealed chunk is longer, in bytes.
TAG = 16

_COUNTER_BYTES = 11


def chunks_in(size: int) -> int:
    """How many chunks a content of ``size`` bytes (>= 1) has."""
    return -(-size // CHUNK)


@dataclass(frozen=True, slots=True)
class ContentKey:
    """The key of one content of ``size`` bytes, known by its identifier."""

    raw: bytes = field(repr=False)
    content_id: bytes
    size: int

    def __post_init__(self) -> None:
        if len(self.raw) != HASH_LENGTH or self.size < 1:
            raise InvalidInputError(
                "attachment.bad_key",
                f"A content has a byte at least and its key {HASH_LENGTH}.",
            )

    @property
    def total(self) -> int:
        """Number of chunks."""
        return chunks_in(self.size)

    def length_of(self, number: int) -> int:
        """Length of one chunk in clear; ``number`` counts from 0."""
        last = number == self.total - 1
        return self.size - number * CHUNK if last else CHUNK

    def seal(self, number: int, plain: bytes) -> bytes:
        """One chunk, sealed for its place; raises InvalidInputError."""
        self._check_place(number)
        if len(plain) != self.length_of(number):
            raise InvalidInputError(
                "attachment.bad_chunk",
                f"A chunk has {len(plain)} bytes, not {self.length_of(number)}.",
            )
        aad = self._aad(number)
        return AESGCM(self.raw).encrypt(self._nonce(number), plain, aad)

    def open(self, number: int, sealed: bytes) -> bytes:
        """One chunk in clear.

        Raises ``VerificationError`` (``attachment.bad_chunk``) for any chunk but
        the one that was sealed for this place.
        """
        self._check_place(number)
        if len(sealed) != self.length_of(number) + TAG:
            raise _not_this_chunk()
        try:
            return AESGCM(self.raw).decrypt(
                self._nonce(number), sealed, self._aad(number)
            )
        except InvalidTag as error:
            raise _not_this_chunk() from error

    def _check_place(self, number: int) -> None:
        if not 0 <= number < self.total:
            raise _not_this_chunk()

    def _nonce(self, number: int) -> bytes:
        last = number == self.total - 1
        return number.to_bytes(_COUNTER_BYTES, "big") + bytes((last,))

    def _aad(self, number: int) -> bytes:
        return lp("relais/v1/attachment/chunk", self.content_id, number, self.total)


def travelling_key(part_key: bytes, attachment_id: bytes, size: int) -> ContentKey:
    """The key under which a content travels: who holds the part's key holds it."""
    raw = hkdf_expand(part_key, "relais/v1/attachment/content", attachment_id)
    return ContentKey(raw, attachment_id, size)


def seal_description(
    part_key: bytes, envelope_id: bytes, attachment_id: bytes, plain: bytes
) -> bytes:
    """What a content is, sealed beside its part; once for every attachment id."""
    cipher = AESGCM(_description_key(part_key, attachment_id))
    return cipher.encrypt(bytes(12), plain, _description_aad(envelope_id))


def open_description(
    part_key: bytes, envelope_id: bytes, attachment_id: bytes, sealed: bytes
) -> bytes:
    """The same in clear; raises VerificationError ``attachment.bad_description``."""
    cipher = AESGCM(_description_key(part_key, attachment_id))
    try:
        return cipher.decrypt(bytes(12), sealed, _description_aad(envelope_id))
    except (InvalidTag, ValueError) as error:
        raise VerificationError(
            "attachment.bad_description",
            "What an attachment is was not sealed for this envelope and part.",
        ) from error


def _description_key(part_key: bytes, attachment_id: bytes) -> bytes:
    return hkdf_expand(part_key, "relais/v1/attachment/description", attachment_id)


def _description_aad(envelope_id: bytes) -> bytes:
    return lp("relais/v1/attachment/description", envelope_id)


def _not_this_chunk() -> VerificationError:
    return VerificationError(
        "attachment.bad_chunk",
        "A chunk is not the one that was sealed for this place.",
        remedy="Nothing of it is kept; it is asked for again.",
    )
