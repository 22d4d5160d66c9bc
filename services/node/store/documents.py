"""Copies of documents that were printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import fetch


@dataclass(frozen=True, slots=True)
class DocumentCopyRow:
    """One numbered copy; ``digest`` 32 bytes, ``printed_at`` on the case clock."""

    digest: bytes
    copy: int
    kind: str
    alias: str
    given_to: str
    printed_by: str
    printed_at: datetime


@dataclass(frozen=True, slots=True)
class KnownDocumentRow:
    """A document that was issued, with when it first was and how many copies."""

    digest: bytes
    kind: str
    issued_at: datetime
    copies: int


async def insert_document_copy(
    connection: Connection,
    digest: bytes,
    case_id: bytes,
    kind: str,
    alias: str,
    given_to: str,
    printed_by: str,
    printed_at: datetime,
) -> int:
    """Number the next copy; raises ConflictError if another took the number first."""
    number: int = await connection.fetchval(
        query("insert_document_copy"),
        digest,
        case_id,
        kind,
        alias,
        given_to,
        printed_by,
        printed_at,
    )
    return number


async def document_copies(
    connection: Connection, case_id: bytes
) -> list[DocumentCopyRow]:
    """The copies of a case, the newest first."""
    return await fetch(connection, "document_copies", DocumentCopyRow, case_id)


async def known_documents(connection: Connection, alias: str) -> list[KnownDocumentRow]:
    """What was issued under a code."""
    return await fetch(connection, "known_documents", KnownDocumentRow, alias)
