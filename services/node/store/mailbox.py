"""Letters that a mailbox keeps, and what their senders know of theirs.

Instants here are on the wire clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import LeasedRow, execute, fetch
from services.node.store.writes import Write


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter to keep; ``length`` counts label and sealed bytes."""

    digest: bytes
    recipient: str
    sender: str
    label: bytes
    sealed: bytes
    length: int
    deposited_at: datetime


@dataclass(frozen=True, slots=True)
class KeptRow:
    """How much waits for a member, in all and from one sender."""

    letters: int
    bytes: int
    letters_of_sender: int
    bytes_of_sender: int


@dataclass(frozen=True, slots=True)
class StoredLetterRow:
    """A letter that waits."""

    digest: bytes
    label: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class ExpiredRow:
    """A letter that nobody collected in time."""

    digest: bytes
    recipient: str


@dataclass(frozen=True, slots=True)
class RelayedProof:
    """The mailbox's evidence for a letter."""

    letter: bytes
    member: str
    index: int
    evidence: bytes


async def is_kept(connection: Connection, digest: bytes) -> bool:
    """Whether this ledger has an entry about a letter, or about its end."""
    return bool(await connection.fetchval(query("is_letter_kept"), digest))


async def kept(connection: Connection, recipient: str, sender: str) -> KeptRow:
    """How much waits for ``recipient``."""
    (row,) = await fetch(connection, "letters_kept", KeptRow, recipient, sender)
    return row


async def letters_for(
    connection: Connection, recipient: str, limit: int
) -> list[StoredLetterRow]:
    """The next letters of a member, in the order of their deposit."""
    return await fetch(connection, "letters_for", StoredLetterRow, recipient, limit)


async def recipient_of(connection: Connection, digest: bytes) -> str | None:
    """For whom a letter waits; None if none of this digest does."""
    found: str | None = await connection.fetchval(query("recipient_of_letter"), digest)
    return found


async def expired(
    connection: Connection, before: datetime, limit: int
) -> list[ExpiredRow]:
    """Letters that were deposited before an instant, the oldest first."""
    return await fetch(connection, "letters_expired", ExpiredRow, before, limit)


async def keep_relayed(
    connection: Connection,
    digests: Sequence[bytes],
    proof: RelayedProof,
    now: datetime,
) -> None:
    """Keep the mailbox's evidence for the letter that these envelopes lie in."""
    await execute(
        connection,
        "insert_relayed",
        list(digests),
        proof.letter,
        proof.member,
        proof.index,
        proof.evidence,
        now,
    )


async def letter_heads(connection: Connection, member: str, newest: int) -> list[int]:
    """Sizes of this ledger that a member may know: what it named, and the newest."""
    records = await connection.fetch(query("letter_heads"), member, newest)
    return [record["size"] for record in records]


async def keep_letter_head(connection: Connection, member: str, size: int) -> None:
    """A letter that leads there is under way to the member, or was read by it."""
    await execute(connection, "insert_letter_head", member, size)


async def drop_letter_heads(connection: Connection, member: str, named: int) -> None:
    """The member named a head: it never goes back behind it."""
    await execute(connection, "drop_letter_heads", member, named)


async def waiting_among(
    connection: Connection, recipient: str, digests: Sequence[bytes]
) -> list[LeasedRow]:
    """What of these still waits to one recipient, as leased now."""
    return await fetch(connection, "outbox_of", LeasedRow, recipient, list(digests))


async def bring_again(connection: Connection, recipient: str, now: datetime) -> None:
    """What lies in the mailbox for one recipient is due again."""
    await execute(connection, "bring_again", recipient, now)


def insert_mailbox_letter(letter: NewLetter) -> Write:
    """A letter to keep."""
    sealed = (letter.label, letter.sealed, letter.length, letter.deposited_at)
    return Write(
        "insert_mailbox_letter",
        (letter.digest, letter.recipient, letter.sender, *sealed),
    )


def delete_mailbox_letter(digest: bytes) -> Write:
    """It is kept no longer."""
    return Write("delete_mailbox_letter", (digest,))


def insert_mailbox_entry(
    subject: bytes, outcome: str, member: str, now: datetime
) -> Write:
    """What became of a letter, beside the ledger's leaf about it."""
    return Write("insert_mailbox_entry", (subject, outcome, member, now))
