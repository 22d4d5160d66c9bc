"""Programs of the member's own: invited, found by their key, taken back.

Promises that a key is told once and kept as SHA-256 only, that it opens nothing
once it ended or its officer left, and that who let a program in is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime

from services.node.domain.api_clients import ended
from services.node.domain.errors import NotFoundError
from services.node.domain.people import Officer
from services.node.domain.sign_in import SignInEvent
from services.node.flows.own import OwnMember
from services.node.flows.sign_in import hash_token
from services.node.keys.tls import spki_of
from services.node.store import api_clients as client_store
from services.node.store import sign_in as sign_in_store
from services.node.store.api_clients import ApiClientRow
from services.node.store.pool import Connection


async def client_of(own: OwnMember, key: str, now: datetime) -> ApiClientRow:
    """The program of a key, if it may act; its day of use is noted.

    Raises NotPermittedError ``client.ended``.
    """
    async with own.database.connection() as connection:
        row = await client_store.api_client_by_key(connection, hash_token(key))
        return await _used(connection, row, now)


async def client_with(
    own: OwnMember, certificate: bytes, now: datetime
) -> ApiClientRow:
    """The program of a certificate (DER), if both still hold; noted likewise.

    Whoever terminated TLS saw that it holds the key and under which authority the
    certificate stands. Raises NotPermittedError ``client.ended``.
    """
    spki = spki_of(certificate, now)
    if spki is None:
        raise ended()
    async with own.database.connection() as connection:
        row = await client_store.api_client_by_spki(connection, spki)
        return await _used(connection, row, now)


async def _used(
    connection: Connection, row: ApiClientRow | None, now: datetime
) -> ApiClientRow:
    if row is None or not row.may_act(now):
        raise ended()
    day = now.astimezone(UTC).date()
    if row.used_on is None or row.used_on < day:
        await client_store.use_api_client(connection, row.client_id, day)
    return row


async def take_back(
    own: OwnMember, by: Officer, client_id: bytes, now: datetime
) -> None:
    """End a program's key at once.

    Raises NotFoundError ``client.unknown`` if there is none that could act.
    """
    async with own.database.transaction() as connection:
        officer = await client_store.revoke_api_client(
            connection, client_id, now, by.pseudonym
        )
        if officer is None:
            raise NotFoundError(
                "client.unknown", "No program that may act here has that id."
            )
        await sign_in_store.note(
            connection,
            officer,
            SignInEvent.PROGRAM_TAKEN_BACK.value,
            now,
            done_by=by.pseudonym,
        )
