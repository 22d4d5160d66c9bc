"""What this member and the others say of whether they receive anybody new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.rows import execute, fetch


@dataclass(frozen=True, slots=True)
class SaidRow:
    """What an officer said; ``ends_at`` is None where the member receives again."""

    said_at: datetime
    ends_at: datetime | None
    types: list[str]
    reason: str
    done_by: str


@dataclass(frozen=True, slots=True)
class PeerClosedRow:
    """What a member said last; ``ends_at`` is None where it receives."""

    member: str
    heard_at: datetime
    since: datetime
    ends_at: datetime | None
    types: list[str]
    reason: str


async def say_closed(
    connection: Connection, request_id: bytes, row: SaidRow, unit: str
) -> SaidRow:
    """Write it once under its id; what stands under that id then."""
    await execute(
        connection,
        "say_closed",
        request_id,
        row.said_at,
        row.ends_at,
        row.types,
        row.reason,
        row.done_by,
        unit,
    )
    (found,) = await fetch(connection, "said_by_request", SaidRow, request_id)
    return found


async def newest_closed(connection: Connection) -> SaidRow | None:
    """What was said last; None if nothing ever was."""
    rows = await fetch(connection, "newest_closed", SaidRow)
    return rows[0] if rows else None


async def keep_peer_closed(connection: Connection, row: PeerClosedRow) -> None:
    """Keep what a member said; what was heard later stays."""
    await execute(
        connection,
        "keep_peer_closed",
        row.member,
        row.heard_at,
        row.since,
        row.ends_at,
        row.types,
        row.reason,
    )


async def peers_closed(connection: Connection) -> dict[str, PeerClosedRow]:
    """What the others said last, by member; who said nothing is left out."""
    rows = await fetch(connection, "peers_closed", PeerClosedRow)
    return {row.member: row for row in rows}
