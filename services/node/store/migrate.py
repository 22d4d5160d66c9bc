"""Bring a database's tables to this version.

Migrations are numbered files in ``migrations/``; each runs once, in order, in a
transaction of its own, as the database's owner. Two programs that migrate at once
wait for one another. A database that is newer than this program is refused: an
old program would not know what it breaks.
"""

from __future__ import annotations

import re
from importlib.resources import files

from services.node.domain.errors import InvalidInputError
from services.node.store.pool import Connection

_ROLE = re.compile(r"[a-z_][a-z0-9_-]{0,62}")

# Held to the end of a transaction; the number only has to be the same everywhere.
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(7305424031)"
_TABLE = (
    "CREATE TABLE IF NOT EXISTS migration ("
    "name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
)


def migrations() -> list[tuple[str, str]]:
    """Name and text of every migration in order."""
    folder = files(__package__) / "migrations"
    found = [item for item in folder.iterdir() if item.name.endswith(".sql")]
    ordered = sorted(found, key=lambda item: item.name)
    return [(item.name, item.read_text("utf-8")) for item in ordered]


async def migrate(connection: Connection, role: str) -> int:
    """Apply what is missing and give ``role`` its rights; how many were applied.

    Raises InvalidInputError ``store.newer_schema`` before anything is changed.
    """
    if not _ROLE.fullmatch(role):
        raise InvalidInputError("store.bad_role", f"{role!r} is no database role.")
    async with connection.transaction():
        await connection.execute(_ONE_AT_A_TIME)
        await connection.execute(_TABLE)
    known = migrations()
    unknown = await _applied(connection) - {name for name, _ in known}
    if unknown:
        raise InvalidInputError(
            "store.newer_schema",
            f"The database has migrations that this version lacks: {sorted(unknown)}.",
            remedy="Install the newer version of Relais.",
        )
    done = 0
    for name, text in known:
        async with connection.transaction():
            await connection.execute(_ONE_AT_A_TIME)
            if name in await _applied(connection):
                continue
            await connection.execute(text.replace(":node_role", f'"{role}"'))
            await connection.execute("INSERT INTO migration (name) VALUES ($1)", name)
            done += 1
    return done


async def _applied(connection: Connection) -> set[str]:
    rows = await connection.fetch("SELECT name FROM migration")
    return {row["name"] for row in rows}
