"""Passkeys of officers: asked for, registered, and signed in with.

Promises that a challenge is the node's own, is answered once within five minutes
and by the session that asked for it, and that only origins of the configuration
are served: a gateway cannot choose where its officers sign in.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
    VerificationError,
)
from services.node.domain.sessions import check_recent
from services.node.domain.sign_in import CHALLENGE_LASTS, SignInEvent, refused
from services.node.flows.credentials import SignInDesk
from services.node.flows.own import OwnMember
from services.node.flows.sessions import count_proof, proof_failed, proved, times_of
from services.node.flows.sign_in import SignedIn, begin_session
from services.node.flows.tries import count_try, failed
from services.node.keys.passkeys import (
    new_passkey,
    read_answer,
    registration_options,
    sign_count_of,
    sign_in_options,
)
from services.node.store import sessions as session_store
from services.node.store import sign_in as sign_in_store
from services.node.store.pool import Connection
from services.node.store.sessions import ChallengeRow, PasskeyRow, SessionRow

_TABLE = "passkey"
_LONGEST_LABEL = 64
_MOST_PASSKEYS = 10
_CHALLENGE_BYTES = 32


async def begin_sign_in(desk: SignInDesk, origin: str, now: datetime) -> str:
    """Options for a browser to ask for a passkey, as JSON."""
    _check_origin(desk, origin)
    return sign_in_options(origin, await _challenge(desk.own, None, now))


async def finish_sign_in(
    desk: SignInDesk, credential_json: str, origin: str, source: str, now: datetime
) -> SignedIn:
    """Begin a session; raises NotPermittedError ``sign_in.refused`` or ``.wait``."""
    own = desk.own
    _check_origin(desk, origin)
    tried = await count_try(own, "", source, now)
    owner = ""
    try:
        async with own.database.transaction() as connection:
            await _taken(connection, credential_json, None, now)
        async with own.database.transaction() as connection:
            owner = await _used(connection, credential_json, origin, now)
            return await begin_session(connection, owner, "passkey", tried, now)
    except VerificationError:
        await failed(own, tried, owner, now, "passkey")
        raise refused() from None


async def prove_by_passkey(
    desk: SignInDesk,
    session: SessionRow,
    what: SignInEvent,
    credential_json: str,
    origin: str,
    now: datetime,
) -> SessionRow:
    """Prove a signed-in officer; raises as ``prove_by_secret`` does."""
    own = desk.own
    _check_origin(desk, origin)
    await count_proof(own, session, now)
    try:
        async with own.database.transaction() as connection:
            await _taken(connection, credential_json, None, now)
        async with own.database.transaction() as connection:
            owner = await _used(connection, credential_json, origin, now)
            if owner == session.pseudonym:
                return await proved(connection, session, what, "passkey", now)
    except VerificationError:
        pass
    await proof_failed(own, session, now)
    raise refused()


async def begin_registration(
    desk: SignInDesk, session: SessionRow, origin: str, now: datetime
) -> str:
    """Options for a browser to make a passkey, as JSON; asks for a recent proof."""
    own = desk.own
    _check_origin(desk, origin)
    check_recent(times_of(session), now)
    async with own.database.connection() as connection:
        credential = await sign_in_store.credential_of(connection, session.pseudonym)
        known = await session_store.passkeys_of(connection, session.pseudonym)
    if credential is None:
        raise refused()
    if len(known) >= _MOST_PASSKEYS:
        raise NotLawfulError(
            "passkey.too_many",
            f"An officer has at most {_MOST_PASSKEYS} passkeys.",
            remedy="Remove one that is not used any more.",
        )
    challenge = await _challenge(own, session.token_hash, now)
    return registration_options(
        origin,
        challenge,
        credential.user_handle,
        session.pseudonym,
        own.name,
        [each.credential_id for each in known],
    )


async def finish_registration(
    desk: SignInDesk,
    session: SessionRow,
    credential_json: str,
    origin: str,
    label: str,
    now: datetime,
) -> bytes:
    """Keep a new passkey; its credential id.

    Raises VerificationError ``passkey.malformed`` or ``passkey.refused``.
    """
    own = desk.own
    _check_origin(desk, origin)
    check_recent(times_of(session), now)
    if len(label) > _LONGEST_LABEL:
        raise InvalidInputError(
            "passkey.long_label",
            f"A passkey's name has at most {_LONGEST_LABEL} characters.",
            where="label",
        )
    async with own.database.transaction() as connection:
        challenge = await _taken(connection, credential_json, session.token_hash, now)
    made = new_passkey(credential_json, origin, challenge)
    nonce, sealed = own.audit_key.seal(
        _TABLE, _place(made.credential_id), label.encode()
    )
    async with own.database.transaction() as connection:
        await session_store.insert_passkey(
            connection,
            PasskeyRow(
                made.credential_id,
                session.pseudonym,
                made.public_key,
                made.sign_count,
                now,
                None,
                nonce,
                sealed,
            ),
        )
        await sign_in_store.note(
            connection, session.pseudonym, SignInEvent.PASSKEY_ADDED.value, now
        )
    return made.credential_id


async def passkeys_of(
    own: OwnMember, session: SessionRow
) -> list[tuple[PasskeyRow, str]]:
    """The officer's passkeys, each with what the officer calls it."""
    async with own.database.connection() as connection:
        rows = await session_store.passkeys_of(connection, session.pseudonym)
    return [(row, _label(own, row)) for row in rows]


