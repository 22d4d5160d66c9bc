"""Which papers were printed of a case, and whether one in hand is among them.

A copy is numbered before it is printed, so that none exists that nobody counted.
Whoever verifies a paper needs the code and at least half of the hash on it, and
learns that it was issued, of which kind and when: nothing about the person. Whoever
holds the file is told the same by its hash: every copy is a file of its own.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from services.node.domain.documents import DocumentKind, check_copy, check_file
from services.node.domain.errors import NotFoundError
from services.node.domain.identifiers import parse_alias
from services.node.flows.footing import case_named
from services.node.flows.own import OwnMember
from services.node.store import documents as document_store
from services.node.store.documents import DocumentCopyRow, KnownDocumentRow


async def keep_copy(
    own: OwnMember,
    officer: str,
    pseudonym: str,
    kind: str,
    alias: str,
    digest: bytes,
    given_to: str,
    now: datetime,
) -> int:
    """The number of a copy that is printed now; ``now`` on the case clock.

    Raises what ``check_copy`` raises, NotFoundError for an unknown case, and
    ConflictError if two are numbered at once.
    """
    check_copy(kind, digest, given_to, own.adopted.directory.members)
    async with own.database.transaction() as connection:
        case = await case_named(connection, pseudonym)
        return await document_store.insert_document_copy(
            connection,
            digest,
            case.case_id,
            DocumentKind(kind),
            parse_alias(alias),
            given_to,
            officer,
            now,
        )


async def keep_file(
    own: OwnMember,
    officer: str,
    digest: bytes,
    copy: int,
    file_digest: bytes,
) -> None:
    """Keep by which hash the file of a copy is known; only its printer may say it.

    Raises InvalidInputError ``document.bad_file_hash``, NotFoundError
    ``document.no_copy``, and ConflictError if the copy has a file already.
    """
    check_file(file_digest)
    async with own.database.transaction() as connection:
        kept = await document_store.insert_printed_file(
            connection, file_digest, digest, copy, officer
        )
    if not kept:
        raise NotFoundError(
            "document.no_copy",
            "You numbered no such copy of a document.",
            remedy="Number a copy first, then print it.",
        )


async def copies_of(own: OwnMember, pseudonym: str) -> list[DocumentCopyRow]:
    """The copies of a case, the newest first; raises NotFoundError."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        return await document_store.document_copies(connection, case.case_id)


async def known_document(
    own: OwnMember, alias: str, prefix: bytes
) -> KnownDocumentRow | None:
    """The document with this code whose hash begins so, or None."""
    async with own.database.connection() as connection:
        rows = await document_store.known_documents(connection, parse_alias(alias))
    for row in rows:
        if hmac.compare_digest(row.digest[: len(prefix)], prefix):
            return row
    return None


async def known_file(own: OwnMember, file_digest: bytes) -> KnownDocumentRow | None:
    """The document that a file with this hash is an unaltered copy of, or None.

    Raises InvalidInputError ``document.bad_file_hash``.
    """
    check_file(file_digest)
    async with own.database.connection() as connection:
        return await document_store.known_file(connection, file_digest)
