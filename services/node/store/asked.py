"""What the acts of this member were asked for, for as long as that is kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from services.node.store.pool import Connection
from services.node.store.rows import execute, fetch_one
from services.node.store.writes import Write


@dataclass(frozen=True, slots=True)
class AskedRow:
    """What was asked for, sealed under an epoch."""

    epoch: int
    sealed: bytes = field(repr=False)


async def asked_for(connection: Connection, subject: bytes) -> AskedRow | None:
    """What the act behind a leaf was asked for; None if it is not kept."""
    return await fetch_one(connection, "asked_for", AskedRow, subject)


def insert_asked(subject: bytes, epoch: int, sealed: bytes) -> Write:
    """What an act was asked for; ``sealed`` has 60 bytes."""
    return Write("insert_asked", (subject, epoch, sealed))


async def forget_asked(connection: Connection, kept: timedelta) -> None:
    """Forget what was asked for longer ago than it is kept."""
    await execute(connection, "forget_asked", kept)
