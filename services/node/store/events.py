"""Events: the guard of the batch, and what happened in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.errors import ConflictError
from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import EventRow, StepRow, TimelineRow, fetch, fetch_one


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to write.

    ``referral_no``, (``author``, ``author_seq``) and ``case_seq`` are the numbers
    that nobody may take twice.
    """

    event_id: bytes
    referral_id: bytes | None
    referral_no: int | None
    case_id: bytes | None
    case_seq: int | None
    author: str
    author_seq: int | None
    step: str
    actor: str
    actor_role: str
    actor_unit: str
    happened_at: datetime
    recorded_at: datetime
    policy_version: str
    subject: bytes
    data_key_id: bytes
    nonce: bytes
    sealed: bytes


_COLUMNS = tuple(NewEvent.__dataclass_fields__)


async def insert_events(connection: Connection, events: list[NewEvent]) -> set[bytes]:
    """Write the events whose numbers are free; the ids of those written.

    Raises ConflictError ``store.event_twice`` if two of them are the same event:
    one id could not tell which of the two acts got through.
    """
    if len({event.event_id for event in events}) != len(events):
        raise ConflictError(
            "store.event_twice", "Two acts of one batch are the same event."
        )
    columns = [[getattr(event, name) for event in events] for name in _COLUMNS]
    records = await connection.fetch(query("insert_events"), *columns)
    return {record["event_id"] for record in records}


async def is_event_known(connection: Connection, event_id: bytes) -> bool:
    """Whether this event stands here already."""
    known: bool = await connection.fetchval(query("is_event_known"), event_id)
    return known


async def event_by_id(connection: Connection, event_id: bytes) -> EventRow | None:
    """One event."""
    return await fetch_one(connection, "event_by_id", EventRow, event_id)


async def events_of_referral(
    connection: Connection, referral_id: bytes
) -> list[EventRow]:
    """A referral's steps in the order in which they were applied here."""
    return await fetch(connection, "events_of_referral", EventRow, referral_id)


async def events_of_referrals(
    connection: Connection, referral_ids: list[bytes], steps: list[str]
) -> list[EventRow]:
    """These steps of several referrals, each referral's as they were applied here."""
    return await fetch(connection, "events_of_referrals", EventRow, referral_ids, steps)


async def events_of_act(
    connection: Connection, case_id: bytes, act: str
) -> list[EventRow]:
    """What was done within the member by this act in a case, the newest first."""
    return await fetch(connection, "events_of_act", EventRow, case_id, act)


@dataclass(frozen=True, slots=True)
class ActorRow:
    """Who acted in one event."""

    event_id: bytes
    author: str
    actor: str
    actor_role: str


async def actors_of(
    connection: Connection, event_ids: list[bytes]
) -> dict[bytes, ActorRow]:
    """Who acted in each of these events; one that is not here is left out."""
    rows = await fetch(connection, "actors_of", ActorRow, event_ids)
    return {row.event_id: row for row in rows}


async def steps_of_referral(
    connection: Connection, referral_id: bytes
) -> list[StepRow]:
    """Every step of a referral as applied here, and whether it was refused."""
    return await fetch(connection, "steps_of_referral", StepRow, referral_id)


async def timeline(connection: Connection, case_id: bytes) -> list[TimelineRow]:
    """Everything that happened in a case, in the order of this ledger."""
    return await fetch(connection, "timeline", TimelineRow, case_id)


async def newest_in_case(connection: Connection, case_id: bytes) -> int:
    """Where what happened last in a case or its referrals stands in this ledger."""
    return int(await connection.fetchval(query("newest_in_case"), case_id))


async def newest_in_referral(connection: Connection, referral_id: bytes) -> int:
    """The same for one referral."""
    return int(await connection.fetchval(query("newest_in_referral"), referral_id))


async def newest_recorded_at(connection: Connection, member: str) -> datetime | None:
    """The latest instant at which this member itself recorded anything."""
    newest: datetime | None = await connection.fetchval(
        query("newest_recorded_at"), member
    )
    return newest


async def newest_of_steps(
    connection: Connection, referral_id: bytes, steps: list[str], recalls: int = 1
) -> list[EventRow]:
    """The newest event of each of these steps of a referral, oldest first.

    None that the recipient refused; of recalls the newest ``recalls``.
    """
    return await fetch(
        connection, "newest_of_steps", EventRow, referral_id, " ".join(steps), recalls
    )
