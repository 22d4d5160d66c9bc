"""The ledger as an auditor looks through it: a reading copy, filed after it.

The copy holds what an index is made of and nothing that the ledger's own tables and
events do not say; it can be filed anew from them at any time. Pages are found in it
by one index each, and what they show is looked up by index.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection, Database
from services.node.store.queries import query
from services.node.store.rows import execute, fetch

_FILED_AT_ONCE = 2000
_PROOFS_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class EntryRow:
    """What a list shows of an entry; ``recorded_at`` is None where nobody acted."""

    index: int
    kind: str
    member: str
    leaf: bytes
    subject: bytes
    recorded_at: datetime | None
    role: str
    policy_version: str
    code: str
    sent: bool
    taken: str
    delivery: str
    refusal_code: str


@dataclass(frozen=True, slots=True)
class GivenProofRow:
    """Another member's evidence about an entry; None while it is missing."""

    digest: bytes
    member: str
    index: int | None
    evidence: bytes | None
    receipt: bool


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """An event and where it stands in this ledger; None where it has no leaf."""

    step: str
    happened_at: datetime
    index: int | None


@dataclass(frozen=True, slots=True)
class HeldProofRow:
    """The same for one of many: ``own_index`` is the entry here that it is about."""

    digest: bytes
    member: str
    own_index: int
    index: int | None
    evidence: bytes | None
    receipt: bool


@dataclass(frozen=True, slots=True)
class EntryFilter:
    """Which entries: whatever is empty is no condition; ``before`` an index.

    ``unit`` is one of this member, ``own``: entries of the cases and referrals that it
    acted in.
    """

    code: str
    kind: str
    member: str
    since: datetime | None
    until: datetime | None
    before: int
    role: str = ""
    unit: str = ""
    own: str = ""


async def file_entries(database: Database, size: int) -> None:
    """File every entry below ``size``, a transaction a page."""
    while True:
        async with database.connection() as connection:
            newest = await connection.fetchval(query("last_filed"))
            if newest is not None and newest >= size - 1:
                return
            tag = await execute(connection, "file_entries", _FILED_AT_ONCE)
            if tag == "INSERT 0 0" and newest == await connection.fetchval(
                query("last_filed")
            ):
                return


async def entries(
    connection: Connection, wanted: EntryFilter, limit: int
) -> list[EntryRow]:
    """A page of entries, the newest first."""
    first = await _filed_since(connection, wanted.since, 0, wanted.before)
    end = await _filed_since(connection, wanted.until, wanted.before, wanted.before)
    name, arguments = _page(wanted)
    records = await connection.fetch(query(name), *arguments, first, end, limit)
    return await entries_at(connection, [record["index"] for record in records])


async def entries_at(connection: Connection, indexes: list[int]) -> list[EntryRow]:
    """Entries by index, the newest first."""
    return await fetch(connection, "entries_at", EntryRow, indexes)


async def proofs_of(
    connection: Connection, subjects: list[bytes]
) -> list[GivenProofRow]:
    """The receipts for what was sent, the senders' proofs for what was received."""
    return await fetch(connection, "proofs_of", GivenProofRow, subjects)


async def places_of_case(
    connection: Connection, case_id: bytes, limit: int
) -> list[PlaceRow]:
    """Where the newest events of a case stand, those that stand nowhere first."""
    return await fetch(connection, "places_of_case", PlaceRow, case_id, limit)


async def held_receipts(database: Database) -> AsyncGenerator[list[HeldProofRow], None]:
    """Everything sent with its receipt or None, a page at a time."""
    after = b""
    while True:
        async with database.connection() as connection:
            rows = await fetch(
                connection, "page_receipts", HeldProofRow, after, _PROOFS_AT_ONCE
            )
        if rows:
            yield rows
        if len(rows) < _PROOFS_AT_ONCE:
            return
        after = rows[-1].digest


async def held_evidence(database: Database) -> AsyncGenerator[list[HeldProofRow], None]:
    """Everything received with its sender's proof, a page at a time."""
    after = b""
    while True:
        async with database.connection() as connection:
            rows = await fetch(
                connection, "page_evidence", HeldProofRow, after, _PROOFS_AT_ONCE
            )
        if rows:
            yield rows
        if len(rows) < _PROOFS_AT_ONCE:
            return
        after = rows[-1].digest


async def leaf_bytes(connection: Connection, first: int, limit: int) -> list[bytes]:
    """Leaves in order, from an index on."""
    records = await connection.fetch(query("page_leaf_bytes"), first, limit)
    return [record["leaf"] for record in records]


async def _filed_since(
    connection: Connection, instant: datetime | None, otherwise: int, beyond: int
) -> int:
    """The first index filed at an instant or later; ``beyond`` if none is."""
    if instant is None:
        return otherwise
    index = await connection.fetchval(query("first_filed_since"), instant)
    return beyond if index is None else min(int(index), beyond)


def _page(wanted: EntryFilter) -> tuple[str, tuple[str, ...]]:
    """The query whose index fits what is asked for, and its first arguments."""
    if wanted.role or wanted.unit:
        return "entries_sifted", (
            wanted.code,
            wanted.kind,
            wanted.member,
            wanted.role,
            wanted.unit,
            wanted.own,
        )
    if wanted.code:
        return "entries_of_code", (wanted.code, wanted.kind, wanted.member)
    if wanted.kind and wanted.member:
        return "entries_of_both", (wanted.kind, wanted.member)
    if wanted.kind:
        return "entries_of_kind", (wanted.kind,)
    if wanted.member:
        return "entries_of_member", (wanted.member,)
    return "entries_newest", ()
