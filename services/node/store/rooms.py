"""How much of this node's database each other member takes.

Bytes are of what was received, without indexes; instants on the wire clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.rows import fetch


@dataclass(frozen=True, slots=True)
class RoomRow:
    """How many of a member's things are here, and their bytes."""

    member: str
    number: int
    bytes: int


async def waiting_of_members(
    connection: Connection, members: list[str], since: datetime, own: str
) -> dict[str, RoomRow]:
    """Envelopes received since then that no act of a person here followed."""
    rows = await fetch(connection, "room_of_envelopes", RoomRow, members, since, own)
    return {row.member: row for row in rows}


async def files_of_members(
    connection: Connection, members: list[str], but: bytes = b""
) -> dict[str, RoomRow]:
    """Files of which anything is here, but for one that is being fetched."""
    rows = await fetch(connection, "room_of_files", RoomRow, members, but)
    return {row.member: row for row in rows}
