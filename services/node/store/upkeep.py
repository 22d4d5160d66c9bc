"""What a node needs to go on: its size, its backups, what is known of its peers.

Instants are on the wire clock. Leaves the outbox itself to outbox.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import execute, fetch


@dataclass(frozen=True, slots=True)
class SizesRow:
    """Bytes of the database, and of these of the files that belong to cases."""

    database_bytes: int
    files_bytes: int


@dataclass(frozen=True, slots=True)
class UpkeepRow:
    """What was noted last of one kind."""

    what: str
    done_at: datetime
    done_by: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    """When a member's node was heard from; ``skew_ms`` is by how much it is ahead.

    None where it never was; version 0 where it has not told.
    """

    member: str
    heard_at: datetime | None
    skew_ms: int | None
    measured_at: datetime | None
    protocol_version: int


@dataclass(frozen=True, slots=True)
class UnreachedRow:
    """A member that the last try did not reach; None if nothing waits for it."""

    member: str
    failures: int
    problem: str
    waits_since: datetime | None


async def sizes(connection: Connection) -> SizesRow:
    """How large the database is now."""
    (found,) = await fetch(connection, "sizes", SizesRow)
    return found


async def note_upkeep(
    connection: Connection, what: str, now: datetime, officer: str
) -> None:
    """Somebody says that it was done."""
    await execute(connection, "note_upkeep", what, now, officer)


async def newest_upkeep(connection: Connection) -> dict[str, UpkeepRow]:
    """What was noted last, by kind."""
    rows = await fetch(connection, "newest_upkeep", UpkeepRow)
    return {row.what: row for row in rows}


async def contacts(connection: Connection) -> list[ContactRow]:
    """What is kept of every member's node."""
    return await fetch(connection, "contacts", ContactRow)


async def keep_contacts(connection: Connection, rows: list[ContactRow]) -> None:
    """Replace what is kept of these members' nodes."""
    await execute(
        connection,
        "keep_contacts",
        [row.member for row in rows],
        [row.heard_at for row in rows],
        [row.skew_ms for row in rows],
        [row.measured_at for row in rows],
        [row.protocol_version for row in rows],
    )


async def unreached(connection: Connection) -> dict[str, UnreachedRow]:
    """The members that the last try did not reach, by name."""
    rows = await fetch(connection, "unreached", UnreachedRow)
    return {row.member: row for row in rows}


async def directory_leaves_at(
    connection: Connection, indexes: list[int]
) -> dict[int, bytes]:
    """Entries of the directory by their index."""
    records = await connection.fetch(query("directory_leaves_at"), indexes)
    return {record["index"]: record["leaf"] for record in records}
