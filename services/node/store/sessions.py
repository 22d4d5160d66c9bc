"""Sessions and passkeys of officers; tokens are known by their SHA-256 only."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import execute, fetch, fetch_one


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session with its officer as the node knows them now."""

    token_hash: bytes
    pseudonym: str
    method: str
    signed_in_at: datetime
    last_seen: datetime
    locked_at: datetime | None
    wrong_proofs: int
    reauthenticated_at: datetime
    role: str
    unit: str
    active: bool
    language: str


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """A challenge that was taken; ``token_hash`` is the session that asked."""

    challenge: bytes
    token_hash: bytes | None
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey; what its officer calls it is sealed."""

    credential_id: bytes
    pseudonym: str
    public_key: bytes
    sign_count: int
    added_at: datetime
    used_at: datetime | None
    nonce: bytes
    sealed: bytes = field(repr=False)


async def insert_session(
    connection: Connection, token_hash: bytes, officer: str, method: str, at: datetime
) -> None:
    """Begin a session."""
    await execute(connection, "insert_session", token_hash, officer, method, at)


async def session_by_token(
    connection: Connection, token_hash: bytes
) -> SessionRow | None:
    """The session of a token, whatever it is in."""
    return await fetch_one(connection, "session_by_token", SessionRow, token_hash)


async def touch_session(
    connection: Connection, token_hash: bytes, at: datetime
) -> None:
    """Note that somebody acts in it."""
    await execute(connection, "touch_session", token_hash, at)


async def lock_session(connection: Connection, token_hash: bytes, at: datetime) -> None:
    """Lock it; one that is locked stays as it is."""
    await execute(connection, "lock_session", token_hash, at)


async def count_proof(connection: Connection, token_hash: bytes) -> int:
    """Which proof in a row this is; 0 for a session that is gone."""
    counted: int | None = await connection.fetchval(query("count_proof"), token_hash)
    return counted or 0


async def prove_session(
    connection: Connection, token_hash: bytes, at: datetime
) -> None:
    """It is open, and its officer proved."""
    await execute(connection, "prove_session", token_hash, at)


async def end_session(connection: Connection, token_hash: bytes) -> None:
    """End it."""
    await execute(connection, "end_session", token_hash)


async def end_sessions_of(
    connection: Connection, officer: str, but: bytes = b""
) -> int:
    """End every session of an officer but one; how many there were."""
    tag = await execute(connection, "end_sessions_of", officer, but)
    return int(tag.split()[-1])


async def end_old_sessions(connection: Connection, before: datetime) -> None:
    """Drop what began before an instant and is over anyhow."""
    await execute(connection, "end_old_sessions", before)


async def insert_challenge(
    connection: Connection, row: ChallengeRow, now: datetime
) -> None:
    """Write a challenge; those that ran out go."""
    await execute(connection, "drop_old_challenges", now)
    await execute(
        connection, "insert_challenge", row.challenge, row.token_hash, row.expires_at
    )


async def take_challenge(
    connection: Connection, challenge: bytes
) -> ChallengeRow | None:
    """The challenge, for the one who comes first."""
    return await fetch_one(connection, "take_challenge", ChallengeRow, challenge)


async def insert_passkey(connection: Connection, row: PasskeyRow) -> None:
    """Write a new passkey."""
    await execute(
        connection,
        "insert_passkey",
        row.credential_id,
        row.pseudonym,
        row.public_key,
        row.sign_count,
        row.added_at,
        row.nonce,
        row.sealed,
    )


async def passkey_by_id(
    connection: Connection, credential_id: bytes
) -> PasskeyRow | None:
    """One passkey; others wait until this transaction ends."""
    return await fetch_one(connection, "passkey_by_id", PasskeyRow, credential_id)


async def passkeys_of(connection: Connection, officer: str) -> list[PasskeyRow]:
    """The passkeys of an officer, oldest first."""
    return await fetch(connection, "passkeys_of", PasskeyRow, officer)


async def use_passkey(
    connection: Connection, credential_id: bytes, sign_count: int, at: datetime
) -> None:
    """Note that it was used."""
    await execute(connection, "use_passkey", credential_id, sign_count, at)


async def drop_passkey(
    connection: Connection, officer: str, credential_id: bytes
) -> bool:
    """Whether the officer had it; it is gone."""
    tag = await execute(connection, "drop_passkey", officer, credential_id)
    return tag == "DELETE 1"


async def drop_passkeys_of(connection: Connection, officer: str) -> None:
    """Drop every passkey of an officer."""
    await execute(connection, "drop_passkeys_of", officer)
