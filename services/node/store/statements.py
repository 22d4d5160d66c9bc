"""Daily statements: what was written and received by day, and what was said of it.

Promises: what was said stays said. Days are numbers since 1970-01-01 in UTC by the
wire clock of whoever wrote; leaves to ``domain/statements`` what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import fetch, fetch_one
from services.node.store.writes import Write


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day on which something was written to a member."""

    day: int
    recipient: str


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """An envelope of a day; ``answered`` for good."""

    digest: bytes
    answered: bool
    statement: bool


@dataclass(frozen=True, slots=True)
class StatementRow:
    """The newest statement of this member about a day; ``expired`` unread or not."""

    number: int
    digest: bytes
    hash: bytes
    expired: bool


@dataclass(frozen=True, slots=True)
class StatedRow:
    """The newest statement of another about a day; ``first_day`` that is compared."""

    number: int
    first_day: int


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A day of which ``counted`` were stated and ``here`` stood here."""

    sender: str
    day: int
    counted: int
    here: int
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class DayEnvelopeRow:
    """An envelope of a day with its place in both ledgers; None where no answer is."""

    digest: bytes
    state: str
    statement: bool
    index: int
    answer_index: int | None


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of this member to write."""

    recipient: str
    day: int
    number: int
    written_on: int
    digest: bytes
    counted: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Noted:
    """Another member's statement to write, as it was compared.

    ``noted_at`` is on the wire clock, ``told_at`` on the case clock.
    """

    sender: str
    day: int
    number: int
    digest: bytes
    counted: int
    here: int
    differs: bool
    noted_at: datetime
    told_at: datetime


async def days_to_state(connection: Connection, first: int, last: int) -> list[DayRow]:
    """Days of which more was written to a member than was stated, oldest first."""
    return await fetch(connection, "days_to_state", DayRow, first, last)


async def written_on_day(
    connection: Connection, day: int, recipient: str
) -> list[WrittenRow]:
    """What was written to a member on a day, statements too."""
    return await fetch(connection, "written_on_day", WrittenRow, day, recipient)


async def newest_statement(
    connection: Connection, recipient: str, day: int
) -> StatementRow | None:
    """What was said last about a day."""
    return await fetch_one(connection, "newest_statement", StatementRow, recipient, day)


def insert_statement_sent(said: Said) -> Write:
    """Keep what is said; a conflict if the number is taken."""
    which = (said.recipient, said.day, said.number, said.written_on)
    return Write(
        "insert_statement_sent", (*which, said.digest, said.counted, said.hash)
    )


async def received_on_day(connection: Connection, sender: str, day: int) -> list[bytes]:
    """Digests of what a member made on a day and is here, statements too."""
    records = await connection.fetch(query("received_on_day"), sender, day)
    return [record["digest"] for record in records]


async def newest_stated(connection: Connection, sender: str, day: int) -> StatedRow:
    """What a member said last about a day."""
    (found,) = await fetch(connection, "newest_stated", StatedRow, sender, day)
    return found


def insert_statement_received(noted: Noted) -> Write:
    """Keep what was said and found; a conflict if the number is taken."""
    which = (noted.sender, noted.day, noted.number, noted.digest)
    found = (noted.counted, noted.here, noted.differs)
    return Write(
        "insert_statement_received", (*which, *found, noted.noted_at, noted.told_at)
    )


async def differences(
    connection: Connection, since: datetime, limit: int
) -> list[DifferenceRow]:
    """Days that differ by the newest statement about each; ``since``: case clock."""
    return await fetch(connection, "differences", DifferenceRow, since, limit)


async def sent_on_day(
    connection: Connection, day: int, recipient: str, limit: int
) -> list[DayEnvelopeRow]:
    """What was written to a member on a day, by digest."""
    return await fetch(connection, "sent_on_day", DayEnvelopeRow, day, recipient, limit)


async def taken_on_day(
    connection: Connection, day: int, sender: str, limit: int
) -> list[DayEnvelopeRow]:
    """What a member made on a day and is here, by digest."""
    return await fetch(connection, "taken_on_day", DayEnvelopeRow, day, sender, limit)
