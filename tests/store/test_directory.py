from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from services.node.domain.errors import ConflictError
from services.node.store import directory, officers
from services.node.store.rows import DirectoryHeadRow, OfficerRow, PeerHeadRow
from services.node.store.writes import (
    execute_writes,
    insert_directory_head,
    insert_directory_leaf,
)


async def test_head_of_a_peer_goes_forward_and_never_back(database, made):
    heads = [
        PeerHeadRow("yen-bai", size, made.digest(), b"note %d" % size)
        for size in (5, 3, 9, 9, 8)
    ]
    kept = []
    async with database.connection() as connection:
        assert await directory.peer_head(connection, "yen-bai") is None
        for head in heads:
            await directory.keep_peer_head(connection, head)
            kept.append(await directory.peer_head(connection, "yen-bai"))
        assert await directory.peer_head(connection, "son-la") is None
    assert kept == [heads[0], heads[0], heads[2], heads[2], heads[2]]


async def test_peers_that_were_heard_from_are_named(database, made):
    async with database.connection() as connection:
        assert await directory.known_peers(connection) == []
        for member in ("yen-bai", "son-la", "yen-bai"):
            head = PeerHeadRow(member, 1, made.digest(), b"note")
            await directory.keep_peer_head(connection, head)
        assert await directory.known_peers(connection) == ["son-la", "yen-bai"]


async def test_heads_of_one_peer_are_compared_one_at_a_time(database):
    """Also before the first is known, when there is no row to lock."""
    async with database.transaction() as second:
        async with database.transaction() as first:
            await directory.lock_peer_head(first, "yen-bai")
            await directory.lock_peer_head(second, "son-la")
            waits = asyncio.create_task(directory.lock_peer_head(second, "yen-bai"))
            done, _ = await asyncio.wait([waits], timeout=0.2)
            assert not done
        await asyncio.wait_for(waits, 5)


async def test_entries_come_in_order_and_the_newest_head_counts(database, made):
    heads = [DirectoryHeadRow(size, made.digest(), b"note") for size in (1, 3)]
    async with database.connection() as connection:
        assert await directory.directory_leaves(connection) == []
        assert await directory.newest_directory_head(connection) is None
    async with database.transaction() as connection:
        await execute_writes(
            connection,
            [
                *(insert_directory_leaf(index, b"%d" % index) for index in (2, 0, 1)),
                *(insert_directory_head(h.size, h.root, h.checkpoint) for h in heads),
            ],
        )
    async with database.connection() as connection:
        assert await directory.directory_leaves(connection) == [b"0", b"1", b"2"]
        assert await directory.newest_directory_head(connection) == heads[1]


async def test_entry_of_the_directory_cannot_be_written_over(database):
    async def write(leaf):
        async with database.transaction() as connection:
            await execute_writes(connection, [insert_directory_leaf(0, leaf)])

    await write(b"first")
    with pytest.raises(ConflictError):
        await write(b"second")


async def test_officer_changes_role_but_not_the_day_of_coming(database, made):
    entered = (made.now, "administrator")
    officer = OfficerRow("officer-1", "caseworker", "unit-1", True, *entered, *entered)
    year_later = made.now.replace(year=2027)
    changed = replace(officer, role="supervisor", unit="unit-2", active=False)
    changed = replace(changed, changed_at=year_later, changed_by="admin-2")
    async with database.connection() as connection:
        await officers.keep_officer(connection, officer)
        found = await officers.officer_by_pseudonym(connection, "officer-1")
        assert found == officer
        later = replace(changed, added_at=year_later, added_by="admin-2")
        await officers.keep_officer(connection, later)
        assert await officers.list_officers(connection) == [changed]
        assert await officers.officer_by_pseudonym(connection, "officer-9") is None
