"""Drafts: one row of a sheet is one draft, and becomes one case."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from services.node.domain.errors import ConflictError
from services.node.store import cases, drafts
from services.node.store.rows import DraftRow
from services.node.store.writes import confirm_draft, execute_writes, insert_case


@pytest.fixture
def new_draft(made):
    """A draft with its key."""

    def new(**changes):
        draft_id = made.id()
        key = made.key(draft_id, "draft")
        draft = DraftRow(
            draft_id=draft_id,
            source_key=made.digest(),
            officer="officer-1",
            status="draft",
            interview_consent=True,
            imported_at=made.now,
            case_id=None,
            data_key_id=key.key_id,
            nonce=b"n",
            sealed=b"s",
            epoch=key.epoch,
            wrapped=key.wrapped,
        )
        return key, replace(draft, **changes)

    return new


async def keep(database, key, draft):
    async with database.connection() as connection:
        return await drafts.insert_draft(connection, key, draft)


async def count_keys(database):
    async with database.connection() as connection:
        return await connection.fetchval("SELECT count(*) FROM data_key")


async def confirm(database, draft_id, case):
    async with database.transaction() as connection:
        await execute_writes(
            connection, [insert_case(case), confirm_draft(draft_id, case.case_id)]
        )


async def test_draft_is_found_with_its_key(database, new_draft):
    key, draft = new_draft()
    assert await keep(database, key, draft) == draft.draft_id
    async with database.connection() as connection:
        assert await drafts.draft_by_id(connection, draft.draft_id) == draft
        assert await drafts.list_drafts(connection, "officer-1") == [draft]
        assert await drafts.list_drafts(connection, "officer-2") == []


async def test_same_source_is_the_same_draft_and_leaves_no_key(database, new_draft):
    key, first = new_draft()
    await keep(database, key, first)
    other_key, again = new_draft(source_key=first.source_key)
    assert await keep(database, other_key, again) == first.draft_id
    async with database.connection() as connection:
        assert await drafts.list_drafts(connection, "officer-1") == [first]
        owned = await cases.data_keys_of(connection, again.draft_id)
    assert owned == {}
    assert await count_keys(database) == 1


async def test_same_source_at_the_same_moment_is_one_draft(database, new_draft):
    _, first = new_draft()
    pairs = [new_draft(source_key=first.source_key) for _ in range(8)]
    ids = await asyncio.gather(*(keep(database, *pair) for pair in pairs))
    assert len(set(ids)) == 1
    assert await count_keys(database) == 1


async def test_draft_and_key_are_written_together_or_not_at_all(database, new_draft):
    key, draft = new_draft()
    await keep(database, key, draft)
    _, other = new_draft()
    with pytest.raises(ConflictError):
        await keep(database, key, replace(other, data_key_id=key.key_id))
    async with database.connection() as connection:
        assert await drafts.draft_by_id(connection, other.draft_id) is None


async def test_drafts_come_in_the_order_of_the_sheet(database, new_draft):
    made = [new_draft() for _ in range(6)]
    for key, draft in made:
        await keep(database, key, draft)
    async with database.connection() as connection:
        listed = await drafts.list_drafts(connection, "officer-1")
    assert listed == [draft for _, draft in made]


async def test_confirmed_draft_names_its_case(database, made, new_draft):
    key, draft = new_draft()
    case = made.case()
    await keep(database, key, draft)
    await confirm(database, draft.draft_id, case)
    async with database.connection() as connection:
        found = await drafts.draft_by_id(connection, draft.draft_id)
        known = await drafts.drafts_by_source(connection, [draft.source_key])
    assert found == replace(draft, status="confirmed", case_id=case.case_id)
    assert known == {
        draft.source_key: drafts.KnownDraft(
            draft.source_key, draft.draft_id, draft.officer, "confirmed"
        )
    }


async def test_draft_cannot_become_two_cases(database, made, new_draft):
    key, draft = new_draft()
    first, second = made.case(), made.case()
    await keep(database, key, draft)
    await confirm(database, draft.draft_id, first)
    with pytest.raises(ConflictError):
        await confirm(database, draft.draft_id, second)
    async with database.connection() as connection:
        assert await cases.case_by_id(connection, second.case_id) is None


async def test_draft_that_is_not_there_cannot_become_a_case(database, made):
    with pytest.raises(ConflictError):
        await confirm(database, made.id(), made.case())
