"""`relais network check` on running nodes: sound after the journey, and a planted
fault is named by member and that member's own pseudonym, without a word about her.

The superuser of a member's database alters rows as no node can. Everything is put
back.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from services.cli.demo.cast import cast_of
from services.cli.demo.chapters import play
from services.cli.demo.narrator import Narrator
from services.cli.demo.stage import set_stage
from services.cli.network import Network
from services.cli.network_commands import app

LEAVES = "SELECT count(*) FROM ledger_leaf;"
PLACE = "lao-cai"


@pytest.fixture(scope="module")
def journeyed(vietnam: Network) -> Network:
    async def journey() -> None:
        sockets = [(each.name, each.local_socket) for each in vietnam.members()]
        silent = Narrator(Console(file=io.StringIO()))
        async with set_stage(sockets, silent) as stage:
            await play(stage, cast_of(4))

    # Played here only where no story was told on this network before.
    if vietnam.state.cluster.query(LEAVES, database=PLACE).strip() == "1":
        asyncio.run(journey())
    return vietnam


@pytest.fixture
def check(journeyed: Network) -> Callable[..., Result]:
    def run(*options: str) -> Result:
        given = ["check", "--state", str(journeyed.state.folder), *options]
        return CliRunner().invoke(app, given, env={"COLUMNS": "240"})

    return run


@pytest.fixture
def altered(journeyed: Network) -> Callable[..., object]:
    """Rows of ``answerability`` as a superuser left them, for as long as a block."""

    @contextmanager
    def alter(member: str, sql: str) -> Iterator[None]:
        def query(text: str) -> str:
            return journeyed.state.cluster.query(text, database=member)

        query("CREATE TABLE kept AS SELECT * FROM answerability;")
        query(sql)
        try:
            yield
        finally:
            query(
                "DELETE FROM answerability; INSERT INTO answerability "
                "OVERRIDING SYSTEM VALUE SELECT * FROM kept; DROP TABLE kept;"
            )

    return alter


def pseudonym(network: Network, member: str) -> str:
    """This member's own name of a case that it was handed and handed on."""
    return network.state.cluster.query(
        "SELECT pseudonym FROM cases AS c WHERE answerable = 'handed' AND EXISTS "
        "(SELECT 1 FROM answerability AS a WHERE a.case_id = c.case_id "
        "AND a.from_member <> '') ORDER BY pseudonym LIMIT 1;",
        database=member,
    ).strip()


def gone(name: str) -> str:
    return (
        "DELETE FROM answerability WHERE case_id = "  # noqa: S608 - read just before
        f"(SELECT case_id FROM cases WHERE pseudonym = '{name}');"
    )


def a_second_period(name: str) -> str:
    return (
        "INSERT INTO answerability "  # noqa: S608 - read just before
        "(case_id, since_event, since_at, since_step, from_member) "
        "SELECT case_id, decode(repeat('ab', 16), 'hex'), opened_at, 'case_opened', '' "
        f"FROM cases WHERE pseudonym = '{name}';"
    )


def test_after_the_journey_exactly_one_answers_everywhere(check):
    done = check("--chains")
    assert done.exit_code == 0, done.output
    assert "Exactly one answers in each." in done.output
    assert "hotline-hanoi → lao-cai → liaison-yunnan → lao-cai" in done.output


def test_a_period_that_is_gone_is_a_gap_that_names_both_ends(journeyed, check, altered):
    name = pseudonym(journeyed, PLACE)
    with altered(PLACE, gone(name)):
        done = check()
    assert done.exit_code == 1, done.output
    assert "gap" in done.output
    assert f"{PLACE} {name}" in done.output
    assert check().exit_code == 0


def test_a_second_open_period_elsewhere_is_an_overlap(journeyed, check, altered):
    name = pseudonym(journeyed, PLACE)
    with altered(PLACE, a_second_period(name)):
        done = check()
    assert done.exit_code == 1, done.output
    assert "overlap" in done.output
    assert f"{PLACE} {name}" in done.output


def test_a_node_that_does_not_answer_is_named_and_nothing_is_made_of_its_part(
    journeyed, check
):
    journeyed.kill(PLACE)
    try:
        done = check()
    finally:
        journeyed.restart(PLACE)
    assert done.exit_code == 1
    assert "unreachable" in done.output
    assert "gap" not in done.output


def test_only_an_auditor_may_ask(check):
    done = check("--officer", "administrator")
    assert done.exit_code != 0
    assert "people.role_may_not" in str(done.exception)
