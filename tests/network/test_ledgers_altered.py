"""After the journey, nobody changes a stored byte of any ledger unseen.

Every row of every column that an audit answers for is changed in the databases
of members of a real network, and `relais audit verify` names member, kind and
place. Everything is put back.
"""

from __future__ import annotations

import asyncio
import io

import pytest
from rich.console import Console
from typer.testing import CliRunner

from services.cli.audit_commands import SUFFIX, app, verify_files
from services.cli.audit_export import export_log
from services.cli.demo.cast import cast_of
from services.cli.demo.chapters import play
from services.cli.demo.narrator import Narrator
from services.cli.demo.stage import set_stage
from services.cli.network import Network
from services.cli.office import AUDITOR
from tests.store.stored_bytes import COLUMNS, flip, places

LEAVES = "SELECT count(*) FROM ledger_leaf;"
MEMBERS = ("lao-cai", "liaison-yunnan")


@pytest.fixture(scope="module")
def journeyed(vietnam: Network) -> Network:
    async def journey() -> None:
        sockets = [(each.name, each.local_socket) for each in vietnam.members()]
        silent = Narrator(Console(file=io.StringIO()))
        async with set_stage(sockets, silent) as stage:
            await play(stage, cast_of(3))

    # Played here only where no story was told on this network before.
    if vietnam.state.cluster.query(LEAVES, database=MEMBERS[0]).strip() == "1":
        asyncio.run(journey())
    return vietnam


@pytest.fixture(params=MEMBERS)
def member(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def query(journeyed, member):
    return lambda sql: journeyed.state.cluster.query(sql, database=member)


@pytest.fixture
def exported(journeyed, member, tmp_path):
    def export():
        file = tmp_path / f"{member}{SUFFIX}"
        with file.open("wb") as stream:
            asyncio.run(export_log(journeyed.local_socket(member), AUDITOR, stream))
        return file

    return export


def test_an_untouched_ledger_verifies_and_the_command_says_so(exported):
    done = CliRunner().invoke(app, ["verify", str(exported())])
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("column", COLUMNS, ids=str)
def test_a_changed_byte_in_every_row_of_a_column_is_named(
    query, exported, member, column
):
    expected = places(query, column)
    assert expected
    flip(query, column, 7)
    try:
        report = verify_files([exported()])
    finally:
        flip(query, column, 7)
    found = {each.index for each in report.faults if each.kind is column.kind}
    assert {each.member for each in report.faults} == {member}
    assert expected <= found


def test_a_deleted_leaf_is_named_and_the_command_fails(query, exported, member):
    leaf = query("SELECT encode(leaf, 'hex') FROM ledger_leaf WHERE index = 2;").strip()
    subject = query(
        "SELECT encode(subject, 'hex') FROM ledger_leaf WHERE index = 2;"
    ).strip()
    query("DELETE FROM ledger_leaf WHERE index = 2;")
    try:
        done = CliRunner().invoke(app, ["verify", str(exported())])
    finally:
        query(
            f"INSERT INTO ledger_leaf VALUES (2, '\\x{leaf}', '\\x{subject}');"  # noqa: S608 - read just before
        )
    assert done.exit_code == 1
    assert member in done.output


def test_two_swapped_leaves_are_named(query, exported, member):
    swap = (
        "UPDATE ledger_leaf SET index = -1 WHERE index = 1; "
        "UPDATE ledger_leaf SET index = 1 WHERE index = 2; "
        "UPDATE ledger_leaf SET index = 2 WHERE index = -1;"
    )
    query(swap)
    try:
        report = verify_files([exported()])
    finally:
        query(swap)
    assert {1, 2} <= {each.index for each in report.faults}
    assert {each.member for each in report.faults} == {member}
