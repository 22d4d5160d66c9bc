"""Who may connect to what, on the real way in which databases are made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.domain.errors import UnavailableError
from services.node.store.pool import open_database


async def test_node_connects_with_its_own_password(database):
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT current_user") == "lao-cai"


@pytest.mark.parametrize("password", ["wrong", ""])
async def test_nobody_connects_with_a_wrong_password(fresh, password):
    with pytest.raises(UnavailableError) as caught:
        await open_database(replace(fresh.node, password=password), 1)
    assert caught.value.code == "store.unreachable"


async def test_node_cannot_connect_to_the_database_of_another_member(fresh):
    for name in ("yen-bai", "postgres"):
        with pytest.raises(UnavailableError) as caught:
            await open_database(replace(fresh.node, name=name), 1)
        assert "InsufficientPrivilege" in caught.value.message


def test_server_never_trusts_anybody(cluster):
    methods = cluster.query("SELECT DISTINCT auth_method FROM pg_hba_file_rules")
    assert methods.split() == ["scram-sha-256"]


@pytest.mark.usefixtures("members")
def test_server_keeps_no_password_that_is_not_a_scram_verifier(cluster):
    kept = cluster.query(
        "SELECT left(rolpassword, 14) FROM pg_authid WHERE rolcanlogin"
    )
    assert set(kept.split()) == {"SCRAM-SHA-256$"}


@pytest.mark.usefixtures("members")
def test_node_role_has_no_power_over_the_server(cluster):
    powers = cluster.query(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls "
        "FROM pg_roles WHERE rolname = 'lao-cai'"
    )
    assert powers.strip() == "f|f|f|f|f"


@pytest.mark.usefixtures("members")
def test_node_role_belongs_to_no_other_role(cluster):
    assert (
        cluster.query(
            "SELECT count(*) FROM pg_auth_members WHERE member = '\"lao-cai\"'::regrole"
        ).strip()
        == "0"
    )
