"""Programs of the member's own; their keys are known by their SHA-256 only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import execute, fetch, fetch_one


@dataclass(frozen=True, slots=True)
class NewApiClient:
    """A program to write."""

    client_id: bytes
    name: str
    key_hash: bytes | None = field(repr=False)
    spki: bytes | None
    officer: str
    scopes: tuple[str, ...]
    created_at: datetime
    created_by: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ApiClientRow:
    """A program with the officer it acts as, as the node knows them now."""

    client_id: bytes
    name: str
    officer: str
    scopes: list[str]
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None
    revoked_by: str
    used_on: date | None
    spki: bytes | None
    role: str
    unit: str
    active: bool

    def may_act(self, now: datetime) -> bool:
        """Whether it was not taken back, did not end, and its officer is here."""
        return self.revoked_at is None and now < self.expires_at and self.active


async def insert_api_client(connection: Connection, row: NewApiClient) -> None:
    """Write a program."""
    await execute(
        connection,
        "insert_api_client",
        row.client_id,
        row.name,
        row.key_hash,
        row.officer,
        list(row.scopes),
        row.created_at,
        row.created_by,
        row.expires_at,
        row.spki,
    )


async def api_client_by_key(
    connection: Connection, key_hash: bytes
) -> ApiClientRow | None:
    """The program of a key, whether it may still act or not."""
    return await fetch_one(connection, "api_client_by_key", ApiClientRow, key_hash)


async def api_client_by_spki(
    connection: Connection, spki: bytes
) -> ApiClientRow | None:
    """The program of a certificate's key that was not taken back."""
    return await fetch_one(connection, "api_client_by_spki", ApiClientRow, spki)


async def api_client_by_id(
    connection: Connection, client_id: bytes
) -> ApiClientRow | None:
    """The program of an id, whether it may still act or not."""
    return await fetch_one(connection, "api_client_by_id", ApiClientRow, client_id)


async def list_api_clients(
    connection: Connection, limit: int, offset: int = 0
) -> list[ApiClientRow]:
    """Every program, the newest first."""
    return await fetch(connection, "list_api_clients", ApiClientRow, limit, offset)


async def use_api_client(connection: Connection, client_id: bytes, day: date) -> None:
    """Note the day."""
    await execute(connection, "use_api_client", client_id, day)


async def revoke_api_client(
    connection: Connection, client_id: bytes, at: datetime, by: str
) -> str | None:
    """End one; the officer it acted as, or None if there was nothing to end."""
    officer: str | None = await connection.fetchval(
        query("revoke_api_client"), client_id, at, by
    )
    return officer


async def revoke_api_clients_of(
    connection: Connection, officer: str, at: datetime, by: str
) -> None:
    """End every program that acts as an officer."""
    await execute(connection, "revoke_api_clients_of", officer, at, by)
