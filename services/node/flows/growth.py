"""Ledger heads between two members: each shows that its log only grew.

A checkpoint travels once per batch with a consistency proof from the last head
that the other saw, so every counterparty notices a fork. Whoever is told of a
head of its own ledger that it cannot extend has lost data and must stop.
"""

from __future__ import annotations

import structlog

from services.node.directory.state import Directory
from services.node.domain.errors import (
    RelaisError,
    UnavailableError,
    VerificationError,
)
from services.node.flows.exchange import NO_HEAD, Growth, KnownHead
from services.node.flows.own import OwnMember
from services.node.ledger.checkpoint import Checkpoint, verify_checkpoint
from services.node.ledger.merkle import (
    consistency_path,
    needed_for_consistency,
    nodes_for_root,
    reader,
    root_from,
)
from services.node.ledger.proof import verify_consistency
from services.node.store import directory as directory_store
from services.node.store import ledger as ledger_store
from services.node.store.pool import Connection
from services.node.store.rows import HeadRow, PeerHeadRow


class BehindPeerError(VerificationError):
    """A peer proved that this database is older than what it has published.

    Raised here only, and never for what a peer says: a node stops on it.
    """


#: The code on which a batch is sent again with a proof from another head.
GROWTH_MISSING = "ledger.growth_missing"


async def known_head(connection: Connection, member: str) -> KnownHead:
    """The newest head of ``member``'s ledger that this node has verified."""
    row = await directory_store.peer_head(connection, member)
    return NO_HEAD if row is None else KnownHead(row.size, row.root, row.checkpoint)


async def own_growth(
    own: OwnMember, connection: Connection, head: HeadRow, seen: KnownHead
) -> Growth:
    """Our newest checkpoint with the proof that it extends what the other saw.

    Raises VerificationError ``ledger.behind_peer`` if the other proves to have
    seen a head that this ledger cannot extend: this database is older than what
    it has published. A head that we never signed is ``peer.false_head``.
    """
    if seen.size == 0:
        return Growth(head.checkpoint, 0, ())
    if seen.size > head.size:
        raise _behind(own, head, seen)
    wanted = needed_for_consistency(seen.size, head.size) | set(
        nodes_for_root(seen.size)
    )
    read = reader(await ledger_store.read_nodes(connection, wanted))
    if root_from(seen.size, read) != seen.root:
        raise _behind(own, head, seen)
    path = consistency_path(seen.size, head.size, read)
    return Growth(head.checkpoint, seen.size, path)


async def accept_growth(own: OwnMember, member: str, growth: Growth) -> Checkpoint:
    """Verify a peer's checkpoint and that it extends the newest head we know.

    Keeps the new head, in a transaction of its own: two histories that arrive at
    the same time are compared one after the other. Heads that contradict each other
    are kept as evidence, and the one that was known stays.

    Raises VerificationError for a bad signature (``keys.bad_signature``,
    ``ledger.unsigned_note``) or a fork (``ledger.fork``, ``ledger.bad_consistency``).
    """
    checkpoint = verify_member_checkpoint(
        own.adopted.directory, own.network, member, growth.checkpoint
    )
    shown = PeerHeadRow(member, checkpoint.size, checkpoint.root, growth.checkpoint)
    contradicted: VerificationError | None = None
    async with own.database.transaction() as connection:
        await directory_store.lock_peer_head(connection, member)
        known = await directory_store.peer_head(connection, member)
        if known is not None:
            try:
                _check_extends(known, checkpoint, growth)
            except VerificationError as error:
                # The transaction ends well, so that the evidence stays.
                contradicted = error
                await _keep_evidence(connection, known, shown, error)
        if contradicted is None and (known is None or known.size < shown.size):
            await directory_store.keep_peer_head(connection, shown)
    if contradicted is not None:
        raise contradicted
    return checkpoint


async def _keep_evidence(
    connection: Connection,
    known: PeerHeadRow,
    shown: PeerHeadRow,
    error: VerificationError,
) -> None:
    """Both heads bear the member's signature; whoever holds both can show them."""
    if known.checkpoint == shown.checkpoint or known.root == shown.root:
        return
    if await directory_store.keep_contradiction(connection, known, shown, error.code):
        structlog.get_logger().error(
            "ledger.contradicted", peer=shown.member, code=error.code
        )


def verify_member_checkpoint(
    directory: Directory, network: str, member: str, raw: bytes
) -> Checkpoint:
    """A member's checkpoint, checked with its ledger keys by the directory."""
    keys = directory.ledger_keys_at(member, directory.size)
    return verify_checkpoint(raw, f"{network}/{member}", keys)


def _check_extends(known: PeerHeadRow, new: Checkpoint, growth: Growth) -> None:
    if growth.from_size == known.size and new.size >= known.size:
        verify_consistency(known.size, new.size, known.root, new.root, growth.path)
    elif new.size == known.size:
        if new.root != known.root:
            raise VerificationError(
                "ledger.fork", f"Two heads of size {new.size} have different roots."
            )
    else:
        # Batches of one ledger may cross on the wire, each right when it left.
        raise UnavailableError(
            GROWTH_MISSING,
            f"The proof leads from {growth.from_size} to {new.size}, the head known "
            f"is {known.size}.",
            remedy="Send again with a proof from the head named in the answer.",
        )


def _behind(own: OwnMember, head: HeadRow, seen: KnownHead) -> VerificationError:
    """Our own signature under the head decides whether the claim is true."""
    claimed = Checkpoint(own.origin, seen.size, seen.root)
    try:
        keys = [own.keys.ledger.public_raw]
        true = verify_checkpoint(seen.checkpoint, own.origin, keys) == claimed
    except RelaisError:
        true = False
    if not true:
        return VerificationError(
            "peer.false_head", "A peer names a head that this member never signed."
        )
    return BehindPeerError(
        "ledger.behind_peer",
        f"A peer holds this ledger's signed head of {seen.size} leaves; this database "
        f"has {head.size} and cannot extend it.",
        remedy="This node stops: its database is older than what it has published.",
    )
