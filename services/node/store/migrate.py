"""Bring a database's tables to this version.

Migrations are numbered files in ``migrations/``; each runs once, in order, in a
transaction of its own, as the database's owner. A database that is newer than
this program is refused: an old program would not know what it breaks.
"""

from __future__ import annotations

import re
from importlib.resources import files

import asyncpg

from services.node.domain.errors import InvalidInputError

_ROLE = re.compile(r"[a-z_][a-z0-9_-]{0,62}")


def migrations() -> list[tuple[str, str]]:
    """Name and text of every migration in order."""
    folder = files(__package__) / "migrations"
    found = [item for item in folder.iterdir() if item.name.endswith(".sql")]
    return [(item.name, item.read_text("utf-8")) for item in sorted(found, key=str)]


async def migrate(connection: asyncpg.Connection[asyncpg.Record], role: str) -> int:
    """Apply what is missing and give ``role`` its rights; how many were applied."""
    if not _ROLE.fullmatch(role):
        raise InvalidInputError("store.bad_role", f"{role!r} is no database role.")
    await connection.execute(
        "CREATE TABLE IF NOT EXISTS migration ("
        "name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())"
    )
    applied = {
        row["name"] for row in await connection.fetch("SELECT name FROM migration")
    }
    known = migrations()
    unknown = applied - {name for name, _ in known}
    if unknown:
        raise InvalidInputError(
            "store.newer_schema",
            f"The database has migrations that this version lacks: {sorted(unknown)}.",
            remedy="Install the newer version of Relais.",
        )
    missing = [(name, text) for name, text in known if name not in applied]
    for name, text in missing:
        async with connection.transaction():
            await connection.execute(text.replace(":node_role", f'"{role}"'))
            await connection.execute("INSERT INTO migration (name) VALUES ($1)", name)
    return len(missing)
