"""How an invited officer comes to be able to sign in: by one code, once.

Promises that a code is known to nobody but whoever was given it (its SHA-256 is
kept), that it ends after 72 hours, with the next invitation and with its use, and
that nothing an officer had changes before the new one-time codes were proved.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.domain.passwords import check_password
from services.node.domain.people import Officer, Role
from services.node.domain.sign_in import (
    SignInEvent,
    parse_code,
)
from services.node.flows.credentials import (
    Secrets,
    SignInDesk,
    open_secrets,
    seal_secrets,
)
from services.node.flows.own import OwnMember
from services.node.flows.tries import count_try, failed, forgive
from services.node.keys.one_time_codes import new_totp_secret, otpauth_uri, step_of
from services.node.store import api_clients as client_store
from services.node.store import sessions as session_store
from services.node.store import sign_in as sign_in_store
from services.node.store import views as view_store
from services.node.store.pool import Connection
from services.node.store.sign_in import CredentialRow, InvitationRow


@dataclass(frozen=True, slots=True)
class Chosen:
    """The secret of the one-time codes, as text and as an authenticator scans it."""

    totp_secret: str = field(repr=False)
    otpauth_uri: str = field(repr=False)


async def end_everything(connection: Connection, pseudonym: str) -> None:
    """No session, password, code, passkey or invitation of the officer is left."""
    await session_store.end_sessions_of(connection, pseudonym)
    await session_store.drop_passkeys_of(connection, pseudonym)
    await sign_in_store.drop_credential(connection, pseudonym)
    await sign_in_store.drop_invitation(connection, pseudonym)


async def revoke(connection: Connection, pseudonym: str, now: datetime) -> None:
    """The officer left: nothing that was a way in is one any more.

    The officer's views go too: nobody else may ever open them.
    """
    await end_everything(connection, pseudonym)
    await view_store.drop_views_of(connection, pseudonym)
    await client_store.revoke_api_clients_of(connection, pseudonym, now, "")
    await _note(connection, pseudonym, SignInEvent.REVOKED, now)


async def invited_officer(
    own: OwnMember, code: str, source: str, now: datetime
) -> Officer:
    """Whom a code invites; raises NotFoundError ``sign_in.no_invitation``."""
    await _check_source(own, code, source, now)
    async with own.database.transaction() as connection:
        row = await _invitation(connection, code, now)
    return Officer(row.pseudonym, Role(row.role), row.unit, row.active)


async def choose_password(
    desk: SignInDesk, code: str, password: str, source: str, now: datetime
) -> Chosen:
    """Choose a password; a fresh secret for one-time codes comes with it.

    Raises NotFoundError ``sign_in.no_invitation`` and what ``check_password`` does.
    """
    own = desk.own
    officer = await invited_officer(own, code, source, now)
    chosen = check_password(password, officer.pseudonym, own.name)
    secrets = Secrets(await desk.hashing.hash(chosen), new_totp_secret())
    async with own.database.transaction() as connection:
        row = await _invitation(connection, code, now)
        sealed = seal_secrets(own, row.user_handle, secrets)
        await sign_in_store.insert_key(connection, sealed.key)
        await sign_in_store.keep_invitation(
            connection,
            replace(
                row,
                data_key_id=sealed.key.key_id,
                nonce=sealed.nonce,
                sealed=sealed.sealed,
            ),
        )
    uri = otpauth_uri(secrets.totp, officer.pseudonym, f"Relais {own.name}")
    return Chosen(secrets.totp, uri)


async def confirm(
    own: OwnMember, code: str, totp: str, source: str, now: datetime
) -> str:
    """Prove the one-time codes: from now on the officer signs in with them.

    Raises InvalidInputError ``sign_in.totp_wrong`` or ``sign_in.no_password``, and
    NotFoundError ``sign_in.no_invitation``.
    """
    await _check_source(own, code, source, now)
    async with own.database.transaction() as connection:
        row = await _invitation(connection, code, now)
        secrets = open_secrets(own, row)
        if secrets is None or row.data_key_id is None:
            raise InvalidInputError(
                "sign_in.no_password",
                "No password was chosen with this invitation yet.",
                where="code",
                remedy="Choose a password first.",
            )
        step = step_of(secrets.totp, totp, now)
        if step is None:
            raise InvalidInputError(
                "sign_in.totp_wrong",
                "This is not the code that the app shows now.",
                where="totp",
                remedy="Type the next code; let the telephone set its clock by itself.",
            )
        before = await sign_in_store.credential_of(connection, row.pseudonym)
        await sign_in_store.use_invitation(connection, row.pseudonym)
        await sign_in_store.drop_credential(connection, row.pseudonym)
        await session_store.end_sessions_of(connection, row.pseudonym)
        await sign_in_store.keep_credential(
            connection,
            CredentialRow(
                pseudonym=row.pseudonym,
                user_handle=row.user_handle,
                totp_step=step,
                language=before.language if before else "",
                enrolled_at=now,
                data_key_id=row.data_key_id,
                nonce=row.nonce or b"",
                sealed=row.sealed or b"",
                epoch=row.epoch or 0,
                wrapped=row.wrapped or b"",
            ),
        )
        await _note(connection, row.pseudonym, SignInEvent.ENROLLED, now)
    return row.pseudonym


async def _check_source(own: OwnMember, code: str, source: str, now: datetime) -> None:
    """A code that opens nothing counts as a failure of where it came from."""
    tried = await count_try(own, "", source, now)
    try:
        async with own.database.transaction() as connection:
            await _invitation(connection, code, now)
            await forgive(connection, tried, now)
    except (InvalidInputError, NotFoundError):
        await failed(own, tried, "", now)
        raise


async def _invitation(
    connection: Connection, code: str, now: datetime
) -> InvitationRow:
    row = await sign_in_store.invitation_by_code(connection, code_hash(code))
    if row is None or now >= row.expires_at or not row.active:
        raise NotFoundError(
            "sign_in.no_invitation",
            "This code opens no invitation: it was used, has ended, waits for a second"
            " person, or never was.",
            where="code",
            remedy="Ask the administrator whether it was confirmed, or for a new one.",
        )
    return row


async def _note(
    connection: Connection,
    officer: str,
    what: SignInEvent,
    now: datetime,
    done_by: str = "",
) -> None:
    await sign_in_store.note(connection, officer, what.value, now, done_by=done_by)


def code_hash(code: str) -> bytes:
    """What is kept of a code; raises InvalidInputError for what is none."""
    return hashlib.sha256(parse_code(code).encode()).digest()
