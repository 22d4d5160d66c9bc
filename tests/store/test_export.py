"""A member's log out of its own database, and what was done to its rows."""

from __future__ import annotations

import io
from typing import Any

import pytest

from services.cli.audit_verify import FaultKind, verify_logs
from services.node.domain.errors import UnavailableError
from services.node.flows.export import export_log
from services.node.flows.own import Adopted, OwnMember
from services.node.flows.vault import DataKey, Vault
from services.node.store import ledger as ledger_store
from services.node.store.pool import Database, open_database
from services.node.store.snapshot import snapshot
from services.node.wire.audit import (
    LoggedLeaf,
    LogHead,
    LogItem,
    OpeningState,
    SentEnvelope,
    encode_item,
    framed,
    read_log,
)
from tests.store.stored_bytes import COLUMNS, StoredColumn, flip, places
from tests.unit.cli.audit_world import Log, make_busy_world

MEMBER = "lao-cai"


@pytest.fixture(scope="session")
def log() -> Log:
    return make_busy_world().logs[MEMBER]


@pytest.fixture(scope="session")
def vault(log: Log) -> Vault:
    return Vault(log.home.keys.at_rest)


@pytest.fixture
async def own(database: Database, fresh: Any, log: Log, vault: Vault) -> OwnMember:
    """The member whose database holds the log."""
    superuser = await open_database(fresh.superuser, 1)
    await _fill(superuser, log, vault)
    await superuser.close()
    nothing: Any = None
    return OwnMember(
        name=MEMBER,
        network=log.home.network,
        kind="province",
        keys=log.home.keys,
        vault=vault,
        database=database,
        adopted=Adopted(log.directory, nothing),
        envelope_limit=1 << 20,
        batch=64,
    )


async def _fill(database: Database, log: Log, vault: Vault) -> None:
    """The rows of the log, without the events that envelopes refer to."""
    async with database.transaction() as connection:
        put = connection.execute
        await put("SET LOCAL session_replication_role = replica")
        *_, head = log.items()
        assert isinstance(head, LogHead)
        await put(
            "INSERT INTO ledger_head (origin, size, root, checkpoint) "
            "VALUES ($1, $2, $3, $4)",
            head.origin,
            head.size,
            head.root,
            head.checkpoint,
        )
        await put(
            "INSERT INTO directory_head VALUES ($1, $2, $3)",
            log.directory.size,
            log.directory.root,
            log.directory_checkpoint,
        )
        for index, entry in enumerate(log.draft.leaves):
            await put("INSERT INTO directory_leaf VALUES ($1, $2)", index, entry)
        for (level, index), digest in log.nodes.items():
            await put(
                "INSERT INTO ledger_node VALUES ($1, $2, $3)", level, index, digest
            )
        for each in log.checkpoints:
            row = (each.size, each.note)
            await put("INSERT INTO ledger_checkpoint VALUES ($1, $2)", *row)
        for leaf in log.leaves:
            await _put_leaf(put, log, vault, leaf)
        for received in log.received:
            await put(
                "INSERT INTO envelope_received VALUES "
                "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', now())",
                received.digest,
                received.sender,
                received.envelope_id,
                received.event_id or None,
                received.envelope.header,
                received.envelope.stanza,
                received.envelope.ciphertext,
                received.evidence,
                received.outcome,
                received.code,
            )
        for sent in log.sent:
            await _put_sent(put, sent)


async def _put_leaf(put: Any, log: Log, vault: Vault, leaf: LoggedLeaf) -> None:
    row = (leaf.index, leaf.leaf, leaf.subject)
    await put("INSERT INTO ledger_leaf VALUES ($1, $2, $3)", *row)
    if leaf.meta is None or leaf.link is None or leaf.pers is None:
        return
    key_row, _ = vault.new_key(leaf.subject, "case")
    raw = log.keys[leaf.subject]
    await put(
        "INSERT INTO data_key VALUES ($1, $2, $3, $4, $5)",
        key_row.key_id,
        key_row.owner,
        key_row.scope,
        key_row.epoch,
        vault.epoch.wrap(raw),
    )
    public = DataKey(None, log.home.keys.audit_key).seal(
        "ledger_opening", leaf.subject, leaf.link.value + leaf.meta.value
    )
    pers = DataKey(key_row.key_id, raw).seal(
        "ledger_opening_pers", leaf.subject, leaf.pers.value
    )
    await put(
        "INSERT INTO ledger_opening VALUES ($1, $2, $3, $4, $5, $6)",
        leaf.subject,
        key_row.key_id,
        *public,
        *pers,
    )


async def _put_sent(put: Any, sent: SentEnvelope) -> None:
    await put(
        "INSERT INTO envelope_sent VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        sent.digest,
        sent.envelope_id,
        sent.event_id,
        bytes(16),
        sent.recipient,
        sent.envelope.header,
        sent.envelope.stanza,
        sent.envelope.ciphertext,
    )
    await put(
        "INSERT INTO outbox (digest, recipient, referral_id, state, next_try_at) "
        "VALUES ($1, $2, $3, $4, now())",
        sent.digest,
        sent.recipient,
        bytes(16),
        sent.state,
    )
    if sent.receipt:
        row = (sent.digest, sent.receipt_index, sent.receipt)
        await put("INSERT INTO receipt VALUES ($1, $2, $3, now())", *row)


async def exported(own: OwnMember) -> list[LogItem]:
    return [item async for item in export_log(own)]


