"""How a node begins: its ledger, the directory that it goes by, and the guard.

The first leaf of every ledger is of kind 2 and stands for the genesis; a larger
directory gets one more when it is adopted; a smaller or another one never is.
Nothing is signed before the guard has agreed to this database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from services.node.domain.errors import VerificationError
from services.node.flows.batch import append, root_at
from services.node.flows.guard import Guard, GuardState
from services.node.flows.leaves import adoption_leaf
from services.node.flows.own import OwnMember
from services.node.ledger.checkpoint import Checkpoint, sign_checkpoint
from services.node.ledger.merkle import EMPTY_ROOT
from services.node.store import directory as directory_store
from services.node.store import ledger as ledger_store
from services.node.store.pool import Connection
from services.node.store.rows import DirectoryHeadRow, HeadRow
from services.node.store.writes import (
    execute_writes,
    insert_directory_head,
    insert_directory_leaf,
)
from services.node.wire.leaves import DirectoryAdopted


async def begin(
    own: OwnMember, guard: Guard, leaves: Sequence[bytes], checkpoint: bytes
) -> HeadRow:
    """The head to go on from; raises VerificationError ``guard.*``, ``directory.*``.

    ``leaves`` and ``checkpoint`` are those of the directory in ``own.adopted``,
    verified before.
    """
    async with own.database.connection() as connection:
        head = await ledger_store.head_or_none(connection)
        present = await check_guard(own, connection, guard, head)
    if head is None:
        # A node that is killed between its first batch and the guard for it finds
        # this one; without any it would have to refuse its own ledger.
        await asyncio.to_thread(guard.write, present)
    async with own.database.transaction() as connection:
        if head is None:
            signed = sign_checkpoint(
                Checkpoint(own.origin, 0, EMPTY_ROOT), own.keys.ledger
            )
            await ledger_store.found(connection, own.origin, EMPTY_ROOT, signed)
        head = await ledger_store.lock_head(connection)
        return await _adopt(own, connection, head, leaves, checkpoint)


async def check_guard(
    own: OwnMember, connection: Connection, guard: Guard, head: HeadRow | None
) -> GuardState:
    """Refuse a database that is older or another than the guard knows.

    What the guard would say of this database now.
    """
    system_id, timeline = await ledger_store.system_identity(connection)
    size = 0 if head is None else head.size
    directory = own.adopted.directory
    present = GuardState(
        own.origin,
        size,
        (EMPTY_ROOT if head is None else head.root).hex(),
        directory.size,
        directory.root.hex(),
        system_id,
        timeline,
    )
    known = guard.newest()
    root = None
    if known is not None and known.size <= size:
        root = (await root_at(connection, known.size)).hex()
    guard.check(present, root)
    if known is not None and known.directory_size > directory.size:
        raise VerificationError(
            "guard.older_directory",
            f"The guard knows a directory of {known.directory_size} entries, the file "
            f"has {directory.size}.",
            remedy="Give this node the newest directory file.",
        )
    return present


async def _adopt(
    own: OwnMember,
    connection: Connection,
    head: HeadRow,
    leaves: Sequence[bytes],
    checkpoint: bytes,
) -> HeadRow:
    directory = own.adopted.directory
    before = await directory_store.newest_directory_head(connection)
    if before is not None and _same(before, directory.size, directory.root):
        return head
    stored = await directory_store.directory_leaves(connection)
    if len(stored) > len(leaves) or list(leaves[: len(stored)]) != stored:
        raise VerificationError(
            "directory.not_a_growth",
            f"The directory file has {len(leaves)} entries and does not extend the "
            f"{len(stored)} that this node goes by.",
            remedy="Give this node the newest directory file of its own network.",
        )
    writes = [
        insert_directory_leaf(index, leaf)
        for index, leaf in enumerate(leaves[len(stored) :], start=len(stored))
    ]
    writes.append(insert_directory_head(directory.size, directory.root, checkpoint))
    await execute_writes(connection, writes)
    adopted = DirectoryAdopted(directory.size, directory.root)
    return await append(connection, head, [adoption_leaf(adopted)], own.keys.ledger)


def _same(before: DirectoryHeadRow, size: int, root: bytes) -> bool:
    if before.size == size and before.root != root:
        raise VerificationError(
            "directory.fork",
            f"Two directories of {size} entries have different roots.",
            remedy="Stop and compare the fingerprint with the founders.",
        )
    return before.size == size
