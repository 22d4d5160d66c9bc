"""The whole log of this node for its auditor, as it stood at one instant.

Promises: every row of the ledger's tables and every envelope is carried as
stored, with leaves opened. A sealed opening that does not open is said to be
unreadable, for finding such rows is what an audit is for. Leaves every judgement
to the verifier. One page of rows is in memory at a time.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator

from services.node.domain.errors import RelaisError, UnavailableError
from services.node.flows.leaves import link_opening, meta_opening, pers_opening
from services.node.flows.own import OwnMember
from services.node.flows.vault import DataKey
from services.node.ledger.evidence import Opening
from services.node.store import directory as directory_store
from services.node.store import exchange as exchange_store
from services.node.store import ledger as ledger_store
from services.node.store.pool import Connection
from services.node.store.rows import LoggedRow, ReceivedPageRow, SentPageRow
from services.node.store.snapshot import snapshot
from services.node.wire.audit import (
    LOG_VERSION,
    DirectoryEntry,
    LoggedLeaf,
    LogHead,
    LogIdentity,
    LogItem,
    OpenedCommitment,
    OpeningState,
    ReceivedEnvelope,
    SentEnvelope,
    StoredCheckpoint,
    StoredEnvelope,
    StoredNode,
)


async def export_log(own: OwnMember) -> AsyncGenerator[LogItem, None]:
    """The items of the log in the contract's order.

    Close the iterator if it is left early: it holds a snapshot of the database.
    Raises UnavailableError if the database is away or the ledger not founded.
    """
    async with snapshot(own.database) as database:
        async with database.connection() as connection:
            head = await ledger_store.read_head(connection)
            yield await identity_of(own, connection)
            for leaf in await directory_store.directory_leaves(connection):
                yield DirectoryEntry(leaf)
        async for row in ledger_store.all_leaves(database):
            yield opened_leaf(own, row)
        async for level, index, digest in ledger_store.all_nodes(database):
            yield StoredNode(level, index, digest)
        async for size, note in ledger_store.all_checkpoints(database):
            yield StoredCheckpoint(size, note)
        async for sent in exchange_store.all_sent(database):
            yield sent_envelope(sent)
        async for received in exchange_store.all_received(database):
            yield received_envelope(received)
    yield LogHead(head.origin, head.size, head.root, head.checkpoint)


async def identity_of(own: OwnMember, connection: Connection) -> LogIdentity:
    """Whose log it is; raises UnavailableError ``directory.none_adopted``."""
    head = await directory_store.newest_directory_head(connection)
    if head is None:
        raise UnavailableError(
            "directory.none_adopted",
            "This node has not adopted a directory yet.",
            remedy="Start the node once with its directory.",
        )
    return LogIdentity(
        version=LOG_VERSION,
        network=own.network,
        member=own.name,
        directory_checkpoint=head.checkpoint,
        directory_size=head.size,
        directory_root=head.root,
    )


def opened_leaf(own: OwnMember, row: LoggedRow) -> LoggedLeaf:
    """A leaf as stored, with whatever of it opens."""
    meta, link, public_state = _public(own, row)
    pers, pers_state = _pers(own, row)
    return LoggedLeaf(
        index=row.index,
        leaf=row.leaf,
        subject=row.subject,
        meta=meta,
        pers=pers,
        link=link,
        public_state=public_state,
        pers_state=pers_state,
    )


def _public(
    own: OwnMember, row: LoggedRow
) -> tuple[OpenedCommitment | None, OpenedCommitment | None, OpeningState]:
    if row.public_sealed is None:
        return None, None, OpeningState.ABSENT
    try:
        meta = _given(meta_opening(own.audit_key, row))
        link = _given(link_opening(own.audit_key, row))
    except RelaisError:
        return None, None, OpeningState.UNREADABLE
    return meta, link, OpeningState.OPENED


def _pers(
    own: OwnMember, row: LoggedRow
) -> tuple[OpenedCommitment | None, OpeningState]:
    if row.pers_sealed is None:
        return None, OpeningState.ABSENT
    if row.data_key_id is not None and row.wrapped is None:
        return None, OpeningState.ERASED
    try:
        opened = _given(pers_opening(_key(own, row), row))
    except RelaisError:
        return None, OpeningState.UNREADABLE
    return opened, OpeningState.OPENED


def _key(own: OwnMember, row: LoggedRow) -> DataKey:
    """The key of the case or referral, or the audit key where there is none."""
    if row.data_key_id is None or row.epoch is None or row.wrapped is None:
        return own.audit_key
    return own.vault.open_key(row.data_key_id, row.epoch, row.wrapped)


def _given(opening: Opening) -> OpenedCommitment:
    return OpenedCommitment(opening.salt, opening.value)


def sent_envelope(row: SentPageRow) -> SentEnvelope:
    """An envelope sent, as stored."""
    return SentEnvelope(
        recipient=row.recipient,
        envelope=StoredEnvelope(row.header, row.stanza, row.ciphertext),
        digest=row.digest,
        envelope_id=row.envelope_id,
        event_id=row.event_id,
        receipt=row.receipt or b"",
        receipt_index=row.receipt_index or 0,
        state=row.state,
    )


def received_envelope(row: ReceivedPageRow) -> ReceivedEnvelope:
    """An envelope received, as stored."""
    return ReceivedEnvelope(
        sender=row.sender,
        envelope=StoredEnvelope(row.header, row.stanza, row.ciphertext),
        digest=row.digest,
        envelope_id=row.envelope_id,
        event_id=row.event_id or b"",
        evidence=row.evidence,
        outcome=row.outcome,
        code=row.code,
    )
