"""The relay's circuit: a member that is away is greeted, and costs nobody else.

The real loop of one member over the real flows and databases of a town; what is
between the members is a line that the test cuts.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.cli.cluster import PORT, Cluster
from services.node.domain.bodies import Revocation
from services.node.domain.errors import UnavailableError
from services.node.domain.reach import Circuit, circuit
from services.node.flows import outbox
from services.node.flows.deliver import pause
from services.node.flows.exchange import Delivery, DeliveryAnswer
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.post import Post
from services.node.flows.receive import receive_batch
from services.node.loops import relay as relay_loop
from services.node.loops.relay import Relay
from services.node.rpc.mailbox_client import MailboxClient
from services.node.rpc.peer_client import PeerClient
from services.node.store.outbox import DestinationRow
from services.node.store.pool import open_database
from tests.fault.postgres_line import Loss, PostgresLine
from tests.store.conftest import FreshDatabase
from tests.store.person import Person
from tests.store.town import Town

HERE, AWAY, THERE = "lao-cai", "son-la", "nha-hoa-ban"
SILENT = "liaison-yunnan"
MESSAGE_LIMIT = 1 << 20
SOON = 60.0


class Lines:
    """The lines of one member to the others: whole, cut, or silent for ever."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.cut: set[str] = set()
        self.silent: set[str] = set()
        self.bore: list[int] = []
        """For each try at a line that is cut or silent, how many envelopes it bore."""
        self.database: PostgresLine | None = None
        """Cut at the commit that follows the first greeting, if it is given."""
        self.loss = Loss.ANSWER
        self._armed = asyncio.Event()
        self._tried = {AWAY: asyncio.Event(), SILENT: asyncio.Event()}

    async def were_tried(self, *members: str) -> None:
        async with asyncio.timeout(SOON):
            for member in members:
                await self._tried[member].wait()

    async def was_armed(self) -> None:
        async with asyncio.timeout(SOON):
            await self._armed.wait()

    async def deliver(self, member: str, delivery: Delivery) -> DeliveryAnswer:
        if member in self.cut | self.silent:
            self.bore.append(len(delivery.consignments))
            self._tried[member].set()
        if member in self.silent:
            await asyncio.Event().wait()
        if member in self.cut:
            raise UnavailableError("peer.unreachable", "Nobody answers there.")
        if self.database is not None and not delivery.consignments:
            self.database.cut(0, self.loss)
            self._armed.set()
            self.database = None
        peer = self.town.members[member]
        return await receive_batch(
            peer.own,
            peer.published,
            HERE,
            delivery,
            peer.writer.submit,
            self.town.moment(member),
        )


class Clocks:
    """The clocks of the member whose relay runs."""

    def __init__(self, town: Town) -> None:
        self.town = town

    def now(self) -> Moment:
        return self.town.moment(HERE)

    def drive(self, case: datetime) -> Moment:
        self.town.case = case
        return self.now()


class Dialled(Post):
    """The town gives nobody an address; its lines reach everybody all the same."""

    def is_by_letter(self, member: str) -> bool:  # noqa: ARG002 - of no one
        return False


@asynccontextmanager
async def relaying(
    town: Town, lines: Lines, own: OwnMember | None = None
) -> AsyncIterator[Relay]:
    member = town.members[HERE]
    own = own or member.own
    clocks = Clocks(town)
    boxes = MailboxClient(PeerClient(own, MESSAGE_LIMIT))
    post = Dialled(own, member.published, boxes, clocks)
    relay = Relay(own, member.published, lines, clocks, post)
    running = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def received(town: Town, member: str, count: int) -> list[str]:
    """The steps that a member has received, once they are so many."""
    published = town.members[member].published
    async with asyncio.timeout(SOON):
        while True:
            changed = published.next_change()
            rows = await town.rows(
                member,
                "SELECT e.step FROM envelope_received AS v "
                "INNER JOIN ledger_leaf AS l ON v.digest = l.subject "
                "INNER JOIN event AS e ON v.event_id = e.event_id ORDER BY l.index",
            )
            if len(rows) >= count:
                return [str(row["step"]) for row in rows]
            await changed.wait()


async def of_referral(town: Town, member: str, referral_id: bytes) -> list[str]:
    """The steps of one referral, in the order in which the member took them in."""
    rows = await town.rows(
        member,
        "SELECT e.step FROM event AS e INNER JOIN ledger_leaf AS l "
        "ON e.subject = l.subject WHERE e.referral_id = $1 AND e.author = $2 "
        "ORDER BY l.index",
        referral_id,
        HERE,
    )
    return [str(row["step"]) for row in rows]


async def standing(town: Town) -> dict[str, DestinationRow]:
    """What waits for each member, as an administrator sees it."""
    own, moment = town.members[HERE].own, town.moment(HERE)
    return {
        each.recipient: each for each in await outbox.destinations(own, moment, 9, 0)
    }


