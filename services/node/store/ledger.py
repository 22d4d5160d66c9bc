"""The ledger's tables: head, leaves, stored nodes, openings, checkpoints.

``append`` is the part of the batch that touches them; it runs inside the
transaction that ``lock_head`` opened, so that one batch at a time grows the log.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass

from services.node.domain.errors import ConflictError, UnavailableError
from services.node.store.pool import Connection, Database
from services.node.store.queries import query
from services.node.store.rows import HeadRow, LoggedRow, execute, fetch, fetch_one

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class NewLeaf:
    """A leaf to append with its sealed openings (None for kinds 2 and 5)."""

    leaf: bytes
    subject: bytes
    data_key_id: bytes | None
    public: tuple[bytes, bytes] | None
    pers: tuple[bytes, bytes] | None


async def lock_head(connection: Connection) -> HeadRow:
    """The head row, locked; raises UnavailableError before the ledger is founded."""
    head = await fetch_one(connection, "lock_head", HeadRow)
    return _founded(head)


async def read_head(connection: Connection) -> HeadRow:
    """The newest head."""
    return _founded(await fetch_one(connection, "read_head", HeadRow))


async def head_or_none(connection: Connection) -> HeadRow | None:
    """The newest head, or None before the ledger is founded."""
    return await fetch_one(connection, "read_head", HeadRow)


async def found(
    connection: Connection, origin: str, root: bytes, checkpoint: bytes
) -> None:
    """Write the head of the empty ledger."""
    await execute(connection, "insert_head", origin, root, checkpoint)


async def insert_leaves(
    connection: Connection, first_index: int, leaves: list[NewLeaf]
) -> None:
    """Append leaves from ``first_index`` on, with their openings."""
    indexes = [first_index + offset for offset in range(len(leaves))]
    await connection.execute(
        query("insert_leaves"),
        indexes,
        [leaf.leaf for leaf in leaves],
        [leaf.subject for leaf in leaves],
    )
    opened = [leaf for leaf in leaves if leaf.public and leaf.pers]
    await connection.execute(
        query("insert_openings"),
        [leaf.subject for leaf in opened],
        [leaf.data_key_id for leaf in opened],
        [leaf.public[0] for leaf in opened if leaf.public],
        [leaf.public[1] for leaf in opened if leaf.public],
        [leaf.pers[0] for leaf in opened if leaf.pers],
        [leaf.pers[1] for leaf in opened if leaf.pers],
    )


async def reread_leaves(connection: Connection, first_index: int) -> list[bytes]:
    """The leaves of this batch as the database holds them."""
    records = await connection.fetch(query("reread_leaves"), first_index)
    return [record["leaf"] for record in records]


async def insert_nodes(
    connection: Connection, nodes: list[tuple[int, int, bytes]]
) -> None:
    """Store the hashes of subtrees that this batch completed."""
    await connection.execute(
        query("insert_nodes"),
        [level for level, _, _ in nodes],
        [index for _, index, _ in nodes],
        [digest for _, _, digest in nodes],
    )


async def move_head(
    connection: Connection, size_before: int, size: int, root: bytes, checkpoint: bytes
) -> None:
    """Compare and set the head; raises ConflictError if it moved meanwhile."""
    tag = await execute(connection, "move_head", size_before, size, root, checkpoint)
    if tag != "UPDATE 1":
        raise ConflictError(
            "ledger.head_moved", f"The ledger's head is no longer at {size_before}."
        )
    await execute(connection, "insert_checkpoint", size, checkpoint)


async def read_nodes(
    connection: Connection, wanted: Iterable[Position]
) -> Mapping[Position, bytes]:
    """Stored hashes of complete subtrees by (level, index), in one query."""
    positions = list(wanted)
    records = await connection.fetch(
        query("read_nodes"),
        [level for level, _ in positions],
        [index for _, index in positions],
    )
    return {(row["level"], row["index"]): row["hash"] for row in records}


async def read_logged(
    connection: Connection, subjects: list[bytes]
) -> dict[bytes, LoggedRow]:
    """Leaves by subject, with what opens them."""
    rows = await fetch(connection, "read_logged", LoggedRow, subjects)
    return {row.subject: row for row in rows}


async def indexes_of(connection: Connection, subjects: list[bytes]) -> dict[bytes, int]:
    """Where subjects stand in this ledger."""
    records = await connection.fetch(query("indexes_of"), subjects)
    return {record["subject"]: record["index"] for record in records}


async def system_identity(connection: Connection) -> tuple[str, int]:
    """The database cluster's system identifier and its timeline."""
    record = await connection.fetchrow(query("system_identity"))
    if record is None:  # pragma: no cover - a SELECT without FROM has one row
        raise UnavailableError("store.unreachable", "The database did not answer.")
    return record["system_id"], record["timeline"]


async def all_leaves(database: Database, page: int = 1000) -> AsyncIterator[LoggedRow]:
    """Every leaf in order, a page of memory at a time."""
    next_index = 0
    while True:
        async with database.connection() as connection:
            rows = await fetch(connection, "page_leaves", LoggedRow, next_index, page)
        for row in rows:
            yield row
        if len(rows) < page:
            return
        next_index = rows[-1].index + 1


async def all_nodes(
    database: Database, page: int = 5000
) -> AsyncIterator[tuple[int, int, bytes]]:
    """Every stored hash in order of level and index."""
    after: Position = (-1, -1)
    while True:
        async with database.connection() as connection:
            records = await connection.fetch(query("page_nodes"), *after, page)
        for record in records:
            yield record["level"], record["index"], record["hash"]
        if len(records) < page:
            return
        after = (records[-1]["level"], records[-1]["index"])


async def all_checkpoints(
    database: Database, page: int = 1000
) -> AsyncIterator[tuple[int, bytes]]:
    """Every signed head in order of size."""
    after = -1
    while True:
        async with database.connection() as connection:
            records = await connection.fetch(query("page_checkpoints"), after, page)
        for record in records:
            yield record["size"], record["note"]
        if len(records) < page:
            return
        after = records[-1]["size"]


def _founded(head: HeadRow | None) -> HeadRow:
    if head is None:
        raise UnavailableError(
            "ledger.not_founded",
            "This node's ledger has no first leaf yet.",
            remedy="Start the node once with its directory.",
        )
    return head
