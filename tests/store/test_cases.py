from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.domain.errors import ConflictError
from services.node.store import cases, consents, referrals
from services.node.store.rows import ConsentRow, OverrideRow
from services.node.store.writes import (
    execute_writes,
    insert_alias,
    insert_case,
    insert_consent,
    insert_data_key,
    insert_override,
    insert_record,
    insert_referral,
    review_override,
    update_case,
    update_referral,
    use_up_seq,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def case(database, made):
    case = made.case()
    await write(database, insert_case(case))
    return case


async def write(database, *writes):
    async with database.transaction() as connection:
        await execute_writes(connection, list(writes))


async def test_case_is_found_by_id_and_by_its_own_pseudonym(database, made, case):
    async with database.connection() as connection:
        assert await cases.case_by_id(connection, case.case_id) == case
        assert await cases.case_by_pseudonym(connection, case.pseudonym) == case
        assert await cases.case_by_id(connection, made.id()) is None
        names = await cases.pseudonyms_of(connection, [case.case_id, made.id()])
        assert names == {case.case_id: case.pseudonym}


async def test_pseudonym_stands_for_one_case_only(database, made, case):
    with pytest.raises(ConflictError):
        await write(database, insert_case(made.case(pseudonym=case.pseudonym)))


async def test_newest_cases_come_first(database, made, case):
    newer = [made.case(opened_at=case.opened_at + n * MINUTE) for n in (2, 3, 1)]
    await write(database, *map(insert_case, newer))
    async with database.connection() as connection:
        listed = await cases.list_cases(connection, 3)
    assert listed == [newer[1], newer[0], newer[2]]


async def test_update_changes_phase_and_numbers_only(database, case):
    changed = replace(case, phase="return", case_seq=9, opened_by="somebody-else")
    await write(database, update_case(changed))
    async with database.connection() as connection:
        found = await cases.case_by_id(connection, case.case_id)
    assert found == replace(case, phase="return", case_seq=9)


async def test_alias_written_twice_is_one(database, case):
    for _ in range(2):
        await write(database, insert_alias(case.case_id, "yen-bai", "alias-1"))
    async with database.connection() as connection:
        alias = await cases.alias_for(connection, case.case_id, "yen-bai")
        assert alias == "alias-1"
        assert await cases.alias_for(connection, case.case_id, "son-la") is None
        found = await cases.case_of_alias(connection, "yen-bai", "alias-1")
        assert found == case.case_id
        assert await cases.case_of_alias(connection, "son-la", "alias-1") is None


async def test_case_has_one_alias_towards_a_member(database, case):
    """Two offers at once must not tell one member two names of one person."""
    await write(database, insert_alias(case.case_id, "yen-bai", "alias-1"))
    with pytest.raises(ConflictError):
        await write(database, insert_alias(case.case_id, "yen-bai", "alias-2"))


async def test_alias_of_one_case_cannot_be_given_to_another(database, made, case):
    """Two acceptances at once must not make two cases of one person."""
    other = made.case()
    await write(database, insert_alias(case.case_id, "yen-bai", "alias-1"))
    with pytest.raises(ConflictError):
        await write(
            database,
            insert_case(other),
            insert_alias(other.case_id, "yen-bai", "alias-1"),
        )


def record(case, category, number, at):
    return insert_record(
        number,
        case.case_id,
        category,
        "lao-cai",
        at,
        "officer-1",
        (b"n", b"%d" % at.minute),
    )


async def test_newest_version_of_every_category_counts(database, made, case):
    keys = [made.key(case.case_id, scope) for scope in ("case", "D0", "D3")]
    await write(
        database,
        *map(insert_data_key, keys),
        record(case, "D0", 30, made.now + 2 * MINUTE),
        record(case, "D0", 10, made.now + 1 * MINUTE),
        record(case, "D3", 20, made.now),
    )
    async with database.connection() as connection:
        found = await cases.newest_records(connection, case.case_id)
        held = await cases.data_keys_of(connection, case.case_id)
    assert [(row.category, row.record_id) for row in found] == [("D0", 30), ("D3", 20)]
    assert found[0].wrapped == keys[1].wrapped
    assert held == {key.scope: key for key in keys}


async def test_of_two_versions_of_one_instant_the_later_written_counts(
    database, made, case
):
    """A driven clock may stand still, and a record's own number is random."""
    await write(database, insert_data_key(made.key(case.case_id, "D0")))
    for number in (5, 9, 2, 7, 1):
        await write(database, record(case, "D0", number, made.now))
    async with database.connection() as connection:
        (found,) = await cases.newest_records(connection, case.case_id)
    assert found.record_id == 1


async def test_owner_has_one_key_a_scope(database, made, case):
    await write(database, insert_data_key(made.key(case.case_id, "D0")))
    with pytest.raises(ConflictError):
        await write(database, insert_data_key(made.key(case.case_id, "D0")))


def consent(made, case, **changes):
    row = ConsentRow(
        consent_id=made.id(),
        case_id=case.case_id,
        holder="lao-cai",
        purpose="reception",
        recipient="yen-bai",
        categories=["D0", "D3"],
        status="given",
        given_at=made.now,
        valid_until=made.now + MINUTE,
        nonce=b"n",
        sealed=b"s",
    )
    return replace(row, **changes)


async def test_answers_come_oldest_first_and_as_written_within_an_instant(
    database, made, case
):
    same = [consent(made, case) for _ in range(5)]
    older = consent(made, case, given_at=made.now - MINUTE)
    await write(database, *map(insert_consent, [*same, older]))
    async with database.connection() as connection:
        assert await consents.consents_of(connection, case.case_id) == [older, *same]


async def test_same_answer_twice_is_one(database, made, case):
    given = consent(made, case)
    await write(database, insert_consent(given))
    await write(database, insert_consent(replace(given, sealed=b"other")))
    async with database.connection() as connection:
        assert await consents.consents_of(connection, case.case_id) == [given]


async def test_withdrawal_that_names_the_answer_it_ends_is_kept(database, made, case):
    given = consent(made, case)
    withdrawn = replace(given, status="withdrawn", given_at=made.now + MINUTE)
    await write(database, insert_consent(given))
    await write(database, insert_consent(withdrawn))
    async with database.connection() as connection:
        found = await consents.consents_of(connection, case.case_id)
    assert found == [given, withdrawn]


async def test_override_is_kept_with_its_review(database, made, case):
    row = OverrideRow(
        override_id=made.id(),
        case_id=case.case_id,
        recipient="yen-bai",
        purpose="reception",
        category="D4",
        law="law",
        first_officer="officer-1",
        second_officer="officer-2",
        recorded_at=made.now,
        review_by=made.now + MINUTE,
        reviewed_at=None,
        reviewed_by=None,
        review=None,
        nonce=b"n",
        sealed=b"s",
    )
    await write(database, insert_override(row))
    async with database.connection() as connection:
        assert await consents.overrides_of(connection, case.case_id) == [row]
    await write(
        database,
        review_override(row.override_id, made.now, "officer-3", "confirmed"),
    )
    async with database.connection() as connection:
        (found,) = await consents.overrides_of(connection, case.case_id)
    assert found == replace(
        row, reviewed_at=made.now, reviewed_by="officer-3", review="confirmed"
    )


async def test_referral_is_found_and_listed(database, made, case):
    first = made.referral(case_id=case.case_id)
    second = made.referral(
        case_id=case.case_id,
        offered_at=made.now + MINUTE,
        updated_at=made.now + MINUTE,
    )
    await write(database, *map(insert_referral, [second, first]))
    async with database.connection() as connection:
        found = await referrals.referral_by_id(connection, first.referral_id)
        assert found == first
        of_case = await referrals.referrals_of_case(connection, case.case_id)
        assert of_case == [first, second]
        assert await referrals.list_referrals(connection, 1) == [second]


async def test_minutes_of_another_referral_of_the_case_are_outstanding(
    database, made, case
):
    minuted = made.referral(case_id=case.case_id, state="minuted")
    received = made.referral(case_id=case.case_id, state="minuted", side="receiver")
    other = made.referral(case_id=case.case_id)
    await write(database, *map(insert_referral, [received, other]))

    async def outstanding(referral):
        async with database.connection() as connection:
            return await referrals.minutes_outstanding(
                connection, case.case_id, referral.referral_id
            )

    assert not await outstanding(other)
    await write(database, insert_referral(minuted))
    assert await outstanding(other)
    assert not await outstanding(minuted)


async def test_number_that_a_refusal_used_up_stays_used_up(database, made):
    """An act that decided before the refusal writes the number that it read."""
    read = made.referral(received_seq=3)
    decided = replace(read, sent_seq=2, referral_no=2)

    async def standing():
        async with database.connection() as connection:
            return await referrals.referral_by_id(connection, read.referral_id)

    await write(database, insert_referral(read))
    await write(database, use_up_seq(read.referral_id, 4))
    await write(database, update_referral(decided))
    assert await standing() == replace(decided, received_seq=4)
    await write(database, use_up_seq(read.referral_id, 2))
    assert await standing() == replace(decided, received_seq=4)
