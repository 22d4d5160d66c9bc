"""Two people act, each by an event of her own, and one yes is good for one act."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.domain.errors import ConflictError, RelaisError
from services.node.domain.identifiers import new_id
from services.node.domain.people import Role
from services.node.flows.approval_views import Looking, approval_view, approvals_for
from services.node.flows.footing import CASE_SCOPE, data_key
from services.node.store import approvals
from services.node.store.writes import execute_writes
from services.node.wire.standings import decode_standing
from tests.store.office import (
    DAY,
    FIRST,
    HOME,
    NO,
    SECOND,
    THIRD,
    YEAR,
    opened_office,
    refusal,
)


@pytest.fixture
async def office(town):
    return await opened_office(town)


async def test_two_people_close_a_case_each_by_an_event_of_her_own(office):
    details = office.closing()
    number = await office.approved(details)
    event_id = new_id()
    taken = await office.close(details, number, event_id)
    assert taken.state == "closed"
    events = await office.town.rows(
        HOME,
        "SELECT e.step, e.actor, l.subject IS NOT NULL AS logged FROM event AS e "
        "LEFT JOIN ledger_leaf AS l ON e.event_id = l.subject "
        "WHERE e.step LIKE 'approval%' OR e.step = 'case_closed' ORDER BY e.case_seq",
    )
    assert [tuple(each) for each in events] == [
        ("approval_asked", "desk-1", True),
        ("approval_answered", "desk-2", True),
        ("case_closed", "desk-1", True),
    ]
    async with office.own.database.connection() as connection:
        row = await approvals.approval_by_id(connection, number)
    assert row is not None
    assert (row.used_by, row.used_at) == (event_id, office.now().case)


async def test_the_record_of_a_closure_names_who_approved_it(office):
    details = office.closing()
    await office.close(details, await office.approved(details))
    (row,) = await office.town.rows(
        HOME,
        "SELECT s.event_id, s.nonce, s.sealed, s.case_id FROM case_state AS s "
        "INNER JOIN event AS e USING (event_id) WHERE e.step = 'case_closed'",
    )
    async with office.own.database.connection() as connection:
        key = await data_key(office.own, connection, row["case_id"], CASE_SCOPE)
    plain = key.open("case_state", row["event_id"], row["nonce"], row["sealed"])
    assert decode_standing(plain).details == replace(details, second_officer="desk-2")


async def test_a_closure_waits_for_whoever_leads_and_says_who(office):
    details = office.closing()
    number = await office.ask(details)
    with pytest.raises(RelaisError) as caught:
        await office.answer(number, officer=THIRD)
    assert caught.value.code == "approval.not_leading"
    assert caught.value.remedy == "It may be approved by: desk-2."
    looking = Looking(THIRD, "", False, False, 50, office.now().case)
    assert await approvals_for(office.own, looking) == []
    await office.hire(replace(SECOND, role=Role.OFFICER))
    assert await refusal(office.ask(details)) == "approval.nobody_leads"
    assert await office.count("approval") == 1
    await office.hire(SECOND)
    await office.answer(number)
    assert (await office.close(details, number)).state == "closed"


async def test_an_override_bears_both_names(office):
    asked = office.asked()
    await office.override(asked, await office.approved(asked))
    (row,) = await office.town.rows(
        HOME, "SELECT first_officer, second_officer FROM emergency_override"
    )
    assert tuple(row) == ("desk-1", "desk-2")


async def test_one_officer_alone_neither_closes_nor_overrides(office):
    assert await refusal(office.close(office.closing(), b"")) == "approval.missing"
    assert await refusal(office.override(office.asked(), b"")) == "approval.missing"
    asked = office.asked()
    waiting = await office.ask(asked)
    assert await refusal(office.override(asked, waiting)) == "approval.waiting"
    assert await refusal(office.override(asked, new_id())) == "approval.unknown"
    assert await refusal(office.answer(waiting, officer=FIRST)) == "approval.own"
    named = replace(office.closing(), second_officer="desk-2")
    assert await refusal(office.ask(named)) == "approval.second_named"
    assert await refusal(office.close(named, b"")) == "approval.second_named"
    assert await office.count("emergency_override") == 0
    assert await office.count("approval_answer") == 0


async def test_two_acts_with_one_approval_at_once_one_wins(office):
    asked = office.asked()
    number = await office.approved(asked)
    done = await asyncio.gather(
        *(office.override(asked, number) for _ in range(4)), return_exceptions=True
    )
    lost = [each for each in done if isinstance(each, RelaisError)]
    assert [each.code for each in lost] == ["approval.used"] * 3
    assert await office.count("emergency_override") == 1
    assert await office.count("approval_use") == 1
    assert await refusal(office.override(asked, number)) == "approval.used"


async def test_two_answers_at_once_one_stands(office):
    number = await office.ask(office.asked())
    done = await asyncio.gather(
        office.answer(number, officer=SECOND),
        office.answer(number, NO, THIRD, "Nobody is in danger."),
        return_exceptions=True,
    )
    (lost,) = (each for each in done if isinstance(each, RelaisError))
    assert lost.code == "approval.answered"
    assert await office.count("approval_answer") == 1


async def test_the_database_itself_lets_an_approval_be_used_once(office):
    number = await office.approved(office.asked())
    use = approvals.insert_approval_use(number, new_id(), office.now().case)
    for second_time in (False, True):
        write = replace(use, arguments=(number, new_id(), use.arguments[2]))
        try:
            async with office.own.database.transaction() as connection:
                await execute_writes(connection, [write])
        except ConflictError:
            assert second_time
        else:
            assert not second_time


async def test_an_act_sent_again_is_the_same_act_and_needs_no_new_approval(office):
    details = office.closing()
    number, event_id = await office.approved(details), new_id()
    first = await office.close(details, number, event_id)
    again = await office.close(details, number, event_id)
    assert (first.state, again.state) == ("closed", "closed")


async def test_exactly_what_was_approved_may_be_done(office):
    asked, details = office.asked(), office.closing()
    number, closing = await office.approved(asked), await office.approved(details)
    for change in (
        {"category": "D1"},
        {"recipient": "nha-hoa-ban"},
        {"reason": "danger to health"},
        {"review_by": asked.review_by + timedelta(hours=1)},
    ):
        other = replace(asked, **change)
        code = await refusal(office.override(other, number))
        assert code == "approval.content_changed", change
    later = replace(details, delete_at=details.delete_at + YEAR)
    assert await refusal(office.close(later, closing)) == "approval.content_changed"
    assert await refusal(office.close(details, number)) == "approval.other_act"
    await office.override(asked, number)
    await office.close(details, closing)


async def test_an_approval_is_of_no_use_in_another_case_or_to_another_officer(office):
    asked = office.asked()
    number = await office.approved(asked)
    await office.person.open(HOME)
    cases = {each["pseudonym"] for each in await office.person.cases_at(HOME)}
    (other,) = cases - {office.case}
    doing = office.override(asked, number, case=other)
    assert await refusal(doing) == "approval.other_case"
    doing = office.override(asked, number, officer=THIRD)
    assert await refusal(doing) == "approval.other_asker"
    doing = office.override(asked, number, officer=SECOND)
    assert await refusal(doing) == "approval.other_asker"


async def test_what_ran_out_is_neither_answered_nor_used(office):
    details = office.closing()
    used, waiting = await office.approved(details), await office.ask(details)
    office.town.pass_time(DAY + timedelta(minutes=1))
    assert await refusal(office.close(details, used)) == "approval.expired"
    assert await refusal(office.answer(waiting)) == "approval.expired"


async def test_the_yes_of_somebody_who_left_counts_no_more(office):
    details = office.closing()
    number = await office.approved(details)
    await office.hire(replace(SECOND, active=False))
    assert await refusal(office.close(details, number)) == "approval.second_left"


async def test_a_no_says_why_to_whoever_asked_and_stops_the_act(office):
    asked = office.asked()
    number = await office.ask(asked)
    assert await refusal(office.answer(number, NO)) == "approval.no_reason"
    await office.answer(number, NO, reason="Ask her first: she can be reached.")
    assert await refusal(office.override(asked, number)) == "approval.refused"
    view = await approval_view(office.own, number, SECOND, office.now())
    assert view.line.state == "refused"
    assert view.reason == "Ask her first: she can be reached."


async def test_an_act_that_happened_before_the_yes_is_refused(office):
    details = office.closing()
    before = office.now().case
    office.town.pass_time(timedelta(hours=1))
    number = await office.approved(details)
    doing = office.close(details, number, happened_at=before)
    assert await refusal(doing) == "approval.later_than_act"


async def test_nobody_is_asked_for_what_could_not_be_done_anyway(office):
    wrong = replace(office.closing(), reason="goals_achieved")
    assert await refusal(office.ask(wrong)) == "case.reason_does_not_fit"
    late = replace(office.asked(), review_by=office.now().case + 2 * DAY)
    assert await refusal(office.ask(late)) == "override.invalid"
    nowhere = replace(office.asked(), recipient="nowhere")
    assert await refusal(office.ask(nowhere)) == "directory.unknown_member"
    assert await office.count("approval") == 0


async def test_the_second_reads_what_she_approves_and_finds_what_waits(office):
    asked = office.asked()
    number = await office.ask(asked)
    view = await approval_view(office.own, number, SECOND, office.now())
    assert view.act == asked

    async def seen(officer, **changes):
        looking = Looking(officer, "", False, False, 50, office.now().case)
        found = await approvals_for(office.own, replace(looking, **changes))
        return [each.row.approval_id for each in found]

    assert await seen(SECOND) == [number]
    assert await seen(THIRD, my_unit=True) == [number]
    assert await seen(SECOND, my_unit=True) == []
    assert await seen(FIRST) == []
    assert await seen(FIRST, asked_by_me=True) == [number]
    assert await seen(THIRD, case_pseudonym=office.case) == [number]
    await office.answer(number)
    assert await seen(THIRD) == []
    assert await seen(FIRST, asked_by_me=True) == [number]


async def test_nothing_of_what_is_asked_stands_in_clear(office):
    asked = office.asked()
    number = await office.ask(asked)
    await office.answer(number, NO, reason="She can be reached by telephone.")
    for table in ("approval", "approval_answer", "event"):
        rows = await office.town.rows(HOME, f"SELECT t::text AS raw FROM {table} AS t")  # noqa: S608
        text = "".join(each["raw"] for each in rows)
        for word in (asked.reason, asked.law, "telephone"):
            assert word not in text
            assert word.encode().hex() not in text
