"""The replicated directory, adopted heads, and the newest heads of peers."""

from __future__ import annotations

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import (
    DirectoryHeadRow,
    PeerHeadRow,
    execute,
    fetch_one,
)


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
