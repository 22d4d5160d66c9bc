"""What many acts ask at once is answered to each as if it had asked alone."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import cast

import pytest

from services.node.domain.errors import InvalidInputError, UnavailableError
from services.node.store import cases as case_store
from services.node.store import events as event_store
from services.node.store.pool import Connection
from services.node.store.queries import named_queries, query
from services.node.store.together import Together, joined
from services.node.store.writes import (
    execute_writes,
    insert_case,
    insert_data_key,
    insert_referral,
)

MANY = 50


@pytest.fixture
async def cases(database, made):
    rows = [made.case() for _ in range(MANY)]
    async with database.transaction() as connection:
        await execute_writes(connection, [insert_case(row) for row in rows])
    return rows


class Counted:
    """The database, and which statements went to it."""

    def __init__(self, database):
        self.database, self.statements = database, []

    def connect(self):
        counted = self

        class Line:
            async def __aenter__(self):
                self.way = counted.database.connection()
                self.connection = await self.way.__aenter__()
                return self

            async def __aexit__(self, *error):
                await self.way.__aexit__(*error)

            def prepare(self, sql):
                return self.connection.prepare(sql)

            def fetch(self, sql, *arguments):
                counted.statements.append(sql)
                return self.connection.fetch(sql, *arguments)

        return Line()


async def test_each_gets_its_own_answer_and_nobody_anothers(database, cases):
    absent = os.urandom(16)
    asked = [*(each.case_id for each in cases), absent, cases[0].case_id]
    found = await asyncio.gather(
        *(case_store.case_by_id(database.reads, each) for each in asked)
    )
    assert found == [*cases, None, cases[0]]


async def test_what_is_asked_at_once_is_one_statement(database, cases):
    counted = Counted(database)
    together = cast("Connection", Together(counted.connect))
    await asyncio.gather(
        *(case_store.case_by_id(together, each.case_id) for each in cases)
    )
    assert len(counted.statements) == 1


async def test_one_question_goes_as_it_is(database, cases):
    counted = Counted(database)
    together = cast("Connection", Together(counted.connect))
    found = await case_store.case_by_id(together, cases[7].case_id)
    assert found == cases[7]
    assert counted.statements == [query("case_by_id")]


async def test_rows_keep_the_order_that_the_query_gives_them(database, made):
    referrals = [made.referral() for _ in range(5)]
    keys = [made.key(each.referral_id, "referral") for each in referrals]
    events = [
        made.event(
            referral_id=key.owner,
            referral_no=number,
            author_seq=number,
            data_key_id=key.key_id,
        )
        for number in (3, 1, 2)
        for key in keys
    ]
    numbers = {each.event_id: (each.referral_id, each.referral_no) for each in events}
    async with database.transaction() as connection:
        rows = [*map(insert_referral, referrals), *map(insert_data_key, keys)]
        await execute_writes(connection, rows)
        await event_store.insert_events(connection, events)
    found = await asyncio.gather(
        *(
            event_store.events_of_referral(database.reads, each.referral_id)
            for each in referrals
        )
    )
    for answer, referral in zip(found, referrals, strict=True):
        expected = [(referral.referral_id, number) for number in (1, 2, 3)]
        assert [numbers[row.event_id] for row in answer] == expected


async def test_a_value_that_fits_nowhere_is_its_owners_alone(database, cases):
    wrong = case_store.case_by_pseudonym(database.reads, "a\0b")
    right = case_store.case_by_pseudonym(database.reads, cases[0].pseudonym)
    refused, found = await asyncio.gather(wrong, right, return_exceptions=True)
    assert isinstance(refused, InvalidInputError)
    assert found == cases[0]


async def test_a_database_that_is_away_is_told_to_everybody(database, cases):
    await database.close()
    found = await asyncio.gather(
        *(case_store.case_by_id(database.reads, each.case_id) for each in cases),
        return_exceptions=True,
    )
    assert {type(each) for each in found} == {UnavailableError}


async def test_who_asks_and_goes_away_holds_up_nobody(database, cases):
    gone = asyncio.create_task(case_store.case_by_id(database.reads, cases[0].case_id))
    stays = asyncio.create_task(case_store.case_by_id(database.reads, cases[1].case_id))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == cases[1]
    assert await case_store.case_by_id(database.reads, cases[0].case_id) == cases[0]


async def test_a_later_question_sees_what_was_committed_before_it(database, cases):
    changed = replace(cases[0], phase="return", case_seq=cases[0].case_seq + 1)
    assert await case_store.case_by_id(database.reads, changed.case_id) == cases[0]
    async with database.transaction() as connection:
        await connection.execute(
            "UPDATE cases SET phase = 'return', case_seq = $2 WHERE case_id = $1",
            changed.case_id,
            changed.case_seq,
        )
    assert await case_store.case_by_id(database.reads, changed.case_id) == changed


async def test_every_query_that_can_be_joined_is_understood(database):
    joinable = 0
    async with database.connection() as connection:
        for text in named_queries().values():
            parameters = (await connection.prepare(text)).get_parameters()
            whole = joined(text, [(each.name, each.kind) for each in parameters])
            if whole is not None:
                joinable += 1
                assert (await connection.prepare(whole)).get_parameters()
    assert joinable > len(named_queries()) / 4
