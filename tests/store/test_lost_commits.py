"""Commits of a handoff are lost at either end: not written, and written unanswered.

The real flows of two members over their real databases; one member's line to
PostgreSQL is cut at two commits of five, from the lease of an offer over its arrival,
receipt, acceptance and release to the receipt of a recall.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from services.cli.cluster import PORT, Cluster
from services.node.domain.errors import RelaisError
from services.node.store.pool import open_database
from tests.fault.postgres_line import Loss, PostgresLine
from tests.fault.widely import some
from tests.store.conftest import FreshDatabase
from tests.store.person import STEPS, Person, Referral
from tests.store.town import Town

GIVER, RECEIVER = "lao-cai", "nha-hoa-ban"
_TRIES = 20
HELD = """
SELECT e.event_id, e.step, e.author FROM event AS e
INNER JOIN ledger_leaf AS l ON e.subject = l.subject
WHERE e.referral_id = $1 ORDER BY e.referral_no
"""
OPEN = "SELECT count(*) AS open FROM outbox WHERE state <> 'received'"
RECEIVED = """
SELECT count(*) AS times, count(DISTINCT event_id) AS events FROM envelope_received
"""


@asynccontextmanager
async def behind_a_line(
    town: Town, name: str, cluster: Cluster, fresh: FreshDatabase
) -> AsyncIterator[PostgresLine]:
    """The member goes on behind a line to its database that a test can cut."""
    member = town.members[name]
    (row,) = await town.rows(name, "SELECT current_database() AS name")
    async with PostgresLine(cluster.sockets, PORT) as line:
        address = replace(fresh.node, host=str(line.folder), name=row["name"])
        before = member.own
        member.own = replace(before, database=await open_database(address, 4))
        await member.start(town.wire)
        try:
            yield line
        finally:
            await member.own.database.close()
            member.own = before
            await member.start(town.wire)


async def go_on(town: Town) -> None:
    """What loops do: what failed for the lost line is tried again."""
    for _ in range(_TRIES):
        try:
            await town.settle_all()
        except RelaisError:
            continue
        return
    raise AssertionError("it goes on for ever")


async def said(person: Person, referral: Referral, side: str, step: str) -> None:
    """An officer asks again, under the same id, until she is answered."""
    act = person.step_act(referral, side, STEPS[step]())
    for _ in range(_TRIES):
        try:
            await person.town.act(referral.member(side), act)
        except RelaisError as error:
            assert error.code.startswith("store."), error.code
        else:
            return
    raise AssertionError("nobody answers her")


async def same_at_both(town: Town, referral: Referral) -> list[str]:
    """The steps of a referral, each once and alike at both ends."""
    held = [
        [
            (row["event_id"], row["step"], row["author"])
            for row in await town.rows(each, HELD, referral.referral_id)
        ]
        for each in (GIVER, RECEIVER)
    ]
    assert held[0] == held[1]
    for each in (GIVER, RECEIVER):
        assert [row["open"] for row in await town.rows(each, OPEN)] == [0]
        (row,) = await town.rows(each, RECEIVED)
        assert row["times"] == row["events"]
    return [step for _, step, _ in held[0]]


@pytest.mark.parametrize("seed", some([1, 2], 1))
@pytest.mark.parametrize("loss", [Loss.REQUEST, Loss.ANSWER])
@pytest.mark.parametrize("name", [GIVER, RECEIVER])
async def test_no_commit_of_a_handoff_that_is_lost_loses_or_doubles_anything(
    town: Town,
    cluster: Cluster,
    copy_database: Callable[[], FreshDatabase],
    name: str,
    loss: Loss,
    seed: int,
) -> None:
    person = Person(town)
    await person.open(GIVER)
    async with behind_a_line(town, name, cluster, copy_database()) as line:
        await person.offer(GIVER, RECEIVER, "psychosocial_care", sealed=False)
        referral = person.referrals[-1]
        line.lose_commits(loss, seed)
        await go_on(town)
        await said(person, referral, "receiver", "accept")
        await go_on(town)
        await said(person, referral, "giver", "recall")
        await go_on(town)
        line.lose_no_more()
        await go_on(town)
        steps = await same_at_both(town, referral)
    assert steps == ["offer", "accept", "release", "recall"]
    # The lease, what came, its receipt, the node's own answer: a commit each.
    assert line.lost >= 4
