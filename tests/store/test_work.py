"""What there is to do: whose turn it is, what is due first, and who claims what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.flows.batch import write_batch
from services.node.store import work as work_store
from services.node.store.timers import insert_timer
from services.node.store.writes import insert_referral

MINE = [("receiver", "reception", "offered")]


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
