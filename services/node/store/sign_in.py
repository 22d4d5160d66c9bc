"""What officers sign in with, their invitations, tries, and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import DataKeyRow, execute, fetch, fetch_one


@dataclass(frozen=True, slots=True)
class TriesRow:
    """Tries of one subject that failed."""

    failures: int
    last_at: datetime
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class CredentialRow:
    """What an officer signs in with, sealed, and the wrapped key that opens it."""

    pseudonym: str
    user_handle: bytes
    totp_step: int
    language: str
    enrolled_at: datetime
    data_key_id: bytes
    nonce: bytes
    sealed: bytes = field(repr=False)
    epoch: int
    wrapped: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An open invitation with its officer; sealed once a password was chosen."""

    pseudonym: str
    code_hash: bytes
    user_handle: bytes
    expires_at: datetime
    data_key_id: bytes | None
    nonce: bytes | None
    sealed: bytes | None = field(repr=False)
    epoch: int | None
    wrapped: bytes | None = field(repr=False)
    role: str
    unit: str
    active: bool


@dataclass(frozen=True, slots=True)
class SignInEventRow:
    """Something that happened around sign-in."""

    number: int
    officer: str
    what: str
    method: str
    done_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """When an officer signed in last, and how many tries failed since."""

    previous_at: datetime | None
    failures: int


async def locked_tries(connection: Connection, subject: bytes) -> TriesRow | None:
    """What failed of a subject; others wait until this transaction ends."""
    await execute(connection, "lock_subject", int.from_bytes(subject[:7], "big"))
    return await fetch_one(connection, "tries", TriesRow, subject)


async def keep_tries(connection: Connection, subject: bytes, tries: TriesRow) -> None:
    """Write what failed."""
    await execute(
        connection,
        "keep_tries",
        subject,
        tries.failures,
        tries.last_at,
        tries.locked_until,
    )


async def forget_tries(
    connection: Connection, subjects: Sequence[bytes], before: datetime
) -> None:
    """Drop those of the subjects, and whatever is older than ``before``."""
    await execute(connection, "forget_tries", list(subjects), before)


async def note(
    connection: Connection,
    officer: str,
    what: str,
    at: datetime,
    *,
    method: str = "",
    done_by: str = "",
) -> None:
    """Write what happened."""
    await execute(
        connection, "insert_sign_in_event", officer, what, method, done_by, at
    )


async def sign_in_events(
    connection: Connection, officer: str, before: int, limit: int
) -> list[SignInEventRow]:
    """The newest events first; of everybody for an empty ``officer``."""
    return await fetch(
        connection, "sign_in_events", SignInEventRow, officer, before, limit
    )


async def history(connection: Connection, officer: str) -> HistoryRow:
    """What came before a sign-in."""
    found = await fetch_one(connection, "sign_in_history", HistoryRow, officer)
    return found or HistoryRow(None, 0)


async def credential_of(connection: Connection, officer: str) -> CredentialRow | None:
    """What an officer signs in with."""
    return await fetch_one(connection, "credential", CredentialRow, officer)


async def keep_credential(connection: Connection, row: CredentialRow) -> None:
    """Write it in place of the one before; its key is written already."""
    await execute(
        connection,
        "keep_credential",
        row.pseudonym,
        row.user_handle,
        row.totp_step,
        row.language,
        row.enrolled_at,
        row.data_key_id,
        row.nonce,
        row.sealed,
    )


async def use_totp_step(connection: Connection, officer: str, step: int) -> bool:
    """Whether this step was not used before; it is now."""
    return await execute(connection, "use_totp_step", officer, step) == "UPDATE 1"


async def keep_language(connection: Connection, officer: str, language: str) -> None:
    """Keep the language in which an officer reads."""
    await execute(connection, "keep_language", officer, language)


async def drop_credential(connection: Connection, officer: str) -> None:
    """Drop it with its key."""
    dropped = await connection.fetchval(query("drop_credential"), officer)
    await _drop_key(connection, dropped)


async def keep_invitation(connection: Connection, row: InvitationRow) -> None:
    """Write it in place of the one before, whose key goes."""
    dropped = await connection.fetchval(query("drop_invitation"), row.pseudonym)
    if dropped != row.data_key_id:
        await _drop_key(connection, dropped)
    await execute(
        connection,
        "keep_invitation",
        row.pseudonym,
        row.code_hash,
        row.user_handle,
        row.expires_at,
        row.data_key_id,
        row.nonce,
        row.sealed,
    )


async def invitation_by_code(
    connection: Connection, code_hash: bytes
) -> InvitationRow | None:
    """The invitation that a code opens; others wait until this transaction ends."""
    return await fetch_one(connection, "invitation", InvitationRow, code_hash)


async def use_invitation(connection: Connection, officer: str) -> None:
    """Drop it; its key stays with the credential that it became."""
    await execute(connection, "drop_invitation", officer)


async def drop_invitation(connection: Connection, officer: str) -> None:
    """Drop it with its key."""
    dropped = await connection.fetchval(query("drop_invitation"), officer)
    await _drop_key(connection, dropped)


async def insert_key(connection: Connection, key: DataKeyRow) -> None:
    """Write a wrapped data key."""
    await execute(
        connection,
        "insert_data_key",
        key.key_id,
        key.owner,
        key.scope,
        key.epoch,
        key.wrapped,
    )


async def _drop_key(connection: Connection, key_id: bytes | None) -> None:
    if key_id is not None:
        await execute(connection, "drop_keys", [key_id])
