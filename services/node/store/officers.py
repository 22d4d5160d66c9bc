"""The officers of the member, by staff pseudonym, and what they do to the node."""

from __future__ import annotations

from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.rows import OfficerRow, execute, fetch, fetch_one


async def officer_by_pseudonym(
    connection: Connection, pseudonym: str
) -> OfficerRow | None:
    """One officer."""
    return await fetch_one(connection, "officer", OfficerRow, pseudonym)


async def list_officers(connection: Connection) -> list[OfficerRow]:
    """Every officer, active or not."""
    return await fetch(connection, "officers", OfficerRow)


async def keep_officer(connection: Connection, officer: OfficerRow) -> None:
    """Add an officer or change role, unit and whether active.

    ``changed_at`` and ``changed_by`` of the row say when and by whom.
    """
    await execute(
        connection,
        "keep_officer",
        officer.pseudonym,
        officer.role,
        officer.unit,
        officer.active,
        officer.changed_at,
        officer.changed_by,
    )


async def clock_moved(
    connection: Connection, case_at: datetime, moved_at: datetime, moved_by: str
) -> None:
    """Keep who moved the case clock where to; ``moved_at`` on the wire clock."""
    await execute(connection, "insert_clock_move", case_at, moved_at, moved_by)
