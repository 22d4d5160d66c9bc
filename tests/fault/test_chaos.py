"""Hundreds of handoffs among three nodes that are killed at random: 0 lost, 0 doubled.

`make chaos` runs more of them (N) with another chance (SEED). The kills follow the
work, not the time: after so many acts as chance says, one node dies at once, and is
started again while the officers of all three go on.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from relais.envelope.v1 import body_pb2
from tests.fault.desks import Desk, insist, new_id
from tests.fault.ending import check_ledger
from tests.fault.small_network import HOTLINE, PROVINCE, SHELTER, SmallNetwork

HANDOFFS = int(os.environ.get("RELAIS_CHAOS_HANDOFFS", "200"))
SEED = int(os.environ.get("RELAIS_CHAOS_SEED", "1"))
_AT_ONCE = 8
_ACTS_BETWEEN_KILLS = (15, 50)
_WAYS = (
    (HOTLINE, PROVINCE),
    (HOTLINE, SHELTER),
    (PROVINCE, SHELTER),
    (SHELTER, PROVINCE),
)
_ENDS = ("in_service", "declined", "void")
_SENT = """
SELECT s.event_id, s.recipient, o.state, r.index FROM envelope_sent AS s
INNER JOIN outbox AS o ON s.digest = o.digest
LEFT JOIN receipt AS r ON s.digest = r.digest
WHERE s.referral_id = any($1::bytea [])
"""
_RECEIVED = """
SELECT v.event_id, v.outcome, l.index FROM envelope_received AS v
INNER JOIN ledger_leaf AS l ON v.digest = l.subject
INNER JOIN event AS e ON v.event_id = e.event_id
WHERE e.referral_id = any($1::bytea [])
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """A referral that chance has chosen; three envelopes, or two if declined."""

    way: tuple[str, str]
    accepted: bool


def planned(handoffs: int, chance: random.Random) -> list[Plan]:
    """Referrals that come to so many envelopes, or a few more."""
    plans: list[Plan] = []
    while sum(3 if plan.accepted else 2 for plan in plans) < handoffs:
        plans.append(Plan(chance.choice(_WAYS), chance.random() < 0.75))
    return plans


@dataclass
class Work:
    """What the officers have done so far, and who waits for how much."""

    desks: dict[str, Desk]
    done: int = 0
    referrals: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    _progress: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def act(self, call: Callable[[], Any]) -> Any:
        """Ask until it is answered; counts."""
        answer = await insist(call)
        async with self._progress:
            self.done += 1
            self._progress.notify_all()
        return answer

    async def reach(self, acts: int) -> None:
        """Return once so many acts are done."""
        async with self._progress:
            await self._progress.wait_for(lambda: self.done >= acts)

    async def refer(self, plan: Plan) -> None:
        """One case, offered, accepted or declined, and seen at both ends."""
        giver, receiver = (self.desks[name] for name in plan.way)
        opening, consent, offer, answer = (new_id() for _ in range(4))
        case = await self.act(lambda: giver.open_case(opening))
        purpose = "reception_shelter"
        await self.act(lambda: giver.agree(case, purpose, receiver.name, consent))
        made = await self.act(lambda: giver.offer(case, receiver.name, event_id=offer))
        self.referrals[made] = (giver.name, receiver.name)
        await insist(lambda: receiver.see(made, "offered"))
        body: dict[str, Any] = {"acceptance": body_pb2.Acceptance()}
        if not plan.accepted:
            body = {"decline": body_pb2.Decline(reason="no_capacity")}
        await self.act(lambda: receiver.step(made, answer, **body))
        for desk in (giver, receiver):
            await insist(partial(desk.see, made, *_ENDS, settled=True))


async def _officers(work: Work, plans: list[Plan]) -> None:
    """Every referral, some at once."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(plan: Plan) -> None:
        async with gate:
            await work.refer(plan)

    async with asyncio.TaskGroup() as group:
        for plan in plans:
            group.create_task(one(plan))


async def _killer(town: SmallNetwork, work: Work, chance: random.Random) -> None:
    """Kill and restart, as long as there is work."""
    while True:
        await work.reach(work.done + chance.randint(*_ACTS_BETWEEN_KILLS))
        victim = chance.choice((HOTLINE, PROVINCE, SHELTER))
        await town.kill(victim)
        await town.restart(victim)


async def test_random_kills_lose_no_handoff_and_double_none(town, desks):
    chance = random.Random(SEED)
    plans, work = planned(HANDOFFS, chance), Work(desks)
    async with asyncio.TaskGroup() as group:
        killing = group.create_task(_killer(town, work, chance))
        await _officers(work, plans)
        killing.cancel()
    for member in (HOTLINE, PROVINCE, SHELTER):
        await town.restart(member)
    states = {each: await _state(desks, work, each) for each in work.referrals}
    assert all(len(set(both)) == 1 for both in states.values())
    assert await _count_handoffs(town, list(work.referrals)) >= HANDOFFS
    for member in (HOTLINE, PROVINCE, SHELTER):
        await check_ledger(town, member)


async def _state(
    desks: dict[str, Desk], work: Work, referral_id: bytes
) -> tuple[str, ...]:
    """The referral's state at both ends."""
    return tuple(
        [
            (await desks[name].see(referral_id, *_ENDS, settled=True)).state
            for name in work.referrals[referral_id]
        ]
    )


async def _count_handoffs(town: SmallNetwork, referrals: list[bytes]) -> int:
    """How many envelopes went; each is there once, at the index of its receipt."""
    sent: dict[tuple[str, bytes], int] = {}
    received: dict[tuple[str, bytes], int] = {}
    for member in (HOTLINE, PROVINCE, SHELTER):
        async with town.database(member) as connection:
            for row in await connection.fetch(_SENT, referrals):
                assert row["state"] == "received"
                key = (row["recipient"], row["event_id"])
                assert key not in sent
                sent[key] = row["index"]
            for row in await connection.fetch(_RECEIVED, referrals):
                assert row["outcome"] == "received"
                key = (member, row["event_id"])
                assert key not in received
                received[key] = row["index"]
    assert sent == received
    return len(sent)
