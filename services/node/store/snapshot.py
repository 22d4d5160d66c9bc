"""The whole database at one instant, for readers of many pages.

A snapshot is one read-only REPEATABLE READ transaction on one connection; pages
read from it fit together however much is written meanwhile. It is for one reader
at a time, and while it is held the server keeps old row versions.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.node.store.pool import Connection, Database


class _Held(Database):
    """A database that always gives the connection of its snapshot."""

    def __init__(self, connection: Connection) -> None:
        self._held = connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """The connection of the snapshot."""
        yield self._held


@asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Database]:
    """The database as it is now; raises UnavailableError if the line fails."""
    async with (
        database.connection() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield _Held(connection)
