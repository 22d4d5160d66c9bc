"""What there is to do: whose turn it is, what is due first, and who claims what."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from services.node.domain.answer_times import ANSWERS, LEAST, WINDOW, AnswerTimes
from services.node.flows.batch import write_batch
from services.node.store import arrivals as arrival_store
from services.node.store import work as work_store
from services.node.store.approvals import MayAnswer
from services.node.store.queries import query
from services.node.store.timers import insert_timer, stop_timers
from services.node.store.work import Instants
from services.node.store.writes import insert_referral

MINE = (("receiver", "reception", "offered"),)


@pytest.fixture
def keep(founded, made, signer):
    """Stores a referral with its offer and clocks; how many hours each is due in."""

    async def stored(*hours, **changes):
        referral = made.referral(**changes)
        event = made.event(referral_id=referral.referral_id, referral_no=1)
        timers = [
            insert_timer(
                made.timer(
                    referral,
                    event.event_id,
                    due_at=made.now + timedelta(hours=each),
                    deadline=f"in_{each}_hours",
                )
            )
            for each in hours
        ]
        await write_batch(
            founded,
            signer,
            [made.plan(insert_referral(referral), *timers, event=event)],
        )
        return referral.referral_id

    return stored


async def listed(founded, turns=MINE, *, limit=50, offset=0, cases=False):
    async with founded.connection() as connection:
        rows = await work_store.work_of(
            connection, turns, cases=cases, limit=limit, offset=offset
        )
        count = await work_store.count_work(connection, turns, cases=cases)
    return rows, count


async def test_what_is_due_first_comes_first_and_what_has_no_clock_last(founded, keep):
    unhurried = await keep(side="receiver")
    late = await keep(5, side="receiver")
    soon = await keep(9, 2, side="receiver")
    rows, count = await listed(founded)
    assert [row.referral_id for row in rows] == [soon, late, unhurried]
    assert [row.deadline for row in rows] == ["in_2_hours", "in_5_hours", None]
    assert count == 3


async def test_only_those_states_are_work_in_which_it_is_somebodys_turn(founded, keep):
    await keep(1, side="receiver", state="done")
    await keep(1, side="giver", state="offered")
    waiting = await keep(1, side="receiver", state="offered")
    rows, count = await listed(founded)
    assert [row.referral_id for row in rows] == [waiting]
    assert count == 1


async def test_page_after_page_shows_everything_once(founded, keep):
    kept = [await keep(each, side="receiver") for each in (1, 2, 3)]
    first, _ = await listed(founded, limit=2)
    second, _ = await listed(founded, limit=2, offset=2)
    assert [row.referral_id for row in (*first, *second)] == kept


async def test_pages_go_on_from_what_is_due_to_what_has_no_clock(founded, keep):
    kept = [await keep(*hours, side="receiver") for hours in ((1, 3), (2,), (), ())]
    found = [(await listed(founded, limit=1, offset=each))[0] for each in range(5)]
    *full, empty = [[row.referral_id for row in rows] for rows in found]
    assert full[:2] == [[each] for each in kept[:2]]
    assert sorted(full[2:]) == sorted([each] for each in kept[2:])
    assert empty == []


async def test_clocks_of_cases_stand_among_those_of_referrals(
    founded, keep, made, signer
):
    kept = [await keep(hours, side="receiver") for hours in (1, 3)]
    referral = made.referral(side="receiver", state="done")
    event = made.event(referral_id=referral.referral_id, referral_no=1)
    clock = made.timer(
        referral,
        event.event_id,
        referral_id=None,
        due_at=made.now + timedelta(hours=2),
    )
    plan = made.plan(insert_referral(referral), insert_timer(clock), event=event)
    await write_batch(founded, signer, [plan])
    rows, count = await listed(founded, cases=True)
    assert [row.referral_id for row in rows] == [kept[0], None, kept[1]]
    assert count == 3
    rows, count = await listed(founded)
    assert [row.referral_id for row in rows] == kept
    assert count == 2


async def test_nobody_takes_a_claim_from_another_before_it_ends(founded, keep, made):
    referral = await keep(side="receiver")
    soon, later = made.now + timedelta(minutes=5), made.now + timedelta(minutes=11)
    async with founded.connection() as connection:

        async def take(officer, now):
            until = now + timedelta(minutes=10)
            return await work_store.take_claim(
                connection, referral, officer, until, now
            )

        assert await take("officer-1", made.now)
        assert not await take("officer-2", soon)
        assert await take("officer-1", soon - timedelta(minutes=4))
        assert await take("officer-2", later + timedelta(minutes=1))
        claims = await work_store.claims_of(connection, [referral], later)
        assert claims[referral].claimed_by == "officer-2"


async def test_claim_is_given_back_by_its_holder_only(founded, keep, made):
    referral = await keep(side="receiver")
    until = made.now + timedelta(minutes=10)
    async with founded.connection() as connection:
        await work_store.take_claim(connection, referral, "officer-1", until, made.now)
        await work_store.drop_claim(connection, referral, "officer-2")
        assert await work_store.claims_of(connection, [referral], made.now)
        await work_store.drop_claim(connection, referral, "officer-1")
        assert not await work_store.claims_of(connection, [referral], made.now)


def some(made, **wanted):
    given = {"peer": "", "unit": "", "officer": "", "own": "a", "now": made.now}
    return work_store.Some(**(given | wanted))


async def listed_of(founded, wanted, turns=MINE, *, ours=True):
    both = work_store.Turns(turns, ()) if ours else work_store.Turns((), turns)
    async with founded.connection() as connection:
        found = await work_store.work_of_some(
            connection, both, wanted, ours=ours, limit=50, offset=0
        )
        beyond = await work_store.work_of_some(
            connection, both, wanted, ours=ours, limit=50, offset=1000
        )
    counts = (found.needs_me, found.waiting_on_others)
    assert counts[0 if ours else 1] == len(found.rows)
    assert beyond.rows == []
    assert (beyond.needs_me, beyond.waiting_on_others) == counts
    return [row.referral_id for row in found.rows]


async def test_work_with_one_member_is_only_that(founded, keep, made):
    await keep(1, side="receiver", peer="yen-bai")
    wanted = await keep(2, side="receiver", peer="lai-chau")
    assert await listed_of(founded, some(made, peer="lai-chau")) == [wanted]
    # As what waits for others it is the same, without the clocks of cases.
    theirs = await listed_of(founded, some(made, peer="lai-chau"), ours=False)
    assert theirs == [wanted]


async def test_mine_is_what_i_claimed_and_a_units_what_nobody_took_up(
    founded, keep, made
):
    claimed, free = await keep(1, side="receiver"), await keep(2, side="receiver")
    until = made.now + timedelta(minutes=10)
    async with founded.connection() as connection:
        await work_store.take_claim(connection, claimed, "officer-1", until, made.now)
    assert await listed_of(founded, some(made, officer="officer-1")) == [claimed]
    assert await listed_of(founded, some(made, officer="officer-2")) == []
    assert free in await listed_of(founded, some(made, unit="u"))
    later = made.now + timedelta(hours=1)
    assert await listed_of(founded, some(made, officer="officer-1", now=later)) == []


async def test_a_corridor_counts_who_must_answer_what_is_late_and_what_has_no_receipt(
    founded, keep, made
):
    theirs = [("giver", "reception", "offered")]
    await keep(1, side="receiver", peer="yen-bai")
    await keep(5, side="receiver", peer="yen-bai")
    await keep(3, side="giver", peer="yen-bai")
    await keep(3, side="giver", peer="lai-chau", state="done")
    now = made.now + timedelta(hours=2)
    async with founded.connection() as connection:
        rows = await work_store.corridors(connection, MINE, theirs, now)
    assert [(row.peer, row.side, row.ours, row.open, row.overdue) for row in rows] == [
        ("yen-bai", "giver", False, 1, 0),
        ("yen-bai", "receiver", True, 2, 1),
    ]
    assert rows[1].first_due == made.now + timedelta(hours=1)
    assert [row.one_sided for row in rows] == [0, 0]


async def test_what_two_sides_dispute_is_noticed(founded, keep, made):
    disputed = await keep(side="giver", state="disputed", peer="yen-bai")
    await keep(side="giver", state="minuted")
    assert await noticed(founded, made) == [("disputed", disputed, "yen-bai")]


async def noticed(founded, made):
    async with founded.connection() as connection:
        rows = await work_store.notices_of(connection, made.now, 50, made.now)
        nobody = MayAnswer("o-1", (), (), "u")
        at = Instants(made.now, made.now, made.now, made.now)
        counted = await work_store.count_attention(connection, nobody, at, admits=False)
    assert counted.notices == len(rows)
    return [(row.kind, row.referral_id, row.peer) for row in rows]


async def test_who_is_missed_is_noticed_once_until_found(founded, signer, keep, made):
    missed = await keep(side="giver", state="in_service", peer="yen-bai")
    await keep(1, side="giver", state="in_service", peer="yen-bai")
    referral = replace(made.referral(), referral_id=missed)
    twice = [made.event(), made.event()]
    for event in twice:
        timer = made.timer(referral, event.event_id, deadline="not_arrived")
        await write_batch(
            founded, signer, [made.plan(insert_timer(timer), event=event)]
        )
    assert await noticed(founded, made) == [("not_arrived", missed, "yen-bai")]
    found = made.event()
    await write_batch(
        founded,
        signer,
        [
            made.plan(
                stop_timers(missed, ["not_arrived"], made.now, found.event_id),
                event=found,
            )
        ],
    )
    assert await noticed(founded, made) == []


SIDES, STATES = ("giver", "receiver"), ("offered", "accepted", "done")


@pytest.fixture
async def crowded(founded, made, signer):
    """Whatever clocks run: none, several, at the same instant, of cases, stopped."""
    chance = random.Random(20180305)
    plans, stopped = [], []
    for number in range(70):
        referral = made.referral(
            side=chance.choice(SIDES),
            state=chance.choice(STATES),
            updated_at=made.now + timedelta(minutes=chance.randrange(9)),
        )
        event = made.event(referral_id=referral.referral_id, referral_no=1)
        of_case = {} if number % 9 else {"referral_id": None}
        timers = [
            made.timer(
                referral,
                event.event_id,
                deadline=f"clock-{number}-{each}",
                due_at=made.now + timedelta(hours=chance.randrange(12)),
                **of_case,
            )
            for each in range(chance.choice((0, 1, 1, 2, 3)))
        ]
        stopped += [each.timer_id for each in timers if chance.random() < 0.25]
        writes = (insert_referral(referral), *map(insert_timer, timers))
        plans.append(made.plan(*writes, event=event))
    await write_batch(founded, signer, plans)
    async with founded.connection() as connection:
        await connection.execute(
            "UPDATE timer SET stopped_at = $1 WHERE timer_id = any($2)",
            made.now,
            stopped,
        )
        yield connection


def pages():
    """Turns, whether clocks of cases are among them, and where a page is."""
    turns = tuple((side, "reception", state) for side in SIDES for state in STATES[:2])
    return product(
        (turns, turns[:1], turns[2:], ()), (True, False), (1, 7, 60), range(0, 64, 3)
    )


async def test_a_deep_page_has_the_rows_of_the_walk_in_its_order(crowded):
    for turns, cases, limit, offset in pages():
        place = {"cases": cases, "limit": limit, "offset": offset}
        walked = await work_store.work_of(crowded, turns, **place)
        looked = await work_store.work_of(crowded, turns, **place, deep=True)
        assert looked == walked, (turns, place)


async def test_a_page_of_some_has_the_same_rows_whether_walked_to_or_not(crowded, made):
    """Asked without a wish it is everybody's work, as the list of all has it."""
    for turns, ours, limit, offset in pages():
        place = {"limit": limit, "offset": offset}
        every = await work_store.work_of(crowded, turns, cases=ours, **place)
        # What is of no case is shown by neither; here the clocks of cases have none.
        wanted = [row for row in every if row.referral_id]
        both = work_store.Turns(turns, ()) if ours else work_store.Turns((), turns)
        for dense in (0, 1_000_000):
            found = await work_store.work_of_some(
                crowded, both, some(made), ours=ours, **place, dense=dense
            )
            assert found.rows == wanted, (turns, ours, place, dense)


