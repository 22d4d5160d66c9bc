"""An officer proves who they are by password and one-time code: a session begins.

Promises one answer for an unknown officer, a wrong password and a wrong or used
code, after the same work; a token that is kept only as SHA-256. Leaves passkeys
to ``passkeys`` and what goes on in a session to ``sessions``.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from services.node.domain.people import is_pseudonym
from services.node.domain.sessions import LASTS
from services.node.domain.sign_in import SignInEvent, refused
from services.node.flows.credentials import Secrets, SignInDesk, open_secrets
from services.node.flows.own import OwnMember
from services.node.flows.tries import Try, count_try, failed, forgive
from services.node.keys.one_time_codes import step_of
from services.node.store import officers as officer_store
from services.node.store import sessions as session_store
from services.node.store import sign_in as sign_in_store
from services.node.store.pool import Connection
from services.node.store.sessions import SessionRow

_TOKEN_BYTES = 32
_NOBODYS_TOTP = "A" * 32


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; ``token`` is kept nowhere."""

    token: str = field(repr=False)
    session: SessionRow
    previous_at: datetime | None
    failures: int


def hash_token(token: str) -> bytes:
    """What a token is known by."""
    return hashlib.sha256(token.encode()).digest()


async def sign_in(
    desk: SignInDesk,
    pseudonym: str,
    password: str,
    totp: str,
    source: str,
    now: datetime,
) -> SignedIn:
    """Begin a session; raises NotPermittedError ``sign_in.refused`` or ``.wait``."""
    own = desk.own
    tried = await count_try(own, pseudonym, source, now)
    known, held = await _held(own, pseudonym)
    right = await desk.password_is(held, password)
    step = step_of(held.totp if held else _NOBODYS_TOTP, totp, now)
    if right and step is not None:
        async with own.database.transaction() as connection:
            if await sign_in_store.use_totp_step(connection, pseudonym, step):
                return await begin_session(
                    connection, pseudonym, "password", tried, now
                )
    await failed(own, tried, pseudonym if known else "", now, "password")
    raise refused()


async def _held(own: OwnMember, pseudonym: str) -> tuple[bool, Secrets | None]:
    """Whether an officer has that pseudonym, and what the officer signs in with."""
    if not is_pseudonym(pseudonym) or "\0" in pseudonym:
        return False, None
    async with own.database.connection() as connection:
        officer = await officer_store.officer_by_pseudonym(connection, pseudonym)
        row = await sign_in_store.credential_of(connection, pseudonym)
    if officer is None:
        return False, None
    if row is None or not officer.active:
        return True, None
    return True, open_secrets(own, row)


async def begin_session(
    connection: Connection, pseudonym: str, method: str, tried: Try, now: datetime
) -> SignedIn:
    """A session for an officer who proved who they are."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    token_hash = hash_token(token)
    before = await sign_in_store.history(connection, pseudonym)
    await forgive(connection, tried, now)
    await session_store.end_old_sessions(connection, now - LASTS)
    await session_store.insert_session(connection, token_hash, pseudonym, method, now)
    await sign_in_store.note(
        connection, pseudonym, SignInEvent.SIGNED_IN.value, now, method=method
    )
    row = await session_store.session_by_token(connection, token_hash)
    if row is None or not row.active:
        raise refused()
    return SignedIn(token, row, before.previous_at, before.failures)
