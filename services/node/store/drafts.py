"""Drafts: rows of case sheets that wait for their officer."""

from __future__ import annotations

from dataclasses import dataclass

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import (
    DataKeyRow,
    DraftRow,
    execute,
    fetch,
    fetch_one,
)


@dataclass(frozen=True, slots=True)
class KnownDraft:
    """Whose draft a row of a sheet is already."""

    source_key: bytes
    draft_id: bytes
    officer: str
    status: str


async def drafts_by_source(
    connection: Connection, source_keys: list[bytes]
) -> dict[bytes, KnownDraft]:
    """The rows that were imported before, by source key."""
    records = await connection.fetch(query("drafts_by_source"), source_keys)
    return {each["source_key"]: KnownDraft(**dict(each)) for each in records}


async def insert_draft(
    connection: Connection, key: DataKeyRow, draft: DraftRow
) -> bytes:
    """The id of the draft that stands for this row: this one, or the first.

    Draft and key are written together; a row that is a draft already leaves
    neither behind.
    """
    async with connection.transaction():
        written: bytes | None = await connection.fetchval(
            query("insert_draft"),
            draft.draft_id,
            draft.source_key,
            draft.officer,
            draft.status,
            draft.interview_consent,
            draft.imported_at,
            draft.data_key_id,
            draft.nonce,
            draft.sealed,
        )
        if written is not None:
            await execute(
                connection,
                "insert_data_key",
                key.key_id,
                key.owner,
                key.scope,
                key.epoch,
                key.wrapped,
            )
            return written
    before = await drafts_by_source(connection, [draft.source_key])
    return before[draft.source_key].draft_id


async def draft_by_id(connection: Connection, draft_id: bytes) -> DraftRow | None:
    """One draft."""
    return await fetch_one(connection, "draft_by_id", DraftRow, draft_id)


async def list_drafts(connection: Connection, officer: str) -> list[DraftRow]:
    """The drafts and history of one officer."""
    return await fetch(connection, "list_drafts", DraftRow, officer)