@pytest.fixture
def answered(founded, made, signer):
    """Stores an offer of this member, and what the other said to it hours after."""

    async def stored(*said, peer="yen-bai", days_ago=1, state="accepted", side="giver"):
        at = made.now - timedelta(days=days_ago)
        referral = made.referral(
            peer=peer, state=state, side=side, offered_at=at, updated_at=at
        )
        number = {"referral_id": referral.referral_id}
        events = [
            made.event(
                **number,
                referral_no=place,
                author=peer,
                step=step,
                happened_at=at + timedelta(hours=hours),
            )
            for place, (step, hours) in enumerate(said, start=2)
        ]
        offer = made.event(**number, referral_no=1)
        plans = [made.plan(insert_referral(referral), event=offer)]
        plans += [made.plan(event=each) for each in events]
        await write_batch(founded, signer, plans)

    return stored


async def test_half_of_the_first_answers_to_our_own_offers_came_within_so_long(
    founded, made, answered
):
    for hours in (1, 2, 3, 40):
        await answered(("opened", 0), ("question", hours), ("accept", hours + 50))
    await answered(("decline", 5), state="declined")
    await answered(state="offered")
    await answered(("opened", 1), state="revoked")  # taken back before any answer
    await answered(("accept", 0.1), days_ago=91)
    await answered(("accept", 0.1), side="receiver")
    await answered(state="offered", peer="son-la")
    since = made.now - WINDOW
    async with founded.connection() as connection:
        rows = await work_store.answer_times(connection, since, made.now, ANSWERS)
    found = {row.member: (row.asked, row.answered, row.half_within) for row in rows}
    assert found == {"son-la": (1, 0, None), "yen-bai": (6, 5, timedelta(hours=3))}
    few = [AnswerTimes(9, each, timedelta(hours=3)).median for each in (4, LEAST)]
    assert few == [None, timedelta(hours=3)]


async def test_of_several_promises_the_newest_stands_while_somebody_is_awaited(
    founded, keep, made, signer
):
    begin = datetime(2026, 3, 2, 17, tzinfo=UTC)
    end = begin + timedelta(days=1)
    # Nobody waits for whoever is recalled, is there, or cannot be kept.
    moved, first, late, recalled, came, kept = [
        await keep(side="receiver", state=state)
        for state in (*("in_service",) * 5, "cannot_keep")
    ]
    over = [
        made.plan(event=made.event(referral_id=each, referral_no=2, step=step))
        for each, step in ((recalled, "recall"), (came, "arrival"))
    ]
    await write_batch(founded, signer, over)
    async with founded.connection() as connection:
        for referral_id, at in (
            (moved, begin - timedelta(hours=1)),
            (late, end),
            (first, begin),
            (moved, end - timedelta(seconds=1)),
            *((each, begin) for each in (recalled, came, kept)),
        ):
            write = arrival_store.expect_arrival(referral_id, at)
            await connection.execute(query(write.query), *write.arguments)
        found = await arrival_store.arrivals_between(connection, begin, end, 50)
    assert [row.referral_id for row in found] == [first, moved]
