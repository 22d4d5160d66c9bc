"""What a lost line, a full pool and a broken rule look like from outside."""

from __future__ import annotations

import asyncio
import traceback
from dataclasses import replace

import asyncpg
import pytest

from services.node.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotLawfulError,
    UnavailableError,
)
from services.node.store import cases, ledger, officers, pool
from services.node.store.pool import open_database
from services.node.store.rows import OfficerRow
from services.node.store.snapshot import snapshot
from services.node.store.writes import execute_writes, insert_case, update_case


def end_connections(fresh):
    fresh.as_superuser(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


async def test_reader_whose_connection_is_ended_is_told_unreachable(fresh, database):
    async def read():
        async with database.connection() as connection:
            end_connections(fresh)
            await cases.list_cases(connection, 1)

    with pytest.raises(UnavailableError) as caught:
        await read()
    assert caught.value.code == "store.unreachable"
    async with database.connection() as connection:
        assert await cases.list_cases(connection, 1) == []


async def test_writer_whose_connection_is_ended_is_told_unreachable(
    fresh, database, made
):
    case = made.case()

    async def write():
        async with database.transaction() as connection:
            await execute_writes(connection, [insert_case(case)])
            end_connections(fresh)

    with pytest.raises(UnavailableError) as caught:
        await write()
    assert caught.value.code == "store.unreachable"
    async with database.connection() as connection:
        assert await cases.case_by_id(connection, case.case_id) is None


async def test_error_of_an_act_undoes_its_transaction_and_stays_itself(database, made):
    case = made.case()

    async def act():
        async with database.transaction() as connection:
            await execute_writes(connection, [insert_case(case)])
            raise NotLawfulError("step.not_lawful", "Not now.")

    with pytest.raises(NotLawfulError):
        await act()
    async with database.connection() as connection:
        assert await cases.case_by_id(connection, case.case_id) is None


async def test_pool_recovers_after_the_server_was_restarted(fresh, founded):
    async with founded.connection(), founded.connection():
        pass
    await asyncio.to_thread(fresh.cluster.stop)
    with pytest.raises(UnavailableError) as caught:
        async with founded.connection() as connection:
            await ledger.read_head(connection)
    assert caught.value.code == "store.unreachable"
    with pytest.raises(UnavailableError):
        await open_database(fresh.node, 1)
    await asyncio.to_thread(fresh.cluster.start)
    for _ in range(3):
        async with founded.transaction() as connection:
            assert (await ledger.lock_head(connection)).size == 0


async def test_pool_drops_connections_that_ended_unnoticed(fresh, founded):
    """A busy loop may not have read yet that the server ended a connection."""
    async with founded.connection(), founded.connection():
        pass
    end_connections(fresh)
    failed = 0
    for _ in range(6):
        try:
            async with founded.connection() as connection:
                await ledger.read_head(connection)
        except UnavailableError:
            failed += 1
    assert failed <= 2
    async with founded.connection(), founded.connection() as connection:
        await ledger.read_head(connection)


async def test_pool_whose_connections_are_all_taken_says_so(fresh, monkeypatch):
    database = await open_database(fresh.node, 1)
    monkeypatch.setattr(pool, "_WAIT_SECONDS", 0.1)
    async with database.connection():
        with pytest.raises(UnavailableError):
            async with database.connection():
                pass
    await database.close()


async def test_closed_database_answers_unreachable(fresh):
    database = await open_database(fresh.node, 1)
    await database.close()
    with pytest.raises(UnavailableError):
        async with database.connection():
            pass


async def test_row_that_is_there_already_is_a_conflict_without_its_value(
    database, made
):
    case = made.case()
    async with database.transaction() as connection:
        await execute_writes(connection, [insert_case(case)])
    again = made.case(pseudonym=case.pseudonym)
    with pytest.raises(ConflictError) as caught:
        async with database.transaction() as connection:
            await execute_writes(connection, [insert_case(again)])
    assert caught.value.code == "store.conflict"
    assert caught.value.where == "cases_pseudonym_key"
    assert case.pseudonym not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "changes",
    [
        {"door": "planted\0word"},
        {"case_seq": 2**63},
        {"answerable": "planted-word"},
        {"phase": None},
    ],
)
async def test_value_that_fits_no_column_is_refused_and_not_repeated(
    database, made, changes
):
    """A peer may send any text and any number; the node must live on."""
    with pytest.raises(InvalidInputError) as caught:
        async with database.transaction() as connection:
            await execute_writes(connection, [insert_case(made.case(**changes))])
    assert caught.value.code == "store.unfit"
    told = "".join(traceback.format_exception(caught.value))
    assert "planted" not in told
    assert str(2**63) not in told


