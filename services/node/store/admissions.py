"""Admissions: what one asked for and a second person has yet to confirm.

Codes and keys are known by their SHA-256 only. Instants are on the wire clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.rows import execute, fetch, fetch_one


@dataclass(frozen=True, slots=True)
class AdmissionRow:
    """What was asked for; role and unit are empty where the officer's own count."""

    admission_id: bytes
    kind: str
    officer: str
    asked_by: str
    asked_at: datetime
    ends_at: datetime
    role: str = ""
    unit: str = ""
    name: str = ""
    scopes: list[str] = field(default_factory=list)
    key_hash: bytes | None = field(default=None, repr=False)
    spki: bytes | None = None
    expires_at: datetime | None = None
    looks: str = ""
    answer: str | None = None
    answered_at: datetime | None = None


async def insert_admission(connection: Connection, row: AdmissionRow) -> None:
    """Write one that waits."""
    await execute(
        connection,
        "insert_admission",
        row.admission_id,
        row.kind,
        row.officer,
        row.role,
        row.unit,
        row.name,
        row.scopes,
        row.key_hash,
        row.spki,
        row.expires_at,
        row.asked_by,
        row.asked_at,
        row.ends_at,
        row.looks,
    )


async def admissions_waiting(
    connection: Connection, now: datetime, limit: int
) -> list[AdmissionRow]:
    """What waits for an answer, the oldest first."""
    return await fetch(connection, "admissions_waiting", AdmissionRow, now, limit)


async def admission_by_id(
    connection: Connection, admission_id: bytes
) -> AdmissionRow | None:
    """One with its answer, locked to the end of the transaction."""
    return await fetch_one(connection, "admission", AdmissionRow, admission_id)


async def newest_sheet(
    connection: Connection, officer: str, looks: str
) -> AdmissionRow | None:
    """What an auditor last asked for of exactly these looks, with its answer."""
    return await fetch_one(connection, "newest_sheet", AdmissionRow, officer, looks)


async def answer_admission(
    connection: Connection, admission_id: bytes, answer: str, by: str, at: datetime
) -> None:
    """Keep the answer; whoever calls holds its lock."""
    await execute(connection, "answer_admission", admission_id, answer, by, at)


async def withdraw_admissions(
    connection: Connection, officer: str, kinds: list[str], by: str, at: datetime
) -> None:
    """What waits of these kinds for an officer waits no longer."""
    await execute(connection, "withdraw_admissions", officer, kinds, by, at)
