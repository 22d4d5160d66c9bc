"""Endpoints of the member's own programs, and what was not brought to them yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.domain.identifiers import new_id
from services.node.domain.webhooks import EventType
from services.node.store.events import NewEvent
from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import execute, fetch, fetch_one


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """An endpoint with its sealed secrets; ``may_act`` says it of its program."""

    endpoint_id: bytes
    client_id: bytes
    name: str
    officer: str
    url: str
    types: list[str]
    created_at: datetime
    created_by: str
    nonce: bytes
    sealed: bytes = field(repr=False)
    old_until: datetime | None
    next_try_at: datetime
    failures: int
    failing_since: datetime | None
    succeeded_at: datetime | None
    failed_at: datetime | None
    last_problem: str
    given_up: int
    disabled_at: datetime | None
    disabled_why: str
    data_key_id: bytes
    epoch: int
    wrapped: bytes = field(repr=False)
    may_act: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class NewEndpoint:
    """An endpoint to write; its key is written already."""

    endpoint_id: bytes
    client_id: bytes
    url: str
    types: tuple[str, ...]
    created_at: datetime
    created_by: str
    data_key_id: bytes
    nonce: bytes
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """Something that happened, to be told; ``case_pseudonym`` may be empty."""

    number: int
    message_id: bytes
    type: str
    case_pseudonym: str
    referral_id: bytes | None
    happened_at: datetime


async def announce(connection: Connection, events: list[NewEvent]) -> bool:
    """Write what every endpoint is to be told of these events; whether any is."""
    # What is of no case and no referral, such as a statement, is nobody's news.
    events = [each for each in events if each.referral_id or each.case_id]
    if not events:
        return False
    types = [
        EventType.CASE_CHANGED
        if each.referral_id is None
        else EventType.REFERRAL_CHANGED
        for each in events
    ]
    told = await execute(
        connection,
        "announce",
        [new_id() for _ in events],
        [each.case_id for each in events],
        [each.referral_id for each in events],
        [each.recorded_at for each in events],
        types,
    )
    return told != "INSERT 0 0"


async def insert_endpoint(connection: Connection, new: NewEndpoint) -> None:
    """Write a new endpoint."""
    await execute(
        connection,
        "insert_webhook_endpoint",
        new.endpoint_id,
        new.client_id,
        new.url,
        list(new.types),
        new.created_at,
        new.created_by,
        new.data_key_id,
        new.nonce,
        new.sealed,
    )


async def insert_test(
    connection: Connection, endpoint_id: bytes, message_id: bytes, at: datetime
) -> None:
    """Write an event that says nothing but that it is a test."""
    await execute(
        connection,
        "insert_webhook_message",
        endpoint_id,
        message_id,
        EventType.TEST.value,
        at,
    )


async def endpoint_by_id(
    connection: Connection, endpoint_id: bytes, now: datetime
) -> EndpointRow | None:
    """One endpoint."""
    return await fetch_one(
        connection, "webhook_endpoint", EndpointRow, endpoint_id, now
    )


async def list_endpoints(
    connection: Connection, now: datetime, limit: int, offset: int
) -> list[EndpointRow]:
    """The endpoints, the newest first."""
    return await fetch(
        connection, "list_webhook_endpoints", EndpointRow, now, limit, offset
    )


async def endpoints_due(connection: Connection, now: datetime) -> list[bytes]:
    """To which something is to be brought now."""
    records = await connection.fetch(query("endpoints_due"), now)
    return [record["endpoint_id"] for record in records]


async def next_due(connection: Connection) -> datetime | None:
    """When something is to be brought next."""
    found: datetime | None = await connection.fetchval(query("next_endpoint_due"))
    return found


async def lease(
    connection: Connection, endpoint_id: bytes, now: datetime, until: datetime
) -> bool:
    """Take an endpoint until then; False if it is not due, or another's."""
    found = await connection.fetchval(query("lease_endpoint"), endpoint_id, now, until)
    return found is not None


async def first_message(
    connection: Connection, endpoint_id: bytes
) -> MessageRow | None:
    """What is to be brought first."""
    return await fetch_one(connection, "first_webhook_message", MessageRow, endpoint_id)


async def took(
    connection: Connection, endpoint_id: bytes, number: int, now: datetime
) -> None:
    """The receiver has a message."""
    # The endpoint first, as whoever disables it does: neither waits for the other.
    await execute(connection, "endpoint_took", endpoint_id, now)
    await execute(connection, "drop_webhook_message", number)


async def failed(
    connection: Connection,
    endpoint_id: bytes,
    now: datetime,
    next_try: datetime,
    problem: str,
) -> None:
    """The receiver has it not; it is tried again then."""
    await execute(connection, "endpoint_failed", endpoint_id, now, next_try, problem)


async def disable(
    connection: Connection, endpoint_id: bytes, at: datetime, why: str
) -> bool:
    """End an endpoint and drop what waits; False if it was disabled already."""
    found = await connection.fetchval(query("disable_endpoint"), endpoint_id, at, why)
    await execute(connection, "drop_webhook_messages", endpoint_id)
    return found is not None


async def hurry(connection: Connection, endpoint_id: bytes, now: datetime) -> None:
    """Try what waits for an endpoint now."""
    await execute(connection, "hurry_endpoint", endpoint_id, now)


async def hurry_all(connection: Connection, now: datetime) -> None:
    """Try whatever waits now, what another process had leased too."""
    await execute(connection, "hurry_endpoints", now)


async def enable(connection: Connection, endpoint_id: bytes, now: datetime) -> None:
    """Bring events there again."""
    await execute(connection, "enable_endpoint", endpoint_id, now)


async def keep_secrets(
    connection: Connection,
    endpoint_id: bytes,
    sealed: tuple[bytes, bytes],
    old_until: datetime,
) -> None:
    """Keep the secrets, the new and the old one sealed together."""
    await execute(
        connection,
        "keep_endpoint_secrets",
        endpoint_id,
        sealed[0],
        sealed[1],
        old_until,
    )