async def nothing_waits_for(town: Town, member: str) -> None:
    published = town.members[HERE].published
    async with asyncio.timeout(SOON):
        while True:
            changed = published.next_change()
            if member not in await standing(town):
                return
            await changed.wait()


async def test_members_away_cost_nobody_else_and_get_all_in_order_when_back(
    town: Town,
) -> None:
    """One line is cut, another takes a call and never answers it."""
    person, lines = Person(town), Lines(town)
    lines.cut.add(AWAY)
    lines.silent.add(SILENT)
    await person.open(HERE)
    await person.offer(HERE, SILENT, "protection_abroad", sealed=False)
    await person.offer(HERE, AWAY, "reintegration", sealed=False)
    async with relaying(town, lines) as relay:
        await lines.were_tried(AWAY, SILENT)
        for days in range(1, 4):
            town.pass_time(timedelta(days=1), timedelta(days=1))
            await person.offer(HERE, THERE, "psychosocial_care", sealed=False)
            assert await received(town, THERE, days) == ["offer"] * days
        await person.offer(HERE, AWAY, "reintegration", sealed=False)
        await person.step(person.referrals[1], "giver", Revocation("other"))
        found = (await standing(town))[AWAY]
        assert (found.waiting, found.last_problem) == (3, "peer.unreachable")
        assert found.failures > 0
        assert circuit(found.failures, found.next_try_at, town.wire) is not (
            Circuit.CLOSED
        )
        # Nothing is leased for a member that does not even answer a greeting.
        assert found.attempts == 0
        assert set(lines.bore) == {0}
        longest = pause(relay._failures[AWAY]).total_seconds()
        assert longest / 2 <= relay._pauses[AWAY] <= longest
        lines.cut.clear()
        relay.heard_from(AWAY)
        assert sorted(await received(town, AWAY, 3)) == ["offer", "offer", "revocation"]
        assert await of_referral(town, AWAY, person.referrals[1].referral_id) == [
            "offer",
            "revocation",
        ]
        await nothing_waits_for(town, AWAY)
        assert SILENT in await standing(town)


@pytest.mark.parametrize("loss", list(Loss))
async def test_a_lease_whose_commit_was_lost_is_not_waited_for(
    town: Town,
    cluster: Cluster,
    copy_database: Callable[[], FreshDatabase],
    loss: Loss,
) -> None:
    """The wire clock stands still: no lease runs out."""
    person, lines = Person(town), Lines(town)
    await person.open(HERE)
    await person.offer(HERE, THERE, "psychosocial_care", sealed=False)
    member = town.members[HERE]
    (row,) = await town.rows(HERE, "SELECT current_database() AS name")
    async with PostgresLine(cluster.sockets, PORT) as line:
        address = replace(copy_database().node, host=str(line.folder), name=row["name"])
        database = await open_database(address, 4)
        lines.database, lines.loss = line, loss
        try:
            async with relaying(town, lines, replace(member.own, database=database)):
                if loss is Loss.LATE:
                    await lines.was_armed()
                    # Long enough for the relay to have tried once more meanwhile.
                    await asyncio.sleep(0.5)
                    line.let_late_arrive()
                assert await received(town, THERE, 1) == ["offer"]
                await nothing_waits_for(town, THERE)
        finally:
            await database.close()
        assert line.cut_at is not None
        assert line.cut_at.startswith("COMMIT")
    (tried,) = await town.rows(HERE, "SELECT fence FROM outbox")
    leased = {Loss.REQUEST: {1}, Loss.KILLED: {1, 2}}.get(loss, {2})
    assert tried["fence"] in leased, "killed, the server may or may not have done it"


async def test_what_may_not_leave_yet_is_looked_at_now_and_then_and_goes_at_once(
    town: Town,
) -> None:
    """It is written, and its head is not published: the guard's disk is full."""
    person, lines = Person(town), Lines(town)
    await person.open(HERE)
    published = town.members[HERE].published
    before = published.head
    await person.offer(HERE, THERE, "psychosocial_care", sealed=False)
    now = published.head
    published._head = before
    began = time.monotonic()
    async with relaying(town, lines):
        await looked_at(town)
        # Long enough for a relay that does not rest to have looked a hundred times.
        await asyncio.sleep(0.5)
        # Once a second, and a busy machine may have made it more than half of one.
        rested = (time.monotonic() - began) / relay_loop._UNPUBLISHED_SLEEP
        assert await looked_at(town) <= 2.5 + rested
        published.advance(now)
        assert await received(town, THERE, 1) == ["offer"]


async def looked_at(town: Town) -> int:
    """How often the relay has leased what waits, once it has."""
    async with asyncio.timeout(SOON):
        while True:
            (tried,) = await town.rows(HERE, "SELECT fence FROM outbox")
            if tried["fence"]:
                return int(tried["fence"])
            await asyncio.sleep(0.01)