async def audited(own: OwnMember) -> set[tuple[int | None, FaultKind]]:
    raw = b"".join(framed(encode_item(item)) for item in await exported(own))
    report = verify_logs([read_log(io.BytesIO(raw), "a file")])
    assert {fault.member for fault in report.faults} <= {MEMBER}
    return {(fault.index, fault.kind) for fault in report.faults}


async def test_an_export_is_every_row_opened_and_verifies(own, log):
    items = await exported(own)
    expected = log.items()
    assert len(items) == len(expected)
    assert all(item in expected for item in items)
    assert await audited(own) == set()


@pytest.mark.parametrize("column", COLUMNS, ids=str)
async def test_a_byte_changed_in_every_row_is_named_in_every_row(
    own, fresh, column: StoredColumn
):
    expected = {(index, column.kind) for index in places(fresh.as_superuser, column)}
    assert expected
    for seed in (0, 1023):
        flip(fresh.as_superuser, column, seed)
        assert expected <= await audited(own), seed
        flip(fresh.as_superuser, column, seed)
    assert await audited(own) == set()


async def test_the_columns_are_all_bytes_of_the_audited_tables(fresh):
    """Keys and entries, which have tests of their own, and none but those, aside."""
    found = fresh.as_superuser(
        "SELECT table_name || '.' || column_name FROM information_schema.columns "
        "WHERE data_type = 'bytea' AND (table_name LIKE 'ledger_%' OR table_name "
        "LIKE 'envelope_%' OR table_name LIKE 'directory_%' OR table_name = 'receipt');"
    ).split()
    assert set(found) - {str(each) for each in COLUMNS} == {
        "directory_leaf.leaf",
        "envelope_received.digest",
        "envelope_return.digest",
        "envelope_return.referral_id",
        "envelope_sent.digest",
        "envelope_sent.referral_id",
        "ledger_leaf.subject",
        "ledger_opening.data_key_id",
        "ledger_opening.subject",
        "receipt.digest",
    }


KEYS = [
    ("ledger_leaf", "subject", FaultKind.OPENING_MISSING),
    ("ledger_opening", "subject", FaultKind.OPENING_MISSING),
    ("envelope_sent", "digest", FaultKind.ENVELOPE_MISSING),
    ("envelope_received", "digest", FaultKind.ENVELOPE_ALTERED),
    ("receipt", "digest", FaultKind.RECEIPT_MISSING),
]


@pytest.mark.parametrize(("table", "name", "kind"), KEYS)
async def test_a_changed_key_is_seen(own, fresh, table, name, kind):
    flip(fresh.as_superuser, StoredColumn(table, name, kind, ""), 3)
    assert kind in {each for _, each in await audited(own)}


async def test_a_changed_entry_of_the_directory_is_named(own, fresh):
    column = StoredColumn("directory_leaf", "leaf", FaultKind.DIRECTORY_ALTERED, "")
    flip(fresh.as_superuser, column, 500)
    assert await audited(own) == {(0, FaultKind.DIRECTORY_ALTERED)}


async def test_leaves_exchanged_by_their_indexes_are_both_named(own, fresh):
    fresh.as_superuser(
        "UPDATE ledger_leaf SET index = -1 WHERE index = 2;"
        "UPDATE ledger_leaf SET index = 2 WHERE index = 5;"
        "UPDATE ledger_leaf SET index = 5 WHERE index = -1;"
    )
    named = await audited(own)
    assert {(2, FaultKind.LEAF_MISPLACED), (5, FaultKind.LEAF_MISPLACED)} <= named


@pytest.mark.parametrize("index", range(9))
async def test_a_deleted_leaf_is_named(own, fresh, index):
    sql = f"DELETE FROM ledger_leaf WHERE index = {index};"  # noqa: S608 - a number
    fresh.as_superuser(sql)
    assert (index, FaultKind.LEAF_MISSING) in await audited(own)


async def test_numbers_that_no_log_holds_are_carried_and_seen(own, fresh):
    fresh.as_superuser(
        "SET session_replication_role = replica;"
        "UPDATE ledger_node SET index = -7 WHERE level = 0 AND index = 4;"
        "UPDATE ledger_head SET size = 1::bigint << 40;"
        "UPDATE receipt SET index = -1;"
    )
    named = await audited(own)
    assert (4, FaultKind.NODE_MISSING) in named
    assert (None, FaultKind.HEAD_ALTERED) in named
    assert FaultKind.RECEIPT_ALTERED in {kind for _, kind in named}


async def test_an_erased_key_leaves_the_log_whole(own, fresh):
    fresh.as_superuser("DELETE FROM data_key;")
    leaves = [item for item in await exported(own) if isinstance(item, LoggedLeaf)]
    assert {leaf.pers_state for leaf in leaves[1:]} == {OpeningState.ERASED}
    assert await audited(own) == set()


async def test_a_snapshot_does_not_see_what_is_written_meanwhile(own, fresh):
    database = own.database
    async with snapshot(database) as held:
        before = [row async for row in ledger_store.all_leaves(held, page=2)]
        fresh.as_superuser("DELETE FROM ledger_leaf WHERE index = 8;")
        assert [row async for row in ledger_store.all_leaves(held, page=2)] == before
    after = [row async for row in ledger_store.all_leaves(database)]
    assert after == before[:8]


async def test_a_node_without_its_ledger_has_no_log(database, log, vault):
    nothing: Any = None
    own = OwnMember(
        MEMBER, "testland", "province", log.home.keys, vault, database, nothing, 1, 1
    )
    with pytest.raises(UnavailableError) as refused:
        await exported(own)
    assert refused.value.code == "ledger.not_founded"
