"""Envelopes sent and received, the outbox, receipts and part keys.

Only the first unsent envelope of a referral is ever due. Leases carry a fence: a
relay whose lease ran out cannot settle what another relay has taken over.
Instants here are on the wire clock.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.node.domain.errors import NotFoundError
from services.node.store.pool import Connection, Database
from services.node.store.queries import query
from services.node.store.rows import (
    KnownEnvelopeRow,
    LeasedRow,
    PartKeyRow,
    ReceivedPageRow,
    RefusalRow,
    SentEnvelopeRow,
    SentPageRow,
    WaitingRow,
    execute,
    fetch,
    fetch_one,
)

_OLDEST = 4
"""One place in so many is for what has waited longest."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What the recipient answered for good: ``received``, or ``refused`` and why."""

    leased: LeasedRow
    state: str
    code: str | None


@dataclass(frozen=True, slots=True)
class PutOff:
    """What waits on; ``problem`` is a stable code."""

    leased: LeasedRow
    next_try_at: datetime
    problem: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The recipient's evidence for an envelope, and where it stands in its ledger."""

    digest: bytes
    index: int
    evidence: bytes


async def known_envelope(
    connection: Connection, sender: str, envelope_id: bytes
) -> KnownEnvelopeRow | None:
    """An envelope of ``sender`` that was answered for good, or None."""
    return await fetch_one(
        connection, "known_envelope", KnownEnvelopeRow, sender, envelope_id
    )


async def is_event_refused(
    connection: Connection, sender: str, event_id: bytes
) -> bool:
    """Whether this event of ``sender`` was refused here for good."""
    refused: bool = await connection.fetchval(
        query("is_event_refused"), sender, event_id
    )
    return refused


async def recipients_due(connection: Connection, now: datetime) -> list[str]:
    """To whom something is due."""
    records = await connection.fetch(query("recipients_due"), now)
    return [record["recipient"] for record in records]


async def next_due_at(connection: Connection) -> datetime | None:
    """When the next envelope is due, or None if nothing waits."""
    due: datetime | None = await connection.fetchval(query("next_due_at"))
    return due


async def free_leases(connection: Connection, now: datetime) -> None:
    """Everything that waits is due; no earlier relay can settle any of it."""
    await execute(connection, "free_leases", now)


async def lease_due(
    connection: Connection, recipient: str, now: datetime, until: datetime, limit: int
) -> list[LeasedRow]:
    """Lease what is due to one recipient, the first of every referral, by lanes.

    An emergency goes before what is urgent, and that before the rest; every fourth
    place is for what has waited longest, whatever its lane.
    """
    oldest = limit // _OLDEST
    rows = await fetch(
        connection,
        "lease_due",
        LeasedRow,
        recipient,
        now,
        until,
        limit - oldest,
        oldest,
    )
    return sorted(rows, key=lambda row: (row.lane, row.number))


async def envelopes_sent(
    connection: Connection, digests: list[bytes]
) -> dict[bytes, SentEnvelopeRow]:
    """The bytes of envelopes as sent."""
    rows = await fetch(connection, "envelopes_sent", SentEnvelopeRow, digests)
    return {row.digest: row for row in rows}


async def settle(connection: Connection, answered: Sequence[Answered]) -> int:
    """The recipient answered for good; how many that settled.

    Fewer if the lease of some was another relay's by now: those did not change.
    """
    tag = await execute(
        connection,
        "settle_outbox",
        [each.leased.digest for each in answered],
        [each.leased.fence for each in answered],
        [each.state for each in answered],
        [each.code for each in answered],
    )
    return _changed(tag)


async def wait_for_leases(connection: Connection, leased: Sequence[LeasedRow]) -> None:
    """Lock these rows, whatever their fence: no transaction on them is open then."""
    await execute(connection, "lock_outbox", [each.digest for each in leased])


async def retry_later(connection: Connection, put_off: Sequence[PutOff]) -> int:
    """The recipient did not answer for good; how many are due again.

    Fewer if the lease of some was another relay's by now: those did not change.
    """
    tag = await execute(
        connection,
        "retry_outbox",
        [each.leased.digest for each in put_off],
        [each.leased.fence for each in put_off],
        [each.next_try_at for each in put_off],
        [each.problem for each in put_off],
    )
    return _changed(tag)


