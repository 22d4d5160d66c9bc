"""Clocks at rest: what runs, what is due, and what a pause leaves."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from services.node.flows.batch import write_batch
from services.node.store import timers
from services.node.store.queries import query
from services.node.store.writes import insert_referral

HOUR = timedelta(hours=1)


@pytest.fixture
async def shelf(founded, made, signer):
    return Shelf(founded, made, signer)


class Shelf:
    """A referral with one clock, and what happens to it."""

    def __init__(self, database, made, signer) -> None:
        self.database, self.made, self.signer = database, made, signer
        self.case = made.case()
        self.referral = made.referral(case_id=self.case.case_id)
        self.number = 1  # the case opened with the first

    async def write(self, *writes):
        """One batch with an event of the case; its id."""
        self.number += 1
        event = self.made.event(case_id=self.case.case_id, case_seq=self.number)
        plan = self.made.plan(*[each(event.event_id) for each in writes], event=event)
        written = await write_batch(self.database, self.signer, [plan])
        assert written.indexes[0] is not None
        return event.event_id

    async def begin(self, **changes):
        plan = self.made.case_plan(self.case)
        await write_batch(self.database, self.signer, [plan])
        await self.write(lambda _: insert_referral(self.referral))
        self.timer = self.made.timer(self.referral, self.made.id(), **changes)
        await self.write(lambda _: timers.insert_timer(self.timer))
        return self.timer

    async def row(self):
        async with self.database.connection() as connection:
            return await timers.timer_by_id(connection, self.timer.timer_id)

    async def due(self, hours):
        async with self.database.connection() as connection:
            found = await timers.due_timers(connection, self.made.now + hours * HOUR, 9)
        return [(each.deadline, each.rings[each.fired]) for each in found]

    async def ring(self, number):
        await self.write(
            lambda _: timers.ring_timer(self.timer.timer_id, number),
            lambda event: timers.insert_timer_ring(
                self.timer.timer_id, number, "x", event, self.made.now
            ),
        )


async def test_a_clock_is_due_when_its_next_ring_is(shelf):
    await shelf.begin()
    assert await shelf.due(0.99) == []
    assert await shelf.due(1) == [("answered", "L1:inside:100")]
    await shelf.ring(0)
    assert await shelf.due(1) == []
    assert await shelf.due(2) == [("answered", "L2:inside:200")]
    await shelf.ring(1)
    assert await shelf.due(99) == []
    assert (await shelf.row()).fired == 2


async def test_the_same_ring_is_written_once(shelf):
    await shelf.begin()
    await shelf.ring(0)
    await shelf.write(lambda _: timers.ring_timer(shelf.timer.timer_id, 0))
    assert (await shelf.row()).fired == 1


async def test_a_met_clock_rings_no_more(shelf):
    await shelf.begin()
    at = shelf.made.now + HOUR
    event = await shelf.write(
        lambda event: timers.stop_timers(
            shelf.referral.referral_id, ["answered"], at, event
        )
    )
    assert await shelf.due(99) == []
    assert (await shelf.row()).stopped_at == at
    # The step was refused for good: the clock runs on.
    await shelf.write(lambda _: timers.start_again(shelf.referral.referral_id, event))
    assert await shelf.due(1) == [("answered", "L1:inside:100")]
    assert (await shelf.row()).stopped_at is None


async def test_a_step_does_not_meet_the_clock_that_it_starts(shelf):
    timer = await shelf.begin()
    await shelf.write(
        lambda _: timers.stop_timers(
            shelf.referral.referral_id, ["answered"], shelf.made.now, timer.started_by
        )
    )
    assert (await shelf.row()).stopped_at is None


async def test_a_step_refused_for_good_started_nothing(shelf):
    timer = await shelf.begin()
    await shelf.write(
        lambda event: timers.stop_started(
            shelf.referral.referral_id, timer.started_by, shelf.made.now, event
        )
    )
    assert await shelf.due(99) == []


async def test_a_pause_keeps_what_is_left(shelf):
    timer = await shelf.begin()
    await shelf.ring(0)
    paused, resumed = shelf.made.now + HOUR * 1.5, shelf.made.now + HOUR * 50
    await shelf.write(
        lambda _: timers.pause_timer(timer.timer_id, paused, "court"),
        lambda event: timers.insert_timer_pause(timer.timer_id, event, "court", paused),
    )
    assert await shelf.due(99) == []
    row = await shelf.row()
    assert (row.paused_at, row.pause_reason) == (paused, "court")
    await shelf.write(
        lambda _: timers.resume_timer(timer.timer_id, resumed),
        lambda event: timers.end_timer_pause(timer.timer_id, event, resumed),
    )
    row = await shelf.row()
    # Half an hour was left to the second ring; what rang keeps its time.
    assert row.ring_at == [shelf.made.now + HOUR, resumed + HOUR * 0.5]
    assert row.next_ring_at == resumed + HOUR * 0.5
    assert row.due_at == timer.due_at + (resumed - paused)
    assert (row.paused_at, row.pause_reason) == (None, None)


async def test_a_clock_that_rings_while_it_is_paused_stays_paused(shelf):
    timer = await shelf.begin()
    await shelf.write(
        lambda _: timers.pause_timer(timer.timer_id, shelf.made.now, "court")
    )
    await shelf.ring(0)
    assert (await shelf.row()).next_ring_at is None


async def test_what_is_due_comes_in_the_order_of_due_time(shelf):
    await shelf.begin()
    for deadline, hours in (("z", 1), ("a", 3), ("b", 2), ("c", 2)):
        timer = shelf.made.timer(
            shelf.referral,
            shelf.made.id(),
            deadline=deadline,
            rings=("L1:inside:100",),
            ring_at=(shelf.made.now + hours * HOUR,),
        )
        await shelf.write(lambda _, each=timer: timers.insert_timer(each))
    found = [deadline for deadline, _ in await shelf.due(3)]
    assert found == ["answered", "z", "b", "c", "a"]
    async with shelf.database.connection() as connection:
        assert await timers.next_ring_at(connection) == shelf.made.now + HOUR


@pytest.mark.parametrize(
    ("states", "starts"),
    [
        (("declined", "expired"), False),
        (("declined", "expired", "offered"), False),
        (("declined", "expired", "misrouted"), True),
        (("declined", "declined", "rerouted"), True),
    ],
)
async def test_the_third_that_finds_nobody_starts_its_clock_once(shelf, states, starts):
    await shelf.begin()
    kind = "education"
    for state in states:
        referral = shelf.made.referral(
            case_id=shelf.case.case_id, referral_type=kind, state=state
        )
        await shelf.write(lambda _, each=referral: insert_referral(each))
    timer = shelf.made.timer(
        shelf.referral, shelf.made.id(), deadline="third_decline", referral_id=None
    )
    for _ in range(2):
        await shelf.write(lambda _: timers.insert_timer_after_refusals(timer, kind, 3))
    async with shelf.database.connection() as connection:
        found = await timers.timers_of_case(connection, shelf.case.case_id)
    assert [each.deadline for each in found].count("third_decline") == starts


MANY = """
SET session_replication_role = 'replica';
INSERT INTO timer (
    timer_id, deadline, case_id, referral_id, priority, started_by, started_at,
    due_at, policy_version, policy_row, rings, ring_at, fired, next_ring_at, stopped_at
)
SELECT
    decode(lpad(to_hex(n), 32, '0'), 'hex'), 'answered',
    decode('22' || lpad(to_hex(n / 4), 30, '0'), 'hex'),
    decode('11' || lpad(to_hex(n / 2), 30, '0'), 'hex'), 'normal',
    decode(lpad(to_hex(n), 32, '0'), 'hex'), at, at, 'p', 2, '{L1:inside:100}',
    ARRAY[at], 0, CASE WHEN n % 50 = 0 THEN at END,
    CASE WHEN n % 50 > 0 THEN at END
