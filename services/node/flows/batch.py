"""The batch is the transaction: every ready act, its leaf, and the signed head.

``write_batch`` takes plans that acts have decided. In one transaction it locks
the head, writes the events (whose numbers are the guards), then the rows and
leaves of those that got through, reads the leaves back, recomputes the root from
what the database holds, signs and moves the head. The caller writes the guard
file and only then publishes. A plan whose guard was taken, or that rests on what is
not so any more, is reported back; its act decides afresh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.node.domain.errors import VerificationError
from services.node.flows.changes import Change, change_of
from services.node.flows.plan import Plan
from services.node.flows.unchanged import still_so
from services.node.keys.signing import Ed25519Signer
from services.node.ledger.checkpoint import Checkpoint, sign_checkpoint
from services.node.ledger.merkle import (
    appended_nodes,
    leaf_hash,
    needed_for_append,
    nodes_for_root,
    reader,
    root_from,
)
from services.node.store import events as event_store
from services.node.store import ledger as ledger_store
from services.node.store import webhooks as webhook_store
from services.node.store.pool import Connection, Database
from services.node.store.rows import HeadRow
from services.node.store.writes import execute_writes


@dataclass(frozen=True, slots=True)
class Written:
    """What a batch wrote: an index per plan, or None where a guard was taken.

    ``change`` is None where nothing is known of what may follow from it.
    """

    indexes: tuple[int | None, ...]
    head: HeadRow
    change: Change | None


class OtherHistoryError(VerificationError):
    """The database holds another history than this node published."""


async def write_batch(
    database: Database,
    signer: Ed25519Signer,
    plans: Sequence[Plan],
    known: HeadRow | None = None,
) -> Written:
    """Write the plans whose guards are free, after the head ``known`` if one is.

    Raises UnavailableError, and OtherHistoryError as ``lock_known_head``.
    """
    async with database.transaction() as connection:
        head = await lock_known_head(connection, known)
        fresh = await still_so(connection, plans)
        through = await _through_guards(connection, plans, fresh)
        survivors = [plan for plan, free in zip(plans, through, strict=True) if free]
        if not survivors:
            return Written((None,) * len(plans), head, None)
        await execute_writes(
            connection, [write for plan in survivors for write in plan.writes]
        )
        announced = await webhook_store.announce(
            connection, [plan.event for plan in survivors if plan.event is not None]
        )
        leaves = [plan.leaf for plan in survivors]
        new_head = await append(connection, head, leaves, signer)
    change = change_of(survivors, announced=announced)
    return Written(_indexes(through, head.size), new_head, change)


async def lock_known_head(connection: Connection, known: HeadRow | None) -> HeadRow:
    """The head, locked, where the history of ``known`` leads to it.

    A database may be set back while its node runs: by a backup that is put in its
    place, or by a standby that lags and takes over. Raises OtherHistoryError.
    """
    head = await ledger_store.lock_head(connection)
    if known is None:
        return head
    if head.size < known.size:
        raise OtherHistoryError(
            "ledger.set_back",
            "The database holds fewer entries than this node has published.",
            where=f"{head.size} of {known.size}",
            remedy="This node signs nothing and stops. Put the newest database back, or"
            " ask the network's members how far they have seen this ledger.",
        )
    same = head.root
    if head.size > known.size:
        same = await root_at(connection, known.size)
    if same != known.root:
        raise OtherHistoryError(
            "ledger.other_history",
            "The database holds other entries than this node has published.",
            where=f"{known.size}",
            remedy="This node signs nothing and stops. Put the newest database back, or"
            " ask the network's members how far they have seen this ledger.",
        )
    return head


async def append(
    connection: Connection,
    head: HeadRow,
    leaves: list[ledger_store.NewLeaf],
    signer: Ed25519Signer,
) -> HeadRow:
    """Append leaves under the locked ``head`` and sign the new head."""
    await ledger_store.insert_leaves(connection, head.size, leaves)
    stored = await ledger_store.reread_leaves(connection, head.size)
    if stored != [leaf.leaf for leaf in leaves]:
        raise VerificationError(
            "ledger.readback", "The database gave back other leaves than were written."
        )
    hashes = [leaf_hash(leaf) for leaf in stored]
    known = dict(
        await ledger_store.read_nodes(connection, needed_for_append(head.size))
    )
    nodes = appended_nodes(head.size, reader(known), hashes)
    known.update({(level, index): digest for level, index, digest in nodes})
    size = head.size + len(leaves)
    root = root_from(size, reader(known))
    checkpoint = sign_checkpoint(Checkpoint(head.origin, size, root), signer)
    await ledger_store.insert_nodes(connection, nodes)
    await ledger_store.move_head(connection, head.size, size, root, checkpoint)
    return HeadRow(head.origin, size, root, checkpoint)


async def root_at(connection: Connection, size: int) -> bytes:
    """The root that this ledger had at ``size`` leaves."""
    nodes = await ledger_store.read_nodes(connection, nodes_for_root(size))
    return root_from(size, reader(nodes))


async def _through_guards(
    connection: Connection, plans: Sequence[Plan], fresh: Sequence[bool]
) -> list[bool]:
    pairs = list(zip(plans, fresh, strict=True))
    events = [plan.event for plan, so in pairs if so and plan.event is not None]
    if not events:
        return list(fresh)
    written = await event_store.insert_events(connection, events)
    return [
        so and (plan.event is None or plan.event.event_id in written)
        for plan, so in pairs
    ]


def _indexes(through: list[bool], first: int) -> tuple[int | None, ...]:
    indexes: list[int | None] = []
    for free in through:
        indexes.append(first if free else None)
        first += free
    return tuple(indexes)
