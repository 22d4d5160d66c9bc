"""Who looked at what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from services.node.domain.access import Unusual
from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import fetch


@dataclass(frozen=True, slots=True)
class NewAccess:
    """A look to write; the reason is sealed, or there is none."""

    access_id: bytes
    officer: str
    role: str
    unit: str
    listener: str
    what: str
    case_pseudonym: str
    subject_id: bytes
    outcome: str
    at: datetime
    nonce: bytes | None
    sealed: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class AccessRow:
    """A look as it stands."""

    number: int
    access_id: bytes
    officer: str
    role: str
    unit: str
    listener: str
    what: str
    case_pseudonym: str
    subject_id: bytes
    outcome: str
    at: datetime
    nonce: bytes | None
    sealed: bytes | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class PruningRow:
    """A run in which looks were deleted; ``chain_before`` is None at the first."""

    number: int
    first_number: int
    last_number: int
    looks: int
    oldest_at: datetime
    newest_at: datetime
    pruned_at: datetime
    digest: bytes
    chain: bytes
    chain_before: bytes | None


async def insert_access(connection: Connection, row: NewAccess) -> int:
    """Write a look; its number."""
    number: int = await connection.fetchval(query("insert_access"), *_columns(row))
    return number


async def insert_looks(connection: Connection, rows: Sequence[NewAccess]) -> None:
    """Write several looks together."""
    await connection.executemany(
        query("insert_access"), [_columns(row) for row in rows]
    )


def _columns(row: NewAccess) -> tuple[Any, ...]:
    return tuple(getattr(row, each.name) for each in fields(NewAccess))


@dataclass(frozen=True, slots=True)
class LookFilter:
    """Which looks: whatever is empty is no condition; ``before`` a number."""

    case: str
    officer: str
    refused: bool
    since: datetime | None
    until: datetime | None
    before: int


async def looks(
    connection: Connection, wanted: LookFilter, limit: int
) -> list[AccessRow]:
    """Looks, the newest first."""
    first = await _number_since(connection, wanted.since, 0, wanted.before)
    end = await _number_since(connection, wanted.until, wanted.before, wanted.before)
    name, arguments = _page(wanted)
    records = await connection.fetch(query(name), *arguments, first, end, limit)
    return [AccessRow(**dict(record)) for record in records]


async def prune_looks(connection: Connection, older_than: datetime, most: int) -> int:
    """Delete the oldest looks that are too old; how many went."""
    gone: int = await connection.fetchval(query("prune_looks"), older_than, most)
    return gone


async def list_prunings(connection: Connection, limit: int) -> list[PruningRow]:
    """When looks were deleted because they were too old, the newest first."""
    return await fetch(connection, "list_prunings", PruningRow, limit)


@dataclass(frozen=True, slots=True)
class UnusualRow:
    """An officer's looks on one day; ``day`` is its midnight in Viet Nam."""

    officer: str
    role: str
    unit: str
    day: datetime
    cases: int
    at_night: int
    refused: int


async def unusual_days(
    connection: Connection, since: datetime, most: Unusual, limit: int
) -> list[UnusualRow]:
    """Days on which somebody looked at more than ``most``, the newest first."""
    return await fetch(
        connection,
        "unusual_days",
        UnusualRow,
        since,
        most.cases,
        most.at_night,
        most.refused,
        limit,
    )


async def _number_since(
    connection: Connection, instant: datetime | None, otherwise: int, beyond: int
) -> int:
    """The number of the first look at an instant or later; ``beyond`` if none is."""
    if instant is None:
        return otherwise
    number = await connection.fetchval(query("access_since"), instant)
    return beyond if number is None else min(int(number), beyond)


def _page(wanted: LookFilter) -> tuple[str, tuple[object, ...]]:
    """The query whose index fits what is asked for, and its first arguments."""
    if wanted.case:
        return "access_to_case", (wanted.case, wanted.officer, wanted.refused)
    if wanted.officer:
        return "access_by_officer", (wanted.officer, wanted.refused)
    return ("access_refused" if wanted.refused else "access_newest"), ()


async def units_of_case(
    connection: Connection, case: str, member: str
) -> frozenset[str]:
    """The units of this member that acted in a case."""
    records = await connection.fetch(query("units_of_case"), case, member)
    return frozenset(record["unit"] for record in records)


async def units_of_referral(
    connection: Connection, referral_id: bytes, member: str
) -> frozenset[str]:
    """The units of this member that acted in a referral or in its case."""
    records = await connection.fetch(query("units_of_referral"), referral_id, member)
    return frozenset(record["unit"] for record in records)
