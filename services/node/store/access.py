"""Who looked at what."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import fetch


@dataclass(frozen=True, slots=True)
class NewAccess:
    """A look to write; the reason is sealed, or there is none."""

    access_id: bytes
    officer: str
    role: str
    unit: str
    listener: str
    what: str
    case_pseudonym: str
    subject_id: bytes
    outcome: str
    at: datetime
    nonce: bytes | None
    sealed: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccessRow:
    """A look as it stands."""

    number: int
    access_id: bytes
    officer: str
    role: str
    unit: str
    listener: str
    what: str
    case_pseudonym: str
    subject_id: bytes
    outcome: str
    at: datetime
    nonce: bytes | None
    sealed: bytes | None = field(repr=False)


async def insert_access(connection: Connection, row: NewAccess) -> int:
    """Write a look; its number."""
    number: int = await connection.fetchval(
        query("insert_access"),
        row.access_id,
        row.officer,
        row.role,
        row.unit,
        row.listener,
        row.what,
        row.case_pseudonym,
        row.subject_id,
        row.outcome,
        row.at,
        row.nonce,
        row.sealed,
    )
    return number


async def access_to_case(
    connection: Connection, case: str, before: int, limit: int
) -> list[AccessRow]:
    """Who looked at a case or a referral of it, the newest first."""
    return await fetch(connection, "access_to_case", AccessRow, case, before, limit)


async def access_by_anybody(
    connection: Connection, officer: str, before: int, limit: int, *, refused: bool
) -> list[AccessRow]:
    """Who looked at anything, the newest first."""
    return await fetch(
        connection, "access_by_anybody", AccessRow, officer, refused, before, limit
    )


async def units_of_case(
    connection: Connection, case: str, member: str
) -> frozenset[str]:
    """The units of this member that acted in a case."""
    records = await connection.fetch(query("units_of_case"), case, member)
    return frozenset(record["unit"] for record in records)
