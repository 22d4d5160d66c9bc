"""The officers of the member, by staff pseudonym."""

from __future__ import annotations

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
    """Add an officer or change role, unit and whether active."""
    await execute(
        connection,
        "keep_officer",
        officer.pseudonym,
        officer.role,
        officer.unit,
        officer.active,
        officer.added_at,
    )
