"""Every write of a handoff, lost: not written, written but unanswered, server killed.

The real flows of two members over their real databases. In one undisturbed pass the
writes are seen that a member makes from the offer over its lease, arrival, receipt,
acceptance, release, recall and the clocks that ring; a new one is taken in by itself.
Then the line to PostgreSQL is cut at each in turn, and it ends as it did undisturbed.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar, cast

import asyncpg
import pytest
import structlog

from services.cli.cluster import Cluster
from services.node.domain.errors import RelaisError
from services.node.flows.fire import RingTimer
from services.node.keys.files import load_member_keys
from services.node.loops import writer as writer_module
from services.node.store import timers as timer_store
from tests.fault.ending import check_tree
from tests.fault.postgres_line import Loss
from tests.fault.widely import ALL, some
from tests.store.conftest import FreshDatabase
from tests.store.person import STEPS, Person, Referral
from tests.store.test_lost_commits import (
    GIVER,
    RECEIVER,
    behind_a_line,
    same_at_both,
)
from tests.store.town import NETWORK, Town

T = TypeVar("T")

LOSSES = (Loss.REQUEST, Loss.ANSWER, Loss.KILLED)
SAMPLE = 5
"""Of the losses at each member, in every run."""
SOON = timedelta(hours=6)
"""Until some clocks of the offer ring, at either end."""
_PATIENCE, _PAUSE = 60, 0.02
"""For how many seconds is asked again, and how often: a server begins anew in one,
and in many where the machine is busy."""
PATHS = {
    GIVER: {
        "INSERT INTO envelope_sent",
        "INSERT INTO outbox",
        "INSERT INTO receipt",
        "INSERT INTO timer_ring",
        "INSERT INTO ledger_checkpoint",
        "DELETE FROM part_key",
    },
    RECEIVER: {
        "INSERT INTO envelope_received",
        "INSERT INTO timer",
        "INSERT INTO ledger_checkpoint",
    },
}
"""What must be among the writes: receipt, release, timer and checkpoint."""
HELD = """
SELECT
    (SELECT string_agg(t.deadline || g.ring, ' ' ORDER BY t.deadline, g.number)
    FROM timer_ring AS g INNER JOIN timer AS t USING (timer_id)
    WHERE t.referral_id = $1) AS rings,
    (SELECT count(*) FROM timer AS t
    WHERE t.referral_id = $1 AND stopped_at IS NULL) AS clocks,
    (SELECT count(*) FROM part_key WHERE referral_id = $1) AS part_keys,
    (SELECT count(*) FROM receipt AS r INNER JOIN event AS e ON r.digest = e.subject
    WHERE e.referral_id = $1) AS receipts,
    (SELECT state FROM referral WHERE referral_id = $1) AS state
"""


async def insisted(act: Callable[[], Awaitable[T]]) -> T:
    """Whoever is not answered asks again."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                return await act()
            except RelaisError as error:
                assert error.code.startswith(("store.", "clock.not_due")), error.code
                await asyncio.sleep(_PAUSE)


async def ring(town: Town, member: str) -> None:
    """Every clock that is due rings, as the loop does it."""
    own, moment = town.members[member].own, town.moment(member)
    due = True
    while due:
        async with own.database.connection() as connection:
            timers = await timer_store.due_timers(connection, moment.case, 64)
        for each in timers:
            act = RingTimer(own, each.timer_id, each.fired, moment)
            await town.act(member, act)
        due = bool(timers)


async def tell(town: Town) -> dict[str, Any]:
    """A handoff from its offer to its recall; what stands of it at both ends."""
    person = Person(town)
    kind = "psychosocial_care"
    await insisted(lambda: person.open(GIVER))
    await insisted(lambda: person.offer(GIVER, RECEIVER, kind, sealed=True))
    # What was written and unanswered may stand twice; it is another referral.
    referral = person.referrals[-1]
    await insisted(town.settle_all)
    town.pass_time(SOON)
    for name in (GIVER, RECEIVER):
        await insisted(partial(ring, town, name))
    await insisted(town.settle_all)
    for side, step in (("receiver", "accept"), ("giver", "recall")):
        act = person.step_act(referral, side, STEPS[step]())
        await insisted(partial(town.act, referral.member(side), act))
        await insisted(town.settle_all)
    return await insisted(partial(standing, town, referral))


async def standing(town: Town, referral: Referral) -> dict[str, Any]:
    """What both ends hold of it."""
    found: dict[str, Any] = {"steps": await same_at_both(town, referral)}
    for name in (GIVER, RECEIVER):
        (row,) = await town.rows(name, HELD, referral.referral_id)
        found[name] = dict(row)
    return found


async def check_ledgers(town: Town) -> None:
    """Both verify from their leaves to every note that was signed."""
    for name in (GIVER, RECEIVER):
        raw = load_member_keys(town.founded.keys / name).ledger.public_raw
        async with town.members[name].own.database.connection() as connection:
            one = cast("asyncpg.Connection", connection)
            await check_tree(one, f"{NETWORK}/{name}", raw, 0)


def each_loss(seen: list[str], name: str) -> list[tuple[str, int, Loss]]:
    """Every loss at each execution of a write: which statement, for which time."""
    missing = {
        path for path in PATHS[name] if not any(each.startswith(path) for each in seen)
    }
    assert missing == set()
    times: Counter[str] = Counter()
    found = []
    for statement in seen:
        times[statement] += 1
        found += [(statement, times[statement], loss) for loss in LOSSES]
    return found


@pytest.mark.timeout(7200 if ALL else 300)
@pytest.mark.parametrize("name", [GIVER, RECEIVER])
async def test_a_write_of_a_handoff_that_is_lost_ends_as_if_it_had_not_been(
    town: Town,
    cluster: Cluster,
    copy_database: Callable[[], FreshDatabase],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.setattr(writer_module, "_RECOVERY_PAUSE", _PAUSE)
    async with behind_a_line(town, name, cluster, copy_database()) as line:
        # Once before it counts: both know each other, and statements are prepared.
        await tell(town)
        seen = line.record()
        expected = await tell(town)
        losses = each_loss(list(seen), name)
        chosen = some(losses, SAMPLE)
        for statement, time, loss in chosen:
            line.cut_write(statement, time, loss)
            assert await tell(town) == expected, (statement, time, loss)
            assert line.cut_at == statement, (statement, time, loss)
        await check_ledgers(town)
    assert expected["steps"] == ["offer", "accept", "release", "recall"]
    log = structlog.get_logger()
    log.info("writes.lost", member=name, losses=len(losses), tried=len(chosen))