async def remove(
    own: OwnMember, session: SessionRow, credential_id: bytes, now: datetime
) -> None:
    """Remove a passkey; asks for a recent proof.

    Raises NotFoundError ``passkey.unknown`` for one that is not the officer's.
    """
    check_recent(times_of(session), now)
    async with own.database.transaction() as connection:
        if not await session_store.drop_passkey(
            connection, session.pseudonym, credential_id
        ):
            raise NotFoundError(
                "passkey.unknown",
                "This officer has no such passkey.",
                where="credential_id",
            )
        await sign_in_store.note(
            connection, session.pseudonym, SignInEvent.PASSKEY_REMOVED.value, now
        )


async def _challenge(own: OwnMember, asked_by: bytes | None, now: datetime) -> bytes:
    challenge = secrets.token_bytes(_CHALLENGE_BYTES)
    row = ChallengeRow(challenge, asked_by, now + CHALLENGE_LASTS)
    async with own.database.transaction() as connection:
        await session_store.insert_challenge(connection, row, now)
    return challenge


async def _taken(
    connection: Connection, credential_json: str, asked_by: bytes | None, now: datetime
) -> bytes:
    """The challenge that an answer names; nobody can answer it again."""
    named = read_answer(credential_json).challenge
    row = await session_store.take_challenge(connection, named)
    if row is None or now >= row.expires_at or row.token_hash != asked_by:
        raise VerificationError(
            "passkey.stale",
            "The passkey's answer is to a question that nobody waits for any more.",
            remedy="Begin again.",
        )
    return row.challenge


async def _used(
    connection: Connection, credential_json: str, origin: str, now: datetime
) -> str:
    """Whose passkey answered; the answer's challenge was taken already."""
    answer = read_answer(credential_json)
    row = await session_store.passkey_by_id(connection, answer.credential_id)
    credential = row and await sign_in_store.credential_of(connection, row.pseudonym)
    if not row or not credential:
        raise _nobodys()
    if answer.user_handle not in {b"", credential.user_handle}:
        raise _nobodys()
    counted = sign_count_of(
        credential_json, origin, answer.challenge, row.public_key, row.sign_count
    )
    await session_store.use_passkey(connection, row.credential_id, counted, now)
    return row.pseudonym


def _nobodys() -> VerificationError:
    return VerificationError("passkey.nobodys", "No officer here has this passkey.")


def _check_origin(desk: SignInDesk, origin: str) -> None:
    if origin not in desk.origins:
        raise NotLawfulError(
            "passkey.origin",
            "This node takes no passkey from that page.",
            where="origin",
            remedy="The node's configuration lists the pages: [gateway] origins.",
        )


def _label(own: OwnMember, row: PasskeyRow) -> str:
    place = _place(row.credential_id)
    return own.audit_key.open(_TABLE, place, row.nonce, row.sealed).decode()


def _place(credential_id: bytes) -> bytes:
    """A place of 7 bytes and more to seal under, whatever the id's length."""
    return credential_id.ljust(7, b"\0")
