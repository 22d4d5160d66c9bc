"""Views of the worklist that officers keep: sealed rows, by officer."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.rows import execute, fetch


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A view; its name and filters are sealed."""

    view_id: bytes
    nonce: bytes
    sealed: bytes = field(repr=False)


async def views_of(connection: Connection, officer: str) -> list[ViewRow]:
    """An officer's views in the order in which they were kept."""
    return await fetch(connection, "views_of", ViewRow, officer)


async def keep_view(
    connection: Connection, row: ViewRow, officer: str, now: datetime, most: int
) -> None:
    """Keep a view; nothing where it stands there, or ``most`` do already.

    Another of the same officer waits until this transaction ends.
    """
    await execute(connection, "one_at_a_time", officer)
    await execute(
        connection, "keep_view", row.view_id, officer, now, row.nonce, row.sealed, most
    )


async def drop_view(connection: Connection, view_id: bytes, officer: str) -> None:
    """Drop a view of this officer; nothing where there is none."""
    await execute(connection, "drop_view", view_id, officer)


async def drop_views_of(connection: Connection, officer: str) -> None:
    """Drop every view of an officer."""
    await execute(connection, "drop_views_of", officer)
