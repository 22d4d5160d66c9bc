"""The guard: of two acts with one number the second is left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.domain.errors import ConflictError
from services.node.store import events as event_store
from services.node.store.writes import (
    execute_writes,
    insert_case,
    insert_data_key,
    insert_envelope_received,
    insert_envelope_sent,
    insert_referral,
)


@pytest.fixture
def case(made):
    return made.case()


@pytest.fixture
def referral(made, case):
    return made.referral(case_id=case.case_id)


@pytest.fixture
async def standing(database, case, referral):
    """A database in which the case and the referral stand."""
    async with database.transaction() as connection:
        await execute_writes(connection, [insert_case(case), insert_referral(referral)])
    return database


@pytest.fixture
def taken(made, case, referral):
    """An event that takes every kind of number."""
    return made.event(
        referral_id=referral.referral_id,
        referral_no=1,
        author_seq=1,
        case_id=case.case_id,
        case_seq=1,
    )


@pytest.fixture
def second(made, taken):
    """An event like the taken one, with numbers of its own."""
    own = made.id()
    numbers = {"referral_no": 2, "author_seq": 2, "case_seq": 2}
    return replace(taken, event_id=own, subject=own, **numbers)


NUMBERS = ["referral_no", "author_seq", "case_seq", "subject"]


@pytest.mark.parametrize("number", NUMBERS)
async def test_event_with_a_taken_number_is_left_out_of_its_own_batch(
    standing, made, taken, second, number
):
    second = replace(second, **{number: getattr(taken, number)})
    free = made.event()
    async with standing.transaction() as connection:
        written = await event_store.insert_events(connection, [taken, second, free])
    assert written == {taken.event_id, free.event_id}


@pytest.mark.parametrize("number", NUMBERS)
async def test_event_with_a_number_taken_before_is_left_out(
    standing, made, taken, second, number
):
    second = replace(second, **{number: getattr(taken, number)})
    free = made.event()
    async with standing.transaction() as connection:
        await event_store.insert_events(connection, [taken])
    async with standing.transaction() as connection:
        written = await event_store.insert_events(connection, [second, free])
        assert written == {free.event_id}
        known = {
            each.event_id: await event_store.is_event_known(connection, each.event_id)
            for each in (taken, second, free)
        }
    assert known == {
        taken.event_id: True,
        second.event_id: False,
        free.event_id: True,
    }


async def test_event_with_free_numbers_is_written_beside_the_first(
    standing, taken, second
):
    async with standing.transaction() as connection:
        written = await event_store.insert_events(connection, [taken, second])
    assert written == {taken.event_id, second.event_id}


async def test_number_of_one_author_is_free_for_another(standing, taken, second):
    second = replace(second, author="yen-bai", author_seq=taken.author_seq)
    async with standing.transaction() as connection:
        written = await event_store.insert_events(connection, [taken, second])
    assert second.event_id in written


async def test_events_without_numbers_never_shut_each_other_out(standing, made, case):
    events = [made.event(case_id=case.case_id) for _ in range(5)]
    async with standing.transaction() as connection:
        written = await event_store.insert_events(connection, events)
    assert len(written) == 5


async def test_one_event_twice_in_a_batch_is_a_conflict(standing, made, taken):
    """Both acts would think that theirs was written."""
    twin = replace(taken, subject=made.digest())
    with pytest.raises(ConflictError) as caught:
        async with standing.transaction() as connection:
            await event_store.insert_events(connection, [taken, twin])
    assert caught.value.code == "store.event_twice"


async def test_events_of_a_referral_come_in_the_order_of_its_numbers(
    standing, made, taken, referral
):
    key = made.key(referral.referral_id)
    async with standing.transaction() as connection:
        await execute_writes(connection, [insert_data_key(key)])
        events = []
        for number in (3, 1, 2):
            event = replace(taken, data_key_id=key.key_id, referral_no=number)
            event = replace(event, author_seq=number, case_seq=number)
            own = made.id()
            events.append(replace(event, event_id=own, subject=own))
        await event_store.insert_events(connection, events)
        rows = await event_store.events_of_referral(connection, referral.referral_id)
        assert [row.author_seq for row in rows] == [1, 2, 3]
        assert rows[0].wrapped == key.wrapped
        one = await event_store.event_by_id(connection, events[0].event_id)
        assert one == rows[2]


async def test_newest_recorded_instant_is_the_latest_of_ones_own(standing, made):
    """A peer's clock may run ahead; it must not drive this member's."""

    async def newest(connection):
        return await event_store.newest_recorded_at(connection, "lao-cai")

    async with standing.transaction() as connection:
        assert await newest(connection) is None
        instants = [made.now + timedelta(days=day) for day in (1, 3, 2)]
        events = [made.event(recorded_at=at) for at in instants]
        ahead = made.event(recorded_at=instants[1] + timedelta(1), author="yen-bai")
        await event_store.insert_events(connection, [*events, ahead])
        assert await newest(connection) == instants[1]


async def test_newest_event_of_each_step_is_found(standing, made, referral):
    key = made.key(referral.referral_id)
    steps = ["offer", "minutes", "dispute", "minutes", "feedback"]
    events = [
        made.event(
            referral_id=referral.referral_id,
            referral_no=number,
            step=step,
            data_key_id=key.key_id,
        )
        for number, step in enumerate(steps)
    ]
    wanted = ["minutes", "offer", "completion"]
    async with standing.transaction() as connection:
        await execute_writes(connection, [insert_data_key(key)])
        await event_store.insert_events(connection, events)
        found = await event_store.newest_of_steps(
            connection, referral.referral_id, wanted
        )
    assert {row.step: row.event_id for row in found} == {
        "minutes": events[3].event_id,
        "offer": events[0].event_id,
    }


async def test_a_refused_step_is_told_apart_and_nothing_is_judged_by_it(
    standing, made, referral
):
    """An act inside the member has no place among what crossed."""
    key = made.key(referral.referral_id)
    steps = ["offer", "risk_assessment", "risk_assessment", "step_refused"]
    events = [
        made.event(
            referral_id=referral.referral_id,
            referral_no=number,
            author_seq=None if step == "step_refused" else number,
            step=step,
            subject=made.digest(),
            data_key_id=key.key_id,
        )
        for number, step in enumerate(steps)
    ]
    sent = insert_envelope_sent(made.sent(events[2]), made.now)
    async with standing.transaction() as connection:
        await event_store.insert_events(connection, events)
        await execute_writes(connection, [insert_data_key(key), *sent])
        await connection.execute("UPDATE outbox SET state = 'refused'")
        taken = await event_store.steps_of_referral(connection, referral.referral_id)
        shown = await event_store.events_of_referral(connection, referral.referral_id)
        (newest,) = await event_store.newest_of_steps(
            connection, referral.referral_id, ["risk_assessment"]
        )
    assert [(row.step, row.refused) for row in taken] == [
        ("offer", False),
        ("risk_assessment", False),
        ("risk_assessment", True),
    ]
    assert [row.event_id for row in shown] == [each.event_id for each in events[:3]]
    assert newest.event_id == events[1].event_id


async def test_of_recalls_the_newest_few_are_found_in_their_order(
    standing, made, referral
):
    """An answer to one recall may cross the next."""
    key = made.key(referral.referral_id)
    steps = ["recall", "minutes", "recall", "minutes", "recall"]
    events = [
        made.event(
            referral_id=referral.referral_id,
            referral_no=number,
            step=step,
            data_key_id=key.key_id,
        )
        for number, step in enumerate(steps)
    ]
    async with standing.transaction() as connection:
        await execute_writes(connection, [insert_data_key(key)])
        await event_store.insert_events(connection, events)
        found = await event_store.newest_of_steps(
            connection, referral.referral_id, ["minutes", "recall"], recalls=2
        )
    assert [row.event_id for row in found] == [each.event_id for each in events[2:]]


async def log(connection, subjects):
    """Leaves for these subjects, in order."""
    await connection.executemany(
        "INSERT INTO ledger_leaf (index, leaf, subject) VALUES ($1, $2, $3)",
        [(index, bytes(98), subject) for index, subject in enumerate(subjects)],
    )


async def test_timeline_shows_every_event_once_in_the_order_of_the_ledger(
    standing, made, case
):
    """An offer received before the case began, its answer, an act inside, a resend."""
    referral = made.referral(side="receiver", case_id=case.case_id)
    numbers = {"referral_id": referral.referral_id}
    offer = made.event(
        **numbers, referral_no=1, author="yen-bai", subject=made.digest()
    )
    accept = made.event(
        **numbers, referral_no=2, case_id=case.case_id, subject=made.digest()
    )
    inside = made.event(case_id=case.case_id)
    resent = made.sent(accept, digest=made.digest())
    other = made.received(event_id=offer.event_id, outcome="duplicate")
    arrived = made.received(digest=offer.subject, event_id=offer.event_id)
    async with standing.transaction() as connection:
        await event_store.insert_events(connection, [offer, accept, inside])
        await execute_writes(
            connection,
            [
                insert_referral(referral),
                *insert_envelope_sent(made.sent(accept), made.now),
                *insert_envelope_sent(resent, made.now),
                insert_envelope_received(arrived),
                insert_envelope_received(other),
            ],
        )
        order = [inside, accept, offer]
        await log(connection, [event.subject for event in order])
        rows = await event_store.timeline(connection, case.case_id)
    assert [row.event_id for row in rows] == [event.event_id for event in order]
    assert [row.own_index for row in rows] == [0, 1, 2]
    assert [row.digest for row in rows] == [None, accept.subject, offer.subject]
    assert [row.outbox_state for row in rows] == [None, "waiting", None]
    assert [row.peer for row in rows] == [None, "yen-bai", "yen-bai"]
