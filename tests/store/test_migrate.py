from __future__ import annotations

import asyncio
import re

import asyncpg
import pytest

from services.cli.databases import MemberDatabase, create_databases, migrate_database
from services.node.domain.errors import InvalidInputError
from services.node.store import migrate as module
from services.node.store.migrate import migrate, migrations
from services.node.store.pool import open_database


@pytest.fixture
def empty(cluster, tmp_path, request):
    """A member whose database has no table yet."""
    name = f"empty-{abs(hash(request.node.name)) % 10**8}"
    member = MemberDatabase(name, tmp_path / name)
    create_databases(cluster, [member])
    return member


def tables(cluster, name):
    listed = cluster.query(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'", database=name
    )
    return set(listed.split())


async def test_migrations_apply_once_and_twice_is_nothing(cluster, empty):
    owner = empty.owner_address(cluster)
    assert await migrate_database(owner, empty.member) == len(migrations())
    before = tables(cluster, empty.member)
    assert await migrate_database(owner, empty.member) == 0
    assert tables(cluster, empty.member) == before
    assert {"ledger_leaf", "migration"} < before


async def test_two_programs_that_migrate_at_once_apply_each_migration_once(
    cluster, empty
):
    owner = empty.owner_address(cluster)
    done = await asyncio.gather(
        *(migrate_database(owner, empty.member) for _ in range(4))
    )
    assert sum(done) == len(migrations())


async def test_newer_database_is_refused(cluster, empty):
    owner = empty.owner_address(cluster)
    await migrate_database(owner, empty.member)
    cluster.query(
        "INSERT INTO migration (name) VALUES ('0999_from_tomorrow.sql')",
        database=empty.member,
    )
    with pytest.raises(InvalidInputError) as caught:
        await migrate_database(owner, empty.member)
    assert caught.value.code == "store.newer_schema"
    assert "0999_from_tomorrow.sql" in caught.value.message


async def test_failed_migration_leaves_nothing_behind(cluster, empty, monkeypatch):
    broken = [*migrations(), ("0999_broken.sql", "CREATE TABLE half (); SELECT 1 / 0;")]
    monkeypatch.setattr(module, "migrations", lambda: broken)
    database = await open_database(empty.owner_address(cluster), 1)
    with pytest.raises(InvalidInputError):
        async with database.connection() as connection:
            await migrate(connection, empty.member)
    await database.close()
    assert "half" not in tables(cluster, empty.member)
    assert "ledger_leaf" in tables(cluster, empty.member)


async def test_migration_is_not_for_the_node(database):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with database.connection() as connection:
            await migrate(connection, "lao-cai")


@pytest.mark.parametrize("role", ['x"; DROP TABLE event; --', "", "Capital", "1st"])
async def test_role_that_is_no_name_is_refused(database, role):
    async with database.connection() as connection:
        with pytest.raises(InvalidInputError) as caught:
            await migrate(connection, role)
    assert caught.value.code == "store.bad_role"


def test_migrations_are_numbered_without_a_gap():
    names = [name for name, _ in migrations()]
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.sql", name) for name in names)
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
