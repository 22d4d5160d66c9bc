"""Which handoffs are on their way, and whether a fault hit one of them.

A handoff is *on its way* from the commit of its row in the sender's outbox until
the sender holds the receipt. A fault counts if a handoff of the struck member was
seen waiting in an outbox before the fault, and its receipt was stored after the
fault had taken effect (``receipt.stored_at``, same machine, same clock), or never.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg

from services.cli.cluster import PORT
from services.node.keys.files import read_secret
from tests.chaos.world import World

_LINE_FAILURES = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InternalClientError,
)
_WAITING = "SELECT digest, recipient FROM outbox WHERE state = 'waiting'"
_RECEIPTS = "SELECT digest, stored_at FROM receipt WHERE digest = any($1::bytea [])"
_LOOK = 0.01
"""Seconds between two looks; the database tells nobody by itself."""


@dataclass(frozen=True, slots=True)
class InFlight:
    """Handoffs seen waiting: by sender, the digests and to whom."""

    by_sender: dict[str, dict[bytes, str]]

    def of(self, member: str) -> dict[str, set[bytes]]:
        """Those that ``member`` sends or is to receive; of everybody if empty."""
        found: dict[str, set[bytes]] = {}
        for sender, waiting in self.by_sender.items():
            touched = {
                digest
                for digest, recipient in waiting.items()
                if member in {"", sender, recipient}
            }
            if touched:
                found[sender] = touched
        return found


class Flights:
    """Looks at the outboxes of all members."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._connections: dict[str, asyncpg.Connection] = {}
        self._locks: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def close(self) -> None:
        """Break the connections."""
        for connection in self._connections.values():
            connection.terminate()
        self._connections.clear()

    async def look(self) -> InFlight:
        """What waits now; nothing of whom cannot be asked."""
        members = self._world.members
        rows = await asyncio.gather(*(self.ask(m, _WAITING) for m in members))
        return InFlight(
            {
                member: {row["digest"]: row["recipient"] for row in found}
                for member, found in zip(members, rows, strict=True)
            }
        )

    async def caught(self, member: str, seconds: float) -> dict[str, set[bytes]]:
        """The first handoffs of ``member`` seen on their way within so many seconds."""
        end = asyncio.get_running_loop().time() + seconds
        while True:
            found = (await self.look()).of(member)
            if found or asyncio.get_running_loop().time() > end:
                return found
            await asyncio.sleep(_LOOK)

    async def hit(self, caught: dict[str, set[bytes]], at: datetime) -> int:
        """How many of them had no receipt at the instant ``at``."""
        hit = 0
        for sender, digests in caught.items():
            rows = await self._asked(sender, _RECEIPTS, list(digests))
            if rows is None:
                # Nobody knows: it does not count.
                continue
            stored = {row["digest"]: row["stored_at"] for row in rows}
            hit += sum(stored.get(each, at) >= at for each in digests)
        return hit

    async def ask(self, member: str, sql: str, *arguments: object) -> list:
        """Rows of a member's database; none if it cannot be asked."""
        return await self._asked(member, sql, *arguments) or []

    async def _asked(self, member: str, sql: str, *arguments: object) -> list | None:
        """The same, and None if it cannot be asked."""
        async with self._locks[member]:
            try:
                connection = self._connections.get(member)
                if connection is None or connection.is_closed():
                    connection = await self._connect(member)
                    self._connections[member] = connection
                return list(await connection.fetch(sql, *arguments, timeout=5))
            except _LINE_FAILURES:
                return None

    async def _connect(self, member: str) -> asyncpg.Connection:
        section = self._world.network.config(member).database
        return await asyncpg.connect(
            host=str(self._world.network.state.cluster.sockets),
            port=PORT,
            database=section.name,
            user=section.user,
            password=read_secret(section.password_file).decode().strip(),
            timeout=5,
        )


def now() -> datetime:
    """The wire clock that the nodes read too."""
    return datetime.now(UTC)