FROM (
    SELECT n, timestamptz '2026-03-02 08:00+00' + n * interval '1 minute' AS at
    FROM generate_series(0, 199999) AS n
) AS t;
ANALYZE timer;
"""


def _read_whole(plan):
    found = [_read_whole(child) for child in plan.get("Plans", ())]
    here = plan["Node Type"] == "Seq Scan" and plan["Relation Name"] == "timer"
    return here or any(found)


async def test_among_many_clocks_none_is_looked_for_in_all(fresh, database, made):
    fresh.as_superuser(MANY)
    some = bytes(15) + b"\x07"
    asked = {
        "due_timers": (made.now, 64),
        "next_ring_at": (),
        "timer_by_id": (some,),
        "timers_of_case": (b"\x22" + bytes(14) + b"\x07",),
        "running_timers": (made.now, 50, 0),
        "stop_timers": (b"\x11" + bytes(14) + b"\x07", ["answered"], made.now, some),
        "stop_case_timers": (b"\x22" + bytes(14) + b"\x07", ["x"], made.now, some),
        "ring_timer": (some, 0),
        "stop_reached": ([bytes(32)], made.now, "unreachable"),
        "start_again": (b"\x11" + bytes(14) + b"\x07", some),
    }
    async with database.connection() as connection:
        for name, values in asked.items():
            explain = "EXPLAIN (FORMAT JSON) " + query(name)
            ((found,),) = await connection.fetch(explain, *values)
            assert not _read_whole(json.loads(found)[0]["Plan"]), name
