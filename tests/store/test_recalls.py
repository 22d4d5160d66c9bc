"""What is owed when a basis ends, and what a dropped key leaves unreadable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.node.domain.handshake_codes import RecallReason
from services.node.domain.withdrawals import Ended
from services.node.flows.batch import write_batch
from services.node.flows.recalling import Cause, recalls_owed
from services.node.store import cases, recalls
from services.node.store.recalls import (
    DisclosureRow,
    RecallDueRow,
    RecallTakenRow,
    drop_data_key,
    insert_consent_copy,
    insert_disclosure,
    insert_recall_due,
    insert_recall_taken,
    seal_data_key,
)
from services.node.store.writes import (
    execute_writes,
    insert_case,
    insert_data_key,
    insert_part_key,
    insert_record,
    insert_referral,
)

LAWFUL = [("legal_aid", "in_service"), ("reception", "in_service")]
YES, OVERRIDE = bytes([1]) * 16, bytes([2]) * 16
ENDED = Ended(
    reason=RecallReason.CONSENT_WITHDRAWN,
    purpose="legal_aid",
    recipient="yen-bai",
    categories=("D2", "D9"),
    basis_ids=(YES,),
    ends_wish=True,
)


async def write(database, *writes):
    async with database.transaction() as connection:
        await execute_writes(connection, list(writes))


@pytest.fixture
async def case(database, made):
    row = made.case()
    await write(database, insert_case(row))
    return row


@pytest.fixture
def aid(database, made, case):
    """A referral for legal aid by which these categories went to a member."""

    async def went(*categories, peer="yen-bai", kind="consent", basis=YES):
        row = made.referral(
            case_id=case.case_id,
            peer=peer,
            referral_type="legal_aid",
            state="in_service",
        )
        out = [
            insert_disclosure(
                DisclosureRow(
                    row.referral_id,
                    case.case_id,
                    peer,
                    "legal_aid",
                    category,
                    kind,
                    basis,
                    made.now,
                )
            )
            for category in categories
        ]
        await write(database, insert_referral(row), *out)
        return row

    return went


@pytest.fixture
def owed(database, made, case):
    """What is owed from now on by what ended; the rows are written."""

    async def of(ended=ENDED, *, only_on=None, ends_wish=True):
        cause = Cause(case.case_id, made.id(), made.now, only_on)
        async with database.transaction() as connection:
            rows = await recalls_owed(connection, cause, ended, ends_wish=ends_wish)
            await execute_writes(connection, list(rows))
            found = await recalls.recalls_due_of(connection, case.case_id)
        return {
            each.referral_id: each for each in found if each.cause == cause.event_id
        }

    return of


async def test_what_went_out_on_it_is_owed_back_category_by_category(aid, owed):
    some, other = await aid("D1", "D2"), await aid("D1")
    elsewhere = await aid("D2", peer="son-la")
    found = await owed()
    assert set(found) == {some.referral_id}
    due = found[some.referral_id]
    assert (due.categories, due.consent_ids, due.ends_wish) == (["D2"], [YES], True)
    assert due.reason == "consent_withdrawn"
    assert {other.referral_id, elsewhere.referral_id}.isdisjoint(found)


async def test_nothing_is_owed_twice(aid, owed):
    await aid("D2")
    assert len(await owed()) == 1
    assert await owed() == {}


async def test_nothing_is_owed_where_nothing_ended(aid, owed):
    await aid("D2")
    assert await owed(None) == {}


async def test_what_went_on_an_override_is_taken_back_by_her_no(aid, owed):
    went = await aid("D2", kind="override", basis=OVERRIDE)
    found = await owed(replace(ENDED, basis_ids=(), ends_wish=False))
    # The recall names on what it rested, for there was no answer to name.
    assert found[went.referral_id].consent_ids == [OVERRIDE]


async def test_an_override_taken_back_leaves_what_went_on_her_yes(aid, owed):
    went = await aid("D2", kind="override", basis=OVERRIDE)
    await aid("D2")
    ended = replace(ENDED, reason=RecallReason.OVERRIDE_WITHDRAWN)
    found = await owed(ended, only_on=frozenset({OVERRIDE}))
    assert set(found) == {went.referral_id}


async def test_what_a_duty_passed_on_rested_on_no_word_of_hers(aid, owed):
    await aid("D2", kind="duty", basis=b"")
    assert await owed() == {}


async def test_parts_that_nobody_opened_lose_their_keys_at_once(
    database, made, case, owed
):
    offer = made.referral(
        case_id=case.case_id, referral_type="legal_aid", state="offered"
    )
    other = made.referral(case_id=case.case_id, referral_type="medical_care")
    key = made.key(case.case_id)
    await write(
        database,
        insert_data_key(key),
        *map(insert_referral, (offer, other)),
        *(
            insert_part_key(
                each.referral_id, made.id(), "p1", "D9", key.key_id, (b"n", b"s")
            )
            for each in (offer, other)
        ),
    )
    found = await owed()
    assert {each: due.categories for each, due in found.items()} == {
        offer.referral_id: ["D9"]
    }
    async with database.connection() as connection:
        left = await connection.fetch("SELECT referral_id FROM part_key")
        assert [row["referral_id"] for row in left] == [other.referral_id]
        assert await recalls.is_recall_due(connection, offer.referral_id)
        assert not await recalls.is_recall_due(connection, other.referral_id)


async def test_who_holds_a_copy_of_the_answer_is_told_and_goes_on(
    database, aid, owed, case
):
    home = await aid("D5", peer="son-la")
    mine = await aid("D1")
    for row in (home, mine):
        copy = insert_consent_copy(row.referral_id, case.case_id, YES)
        await write(database, copy)
    found = await owed()
    # The recipient itself has nothing of D2 or D9: it is left in peace.
    assert set(found) == {home.referral_id}
    due = found[home.referral_id]
    assert (due.categories, due.ends_wish) == (["D2", "D9"], False)
    assert await owed() == {}


async def test_a_recall_for_a_copy_takes_nothing_back_that_rests_on_another_answer(
    database, aid, owed, case
):
    other = bytes([3]) * 16
    home = await aid("D2", peer="son-la", basis=other)
    copy = insert_consent_copy(home.referral_id, case.case_id, YES)
    await write(database, copy)
    assert set(await owed()) == {home.referral_id}
    later = replace(ENDED, recipient="son-la", basis_ids=(other,))
    found = await owed(later)
    assert found[home.referral_id].consent_ids == [other]
    assert await owed(later) == {}


async def test_a_recall_waits_for_its_state_and_for_its_event(founded, made, signer):
    case, referral = made.case(), made.referral(referral_type="legal_aid")
    referral = replace(referral, case_id=case.case_id, state="in_service")
    due = RecallDueRow(
        recall_event=made.id(),
        referral_id=referral.referral_id,
        case_id=case.case_id,
        cause=made.id(),
        reason="consent_withdrawn",
        consent_ids=[YES],
        categories=["D2"],
        ends_wish=False,
        due_at=made.now,
    )
    await write(founded, insert_case(case), insert_referral(referral))
    await write(founded, insert_recall_due(due))
    async with founded.connection() as connection:
        assert await recalls.recalls_to_make(connection, LAWFUL, 9) == [
            due.recall_event
        ]
        assert await recalls.recalls_to_make(connection, LAWFUL[1:], 9) == []
        assert await recalls.recall_due_by_event(connection, due.recall_event) == due
        assert await recalls.is_recall_due(connection, referral.referral_id)
    said = made.event(event_id=due.recall_event, subject=made.digest())
    await write_batch(founded, signer, [made.plan(event=said)])
    async with founded.connection() as connection:
        assert await recalls.recalls_to_make(connection, LAWFUL, 9) == []
        assert not await recalls.is_recall_due(connection, referral.referral_id)


async def test_an_acknowledgement_waits_until_it_is_said(founded, made, signer):
    referral = made.referral(side="receiver", state="in_service")
    taken = RecallTakenRow(
        acknowledgement_event=made.id(),
        recall_event=made.id(),
        referral_id=referral.referral_id,
        deleted=["D1"],
        kept=["D2"],
        grounds=["criminal_file"],
        taken_at=made.now,
    )
    await write(founded, insert_referral(referral), insert_recall_taken(taken))
    event_id = taken.acknowledgement_event
    async with founded.connection() as connection:
        assert await recalls.recalls_to_acknowledge(connection, LAWFUL, 9) == [event_id]
        assert await recalls.recalls_to_acknowledge(connection, [], 9) == []
        assert await recalls.recall_taken_by_event(connection, event_id) == taken
    said = made.event(event_id=event_id, subject=made.digest())
    await write_batch(founded, signer, [made.plan(event=said)])
    async with founded.connection() as connection:
        assert await recalls.recalls_to_acknowledge(connection, LAWFUL, 9) == []


def version(case, number, scope=None):
    sealed = (b"n", b"s")
    return insert_record(
        number, case.case_id, "D2", "yen-bai", case.opened_at, "o-1", sealed, scope
    )


@pytest.fixture
async def twice_known(database, made, case):
    """D2 as this member wrote it down, and a newer version that a referral brought."""
    own, brought = made.key(case.case_id, "D2"), made.key(case.case_id, "D2:r1")
    await write(database, insert_data_key(own), insert_data_key(brought))
    await write(database, version(case, 1))
    await write(database, version(case, 2, "D2:r1"))
    async with database.connection() as connection:
        (newest,) = await cases.newest_records(connection, case.case_id)
    assert newest.record_id == 2
    return case, brought


async def test_a_dropped_key_hides_what_came_and_leaves_what_is_own(
    database, made, twice_known
):
    case, brought = twice_known
    event = made.id()
    await write(database, drop_data_key(case.case_id, "D2:r1", event, made.now))
    async with database.connection() as connection:
        (newest,) = await cases.newest_records(connection, case.case_id)
        (marked,) = await connection.fetch("SELECT * FROM key_drop")
        assert await cases.data_keys_of(connection, case.case_id) == {
            "D2": (await cases.data_keys_of(connection, case.case_id))["D2"]
        }
    assert newest.record_id == 1
    assert (marked["key_id"], marked["epoch"]) == (brought.key_id, brought.epoch)
    assert (marked["event_id"], marked["dropped_at"]) == (event, made.now)


async def test_what_the_law_keeps_is_read_no_more_and_its_key_stays(
    database, twice_known
):
    case, brought = twice_known
    await write(database, seal_data_key(case.case_id, "D2:r1", "kept:D2:r1"))
    async with database.connection() as connection:
        (newest,) = await cases.newest_records(connection, case.case_id)
        held = await cases.data_keys_of(connection, case.case_id)
        assert await connection.fetchval("SELECT count(*) FROM key_drop") == 0
    assert newest.record_id == 1
    assert held["kept:D2:r1"] == replace(brought, scope="kept:D2:r1")


async def test_dropping_a_key_that_is_not_there_marks_nothing(database, made, case):
    await write(database, drop_data_key(case.case_id, "", made.id(), made.now))
    async with database.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM key_drop") == 0
