"""Fetching attachments: what a member serves, and how its peer takes it.

The recipient asks for a few chunks at a time and asks on when it has kept them, so
neither side ever holds more, and either may be killed: what is kept is kept, and
the next request says where to go on. Every chunk is checked as it comes, under a
key that only the release opened, and is sealed anew for the recipient's own rest.
When all are here the content must have the hash that the offer named.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Protocol

from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    RelaisError,
    VerificationError,
)
from services.node.domain.identifiers import ID_BYTES
from services.node.flows.contents import (
    OUT_TABLE,
    WINDOW,
    check_content,
    key_at_rest,
    secrets_of,
    window,
)
from services.node.flows.own import OwnMember
from services.node.flows.rooms import check_room_for_file
from services.node.sealing.chunks import ContentKey
from services.node.store import attachments as attachment_store
from services.node.store.attachments import AttachmentRow, Chunk

#: Changed by the sender after the offer, whole and well sealed: asking again cannot
#: help.
_FINAL = "attachment.other_content"
_LONGEST_PAUSE = timedelta(minutes=5)
_FIRST_PAUSE = timedelta(milliseconds=500)


class Source(Protocol):
    """How chunks come from another member's node."""

    def fetch(
        self, member: str, attachment_id: bytes, first: int, total: int
    ) -> AsyncIterator[list[Chunk]]:
        """Windows of chunks from ``first`` on; raises RelaisError."""
        ...


async def serve_window(
    own: OwnMember, member: str, remote_id: bytes, first: int, count: int
) -> list[Chunk]:
    """Chunks for the member that an offer was made to, once it is released.

    Whether it may is asked for every window: what is recalled meanwhile stops.
    Raises NotFoundError ``attachment.not_served`` whatever the reason is.
    """
    if not 1 <= count <= WINDOW or len(remote_id) != ID_BYTES:
        raise InvalidInputError(
            "attachment.bad_request",
            f"A request names one attachment and 1 to {WINDOW} chunks.",
        )
    async with own.database.connection() as connection:
        row = await attachment_store.attachment_served(connection, remote_id, member)
    if row is None or row.out_nonce is None or row.out_sealed is None:
        raise NotFoundError(
            "attachment.not_served",
            "No such attachment was released to this member, or it was taken back.",
        )
    key = own.vault.open_key(None, row.epoch, row.wrapped)
    raw = key.open(OUT_TABLE, remote_id, row.out_nonce, row.out_sealed)
    travelling = ContentKey(raw, remote_id, row.size)
    plain = await window(own, key_at_rest(own, row), first, count)
    return [
        (number, travelling.seal(number, each))
        for number, each in enumerate(plain, start=first)
    ]


async def fetch_attachment(own: OwnMember, source: Source, row: AttachmentRow) -> None:
    """Fetch what is missing, then check the whole and say that it is here.

    Raises what the source raises, UnavailableError ``attachment.member_full`` while
    its sender has no room here, and VerificationError ``attachment.bad_chunk`` for a
    chunk that is not the one of its place; nothing of it is kept.
    """
    await check_room_for_file(own, row)
    remote_id = row.remote_id or b""
    travelling = ContentKey(secrets_of(own, row).travelling, remote_id, row.size)
    kept = key_at_rest(own, row)
    async with own.database.connection() as connection:
        held = await attachment_store.chunks_held(connection, row.attachment_id)
    if held < kept.total:
        windows = source.fetch(row.source, remote_id, held, kept.total)
        async with aclosing(windows) as chunks:  # type: ignore[type-var]  # an async generator
            async for each in chunks:
                held = await _keep(own, (travelling, kept), held, each)
    await _finish(own, row, kept)


async def _keep(
    own: OwnMember, keys: tuple[ContentKey, ContentKey], held: int, chunks: list[Chunk]
) -> int:
    """Keep the next chunks; how many are here then."""
    travelling, kept = keys
    sealed = []
    for place, (number, chunk) in enumerate(chunks, start=held):
        if number != place:
            raise VerificationError(
                "attachment.bad_chunk",
                "A chunk came that was not the next one.",
                remedy="Nothing of it is kept; it is asked for again.",
            )
        sealed.append((number, kept.seal(number, travelling.open(number, chunk))))
    async with own.database.transaction() as connection:
        await attachment_store.insert_chunks(connection, kept.content_id, sealed)
    return held + len(sealed)


async def _finish(own: OwnMember, row: AttachmentRow, kept: ContentKey) -> None:
    try:
        await check_content(own, kept, secrets_of(own, row).digest)
    except VerificationError as error:
        if error.code != _FINAL:
            raise
        async with own.database.transaction() as connection:
            await attachment_store.settle_attachment(
                connection, row.attachment_id, "refused", error.code
            )
            await attachment_store.delete_chunks(connection, row.attachment_id)
        raise
    async with own.database.transaction() as connection:
        await attachment_store.settle_attachment(
            connection, row.attachment_id, "whole", None
        )


async def put_off(
    own: OwnMember, row: AttachmentRow, error: RelaisError, now: datetime
) -> None:
    """Try again later: longer each time, and never quite as long as others."""
    attempts = row.attempts + 1
    longest = min(_FIRST_PAUSE * 2 ** min(attempts - 1, 12), _LONGEST_PAUSE)
    # Nothing secret hangs on the jitter.
    pause = longest * random.uniform(0.5, 1.0)  # noqa: S311
    async with own.database.transaction() as connection:
        await attachment_store.put_off_attachment(
            connection, row.attachment_id, now + pause, error.code, attempts
        )


async def sweep_erased(own: OwnMember) -> int:
    """Chunks that no key opens any more go; of how many attachments."""
    async with own.database.connection() as connection:
        gone = await attachment_store.attachments_erased(connection, WINDOW)
    for attachment_id in gone:
        async with own.database.transaction() as connection:
            await attachment_store.delete_chunks(connection, attachment_id)
    return len(gone)
