"""Tries to sign in, counted before they are looked at.

Promises that tries made at once wait for one another, that a try which succeeds
counts for nothing, and that a lockout is kept and told the log without a name.
Subjects are kept as SHA-256: what was typed as a pseudonym, and where from, is
readable nowhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from services.node.domain.sign_in import SignInEvent, Tries, after_try, check_tries
from services.node.flows.own import OwnMember
from services.node.store import sign_in as sign_in_store
from services.node.store.pool import Connection
from services.node.store.sign_in import TriesRow

_KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Try:
    """One try that was counted; ``locking`` names what it locks if it fails."""

    officer: str
    subjects: dict[str, bytes]
    locking: tuple[str, ...]


async def count_try(own: OwnMember, pseudonym: str, source: str, now: datetime) -> Try:
    """Count a try; an empty pseudonym or source is none.

    Raises NotPermittedError ``sign_in.wait`` if it comes too early.
    """
    named = {"officer": pseudonym, "source": source}
    subjects = {kind: _subject(kind, text) for kind, text in named.items() if text}
    locking = []
    async with own.database.transaction() as connection:
        found = {
            kind: await _tries(connection, subject)
            for kind, subject in subjects.items()
        }
        for kind, tries in found.items():
            check_tries(tries, kind, now)
        for kind, subject in subjects.items():
            counted = after_try(found[kind], kind, now)
            if counted.locked_until is not None:
                locking.append(kind)
            await _keep(connection, subject, counted)
    return Try(pseudonym, subjects, tuple(locking))


async def forgive(connection: Connection, tried: Try, now: datetime) -> None:
    """The try succeeded: its officer begins anew, its source had one try less."""
    officer = [tried.subjects[each] for each in tried.subjects if each == "officer"]
    await sign_in_store.forget_tries(connection, officer, now - _KEPT)
    if "source" in tried.subjects:
        subject = tried.subjects["source"]
        tries = await _tries(connection, subject)
        if tries is not None:
            fewer = Tries(max(tries.failures - 1, 0), tries.last_at)
            await _keep(connection, subject, fewer)


async def failed(
    own: OwnMember, tried: Try, officer: str, now: datetime, method: str = ""
) -> None:
    """The try failed: kept, and alarmed if it was the one too many.

    ``officer`` is empty if nobody has the pseudonym that was tried.
    """
    async with own.database.transaction() as connection:
        what = SignInEvent.FAILED.value
        await sign_in_store.note(connection, officer, what, now, method=method)
        for kind in tried.locking:
            await sign_in_store.note(
                connection,
                officer if kind == "officer" else "",
                SignInEvent.LOCKED_OUT.value,
                now,
                method=method,
            )
    for kind in tried.locking:
        structlog.get_logger().warning("sign_in.locked_out", subject=kind)


async def _tries(connection: Connection, subject: bytes) -> Tries | None:
    row = await sign_in_store.locked_tries(connection, subject)
    return None if row is None else Tries(row.failures, row.last_at, row.locked_until)


async def _keep(connection: Connection, subject: bytes, tries: Tries) -> None:
    row = TriesRow(tries.failures, tries.last_at, tries.locked_until)
    await sign_in_store.keep_tries(connection, subject, row)


def _subject(kind: str, text: str) -> bytes:
    return hashlib.sha256(f"{kind}\0{text}".encode()).digest()
