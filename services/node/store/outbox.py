"""What waits in the outbox and what did not arrive, as an operator looks after it.

Promises: lists are bounded; to retry changes when, never what; an envelope is given
back once, and only while it is not received. Instants are on the wire clock, but
for those of a return, which stand in the work of the day and are on the case clock.

Leaves to others: leases and answers (exchange.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.rows import execute, fetch, fetch_one


@dataclass(frozen=True, slots=True)
class DestinationRow:
    """What waits for one member; ``failures`` since it was reached last."""

    recipient: str
    waiting: int
    waits_since: datetime | None
    next_try_at: datetime | None
    attempts: int
    last_problem: str
    failures: int
    dead: int


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One envelope that waits, expired, or was refused; ``problem`` is a code."""

    digest: bytes
    recipient: str
    state: str
    lane: int
    attempts: int
    waits_since: datetime
    next_try_at: datetime
    problem: str
    returned_at: datetime | None
    returned_by: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A try that did not reach a member, and when the next one is."""

    recipient: str
    failures: int
    problem: str
    at: datetime
    next_try_at: datetime


@dataclass(frozen=True, slots=True)
class FailingRow:
    """A member that the last tries did not reach; wire clock."""

    recipient: str
    failures: int
    next_try_at: datetime


async def failing(connection: Connection) -> dict[str, FailingRow]:
    """Members that the last try did not reach, by name."""
    rows = await fetch(connection, "failing", FailingRow)
    return {each.recipient: each for each in rows}


async def failed(connection: Connection, what: Failure) -> None:
    """The circuit to a member is open."""
    await execute(
        connection,
        "destination_failed",
        what.recipient,
        what.failures,
        what.problem,
        what.at,
        what.next_try_at,
    )


async def reached(connection: Connection, recipient: str) -> None:
    """The circuit to a member is closed."""
    await execute(connection, "destination_reached", recipient)


async def forget_failures(connection: Connection) -> None:
    """A relay that begins knows of no failure."""
    await execute(connection, "destinations_forgotten")


async def list_destinations(
    connection: Connection, made_before: datetime, limit: int, offset: int
) -> list[DestinationRow]:
    """The members for whom something waits or who did not take something."""
    return await fetch(
        connection, "list_destinations", DestinationRow, made_before, limit, offset
    )


async def letters_waiting(
    connection: Connection,
    recipient: str,
    made_before: datetime,
    limit: int,
    offset: int,
) -> list[LetterRow]:
    """What waits for one member, in the order of writing."""
    return await fetch(
        connection, "letters_waiting", LetterRow, recipient, made_before, limit, offset
    )


async def letters_dead(
    connection: Connection,
    recipient: str,
    made_before: datetime,
    limit: int,
    offset: int,
) -> list[LetterRow]:
    """What was refused for good or has expired, the newest first."""
    return await fetch(
        connection, "letters_dead", LetterRow, recipient, made_before, limit, offset
    )


async def letter_by_digest(
    connection: Connection, digest: bytes, made_before: datetime
) -> LetterRow | None:
    """One envelope of the outbox."""
    return await fetch_one(
        connection, "letter_by_digest", LetterRow, digest, made_before
    )


async def retry_destination(
    connection: Connection, recipient: str, now: datetime
) -> None:
    """All that waits for a member is due now."""
    await execute(connection, "retry_destination", recipient, now)


async def retry_letter(connection: Connection, digest: bytes, now: datetime) -> None:
    """One envelope that waits is due now."""
    await execute(connection, "retry_letter", digest, now)


async def return_letter(
    connection: Connection, digest: bytes, reason: str, now: datetime, by: str
) -> None:
    """Give an envelope back; the first return of it stays. ``now``: case clock."""
    await execute(connection, "return_letter", digest, reason, now, by)


async def return_expired(
    connection: Connection, made_before: datetime, now: datetime, limit: int
) -> int:
    """Give back what expired; how many that were. ``now`` on the case clock."""
    tag = await execute(connection, "return_expired", made_before, now, limit)
    return int(tag.rpartition(" ")[2])