async def test_deadlock_is_a_conflict_for_one_of_the_two(database, made):
    first, second = made.case(), made.case()
    async with database.transaction() as connection:
        await execute_writes(connection, [insert_case(first), insert_case(second)])
    met = asyncio.Barrier(2)

    async def update(one, other):
        async with database.transaction() as connection:
            await execute_writes(connection, [update_case(one)])
            await met.wait()
            await execute_writes(connection, [update_case(other)])

    ends = await asyncio.gather(
        update(first, second), update(second, first), return_exceptions=True
    )
    assert sorted(type(end).__name__ for end in ends) == ["ConflictError", "NoneType"]


async def test_fault_of_the_program_stays_what_it_is(database):
    with pytest.raises(asyncpg.UndefinedTableError):
        async with database.connection() as connection:
            await connection.fetch("SELECT nothing FROM nowhere")


async def test_commit_that_came_with_a_warning_counts_as_unknown(fresh, database, made):
    """A cancelled wait for a replica reports success and a warning."""
    fresh.as_superuser(
        "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE WARNING 'not replicated'; RETURN NULL; END $$;"
        "CREATE CONSTRAINT TRIGGER warn AFTER INSERT ON cases "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warn();"
    )
    case = made.case()
    with pytest.raises(UnavailableError) as caught:
        async with database.transaction() as connection:
            await execute_writes(connection, [insert_case(case)])
    assert caught.value.code == "store.warned"
    async with database.transaction() as connection:
        assert await cases.case_by_id(connection, case.case_id) == case


@pytest.mark.parametrize("setting", ["synchronous_commit"])
async def test_server_that_may_forget_is_refused(fresh, setting):
    fresh.as_superuser(f'ALTER DATABASE "{fresh.name}" SET {setting} = off')
    with pytest.raises(InvalidInputError) as caught:
        await open_database(fresh.node, 1)
    assert caught.value.code == "store.forgetful"
    assert caught.value.where == setting


async def test_batches_see_each_other_whatever_the_database_prefers(fresh):
    """Under REPEATABLE READ the second of two batches could not lock the head."""
    fresh.as_superuser(
        f'ALTER DATABASE "{fresh.name}" '
        "SET default_transaction_isolation = 'repeatable read'"
    )
    database = await open_database(fresh.node, 2)
    async with database.transaction() as connection:
        found = await connection.fetchval("SHOW transaction_isolation")
    await database.close()
    assert found == "read committed"


async def test_address_in_an_error_names_no_password(fresh):
    secret = "planted-word"
    with pytest.raises(UnavailableError) as caught:
        await open_database(replace(fresh.node, password=secret), 1)
    assert secret not in "".join(traceback.format_exception(caught.value))


async def test_snapshot_does_not_see_what_is_written_after_it(database, made):
    entered = (made.now, "administrator")
    officer = OfficerRow("officer-1", "caseworker", "unit-1", True, *entered, *entered)
    async with snapshot(database) as frozen:
        async with frozen.connection() as connection:
            assert await officers.list_officers(connection) == []
        async with database.connection() as connection:
            await officers.keep_officer(connection, officer)
        async with frozen.connection() as connection:
            assert await officers.list_officers(connection) == []
    async with database.connection() as connection:
        assert await officers.list_officers(connection) == [officer]


async def test_snapshot_cannot_write(database, made):
    with pytest.raises(UnavailableError):
        async with snapshot(database) as frozen, frozen.connection() as connection:
            await execute_writes(connection, [insert_case(made.case())])