def _changed(tag: str) -> int:
    """How many rows a command changed, by its tag (``UPDATE 3``)."""
    return int(tag.rpartition(" ")[2])


async def keep_receipts(
    connection: Connection, receipts: Sequence[Receipt], now: datetime
) -> None:
    """Store the recipient's evidence; the first one of an envelope stays."""
    await execute(
        connection,
        "insert_receipts",
        [each.digest for each in receipts],
        [each.index for each in receipts],
        [each.evidence for each in receipts],
        now,
    )


async def envelope_id_of(connection: Connection, digest: bytes) -> bytes:
    """The envelope id of an envelope that this node sent or received."""
    envelope_id: bytes | None = await connection.fetchval(
        query("envelope_id_of"), digest
    )
    if envelope_id is None:
        raise NotFoundError(
            "envelope.unknown", "No envelope with this digest was sent or received."
        )
    return envelope_id


async def confirm_handed(connection: Connection, digests: list[bytes]) -> None:
    """The receipts came: who released with these envelopes has handed over.

    Call it after ``settle``; it believes the outbox, so a stale fence moves nothing.
    """
    await execute(connection, "confirm_handed", digests)


async def keep_answerability(connection: Connection, digest: bytes) -> None:
    """The release was refused for good: this member stays answerable.

    Call it after ``settle``; it believes the outbox, so a stale fence moves nothing.
    """
    await execute(connection, "keep_answerability", digest)


async def refusals_to_apply(connection: Connection, limit: int) -> list[bytes]:
    """Digests of refused envelopes after which the sender has yet to go back."""
    records = await connection.fetch(query("refusals_to_apply"), limit)
    return [record["digest"] for record in records]


async def refusal_of(connection: Connection, digest: bytes) -> RefusalRow | None:
    """The final refusal of an envelope, or None if there is none."""
    return await fetch_one(connection, "refusal_of", RefusalRow, digest)


async def waiting(connection: Connection) -> list[WaitingRow]:
    """What waits, by recipient."""
    return await fetch(connection, "outbox_overview", WaitingRow)


async def part_keys_of(connection: Connection, referral_id: bytes) -> list[PartKeyRow]:
    """The sealed keys of an offer's parts that still stay here."""
    return await fetch(connection, "part_keys_of", PartKeyRow, referral_id)


async def all_sent(database: Database, page: int = 500) -> AsyncIterator[SentPageRow]:
    """Every envelope sent, with its receipt."""
    after = b""
    while True:
        async with database.connection() as connection:
            rows = await fetch(connection, "page_sent", SentPageRow, after, page)
        for row in rows:
            yield row
        if len(rows) < page:
            return
        after = rows[-1].digest


async def all_received(
    database: Database, page: int = 500
) -> AsyncIterator[ReceivedPageRow]:
    """Every envelope received, with its sender's evidence."""
    after = b""
    while True:
        async with database.connection() as connection:
            rows = await fetch(
                connection, "page_received", ReceivedPageRow, after, page
            )
        for row in rows:
            yield row
        if len(rows) < page:
            return
        after = rows[-1].digest


async def sent_among(connection: Connection, digests: list[bytes]) -> list[SentPageRow]:
    """Those of these envelopes that were sent, with their receipts."""
    return await fetch(connection, "sent_among", SentPageRow, digests)


async def received_among(
    connection: Connection, digests: list[bytes]
) -> list[ReceivedPageRow]:
    """Those of these envelopes that were received."""
    return await fetch(connection, "received_among", ReceivedPageRow, digests)


async def waiting_of(connection: Connection, referral_id: bytes) -> int:
    """How many envelopes of a referral wait to be received."""
    number: int = await connection.fetchval(query("waiting_of"), referral_id)
    return number


async def is_step_waiting(
    connection: Connection, referral_id: bytes, step: str
) -> bool:
    """Whether a step that this member took in a referral has no answer yet."""
    number: int = await connection.fetchval(query("step_waiting"), referral_id, step)
    return number > 0
