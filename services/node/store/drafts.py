"""Drafts: rows of case sheets that wait for their officer."""

from __future__ import annotations

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import (
    DataKeyRow,
    DraftRow,
    execute,
    fetch,
    fetch_one,
)


async def drafts_by_source(
    connection: Connection, source_keys: list[bytes]
) -> dict[bytes, tuple[bytes, str]]:
    """Draft id and status of the rows that were imported before."""
    records = await connection.fetch(query("drafts_by_source"), source_keys)
    return {row["source_key"]: (row["draft_id"], row["status"]) for row in records}


async def insert_draft(
    connection: Connection, key: DataKeyRow, draft: DraftRow
) -> None:
    """A draft and its key; a row imported at the same moment stays one draft."""
    await execute(
        connection,
        "insert_data_key",
        key.key_id,
        key.owner,
        key.scope,
        key.epoch,
        key.wrapped,
    )
    await execute(
        connection,
        "insert_draft",
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


async def draft_by_id(connection: Connection, draft_id: bytes) -> DraftRow | None:
    """One draft."""
    return await fetch_one(connection, "draft_by_id", DraftRow, draft_id)


async def list_drafts(connection: Connection, officer: str) -> list[DraftRow]:
    """The drafts and history of one officer."""
    return await fetch(connection, "list_drafts", DraftRow, officer)
