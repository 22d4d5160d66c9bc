"""What goes on in a session: found by its token, locked, proved anew, ended.

Promises that a proof is counted before it is looked at and that the fifth wrong
one in a row ends the session; that a lock takes nothing away.
"""

from __future__ import annotations

import re
from datetime import datetime

from services.node.domain.errors import InvalidInputError
from services.node.domain.passwords import check_password
from services.node.domain.sessions import (
    MOST_WRONG_PROOFS,
    SessionTimes,
    check_open,
    check_recent,
    is_due,
    over,
)
from services.node.domain.sign_in import SignInEvent, refused
from services.node.flows.credentials import (
    Secrets,
    SignInDesk,
    open_secrets,
    replace_secrets,
)
from services.node.flows.own import OwnMember
from services.node.flows.sign_in import hash_token
from services.node.keys.one_time_codes import step_of
from services.node.store import sessions as session_store
from services.node.store import sign_in as sign_in_store
from services.node.store.pool import Connection
from services.node.store.sessions import SessionRow

_LANGUAGE = re.compile(r"([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2})?")


def times_of(session: SessionRow) -> SessionTimes:
    """When what happened in it."""
    return SessionTimes(
        session.signed_in_at,
        session.last_seen,
        session.locked_at,
        session.reauthenticated_at,
        session.active,
    )


async def session_of(
    own: OwnMember,
    token: str,
    now: datetime,
    *,
    while_locked: bool = False,
    unattended: bool = False,
) -> SessionRow:
    """The session of a token, if it may be used; noted as used unless unattended.

    Raises NotPermittedError ``sign_in.over`` and ``sign_in.locked``.
    """
    async with own.database.connection() as connection:
        row = await session_store.session_by_token(connection, hash_token(token))
        if row is None:
            raise over()
        times = times_of(row)
        check_open(times, now, while_locked=while_locked)
        attended = not unattended and now < times.locks_at
        if attended and is_due(times, now):
            await session_store.touch_session(connection, row.token_hash, now)
    return row


async def lock(own: OwnMember, session: SessionRow, now: datetime) -> None:
    """Lock a session."""
    async with own.database.transaction() as connection:
        await session_store.lock_session(connection, session.token_hash, now)
        await _note(connection, session, SignInEvent.LOCKED, now)


async def count_proof(own: OwnMember, session: SessionRow, now: datetime) -> None:
    """Count a proof before it is looked at; one too many raises ``sign_in.over``."""
    async with own.database.transaction() as connection:
        counted = await session_store.count_proof(connection, session.token_hash)
        if counted > MOST_WRONG_PROOFS:
            await _end(connection, session, now)
    if not 0 < counted <= MOST_WRONG_PROOFS:
        raise over()


async def proof_failed(own: OwnMember, session: SessionRow, now: datetime) -> None:
    """Keep that a proof did not hold; raises ``sign_in.over`` for the last."""
    async with own.database.transaction() as connection:
        await _note(connection, session, SignInEvent.FAILED, now)
        row = await session_store.session_by_token(connection, session.token_hash)
        ends = row is None or row.wrong_proofs >= MOST_WRONG_PROOFS
        if ends:
            await _end(connection, session, now)
    if ends:
        raise over()


async def proved(
    connection: Connection,
    session: SessionRow,
    what: SignInEvent,
    method: str,
    now: datetime,
) -> SessionRow:
    """The session after a proof that held; raises ``sign_in.over`` if it is gone."""
    await session_store.prove_session(connection, session.token_hash, now)
    row = await session_store.session_by_token(connection, session.token_hash)
    if row is None:
        raise over()
    await _note(connection, session, what, now, method)
    return row


async def prove_by_secret(
    desk: SignInDesk,
    session: SessionRow,
    what: SignInEvent,
    password: str,
    totp: str,
    now: datetime,
) -> SessionRow:
    """Prove the officer by password or one-time code.

    Raises NotPermittedError ``sign_in.refused``; ``sign_in.over`` for the last.
    """
    own = desk.own
    await count_proof(own, session, now)
    async with own.database.connection() as connection:
        row = await sign_in_store.credential_of(connection, session.pseudonym)
    held = open_secrets(own, row) if row else None
    method = "password" if password else "totp"
    right = await desk.password_is(held, password) if password else held is not None
    step = step_of(held.totp, totp, now) if held and totp else None
    if right and held is not None:
        async with own.database.transaction() as connection:
            if password or (
                step is not None
                and await sign_in_store.use_totp_step(
                    connection, session.pseudonym, step
                )
            ):
                return await proved(connection, session, what, method, now)
    await proof_failed(own, session, now)
    raise refused()


async def change_password(
    desk: SignInDesk, session: SessionRow, password: str, now: datetime
) -> None:
    """Choose another password; asks for a recent proof, ends all other sessions."""
    own = desk.own
    check_recent(times_of(session), now)
    chosen = check_password(password, session.pseudonym, own.name)
    phc = await desk.hashing.hash(chosen)
    async with own.database.transaction() as connection:
        row = await sign_in_store.credential_of(connection, session.pseudonym)
        held = open_secrets(own, row) if row else None
        if row is None or held is None:
            raise over()
        await replace_secrets(connection, own, row, Secrets(phc, held.totp))
        await session_store.end_sessions_of(
            connection, session.pseudonym, session.token_hash
        )
        await _note(connection, session, SignInEvent.PASSWORD_CHANGED, now)


async def keep_language(own: OwnMember, session: SessionRow, language: str) -> None:
    """Keep a language; raises InvalidInputError ``sign_in.bad_language``."""
    if not _LANGUAGE.fullmatch(language):
        raise InvalidInputError(
            "sign_in.bad_language",
            "This is no language tag, such as vi or zh-Hans.",
            where="language",
        )
    async with own.database.transaction() as connection:
        await sign_in_store.keep_language(connection, session.pseudonym, language)


async def sign_out(own: OwnMember, session: SessionRow, now: datetime) -> None:
    """End a session."""
    async with own.database.transaction() as connection:
        await session_store.end_session(connection, session.token_hash)
        await _note(connection, session, SignInEvent.SIGNED_OUT, now)


async def sign_out_everywhere(
    own: OwnMember, session: SessionRow, now: datetime
) -> int:
    """End every session of the officer; how many there were."""
    async with own.database.transaction() as connection:
        ended = await session_store.end_sessions_of(connection, session.pseudonym)
        await _note(connection, session, SignInEvent.SIGNED_OUT, now)
    return ended


async def _end(connection: Connection, session: SessionRow, now: datetime) -> None:
    await session_store.end_session(connection, session.token_hash)
    await _note(connection, session, SignInEvent.ENDED, now)


async def _note(
    connection: Connection,
    session: SessionRow,
    what: SignInEvent,
    now: datetime,
    method: str = "",
) -> None:
    await sign_in_store.note(
        connection, session.pseudonym, what.value, now, method=method
    )
