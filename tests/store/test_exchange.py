"""The outbox: leases with a fence, one referral in order, answers that move."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from services.node.flows.batch import write_batch
from services.node.store import exchange
from services.node.store.pool import open_database
from services.node.store.writes import (
    apply_refusal,
    execute_writes,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def lease(founded, made):
    """Leases what is due to one member for a minute."""

    async def leased(after=timedelta(0), limit=100, recipient="yen-bai"):
        now = made.now + after
        async with founded.transaction() as connection:
            return await exchange.lease_due(
                connection, recipient, now, now + MINUTE, limit
            )

    return leased


async def state_of(database, digest):
    async with database.connection() as connection:
        return await connection.fetchrow(
            "SELECT state, attempts, last_problem, next_try_at FROM outbox "
            "WHERE digest = $1",
            digest,
        )


async def test_leased_envelopes_come_in_the_order_of_writing(lease, offered):
    digests = await offered(*["yen-bai"] * 9)
    leased = await lease(limit=4)
    assert [row.digest for row in leased] == digests[:4]
    assert [row.digest for row in await lease()] == digests[4:]
    assert await lease() == []


async def test_an_emergency_overtakes_what_waits_and_nothing_waits_for_ever(
    founded, lease, made, signer
):
    def offers(priority, number):
        return [made.referral(priority=priority) for _ in range(number)]

    normal, emergencies, urgent = (
        offers("normal", 30),
        offers("emergency", 20),
        offers("urgent", 5),
    )
    plans = [made.offer_plan(each) for each in (*normal, *emergencies, *urgent)]
    await write_batch(founded, signer, plans)
    digests = [each.event.subject for each in plans]
    normal, emergencies, urgent = digests[:30], digests[30:50], digests[50:]
    batches = [[row.digest for row in await lease(limit=8)] for _ in range(5)]
    assert batches[0] == [*emergencies[:6], *normal[:2]]
    assert batches[1] == [*emergencies[6:12], *normal[2:4]]
    assert batches[2] == [*emergencies[12:18], *normal[4:6]]
    assert batches[3] == [*emergencies[18:], *urgent[:4], *normal[6:8]]
    assert batches[4] == [urgent[4], *normal[8:15]]


async def test_within_a_referral_nothing_overtakes(founded, lease, made, signer):
    referral = made.referral(priority="emergency")
    plans = [made.offer_plan(referral), made.next_plan(referral, 2)]
    await write_batch(founded, signer, plans)
    (first,) = await lease()
    assert first.digest == plans[0].event.subject


async def test_two_relays_never_lease_the_same_envelope(fresh, founded, made, offered):
    digests = await offered(*["yen-bai"] * 40)
    second = await open_database(fresh.node, 5)

    async def take(database):
        async with database.transaction() as connection:
            return await exchange.lease_due(
                connection, "yen-bai", made.now, made.now + MINUTE, 7
            )

    taken = await asyncio.gather(*(take(each) for each in (founded, second) * 5))
    await second.close()
    flat = [row.digest for rows in taken for row in rows]
    assert len(flat) == len(set(flat))
    assert set(flat) <= set(digests)
    assert max(len(rows) for rows in taken) == 7


async def test_second_relay_passes_over_what_the_first_holds_uncommitted(
    founded, made, offered
):
    digests = await offered("yen-bai", "yen-bai", "yen-bai")
    until = made.now + MINUTE
    async with founded.transaction() as first, founded.transaction() as second:
        held = await exchange.lease_due(first, "yen-bai", made.now, until, 2)
        other = await exchange.lease_due(second, "yen-bai", made.now, until, 2)
    assert [row.digest for row in held] == digests[:2]
    assert [row.digest for row in other] == digests[2:]


async def test_lease_that_ran_out_is_taken_over_with_a_higher_fence(lease, offered):
    await offered("yen-bai")
    (first,) = await lease()
    assert await lease(MINUTE / 2) == []
    (second,) = await lease(MINUTE)
    assert second.digest == first.digest
    assert second.fence == first.fence + 1


async def test_stale_fence_settles_nothing_and_puts_nothing_off(
    founded, lease, offered, made
):
    (digest,) = await offered("yen-bai")
    (stale,) = await lease()
    (present,) = await lease(MINUTE)
    before = await state_of(founded, digest)
    async with founded.transaction() as connection:
        assert not await exchange.settle(
            connection, [exchange.Answered(stale, "refused", "code")]
        )
        assert not await exchange.retry_later(
            connection, [exchange.PutOff(stale, made.now, "code")]
        )
    assert await state_of(founded, digest) == before
    async with founded.transaction() as connection:
        assert await exchange.settle(
            connection, [exchange.Answered(present, "received", None)]
        )
    assert (await state_of(founded, digest))["state"] == "received"


async def test_relay_that_begins_takes_over_every_lease_at_once(
    founded, lease, offered, made
):
    (digest,) = await offered("yen-bai")
    (stale,) = await lease()
    async with founded.transaction() as connection:
        await exchange.free_leases(connection, made.now)
        assert not await exchange.settle(
            connection, [exchange.Answered(stale, "refused", "code")]
        )
    (again,) = await lease()
    assert again.digest == digest
    async with founded.transaction() as connection:
        assert await exchange.settle(
            connection, [exchange.Answered(again, "received", None)]
        )
        await exchange.free_leases(connection, made.now)
    assert await lease(MINUTE) == []


async def test_settled_envelope_is_never_settled_again(founded, lease, offered):
    (digest,) = await offered("yen-bai")
    (leased,) = await lease()
    async with founded.transaction() as connection:
        assert await exchange.settle(
            connection, [exchange.Answered(leased, "received", None)]
        )
        assert not await exchange.settle(
            connection, [exchange.Answered(leased, "refused", "code")]
        )
    assert (await state_of(founded, digest))["state"] == "received"
    assert await lease(2 * MINUTE) == []


async def test_envelope_put_off_is_due_again_at_its_time(founded, lease, offered, made):
    await offered("yen-bai")
    (leased,) = await lease()
    later = made.now + 5 * MINUTE
    async with founded.transaction() as connection:
        await exchange.retry_later(
            connection, [exchange.PutOff(leased, later, "peer.away")]
        )
        assert await exchange.next_due_at(connection) == later
    assert await lease(4 * MINUTE) == []
    (again,) = await lease(5 * MINUTE)
    assert again.attempts == 1


@pytest.fixture
async def three_steps(founded, made, signer):
    """An offer and two more steps of one referral; their digests in order."""
    referral = made.referral()
    plans = [
        made.offer_plan(referral),
        made.next_plan(referral, 2),
        made.next_plan(referral, 3),
    ]
    await write_batch(founded, signer, plans)
    return [plan.event.subject for plan in plans]


async def test_referral_goes_in_order_one_envelope_at_a_time(
    founded, lease, three_steps
):
    for digest in three_steps:
        (leased,) = await lease()
        assert leased.digest == digest
        assert await lease() == []
        async with founded.transaction() as connection:
            await exchange.settle(
                connection, [exchange.Answered(leased, "received", None)]
            )
    assert await lease() == []


@pytest.mark.usefixtures("three_steps")
async def test_what_waits_behind_another_envelope_is_not_due(founded, lease, made):
    """Else the relay would turn without end while the first is put off."""
    (leased,) = await lease()
    async with founded.transaction() as connection:
        assert await exchange.recipients_due(connection, made.now) == []
        assert await exchange.next_due_at(connection) == made.now + MINUTE
        later = made.now + 5 * MINUTE
        await exchange.retry_later(
            connection, [exchange.PutOff(leased, later, "peer.away")]
        )
        assert await exchange.recipients_due(connection, made.now + MINUTE) == []
        assert await exchange.next_due_at(connection) == later
        assert await exchange.recipients_due(connection, later) == ["yen-bai"]


async def test_members_to_whom_something_is_due_are_named_once_each(
    founded, offered, made
):
    await offered("yen-bai", "son-la", "yen-bai", "dien-bien", "son-la")
    await offered("lai-chau", due=made.now + MINUTE)
    async with founded.connection() as connection:
        due = await exchange.recipients_due(connection, made.now)
        assert due == ["dien-bien", "son-la", "yen-bai"]
        later = await exchange.recipients_due(connection, made.now + MINUTE)
        assert later == ["dien-bien", "lai-chau", "son-la", "yen-bai"]


async def test_nothing_is_due_where_nothing_waits(founded, made):
    async with founded.connection() as connection:
        assert await exchange.recipients_due(connection, made.now) == []
        assert await exchange.next_due_at(connection) is None
        assert await exchange.waiting(connection) == []


async def test_overview_counts_what_waits_with_its_oldest_problem(
    founded, lease, offered, made
):
    await offered("yen-bai", "yen-bai", "yen-bai", "son-la")
    first, second, third = await lease()
    async with founded.transaction() as connection:
        later = made.now + MINUTE
        await exchange.retry_later(
            connection, [exchange.PutOff(second, later, "z.newer_problem")]
        )
        await exchange.retry_later(
            connection, [exchange.PutOff(first, later, "a.oldest_problem")]
        )
        await exchange.settle(connection, [exchange.Answered(third, "received", None)])
        son_la, yen_bai = await exchange.waiting(connection)
    assert (son_la.recipient, son_la.waiting, son_la.last_problem) == (
        "son-la",
        1,
        None,
    )
    assert (yen_bai.waiting, yen_bai.attempts) == (2, 1)
    assert yen_bai.last_problem == "a.oldest_problem"
    assert yen_bai.next_try_at == later


@pytest.mark.usefixtures("three_steps")
async def test_what_waits_of_a_referral_is_counted(founded, lease):
    (leased,) = await lease()
    async with founded.transaction() as connection:
        sent = await exchange.envelopes_sent(connection, [leased.digest])
        referral_id = sent[leased.digest].referral_id or b""
        assert await exchange.waiting_of(connection, referral_id) == 3
        await exchange.settle(
            connection, [exchange.Answered(leased, "refused", "code")]
        )
        assert await exchange.waiting_of(connection, referral_id) == 2


async def test_refusal_waits_until_its_sender_went_back(founded, lease, offered):
    refused, received = await offered("yen-bai", "yen-bai")
    async with founded.transaction() as connection:
        assert await exchange.refusals_to_apply(connection, 9) == []
    for row in await lease():
        state = "refused" if row.digest == refused else "received"
        code = "step.not_lawful" if state == "refused" else None
        async with founded.transaction() as connection:
            await exchange.settle(connection, [exchange.Answered(row, state, code)])
    async with founded.transaction() as connection:
        assert await exchange.refusals_to_apply(connection, 9) == [refused]
        assert await exchange.refusal_of(connection, received) is None
        row = await exchange.refusal_of(connection, refused)
        assert row is not None
        assert (row.code, row.applied) == ("step.not_lawful", False)
        await execute_writes(
            connection, [apply_refusal(refused), apply_refusal(received)]
        )
        assert await exchange.refusals_to_apply(connection, 9) == []
        row = await exchange.refusal_of(connection, refused)
        assert row is not None
        assert row.applied
