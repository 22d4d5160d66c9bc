"""Bring an event to an endpoint: what is sent, and what becomes of the answer.

Promises order and at least once: of an endpoint the oldest event goes first, under
one id however often it is tried, and is taken out when the receiver said that it
has it (2xx). After a failure it waits, longer each time; after three days without
one success, on 410 and when its program ended, the endpoint is disabled and what
waits is dropped, which the administrator sees. An event is content-free.
Leaves the line to whoever sends (``Receivers``).
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Protocol

from services.node.domain.webhooks import GIVES_UP_AFTER, Ended, pause
from services.node.flows.own import OwnMember
from services.node.flows.webhooks import key_of, secrets_of
from services.node.keys.webhook_secrets import signatures
from services.node.store import webhooks as webhook_store
from services.node.store.webhooks import EndpointRow, MessageRow

LEASE = timedelta(seconds=30)
"""Longer than a try takes, so that no other replica tries the same meanwhile."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One try: where it goes and what it says; ``number`` is the message's."""

    endpoint_id: bytes
    number: int
    url: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Receivers(Protocol):
    """How an event reaches an endpoint."""

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        """The status of the answer; raises RelaisError ``webhook.*``."""
        ...


async def begin(own: OwnMember, now: datetime) -> None:
    """A node that begins takes over what an earlier one had leased, and tries now."""
    async with own.database.connection() as connection:
        await webhook_store.hurry_all(connection, now)


async def due(own: OwnMember, now: datetime) -> tuple[list[bytes], datetime | None]:
    """Which endpoints are to be told something now, and when the next will be."""
    async with own.database.connection() as connection:
        return (
            await webhook_store.endpoints_due(connection, now),
            await webhook_store.next_due(connection),
        )


async def take(own: OwnMember, endpoint_id: bytes, now: datetime) -> Telling | None:
    """What an endpoint is told next, leased; None if there is nothing now."""
    async with own.database.transaction() as connection:
        if not await webhook_store.lease(connection, endpoint_id, now, now + LEASE):
            return None
        row = await webhook_store.endpoint_by_id(connection, endpoint_id, now)
        message = await webhook_store.first_message(connection, endpoint_id)
        if row is None or message is None:
            # Whatever comes next is not to wait for the end of an idle lease.
            await webhook_store.hurry(connection, endpoint_id, now)
            return None
        if not row.may_act:
            why = Ended.PROGRAM_ENDED.value
            await webhook_store.disable(connection, endpoint_id, now, why)
            return None
        return _telling(own, row, message, now)


async def settle(
    own: OwnMember, telling: Telling, status: int, problem: str, now: datetime
) -> str:
    """Keep what became of a try; why the endpoint was disabled by it, or nothing.

    ``status`` is 0 and ``problem`` says why where there was no answer.
    """
    endpoint_id = telling.endpoint_id
    async with own.database.transaction() as connection:
        if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            await webhook_store.took(connection, endpoint_id, telling.number, now)
            return ""
        row = await webhook_store.endpoint_by_id(connection, endpoint_id, now)
        if row is None:
            return ""
        # Jitter, so that endpoints of one host do not all come back at once;
        # nothing secret hangs on it.
        later = pause(row.failures + 1) * random.uniform(0.5, 1.0)  # noqa: S311
        said = problem or f"status_{status}"
        await webhook_store.failed(connection, endpoint_id, now, now + later, said)
        why = _ended(row, status, now)
        if why is None:
            return ""
        await webhook_store.disable(connection, endpoint_id, now, why.value)
        return why.value


def _ended(row: EndpointRow, status: int, now: datetime) -> Ended | None:
    if status == HTTPStatus.GONE:
        return Ended.GONE
    since = row.failing_since
    if since is not None and now - since >= GIVES_UP_AFTER:
        return Ended.FAILING
    return None


def _telling(
    own: OwnMember, row: EndpointRow, message: MessageRow, now: datetime
) -> Telling:
    body = _body(message)
    message_id, timestamp = f"msg_{message.message_id.hex()}", int(now.timestamp())
    keys = secrets_of(key_of(own, row), row, now)
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signatures(keys, message_id, timestamp, body),
    }
    return Telling(row.endpoint_id, message.number, row.url, headers, body)


def _body(message: MessageRow) -> bytes:
    """The event: its type, when it was, and where to look, by codes only."""
    at = message.happened_at.astimezone(UTC).isoformat(timespec="milliseconds")
    data = {}
    if message.case_pseudonym:
        data["case"] = message.case_pseudonym
    if message.referral_id:
        data["referral_id"] = message.referral_id.hex()
    said = {
        "type": message.type,
        "timestamp": at.replace("+00:00", "Z"),
        "data": data,
    }
    return json.dumps(said, separators=(",", ":")).encode()
