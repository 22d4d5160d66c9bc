"""An extract of the log: some entries, each with what proves it by itself.

For whoever has to show a court what stands in the ledger about one case and about
no other. Promises the leaves with their openings and their paths to one signed head,
every adoption of a directory (by these a key is judged), the sealed envelopes and
what other members proved about them. Nothing in it says anything about a person, and
that no entry was left out is proved by the whole log only. Leaves the judgement to
the verifier.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from datetime import datetime

from services.node.domain.concerns import MOST_EXTRACTED, EntryKind
from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.domain.identifiers import parse_alias
from services.node.flows.entries import list_entries, unknown_entry
from services.node.flows.export import (
    identity_of,
    opened_leaf,
    received_envelope,
    sent_envelope,
)
from services.node.flows.own import OwnMember
from services.node.ledger.merkle import inclusion_path, needed_for_inclusion, reader
from services.node.store import directory as directory_store
from services.node.store import entries as entry_store
from services.node.store import exchange as exchange_store
from services.node.store import ledger as ledger_store
from services.node.store.entries import EntryFilter, EntryRow
from services.node.store.pool import Connection
from services.node.store.rows import HeadRow, LoggedRow
from services.node.wire.audit import (
    DirectoryEntry,
    ExtractIdentity,
    LogHead,
    LogItem,
    ProvedLeaf,
)

_ADOPTIONS = 10_000
_ENVELOPES_AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class ExtractAsked:
    """Entries of a code or of these numbers; of one unit's cases where it is named."""

    code: str
    indexes: tuple[int, ...] = ()
    unit: str = ""


async def extract_log(
    own: OwnMember, head: HeadRow, asked: ExtractAsked, now: datetime
) -> AsyncGenerator[LogItem, None]:
    """The items of the extract in the contract's order, under ``head``.

    ``now`` is on the wire clock. Raises InvalidInputError ``extract.unnamed``
    and ``extract.too_long``, NotFoundError ``ledger.unknown_entry`` and
    ``extract.nothing``.
    """
    rows = await _chosen(own, head, asked)
    adopted = await _adoptions(own, head)
    every = {each.index: each for each in (*adopted, *rows)}
    async with own.database.connection() as connection:
        identity = await identity_of(own, connection)
        directory = await directory_store.directory_leaves(connection)
        in_order = [every[index] for index in sorted(every)]
        proved = await _proved(own, connection, head, in_order)
    yield ExtractIdentity(identity, asked.code, now)
    for leaf in directory:
        yield DirectoryEntry(leaf)
    for each in proved:
        yield each
    subjects = [row.subject for row in rows]
    for some in _parts(subjects):
        async with own.database.connection() as connection:
            sent = await exchange_store.sent_among(connection, some)
        for sent_row in sent:
            yield sent_envelope(sent_row)
    for some in _parts(subjects):
        async with own.database.connection() as connection:
            received = await exchange_store.received_among(connection, some)
        for received_row in received:
            yield received_envelope(received_row)
    yield LogHead(head.origin, head.size, head.root, head.checkpoint)


async def _chosen(own: OwnMember, head: HeadRow, asked: ExtractAsked) -> list[EntryRow]:
    if bool(asked.code) == bool(asked.indexes):
        raise InvalidInputError(
            "extract.unnamed",
            "An extract is of one code, or of entries by their numbers.",
            where="code",
            remedy="Name the code of a case or referral, or numbers of entries.",
        )
    if len(asked.indexes) > MOST_EXTRACTED:
        raise _too_long()
    if asked.indexes:
        return await _numbered(own, head, sorted(set(asked.indexes)))
    wanted = EntryFilter(
        code=parse_alias(asked.code),
        kind="",
        member="",
        since=None,
        until=None,
        before=head.size,
        unit=asked.unit,
        own=own.name,
    )
    rows = await list_entries(own, head, wanted, MOST_EXTRACTED + 1)
    if len(rows) > MOST_EXTRACTED:
        raise _too_long()
    if not rows:
        raise NotFoundError(
            "extract.nothing",
            "The ledger has no entry of this code that you may extract.",
            where="code",
            remedy="Look for the code in the list of entries first.",
        )
    return rows


async def _numbered(
    own: OwnMember, head: HeadRow, indexes: list[int]
) -> list[EntryRow]:
    if indexes[-1] >= head.size:
        raise unknown_entry()
    await entry_store.file_entries(own.database, head.size)
    async with own.database.connection() as connection:
        rows = await entry_store.entries_at(connection, indexes)
    if len(rows) < len(indexes):
        raise unknown_entry()
    return rows


async def _adoptions(own: OwnMember, head: HeadRow) -> list[EntryRow]:
    kind = EntryKind.DIRECTORY_ADOPTED.value
    wanted = EntryFilter("", kind, "", None, None, head.size)
    return await list_entries(own, head, wanted, _ADOPTIONS)


async def _proved(
    own: OwnMember, connection: Connection, head: HeadRow, rows: list[EntryRow]
) -> list[ProvedLeaf]:
    """Two queries whatever their number."""
    subjects = [each.subject for each in rows]
    logged = await ledger_store.read_logged(connection, subjects)
    wanted: set[tuple[int, int]] = set()
    for row in rows:
        wanted |= needed_for_inclusion(row.index, head.size)
    read = reader(await ledger_store.read_nodes(connection, wanted))
    return [
        ProvedLeaf(
            opened_leaf(own, logged.get(row.subject) or _unopened(row)),
            inclusion_path(row.index, head.size, read),
        )
        for row in rows
    ]


def _unopened(row: EntryRow) -> LoggedRow:
    """A leaf for which nothing is sealed: that of a directory."""
    return LoggedRow(row.index, row.leaf, row.subject, *(None,) * 7)


def _parts(subjects: list[bytes]) -> Iterator[list[bytes]]:
    for start in range(0, len(subjects), _ENVELOPES_AT_ONCE):
        yield subjects[start : start + _ENVELOPES_AT_ONCE]


def _too_long() -> InvalidInputError:
    return InvalidInputError(
        "extract.too_long",
        f"An extract has {MOST_EXTRACTED} entries at most.",
        where="code",
        remedy="Take one referral of the case at a time, or name entries.",
    )
