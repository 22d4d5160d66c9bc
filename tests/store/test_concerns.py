"""What needs an auditor's eye is listed with who answers, and goes once settled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.domain.bodies import Acceptance, Decline, Opening
from services.node.domain.concerns import Concern
from services.node.flows.concerns import concerns
from services.node.flows.fire import RingTimer
from services.node.store import timers as timer_store
from services.node.store.concerns import Part
from tests.store.gate import to_the_minutes
from tests.store.person import Person

HERE, THERE, ABROAD = "lao-cai", "son-la", "liaison-yunnan"


@pytest.fixture
def look(town):
    """The groups at a member, by kind."""

    async def found(member=HERE, limit=50, offset=0):
        groups = await concerns(
            town.members[member].own,
            tuple(Concern),
            Part(limit, offset),
            town.moment(member).case,
        )
        assert [each.kind for each in groups] == list(Concern)
        return {each.kind: each for each in groups}

    return found


@pytest.fixture
async def person(town):
    person = Person(town)
    await person.open(HERE)
    return person


def counts(groups):
    return {kind: each.count for kind, each in groups.items() if each.count}


async def ring(town, member):
    """Every clock that is due, as the loop rings them."""
    own, moment = town.members[member].own, town.moment(member)
    while True:
        async with own.database.connection() as connection:
            due = await timer_store.due_timers(connection, moment.case, 64)
        if not due:
            return
        for timer in due:
            await town.act(member, RingTimer(own, timer.timer_id, timer.fired, moment))


async def test_nothing_needs_an_eye_while_all_goes_well(town, person, look):
    await person.offer(HERE, THERE, "reintegration", sealed=False)
    await town.settle_between(HERE, THERE)
    assert counts(await look()) == {}


async def test_an_offer_without_an_answer_is_listed_until_it_has_one(
    town, person, look
):
    await person.offer(HERE, THERE, "reintegration", sealed=False)
    await town.settle_between(HERE, THERE)
    town.pass_time(timedelta(days=4))
    group = (await look())[Concern.UNANSWERED]
    assert {row.reason for row, _ in group.rows} == {"acknowledged", "answered"}
    row, answering = group.rows[0]
    (referral,) = person.referrals
    (alias,) = await town.rows(HERE, "SELECT alias FROM referral")
    assert (row.code, row.member) == (alias["alias"], THERE)
    assert row.due < town.moment(HERE).case
    (case,) = await town.rows(HERE, "SELECT opened_at FROM cases")
    assert (answering.member, answering.since) == (HERE, case["opened_at"])
    theirs = (await look(THERE))[Concern.UNANSWERED]
    assert {answering.member for _, answering in theirs.rows} == {HERE}
    await person.step(referral, "receiver", Opening())
    await town.settle_between(HERE, THERE)
    group = (await look())[Concern.UNANSWERED]
    assert {row.reason for row, _ in group.rows} == {"answered"}
    await person.step(referral, "receiver", Decline("no_capacity"))
    await town.settle_between(HERE, THERE)
    assert counts(await look()) == {}


async def test_a_clock_that_rang_beyond_the_member_is_listed(town, person, look):
    await person.offer(HERE, THERE, "reintegration", sealed=False)
    await town.settle_between(HERE, THERE)
    town.pass_time(timedelta(hours=6))
    await ring(town, HERE)
    soon = (await look())[Concern.ESCALATED].rows
    assert THERE not in {row.member for row, _ in soon}
    town.pass_time(timedelta(days=5))
    await ring(town, HERE)
    late = (await look())[Concern.ESCALATED].rows
    assert "acknowledged" in {row.reason for row, _ in late if row.member == THERE}


async def test_what_three_members_declined_is_listed(town, person, look):
    for _ in range(3):
        await person.offer(HERE, THERE, "reintegration", sealed=False)
        await town.settle_between(HERE, THERE)
        await person.step(person.referrals[-1], "receiver", Decline("no_capacity"))
        await town.settle_between(HERE, THERE)
    group = (await look())[Concern.DECLINED_THRICE]
    ((row, answering),) = group.rows
    (case,) = await person.cases_at(HERE)
    assert (row.code, answering.member) == (case["pseudonym"], HERE)
    await person.offer(HERE, THERE, "reintegration", sealed=False)
    await town.settle_between(HERE, THERE)
    await person.step(person.referrals[-1], "receiver", Acceptance())
    await town.settle_all()
    assert (await look())[Concern.UNANSWERED].count == 0


async def test_minutes_that_one_end_signed_are_one_sided_and_then_disputed(
    town, person, look
):
    referral = await to_the_minutes(person, HERE, ABROAD)
    await town.settle_between(HERE, ABROAD)
    group = (await look())[Concern.ONE_SIDED]
    ((row, answering),) = group.rows
    assert (row.reason, row.member, answering.member) == ("minuted", ABROAD, HERE)
    await person.countersign(referral, agrees=False)
    await town.settle_between(HERE, ABROAD)
    groups = await look()
    assert groups[Concern.ONE_SIDED].count == 0
    ((row, answering),) = groups[Concern.DISPUTED].rows
    assert (row.member, answering.member) == (ABROAD, HERE)


async def test_a_release_without_a_receipt_is_one_sided_until_it_comes(
    town, person, look
):
    await person.offer(HERE, "nha-hoa-ban", "reception", sealed=True)
    await town.settle_between(HERE, "nha-hoa-ban")
    await person.step(person.referrals[0], "receiver", Acceptance())
    await town.settle_between(HERE, "nha-hoa-ban")
    await town.answer(HERE)
    ((row, answering),) = (await look())[Concern.ONE_SIDED].rows
    assert (row.reason, answering.member) == ("handed_unconfirmed", HERE)
    await town.settle_between(HERE, "nha-hoa-ban")
    assert counts(await look()) == {}


async def test_parts_of_a_list_keep_its_count(town, person, look):
    await person.offer(HERE, THERE, "reintegration", sealed=False)
    await town.settle_between(HERE, THERE)
    town.pass_time(timedelta(days=4))
    whole = (await look())[Concern.UNANSWERED]
    first = (await look(limit=1))[Concern.UNANSWERED]
    second = (await look(limit=1, offset=1))[Concern.UNANSWERED]
    assert whole.count == first.count == second.count == len(whole.rows)
    assert (*first.rows, *second.rows) == whole.rows[:2]


async def test_an_override_is_listed_until_somebody_reviewed_it(town, person, look):
    (case,) = await person.cases_at(HERE)
    async with town.members[HERE].own.database.transaction() as connection:
        await connection.execute(
            "INSERT INTO emergency_override VALUES ($1, $2, 'son-la', 'p', 'D7', 'law',"
            " 'a', 'b', $3, $3, NULL, NULL, NULL, '', '')",
            bytes(16),
            case["case_id"],
            town.case,
        )
    ((row, answering),) = (await look())[Concern.OVERRIDE_UNREVIEWED].rows
    assert (row.code, row.member) == (case["pseudonym"], THERE)
    assert answering.member == HERE
    async with town.members[HERE].own.database.transaction() as connection:
        await connection.execute(
            "UPDATE emergency_override SET reviewed_at = $1", town.case
        )
    assert counts(await look()) == {}
