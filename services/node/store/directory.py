"""The replicated directory, adopted heads, and the newest heads of peers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import (
    DirectoryHeadRow,
    PeerHeadRow,
    execute,
    fetch,
    fetch_one,
)

_MOST_CONTRADICTIONS = 16
"""Kept of one member: two prove it; a member that signs thousands fills no disk."""


@dataclass(frozen=True, slots=True)
class PeerAlarmRow:
    """Something wrong with a peer's node: what, how often, and from when to when."""

    member: str
    code: str
    times: int
    first_at: datetime
    last_at: datetime


async def directory_leaves(connection: Connection) -> list[bytes]:
    """The directory's entries in order."""
    records = await connection.fetch(query("directory_leaves"))
    return [record["leaf"] for record in records]


async def newest_directory_head(connection: Connection) -> DirectoryHeadRow | None:
    """The head this node goes by, or None before the first."""
    return await fetch_one(connection, "newest_directory_head", DirectoryHeadRow)


async def peer_head(connection: Connection, member: str) -> PeerHeadRow | None:
    """The newest head of a peer's ledger that was verified here."""
    return await fetch_one(connection, "peer_head", PeerHeadRow, member)


async def known_peers(connection: Connection) -> list[str]:
    """With whom this node has exchanged anything."""
    records = await connection.fetch(query("known_peers"))
    return [record["member"] for record in records]


async def lock_peer_head(connection: Connection, member: str) -> None:
    """Whoever else compares a head of ``member`` waits for this transaction."""
    await connection.execute(query("lock_peer_head"), member)


async def keep_peer_head(connection: Connection, head: PeerHeadRow) -> None:
    """Keep a verified head unless a newer one is known."""
    await execute(
        connection,
        "keep_peer_head",
        head.member,
        head.size,
        head.root,
        head.checkpoint,
    )


async def keep_contradiction(
    connection: Connection, known: PeerHeadRow, shown: PeerHeadRow, code: str
) -> bool:
    """Keep two heads of one member that contradict each other; whether it is new."""
    kept = await connection.fetch(
        query("keep_contradiction"),
        shown.member,
        code,
        known.checkpoint,
        shown.size,
        shown.root,
        shown.checkpoint,
        _MOST_CONTRADICTIONS,
    )
    return bool(kept)


async def contradictions(connection: Connection) -> list[PeerAlarmRow]:
    """Whose heads contradicted each other, by code."""
    return await fetch(connection, "contradictions", PeerAlarmRow)
