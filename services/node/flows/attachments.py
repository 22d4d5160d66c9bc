"""The attachments of a case: which there are, and one read piece by piece."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from services.node.domain.errors import NotFoundError, UnavailableError
from services.node.flows.contents import key_at_rest, plain_chunks, secrets_of
from services.node.flows.footing import case_named
from services.node.flows.own import OwnMember
from services.node.sealing.chunks import CHUNK, ContentKey
from services.node.store import attachments as attachment_store
from services.node.store.attachments import AttachmentRow

_DIGEST_SHOWN = 8
"""Bytes of a hash by which two people tell that they mean the same file."""


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """One attachment and how many of its bytes are here."""

    row: AttachmentRow
    held: int
    digest_prefix: bytes


async def attachments_of_case(own: OwnMember, pseudonym: str) -> list[AttachmentView]:
    """The attachments that can be opened, in order; raises NotFoundError."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        rows = await attachment_store.attachments_of(connection, case.case_id)
        views = []
        for row in rows:
            held = row.size
            if row.state != "whole":
                chunks = await attachment_store.chunks_held(
                    connection, row.attachment_id
                )
                held = min(chunks * CHUNK, row.size)
            prefix = secrets_of(own, row).digest[:_DIGEST_SHOWN]
            views.append(AttachmentView(row, held, prefix))
    return views


async def key_to_read(
    own: OwnMember, pseudonym: str, attachment_id: bytes
) -> ContentKey:
    """The key of an attachment of this case that is all here.

    Raises NotFoundError ``attachment.unknown``, UnavailableError
    ``attachment.not_here_yet``.
    """
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        row = await attachment_store.attachment_by_id(connection, attachment_id)
    if row is None or row.case_id != case.case_id or row.state == "refused":
        raise NotFoundError(
            "attachment.unknown",
            "This case has no such attachment that can be read.",
            remedy="Copy its number from: relais case attachments",
        )
    if row.state != "whole":
        raise UnavailableError(
            "attachment.not_here_yet",
            "This attachment is still being fetched from its sender.",
            remedy="Try again in a while; it goes on by itself.",
        )
    return key_at_rest(own, row)


async def read_attachment(
    own: OwnMember, pseudonym: str, attachment_id: bytes, offset: int = 0
) -> AsyncIterator[bytes]:
    """The content in clear from ``offset`` on, piece by piece.

    Raises what ``key_to_read`` raises, and VerificationError
    ``attachment.bad_chunk`` before any changed byte.
    """
    key = await key_to_read(own, pseudonym, attachment_id)
    async for piece in plain_chunks(own, key, offset):
        yield piece
