"""Moments that last: a batch stopped before its commit, or before its guard.

*Before the commit*: a test's own transaction holds a row that the batch needs. The
batch waits inside its transaction; a node killed there has written nothing.

*Before the guard*: ``head.new``, which the node opens to write the guard, is a
pipe without a reader: the open lasts for ever. The batch is committed, nothing is
published and nobody is answered; a node killed there has written everything.

Both are awaited by what the database itself says of its sessions and its head.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from tests.fault.small_network import SmallNetwork

_LOOK = 0.005
"""Seconds between two looks at the database; it tells nobody by itself."""
_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pg_backend_pid() = any(pg_blocking_pids(pid))
"""


class RowHold:
    """A row that is held until the block ends."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def reached(self, sessions: int = 1) -> None:
        """Return as soon as so many sessions wait for the row."""
        async with asyncio.timeout(30):
            while await self._connection.fetchval(_WAITING) < sessions:
                await _a_moment()


@asynccontextmanager
async def head_held(town: SmallNetwork, member: str) -> AsyncIterator[RowHold]:
    """No batch of ``member`` gets further than its first statement."""
    async with town.database(member) as connection, connection.transaction():
        await connection.execute("SELECT size FROM ledger_head FOR UPDATE")
        yield RowHold(connection)


@asynccontextmanager
async def part_keys_held(
    town: SmallNetwork, member: str, referral_id: bytes
) -> AsyncIterator[RowHold]:
    """``member`` cannot release this referral; everything else goes on before."""
    async with town.database(member) as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await connection.execute(
                "DELETE FROM part_key WHERE referral_id = $1", referral_id
            )
            yield RowHold(connection)
        finally:
            await transaction.rollback()


@asynccontextmanager
async def head_waited_for(town: SmallNetwork, member: str) -> AsyncIterator[None]:
    """Begins as soon as a session of ``member`` waits for its head."""
    waiting = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0
    """
    async with town.database(member) as connection, asyncio.timeout(30):
        while not await connection.fetchval(waiting):
            await _a_moment()
        yield


async def grown(town: SmallNetwork, member: str, size: int) -> None:
    """Return as soon as a batch stands beyond ``size``."""
    async with town.database(member) as connection, asyncio.timeout(30):
        while await connection.fetchval("SELECT size FROM ledger_head") == size:
            await _a_moment()


@asynccontextmanager
async def guard_held(town: SmallNetwork, member: str) -> AsyncIterator[int]:
    """``member`` commits one more batch and gets no further; then kill it.

    Yields the size before; ``grown`` tells when the batch stands.
    """
    pipe = town.network.config(member).guard.paths[0].with_suffix(".new")
    async with town.database(member) as connection:
        size = await connection.fetchval("SELECT size FROM ledger_head")
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe, 0o600)
    try:
        yield size
    finally:
        pipe.unlink()


async def _a_moment() -> None:
    """PostgreSQL tells nobody that a session waits: it has to be asked."""
    await asyncio.sleep(_LOOK)
