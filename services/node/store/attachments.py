"""Attachments, their chunks, uploads that are not finished, and what offers enclose.

A chunk is never changed: the same number again keeps what is there, and what is
sealed twice under one key at one place is the same. Chunks come in order, so that
how many there are is where to go on. ``next_try_at`` is on the wire clock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import execute, fetch, fetch_one
from services.node.store.writes import Write

Chunk = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class UploadRow:
    """A file that is being added, with the wrapped key that opens its own keys."""

    upload_id: bytes
    attachment_id: bytes
    event_id: bytes
    case_id: bytes
    category: str
    size: int
    added_by: str
    nonce: bytes
    sealed: bytes
    epoch: int
    wrapped: bytes
    finished: bool


@dataclass(frozen=True, slots=True)
class OldUploadRow:
    """An upload that was begun long ago."""

    upload_id: bytes
    attachment_id: bytes
    finished: bool


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """An attachment to write; ``sealed`` is nonce and ciphertext of its keys."""

    attachment_id: bytes
    case_id: bytes
    category: str
    key_scope: str
    source: str
    added_by: str
    added_at: datetime
    media_type: str
    size: int
    state: str
    remote_id: bytes | None
    referral_id: bytes | None
    next_try_at: datetime | None
    sealed: tuple[bytes, bytes]


@dataclass(frozen=True, slots=True)
class AttachmentRow:
    """An attachment with the wrapped key that opens its own keys."""

    attachment_id: bytes
    case_id: bytes
    category: str
    key_scope: str
    source: str
    added_by: str
    added_at: datetime
    media_type: str
    size: int
    state: str
    remote_id: bytes | None
    referral_id: bytes | None
    attempts: int
    last_problem: str | None
    nonce: bytes
    sealed: bytes
    epoch: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class OutRow:
    """An attachment that an offer encloses; ``out_sealed`` is None until released."""

    remote_id: bytes
    recipient: str
    out_nonce: bytes | None
    out_sealed: bytes | None
    attachment_id: bytes
    size: int
    nonce: bytes
    sealed: bytes
    epoch: int
    wrapped: bytes


async def insert_upload(
    connection: Connection,
    upload: UploadRow,
    started_at: datetime,
) -> None:
    """A new upload; one that has this id already stays."""
    await execute(
        connection,
        "insert_upload",
        upload.upload_id,
        upload.attachment_id,
        upload.event_id,
        upload.case_id,
        upload.category,
        upload.size,
        upload.added_by,
        started_at,
        upload.nonce,
        upload.sealed,
    )


async def upload_by_id(connection: Connection, upload_id: bytes) -> UploadRow | None:
    """An upload, or None."""
    return await fetch_one(connection, "upload_by_id", UploadRow, upload_id)


async def uploads_open(connection: Connection, officer: str) -> int:
    """How many files an officer is adding."""
    number: int = await connection.fetchval(query("uploads_open"), officer)
    return number


async def insert_chunks(
    connection: Connection, content_id: bytes, chunks: Sequence[Chunk]
) -> None:
    """Keep chunks; those that are there stay."""
    numbers, sealed = [each[0] for each in chunks], [each[1] for each in chunks]
    await execute(connection, "insert_chunks", content_id, numbers, sealed)


async def chunks_held(connection: Connection, content_id: bytes) -> int:
    """How many chunks of a content are here."""
    number: int = await connection.fetchval(query("chunks_held"), content_id)
    return number


async def chunks_from(
    connection: Connection, content_id: bytes, first: int, count: int
) -> list[Chunk]:
    """Numbers and sealed bytes of up to ``count`` chunks."""
    records = await connection.fetch(query("chunks_from"), content_id, first, count)
    return [(record["number"], record["sealed"]) for record in records]


async def delete_chunks(connection: Connection, content_id: bytes) -> None:
    """Every chunk of a content goes."""
    await execute(connection, "delete_chunks", content_id)


async def uploads_before(
    connection: Connection, instant: datetime, limit: int
) -> list[OldUploadRow]:
    """Uploads that were begun before an instant, the oldest first."""
    return await fetch(connection, "uploads_before", OldUploadRow, instant, limit)


async def delete_upload(connection: Connection, upload_id: bytes) -> None:
    """An upload goes; its chunks by ``delete_chunks``."""
    await execute(connection, "delete_upload", upload_id)


async def attachments_of(connection: Connection, case_id: bytes) -> list[AttachmentRow]:
    """The attachments of a case that can be opened, in order."""
    return await fetch(connection, "attachments_of", AttachmentRow, case_id)


async def attachment_by_id(
    connection: Connection, attachment_id: bytes
) -> AttachmentRow | None:
    """An attachment that can be opened, or None."""
    return await fetch_one(connection, "attachment_by_id", AttachmentRow, attachment_id)


async def attachments_due(
    connection: Connection, now: datetime, limit: int, busy: Collection[str] = ()
) -> list[AttachmentRow]:
    """The first file of every member that is not ``busy``, the longest due first."""
    return await fetch(
        connection, "attachments_due", AttachmentRow, now, limit, list(busy)
    )


async def next_fetch_at(connection: Connection, now: datetime) -> datetime | None:
    """When the next attachment that waits is due, or None if none waits."""
    due: datetime | None = await connection.fetchval(query("next_fetch_at"), now)
    return due


async def settle_attachment(
    connection: Connection, attachment_id: bytes, state: str, problem: str | None
) -> None:
    """A fetched attachment is ``whole``, or ``refused`` with a stable code."""
    await execute(connection, "settle_attachment", attachment_id, state, problem)


async def put_off_attachment(
    connection: Connection,
    attachment_id: bytes,
    next_try_at: datetime,
    problem: str,
    attempts: int,
) -> None:
    """It is fetched later; ``problem`` is a stable code."""
    await execute(
        connection,
        "put_off_attachment",
        attachment_id,
        next_try_at,
        problem,
        attempts,
    )


async def attachments_erased(connection: Connection, limit: int) -> list[bytes]:
    """Attachments that no key opens and whose chunks are still here."""
    records = await connection.fetch(query("attachments_erased"), limit)
    return [record["attachment_id"] for record in records]


async def attachments_out_of(
    connection: Connection, referral_id: bytes
) -> list[OutRow]:
    """What the offer of a referral encloses."""
    return await fetch(connection, "attachments_out_of", OutRow, referral_id)


async def attachment_served(
    connection: Connection, remote_id: bytes, recipient: str
) -> OutRow | None:
    """What ``recipient`` may fetch under this id, or None."""
    return await fetch_one(
        connection, "attachment_served", OutRow, remote_id, recipient
    )


def insert_attachment(new: NewAttachment) -> Write:
    """A new attachment."""
    return Write(
        "insert_attachment",
        (
            new.attachment_id,
            new.case_id,
            new.category,
            new.key_scope,
            new.source,
            new.added_by,
            new.added_at,
            new.media_type,
            new.size,
            new.state,
            new.remote_id,
            new.referral_id,
            new.next_try_at,
            *new.sealed,
        ),
    )


def insert_attachment_out(
    remote_id: bytes, attachment_id: bytes, referral_id: bytes, recipient: str
) -> Write:
    """An offer encloses an attachment under an id of its own."""
    return Write(
        "insert_attachment_out", (remote_id, attachment_id, referral_id, recipient)
    )


def release_attachment(remote_id: bytes, sealed: tuple[bytes, bytes]) -> Write:
    """It is served from now on; ``sealed`` is the key under which it travels."""
    return Write("release_attachment", (remote_id, *sealed))
