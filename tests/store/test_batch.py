"""The batch on a real database: one tree that only grows, whoever writes."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.node.domain.errors import (
    ConflictError,
    UnavailableError,
    VerificationError,
)
from services.node.flows.batch import root_at, write_batch
from services.node.ledger.checkpoint import verify_checkpoint
from services.node.ledger.merkle import (
    consistency_path,
    inclusion_path,
    leaf_hash,
    needed_for_consistency,
    needed_for_inclusion,
    reader,
    root_of,
)
from services.node.ledger.proof import verify_consistency, verify_inclusion
from services.node.store import ledger as ledger_store
from services.node.store.pool import open_database
from services.node.store.writes import insert_case, insert_part_key


async def leaves_of(database):
    return [row async for row in ledger_store.all_leaves(database, page=7)]


async def check_whole_tree(database, head, signer, origin):
    """Every leaf is included, and the head is signed over all of them."""
    rows = await leaves_of(database)
    assert [row.index for row in rows] == list(range(head.size))
    hashes = [leaf_hash(row.leaf) for row in rows]
    assert root_of(hashes) == head.root
    signed = verify_checkpoint(head.checkpoint, origin, [signer.public_raw])
    assert (signed.size, signed.root) == (head.size, head.root)
    async with database.connection() as connection:
        for index, hashed in enumerate(hashes):
            wanted = needed_for_inclusion(index, head.size)
            read = reader(await ledger_store.read_nodes(connection, wanted))
            path = inclusion_path(index, head.size, read)
            verify_inclusion(hashed, index, head.size, path, head.root)


async def check_growth(database, before, after):
    async with database.connection() as connection:
        wanted = needed_for_consistency(before.size, after.size)
        read = reader(await ledger_store.read_nodes(connection, wanted))
        path = consistency_path(before.size, after.size, read)
        verify_consistency(before.size, after.size, before.root, after.root, path)
        assert await root_at(connection, before.size) == before.root


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sizes=st.lists(st.integers(1, 19), min_size=1, max_size=4))
async def test_every_leaf_stays_provable_however_batches_fall(
    founded, made, signer, sizes
):
    """The ledger grows from example to example: any beginning must do."""
    for size in sizes:
        async with founded.connection() as connection:
            before = await ledger_store.read_head(connection)
        written = await write_batch(founded, signer, [made.plan() for _ in range(size)])
        assert written.indexes == tuple(range(before.size, before.size + size))
        if before.size:
            await check_growth(founded, before, written.head)
    await check_whole_tree(founded, written.head, signer, made.origin)


async def test_concurrent_batches_of_two_connections_neither_fork_nor_gap(
    fresh, founded, made, signer
):
    second = await open_database(fresh.node, 3)
    batches = [
        write_batch(database, signer, [made.plan() for _ in range(3)])
        for _ in range(8)
        for database in (founded, second)
    ]
    written = await asyncio.gather(*batches)
    await second.close()
    indexes = sorted(index or 0 for each in written for index in each.indexes)
    assert indexes == list(range(48))
    heads = sorted((each.head for each in written), key=lambda head: head.size)
    assert [head.size for head in heads] == list(range(3, 49, 3))
    for before, after in pairwise(heads):
        await check_growth(founded, before, after)
    await check_whole_tree(founded, heads[-1], signer, made.origin)
    notes = [note async for note in ledger_store.all_checkpoints(founded, page=5)]
    assert notes == [(head.size, head.checkpoint) for head in heads]


async def test_plan_whose_number_is_taken_leaves_no_row_and_no_leaf(
    founded, made, signer
):
    case = made.case()
    await write_batch(founded, signer, [made.case_plan(case)])
    late = made.event(case_id=case.case_id, case_seq=case.case_seq)
    unwritten = made.case()
    written = await write_batch(
        founded,
        signer,
        [made.plan(), made.plan(insert_case(unwritten), event=late), made.plan()],
    )
    assert written.indexes == (1, None, 2)
    async with founded.connection() as connection:
        assert await ledger_store.indexes_of(connection, [late.subject]) == {}
        assert not await connection.fetchval(
            "SELECT count(*) FROM cases WHERE case_id = $1", unwritten.case_id
        )
    await check_whole_tree(founded, written.head, signer, made.origin)


async def test_batch_of_which_nothing_gets_through_moves_no_head(founded, made, signer):
    case = made.case()
    first = await write_batch(founded, signer, [made.case_plan(case)])
    late = made.event(case_id=case.case_id, case_seq=case.case_seq)
    written = await write_batch(founded, signer, [made.plan(event=late)])
    assert written.indexes == (None,)
    assert written.head == first.head


async def test_two_acts_that_are_one_event_are_not_both_written(founded, made, signer):
    case = made.case()
    plan = made.case_plan(case)
    with pytest.raises(ConflictError):
        await write_batch(founded, signer, [plan, plan])
    assert await leaves_of(founded) == []


async def test_row_that_stands_already_takes_back_the_whole_batch(
    founded, made, signer
):
    case = made.case()
    await write_batch(founded, signer, [made.case_plan(case)])
    again = made.plan(insert_case(case))
    with pytest.raises(ConflictError) as caught:
        await write_batch(founded, signer, [made.plan(), again])
    assert caught.value.code == "store.conflict"
    assert caught.value.where == "cases_pkey"
    assert len(await leaves_of(founded)) == 1


async def test_row_that_points_nowhere_is_a_conflict_at_commit(founded, made, signer):
    event = made.event(referral_id=made.id(), referral_no=1)
    with pytest.raises(ConflictError) as caught:
        await write_batch(founded, signer, [made.plan(event=event)])
    assert caught.value.where == "event_referral_id_fkey"
    assert await leaves_of(founded) == []


async def test_database_that_gives_back_other_leaves_is_not_signed(
    fresh, founded, made, signer
):
    fresh.as_superuser(
        "CREATE FUNCTION bend() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "new.leaf := set_byte(new.leaf, 97, get_byte(new.leaf, 97) # 1); "
        "RETURN new; END $$;"
        "CREATE TRIGGER bend BEFORE INSERT ON ledger_leaf FOR EACH ROW "
        "EXECUTE FUNCTION bend();"
    )
    with pytest.raises(VerificationError) as caught:
        await write_batch(founded, signer, [made.plan(), made.plan()])
    assert caught.value.code == "ledger.readback"
    async with founded.connection() as connection:
        assert (await ledger_store.read_head(connection)).size == 0
    assert await leaves_of(founded) == []


async def test_head_that_moved_meanwhile_is_not_overwritten(founded, made, signer):
    await write_batch(founded, signer, [made.plan()])
    with pytest.raises(ConflictError) as caught:
        async with founded.transaction() as connection:
            await ledger_store.move_head(connection, 0, 1, made.digest(), b"note")
    assert caught.value.code == "ledger.head_moved"


async def test_ledger_is_founded_once(founded, made):
    with pytest.raises(ConflictError):
        async with founded.transaction() as connection:
            await ledger_store.found(connection, "other", made.digest(), b"note")


async def test_nothing_is_written_before_the_ledger_is_founded(database, made, signer):
    with pytest.raises(UnavailableError) as caught:
        await write_batch(database, signer, [made.plan()])
    assert caught.value.code == "ledger.not_founded"


async def test_openings_come_back_with_their_leaf_and_key(founded, made, signer):
    owner = made.id()
    key = made.key(owner)
    leaf = made.leaf()
    part = insert_part_key(owner, made.id(), "p1", "D0", key.key_id, (b"n", b"s"))
    await write_batch(founded, signer, [made.plan(part)])
    async with founded.transaction() as connection:
        await connection.execute(
            "INSERT INTO data_key VALUES ($1, $2, $3, 1, $4)",
            *(key.key_id, key.owner, key.scope, key.wrapped),
        )
        owned = ledger_store.NewLeaf(
            leaf.leaf, leaf.subject, key.key_id, leaf.public, leaf.pers
        )
        bare = ledger_store.NewLeaf(made.leaf().leaf, made.id(), None, None, None)
        await ledger_store.insert_leaves(connection, 1, [owned, bare])
        found = await ledger_store.read_logged(connection, [leaf.subject, bare.subject])
    assert list(found) == [leaf.subject]
    row = found[leaf.subject]
    assert (row.index, row.leaf, row.wrapped) == (1, leaf.leaf, key.wrapped)
    assert (row.public_nonce, row.public_sealed) == leaf.public
    assert (row.pers_nonce, row.pers_sealed) == leaf.pers
    listed = await leaves_of(founded)
    assert [each.index for each in listed] == [0, 1, 2]
    assert listed[2].public_sealed is None


async def test_stored_hashes_are_listed_in_order_across_pages(founded, made, signer):
    for size in (1, 2, 5):
        await write_batch(founded, signer, [made.plan() for _ in range(size)])
    nodes = [node async for node in ledger_store.all_nodes(founded, page=3)]
    places = [(level, index) for level, index, _ in nodes]
    assert places == sorted(places)
    assert places == [
        *((0, index) for index in range(8)),
        *((1, index) for index in range(4)),
        (2, 0),
        (2, 1),
        (3, 0),
    ]


async def test_database_names_its_cluster_and_timeline(database):
    async with database.connection() as connection:
        system_id, timeline = await ledger_store.system_identity(connection)
    assert system_id.isdigit()
    assert timeline == 1
