"""Programs of the member's own: invited, found by their key, taken back.

Promises that a key is told once and kept as SHA-256 only, that it opens nothing
once it ended or its officer left, and that who let a program in is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from services.node.domain.api_clients import ClientTerms, check_terms, ended, new_key
from services.node.domain.errors import ConflictError, NotFoundError
from services.node.domain.identifiers import new_id
from services.node.domain.people import Officer
from services.node.domain.sign_in import SignInEvent
from services.node.flows.own import OwnMember
from services.node.flows.sign_in import hash_token
from services.node.keys.tls import spki_of
from services.node.store import api_clients as client_store
from services.node.store import officers as officer_store
from services.node.store import sign_in as sign_in_store
from services.node.store.api_clients import ApiClientRow, NewApiClient
from services.node.store.pool import Connection


@dataclass(frozen=True, slots=True)
class Let:
    """A program that was let in; ``key`` is kept nowhere, empty for a certificate."""

    client_id: bytes
    key: str = field(repr=False)
    expires_at: datetime


async def let_in(own: OwnMember, by: Officer, terms: ClientTerms, now: datetime) -> Let:
    """A key for a program that acts as an officer, or its certificate is known.

    Raises what ``check_terms`` does, NotFoundError ``people.unknown_officer`` and
    ConflictError ``client.certificate_taken``.
    """
    check_terms(terms, now)
    client_id, key = new_id(), "" if terms.spki else new_key()
    async with own.database.transaction() as connection:
        officer = await officer_store.officer_by_pseudonym(connection, terms.officer)
        if officer is None or not officer.active:
            raise NotFoundError(
                "people.unknown_officer",
                f"No active officer of {own.name} has that pseudonym.",
                where="officer",
                remedy="Enter the officer first: relais node officer PSEUDONYM.",
            )
        if terms.spki and await client_store.api_client_by_spki(connection, terms.spki):
            raise ConflictError(
                "client.certificate_taken",
                "Another program here proves itself by this certificate's key.",
                where="spki_sha256",
                remedy="Take that program back first, or make a fresh key.",
            )
        await client_store.insert_api_client(
            connection,
            NewApiClient(
                client_id=client_id,
                name=terms.name,
                key_hash=hash_token(key) if key else None,
                spki=terms.spki or None,
                officer=terms.officer,
                scopes=tuple(dict.fromkeys(terms.scopes)),
                created_at=now,
                created_by=by.pseudonym,
                expires_at=terms.expires_at,
            ),
        )
        await sign_in_store.note(
            connection,
            terms.officer,
            SignInEvent.PROGRAM_LET_IN.value,
            now,
            done_by=by.pseudonym,
        )
    return Let(client_id, key, terms.expires_at)


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
