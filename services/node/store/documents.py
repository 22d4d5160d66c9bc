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


async def insert_printed_file(
    connection: Connection,
    file_digest: bytes,
    digest: bytes,
    copy: int,
    printed_by: str,
) -> bool:
    """Keep what the file of a copy is known by; False if the printer has no such copy.

    Raises ConflictError if the copy has a file already.
    """
    kept = await connection.fetchval(
        query("insert_printed_file"), file_digest, digest, copy, printed_by
    )
    return kept is not None


async def known_file(
    connection: Connection, file_digest: bytes
) -> KnownDocumentRow | None:
    """The document that a file is an unaltered copy of, or None."""
    rows = await fetch(connection, "known_file", KnownDocumentRow, file_digest)
    return rows[0] if rows else None
