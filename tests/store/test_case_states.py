"""What a case is in, as rows: the newest counts, and nothing is overwritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.domain.errors import ConflictError
from services.node.store import case_states, cases
from services.node.store.case_states import (
    CaseStateRow,
    MinorRow,
    PlanRow,
    close_answerability,
    insert_case_state,
    insert_minor,
    insert_plan,
)
from services.node.store.writes import (
    begin_answerability,
    execute_writes,
    insert_case,
    insert_data_key,
    insert_record,
    update_case,
)

DAY = timedelta(days=1)


@pytest.fixture
async def case(database, made):
    case = made.case()
    await write(database, insert_case(case))
    return case


async def write(database, *writes):
    async with database.transaction() as connection:
        await execute_writes(connection, list(writes))


def state(made, case, name, **changes):
    row = CaseStateRow(
        made.id(), case.case_id, "reception", name, None, None, made.now, b"n", b"s"
    )
    return replace(row, **changes)


async def test_the_newest_row_is_what_a_case_is_in(database, made, case):
    rows = [
        # Written later, though it happened earlier: the order of the ledger counts.
        state(made, case, "notified"),
        state(made, case, "received", essential_needs_until=made.now + 60 * DAY),
        state(made, case, "placed", happened_at=made.now - DAY),
    ]
    for row in rows:
        await write(database, insert_case_state(row))
    async with database.connection() as connection:
        assert await case_states.newest_case_state(connection, case.case_id) == rows[2]
        assert await case_states.case_states_of(connection, case.case_id) == rows
        assert await case_states.newest_case_state(connection, made.id()) is None


async def test_an_event_moves_a_case_once(database, made, case):
    row = state(made, case, "received")
    await write(database, insert_case_state(row))
    with pytest.raises(ConflictError):
        await write(database, insert_case_state(replace(row, state="placed")))


async def test_the_newest_version_of_each_minor_counts(database, made, case):
    def minor(alias):
        return MinorRow(
            made.id(), case.case_id, alias, made.now, "officer-1", b"n", b"s"
        )

    first, other, again = (
        minor("R-AAAA-AAAA"),
        minor("R-BBBB-BBBB"),
        minor("R-AAAA-AAAA"),
    )
    for row in (first, other, again):
        await write(database, insert_minor(row))
    async with database.connection() as connection:
        assert await case_states.minors_of(connection, case.case_id) == [again, other]


async def test_the_newest_plan_counts(database, made, case):
    plans = [
        PlanRow(made.id(), case.case_id, made.now, "officer-1", b"n", sealed)
        for sealed in (b"first", b"second")
    ]
    for row in plans:
        await write(database, insert_plan(row))
    async with database.connection() as connection:
        found = await case_states.newest_plan(connection, case.case_id)
    assert found is not None
    assert found.number > 0
    assert found == replace(plans[1], number=found.number)


async def test_every_version_of_a_category_is_found_oldest_first(database, made, case):
    key = replace(made.key(case.case_id), scope="D11")
    await write(database, insert_data_key(key))
    for number, at in ((1, made.now + DAY), (2, made.now)):
        await write(
            database,
            insert_record(
                number, case.case_id, "D11", "lao-cai", at, "officer-1", (b"n", b"s")
            ),
        )
    async with database.connection() as connection:
        found = await case_states.records_of_category(connection, case.case_id, "D11")
        none = await case_states.records_of_category(connection, case.case_id, "D5")
    assert [row.record_id for row in found] == [2, 1]
    assert none == []


async def test_what_a_referral_brought_is_found_with_its_own_key(database, made, case):
    brought = f"D11:{made.id().hex()}"
    own, theirs = (
        replace(made.key(case.case_id), scope=scope, wrapped=scope.encode())
        for scope in ("D11", brought)
    )
    await write(database, insert_data_key(own), insert_data_key(theirs))
    for number, source, scope in ((1, "nha-hoa-ban", brought), (2, "lao-cai", None)):
        at = made.now + number * DAY
        record = (number, case.case_id, "D11", source, at, "officer-1")
        await write(database, insert_record(*record, (b"n", b"s"), scope))
    async with database.connection() as connection:
        found = await case_states.records_of_category(connection, case.case_id, "D11")
    assert [(row.source, row.wrapped) for row in found] == [
        ("nha-hoa-ban", brought.encode()),
        ("lao-cai", b"D11"),
    ]


async def test_closing_ends_the_period_without_a_successor(database, made, case):
    opened, closed = made.id(), made.now + DAY
    await write(
        database,
        begin_answerability(case.case_id, opened, made.now, "case_opened", ""),
    )
    ended = replace(case, answerable="closed", case_seq=case.case_seq + 1)
    await write(database, close_answerability(case.case_id, closed), update_case(ended))
    async with database.connection() as connection:
        (period,) = await cases.answerability_of(connection, case.case_id)
        found = await cases.case_by_id(connection, case.case_id)
    assert (period.until_event, period.until_at) == (b"", closed)
    assert (period.until_step, period.to_member) == ("case_closed", None)
    assert period.confirmed
    assert found == ended
    # Opened again, another period begins; the closed one stays as it was.
    again = made.id()
    await write(
        database,
        begin_answerability(case.case_id, again, closed + DAY, "case_reopened", ""),
    )
    async with database.connection() as connection:
        periods = await cases.answerability_of(connection, case.case_id)
    assert [each.until_event for each in periods] == [b"", None]
