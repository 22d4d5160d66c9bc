from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from services.cli.cluster import PORT, SUPERUSER, Cluster
from services.cli.databases import MemberDatabase, create_databases


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with tempfile.TemporaryDirectory(prefix="relais-") as short:
        cluster = Cluster(tmp_path_factory.mktemp("state") / "pg", Path(short) / "pg")
        cluster.start()
        yield cluster
        cluster.stop()


@pytest.fixture(scope="module")
def members(cluster: Cluster) -> tuple[MemberDatabase, MemberDatabase]:
    pair = (
        MemberDatabase("lao-cai", cluster.folder.parent / "lao-cai"),
        MemberDatabase("yen-bai", cluster.folder.parent / "yen-bai"),
    )
    create_databases(cluster, pair)
    return pair


async def connect(cluster: Cluster, user: str, password: str, database: str):
    return await asyncpg.connect(
        host=str(cluster.sockets),
        port=PORT,
        user=user,
        password=password,
        database=database,
    )


def password_of(file: Path) -> str:
    return file.read_text().strip()


def server_of(cluster: Cluster) -> psutil.Process:
    server = cluster.server()
    assert server is not None
    return server


def test_server_keeps_checksums_and_fsync_and_listens_on_no_network(cluster):
    found = cluster.query(
        "SELECT name, setting FROM pg_settings WHERE name IN ("
        "'data_checksums', 'fsync', 'synchronous_commit', 'listen_addresses', "
        "'password_encryption') ORDER BY name"
    )
    assert found.splitlines() == [
        "data_checksums|on",
        "fsync|on",
        "listen_addresses|",
        "password_encryption|scram-sha-256",
        "synchronous_commit|on",
    ]


def test_every_rule_of_admission_asks_for_scram(cluster):
    found = cluster.query("SELECT DISTINCT auth_method FROM pg_hba_file_rules")
    assert found.split() == ["scram-sha-256"]


async def test_nobody_enters_with_a_wrong_password(cluster):
    with pytest.raises(asyncpg.InvalidPasswordError):
        await connect(cluster, SUPERUSER, "wrong", "postgres")


async def test_a_member_enters_its_own_database(cluster, members):
    own, _ = members
    password = password_of(own.node_password_file)
    connection = await connect(cluster, own.member, password, own.member)
    assert await connection.fetchval("SELECT current_database()") == own.member
    await connection.close()


@pytest.mark.parametrize("role", ["node", "owner"])
async def test_a_member_cannot_enter_the_database_of_another(cluster, members, role):
    own, other = members
    user = own.member if role == "node" else own.owner
    file = own.node_password_file if role == "node" else own.owner_password_file
    for database in (other.member, "postgres"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connect(cluster, user, password_of(file), database)


async def test_a_node_cannot_make_tables_in_its_own_database(cluster, members):
    own, _ = members
    password = password_of(own.node_password_file)
    connection = await connect(cluster, own.member, password, own.member)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute("CREATE TABLE planted (x integer)")
    await connection.close()


def test_password_files_are_closed_to_others(members):
    for member in members:
        for file in (member.node_password_file, member.owner_password_file):
            assert file.stat().st_mode & 0o777 == 0o600


async def test_the_servers_log_repeats_no_statement_and_no_value(cluster, members):
    own, _ = members
    password = password_of(own.owner_password_file)
    connection = await connect(cluster, own.owner, password, own.member)
    await connection.execute("CREATE TABLE once (x text PRIMARY KEY)")
    await connection.execute("INSERT INTO once VALUES ('planted-word')")
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute("INSERT INTO once VALUES ($1)", "planted-word")
    await connection.close()
    log = cluster.log.read_text()
    assert "duplicate key" in log
    assert "planted-word" not in log


def test_starting_twice_is_starting_once(cluster):
    before = server_of(cluster).pid
    cluster.start()
    assert server_of(cluster).pid == before


def test_a_killed_server_is_started_again(cluster):
    process = server_of(cluster)
    process.kill()
    psutil.wait_procs([process], timeout=10)
    assert cluster.server() is None
    cluster.start()
    assert cluster.query("SELECT 1").strip() == "1"


def test_a_pid_file_whose_number_runs_as_something_else_stops_nobody(cluster):
    cluster.stop()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n")
    assert cluster.server() is None
    cluster.stop()
    cluster.start()
    assert cluster.query("SELECT 1").strip() == "1"


def test_what_a_killed_initdb_left_is_made_anew(tmp_path):
    with tempfile.TemporaryDirectory(prefix="relais-") as short:
        cluster = Cluster(tmp_path / "pg", Path(short) / "pg")
        (cluster.folder / "data.new" / "base").mkdir(parents=True)
        (cluster.folder / "superuser.password").write_text("half")
        cluster.start()
        assert cluster.query("SELECT 1").strip() == "1"
        cluster.stop()
        assert cluster.server() is None
