"""The contents of attachments at rest: sealed chunks, a few at a time.

An attachment's own key is random, stands with its hash sealed under the key of its
data category, and opens with that only: what is sealed under a dropped key is
gone. Nothing here holds more than one window of chunks.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field

from services.node.domain.errors import UnavailableError, VerificationError
from services.node.flows.own import OwnMember
from services.node.flows.vault import DataKey
from services.node.keys.encoding import HASH_LENGTH
from services.node.sealing.chunks import CHUNK, ContentKey
from services.node.store import attachments as attachment_store
from services.node.store.attachments import AttachmentRow, OutRow

TABLE, OUT_TABLE = "attachment", "attachment_out"
#: Chunks that are read, sent or kept at once: 1 MiB.
WINDOW = 16


@dataclass(frozen=True, slots=True)
class Secrets:
    """What stands sealed beside an attachment.

    ``travelling`` is the key under which it comes from another member, or empty.
    """

    raw: bytes = field(repr=False)
    digest: bytes
    travelling: bytes = field(default=b"", repr=False)

    def seal(self, key: DataKey, attachment_id: bytes) -> tuple[bytes, bytes]:
        """Nonce and ciphertext for its row."""
        plain = self.raw + self.digest + self.travelling
        return key.seal(TABLE, attachment_id, plain)


def secrets_of(own: OwnMember, row: AttachmentRow | OutRow) -> Secrets:
    """The secrets of a row; raises VerificationError if it was changed."""
    key = own.vault.open_key(None, row.epoch, row.wrapped)
    plain = key.open(TABLE, row.attachment_id, row.nonce, row.sealed)
    ends = HASH_LENGTH, 2 * HASH_LENGTH
    return Secrets(plain[: ends[0]], plain[ends[0] : ends[1]], plain[ends[1] :])


def key_at_rest(own: OwnMember, row: AttachmentRow | OutRow) -> ContentKey:
    """The key of the chunks as they are kept here."""
    return ContentKey(secrets_of(own, row).raw, row.attachment_id, row.size)


async def window(
    own: OwnMember, key: ContentKey, first: int, count: int = WINDOW
) -> list[bytes]:
    """The chunks from ``first`` on, in clear; fewer at the end of the content.

    Raises UnavailableError ``attachment.chunk_missing`` for one that is not here,
    VerificationError ``attachment.bad_chunk`` for one that was changed.
    """
    expected = list(range(first, min(first + count, key.total)))
    async with own.database.connection() as connection:
        chunks = await attachment_store.chunks_from(
            connection, key.content_id, first, count
        )
    if [number for number, _ in chunks] != expected:
        raise UnavailableError(
            "attachment.chunk_missing",
            "A part of this attachment is not here.",
            remedy="Restore the database; what other members hold is fetched again.",
        )
    return [key.open(number, sealed) for number, sealed in chunks]


async def plain_chunks(
    own: OwnMember, key: ContentKey, offset: int = 0
) -> AsyncIterator[bytes]:
    """The content in clear from ``offset`` on, in pieces; raises as ``window``."""
    begin, skipped = divmod(offset, CHUNK)
    for first in range(begin, key.total, WINDOW):
        yield b"".join(await window(own, key, first))[skipped:]
        skipped = 0


async def check_content(own: OwnMember, key: ContentKey, digest: bytes) -> None:
    """Raise VerificationError unless the content is the one with this hash."""
    found = hashlib.sha256()
    async with aclosing(plain_chunks(own, key)) as pieces:  # type: ignore[type-var]  # an async generator
        async for piece in pieces:
            found.update(piece)
    if found.digest() != digest:
        raise VerificationError(
            "attachment.other_content",
            "An attachment's content has not the hash that its offer names.",
            remedy="Ask the sender to attach the file again, and to offer it anew.",
        )
