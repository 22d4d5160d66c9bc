"""Endpoints of the member's own programs: registered, changed, tried.

Promises that a secret is told once and stands sealed under a key of the endpoint's
own, that for a day after a rotation both secrets sign, that a program is told only
of what its scopes and its officer's role let it look at, and that whoever did
something to an endpoint is kept. Leaves bringing events there to ``tell``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.domain.identifiers import new_id
from services.node.domain.people import MAY, Act, Officer, Role
from services.node.domain.sign_in import SignInEvent
from services.node.domain.webhooks import (
    OLD_SECRET_SIGNS,
    Ended,
    check_types,
    check_url,
)
from services.node.flows.own import OwnMember
from services.node.flows.vault import DataKey
from services.node.keys.webhook_secrets import SECRET_BYTES, as_told, new_secret
from services.node.store import api_clients as client_store
from services.node.store import sign_in as sign_in_store
from services.node.store import webhooks as webhook_store
from services.node.store.pool import Connection
from services.node.store.webhooks import EndpointRow, NewEndpoint

_TABLE = "webhook_endpoint"
_SCOPE = "webhook"


@dataclass(frozen=True, slots=True)
class EndpointAsked:
    """Where a program wants to be told of what."""

    client_id: bytes
    url: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registered:
    """An endpoint and its secret, which is told once."""

    endpoint_id: bytes
    secret: str = field(repr=False)
    old_until: datetime | None = None


async def register(
    own: OwnMember,
    by: Officer,
    asked: EndpointAsked,
    hosts: Iterable[str],
    now: datetime,
) -> Registered:
    """Tell a program from now on; ``hosts`` are those that the operator named.

    Raises what ``check_url`` and ``check_types`` do, and NotFoundError
    ``client.unknown`` for a program that may not act.
    """
    check_url(asked.url, hosts)
    endpoint_id, secret = new_id(), new_secret()
    row, key = own.vault.new_key(endpoint_id, _SCOPE)
    async with own.database.transaction() as connection:
        client = await client_store.api_client_by_id(connection, asked.client_id)
        if client is None or not client.may_act(now):
            raise NotFoundError(
                "client.unknown", "No program that may act here has that id."
            )
        types = check_types(asked.types, client.scopes)
        if Act.CASE not in MAY[Role(client.role)]:
            raise InvalidInputError(
                "webhook.no_cases",
                "The officer as whom this program acts opens no case, so there is"
                " nothing to tell it.",
                where="client_id",
            )
        await sign_in_store.insert_key(connection, row)
        nonce, sealed = key.seal(_TABLE, endpoint_id, secret)
        new = NewEndpoint(
            endpoint_id,
            asked.client_id,
            asked.url,
            types,
            now,
            by.pseudonym,
            row.key_id,
            nonce,
            sealed,
        )
        await webhook_store.insert_endpoint(connection, new)
        await _note(connection, client.officer, by, now)
    return Registered(endpoint_id, as_told(secret))


async def rotate(
    own: OwnMember, by: Officer, endpoint_id: bytes, now: datetime
) -> Registered:
    """Another secret; for a day the one before signs too."""
    async with own.database.transaction() as connection:
        row = await _known(connection, endpoint_id, now)
        key = key_of(own, row)
        secret, until = new_secret(), now + OLD_SECRET_SIGNS
        both = secret + secrets_of(key, row, now)[0]
        sealed = key.seal(_TABLE, endpoint_id, both)
        await webhook_store.keep_secrets(connection, endpoint_id, sealed, until)
        await _note(connection, row.officer, by, now)
    return Registered(endpoint_id, as_told(secret), until)


async def endpoints(
    own: OwnMember, now: datetime, limit: int, offset: int
) -> list[EndpointRow]:
    """The endpoints, the newest first."""
    async with own.database.connection() as connection:
        return await webhook_store.list_endpoints(connection, now, limit, offset)


async def send_test(own: OwnMember, endpoint_id: bytes, now: datetime) -> None:
    """Bring a test event there, and at once."""
    async with own.database.transaction() as connection:
        row = await _known(connection, endpoint_id, now)
        if row.disabled_at is not None:
            raise InvalidInputError(
                "webhook.disabled",
                "This endpoint is told nothing; it is disabled.",
                remedy="Enable it first.",
            )
        await webhook_store.insert_test(connection, endpoint_id, new_id(), now)
        await webhook_store.hurry(connection, endpoint_id, now)


async def switch(
    own: OwnMember, by: Officer, endpoint_id: bytes, now: datetime, *, enabled: bool
) -> None:
    """Enable an endpoint, or disable it and drop what waits."""
    async with own.database.transaction() as connection:
        row = await _known(connection, endpoint_id, now)
        if enabled:
            await webhook_store.enable(connection, endpoint_id, now)
        else:
            why = Ended.ADMINISTRATOR.value
            await webhook_store.disable(connection, endpoint_id, now, why)
        await _note(connection, row.officer, by, now)


def key_of(own: OwnMember, row: EndpointRow) -> DataKey:
    """The key under which the secrets of an endpoint stand."""
    return own.vault.open_key(row.data_key_id, row.epoch, row.wrapped)


def secrets_of(key: DataKey, row: EndpointRow, now: datetime) -> list[bytes]:
    """The secrets that sign now, the newest first."""
    both = key.open(_TABLE, row.endpoint_id, row.nonce, row.sealed)
    newest, old = both[:SECRET_BYTES], both[SECRET_BYTES:]
    if old and row.old_until is not None and now < row.old_until:
        return [newest, old]
    return [newest]


async def _known(
    connection: Connection, endpoint_id: bytes, now: datetime
) -> EndpointRow:
    row = await webhook_store.endpoint_by_id(connection, endpoint_id, now)
    if row is None:
        raise NotFoundError("webhook.unknown", "No endpoint here has that id.")
    return row


async def _note(
    connection: Connection, officer: str, by: Officer, now: datetime
) -> None:
    what = SignInEvent.WEBHOOK_CHANGED.value
    await sign_in_store.note(connection, officer, what, now, done_by=by.pseudonym)
