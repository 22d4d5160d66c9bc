"""Work is assigned together or not at all, to whoever may see it; roles are asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from services.node.domain.case_details import NO_INSTANT
from services.node.domain.errors import RelaisError
from services.node.domain.identifiers import new_alias, new_id
from services.node.domain.plans import Goal, ReintegrationPlan
from services.node.domain.records import Answer, CategoryRecord
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.work_values import SavedViewRead
from services.node.store.views import views_of
from services.node.store.writes import execute_writes, insert_referral
from tests.store.lodge import ADMINISTRATOR, AUDITOR, COLLEAGUE, OFFICER

SUPERVISOR = OfficerRead("truong-nhom", "supervisor", "office", active=True)
THIRD = OfficerRead("can-bo-3", "officer", "unit-1", active=True)
OPERATOR = OfficerRead("truc-may", "operator", "unit-1", active=True)
AGENCY = OfficerRead("can-bo-4", "agency_officer", "unit-1", active=True)
NOBODY = OfficerRead("nobody", "", "", active=True)
D2 = CategoryRecord("D2", (Answer("prs_FirstName", ("Lan",)),))
D1 = CategoryRecord("D1", (Answer("prs_Gender", ("1",)),))


@pytest.fixture
async def desk(lodge):
    for each in (SUPERVISOR, THIRD, OPERATOR, AGENCY):
        await lodge.desk.keep_officer(ADMINISTRATOR.pseudonym, each)
    return lodge.desk


async def refused(call):
    with pytest.raises(RelaisError) as error:
        await call
    return error.value


async def mine(desk, officer):
    found = await desk.get_worklist(officer.pseudonym, "needs_me", whose="me")
    return [(each.case_pseudonym, each.assigned_to) for each in found.items]


async def opened(desk, officer):
    case = await desk.open_case(officer.pseudonym, "rescued", [D1])
    return case.case_pseudonym


async def test_what_is_marked_is_assigned_together_and_its_officer_sees_by_whom(desk):
    by, who = SUPERVISOR.pseudonym, THIRD.pseudonym
    first, second, third = [await opened(desk, OFFICER) for _ in range(3)]
    act = new_id()
    both = (first, second)
    # Sent twice, or twice at once, it is one act.
    counts = await asyncio.gather(
        *(desk.assign_work(by, who, cases=both, event_id=act) for _ in range(3))
    )
    assert counts == [2, 2, 2]
    for whom, cases in ((by, both), (who, (first,)), (who, (first, third))):
        taken = await refused(desk.assign_work(by, whom, cases=cases, event_id=act))
        assert taken.code == "act.id_reused", (whom, cases)
    assert set(await mine(desk, THIRD)) == {(first, who), (second, who)}
    await desk.assign_work(by, "", cases=(second,))
    assert set(await mine(desk, THIRD)) == {(first, who)}
    told = (await desk.get_case(OFFICER.pseudonym, second)).assignments
    assert [(each.officer, each.assigned_by) for each in told] == [(who, by), ("", by)]
    looks = await desk.list_access(OFFICER.pseudonym, first)
    assert [
        (each.officer, each.outcome)
        for each in looks
        if each.what == "WorkService/AssignWork"
    ].count((by, "ok")) == 1
    # Who left works on nothing any more.
    await desk.keep_officer(ADMINISTRATOR.pseudonym, replace(THIRD, active=False))
    found = await desk.get_worklist(OFFICER.pseudonym, "needs_me")
    assert {each.assigned_to for each in found.items} == {""}


async def test_all_that_a_leaver_works_on_is_handed_over_with_the_leaving(lodge, desk):
    admin, by, who = ADMINISTRATOR.pseudonym, SUPERVISOR.pseudonym, THIRD.pseudonym
    cases = [await opened(desk, OFFICER) for _ in range(3)]
    await desk.assign_work(by, who, cases=cases)
    await desk.assign_work(by, OFFICER.pseudonym, cases=cases[:1])
    work = await desk.list_held(admin, who)
    assert [each.code for each in work.held] == sorted(cases[1:])
    assert {(each.is_case, each.assigned_by) for each in work.held} == {(True, by)}
    able = {each.pseudonym for each in work.successors}
    assert OFFICER.pseudonym in able
    # Not the leaver, nor who does not work on cases, nor another unit.
    assert not able & {who, AUDITOR.pseudonym, COLLEAGUE.pseudonym}
    gone = replace(THIRD, active=False)
    for wrong in (COLLEAGUE.pseudonym, AUDITOR.pseudonym, who + "-9", who):
        leaving = desk.keep_officer(admin, gone, hand_over_to=wrong)
        assert (await refused(leaving)).code.startswith("assignment."), wrong
        assert THIRD in await desk.list_officers()
    view = SavedViewRead(new_id(), "Mine", "needs_me", "me", "")
    await desk.keep_view(who, view)
    await desk.keep_officer(admin, gone, hand_over_to=OFFICER.pseudonym)
    async with lodge.own.database.connection() as connection:
        assert await views_of(connection, who) == []
    taken = {case for case, _ in await mine(desk, OFFICER)}
    assert taken >= set(cases)
    assert (await desk.list_held(admin, who)).held == ()
    told = (await desk.get_case(OFFICER.pseudonym, cases[1])).assignments
    assert (told[-1].officer, told[-1].assigned_by) == (OFFICER.pseudonym, admin)
    looks = await desk.list_access(OFFICER.pseudonym, cases[1])
    assert "NodeService/KeepOfficer" in {each.what for each in looks}


async def test_what_another_unit_works_on_is_assigned_for_a_reason_only(lodge, desk):
    case = await opened(desk, OFFICER)
    token = await lodge.enter(SUPERVISOR.pseudonym)
    without = lodge.gateway.acting(token)
    explained = lodge.gateway.acting(token, "supervision")
    for who in (THIRD.pseudonym, ""):
        asked = await refused(without.assign_work("", who, cases=(case,)))
        assert asked.code == "access.reason_needed"
        assert await explained.assign_work("", who, cases=(case,)) == 1


SPOIL = """
UPDATE case_record SET sealed = set_byte(sealed, 0, get_byte(sealed, 0) # 1)
WHERE category = 'D2' AND case_id = (SELECT case_id FROM cases WHERE pseudonym = '{}')
"""


async def test_neither_assigning_nor_showing_names_is_a_way_to_try_out_codes(
    lodge, desk, fresh
):
    by, codes = SUPERVISOR.pseudonym, [new_alias() for _ in range(45)]
    for _ in range(2):
        told = await refused(desk.assign_work(by, THIRD.pseudonym, cases=codes))
        assert told.code == "asked.too_fast"
    case, token = await opened(desk, OFFICER), await lodge.enter(OFFICER.pseudonym)
    asked = lodge.gateway.acting(token, "meeting")
    named, spoilt = [
        (await desk.open_case(OFFICER.pseudonym, "rescued", [D1, D2])).case_pseudonym
        for _ in range(2)
    ]
    # One record that cannot be read empties its own row and no other.
    fresh.as_superuser(SPOIL.format(spoilt))
    shown = await asked.show_names("", (case, codes[0], named, spoilt))
    assert {each.case_pseudonym: each.name for each in shown} == {
        case: "",
        named: "Lan",
        spoilt: "",
    }
    looks = await desk.review_access(AUDITOR.pseudonym, OFFICER.pseudonym)
    told = {each.case_pseudonym: each.outcome for each in looks}
    assert (told[case], told[codes[0]]) == ("ok", "case.unknown")
    for _ in range(2):
        told = await refused(asked.show_names("", (case, *codes)))
        assert told.code == "asked.too_fast"


async def test_what_one_may_not_see_stops_all_of_it_and_is_named(desk):
    by, case, other = (
        SUPERVISOR.pseudonym,
        await opened(desk, OFFICER),
        await opened(desk, COLLEAGUE),
    )
    others = await refused(desk.assign_work(by, OFFICER.pseudonym, cases=(case, other)))
    assert others.code == "assignment.other_unit"
    assert other in others.message
    assert case not in others.message
    for cases, assignee, code in (
        ((new_alias(),), THIRD, "assignment.unknown"),
        ((), THIRD, "assignment.how_many"),
        ((case,) * 51, THIRD, "assignment.how_many"),
        ((case,), AUDITOR, "assignment.officer_may_not"),
        ((case,), NOBODY, "assignment.officer_may_not"),
    ):
        doing = desk.assign_work(by, assignee.pseudonym, cases=cases)
        assert (await refused(doing)).code == code, code
    for each in (case, other):
        assert (await desk.get_case(OFFICER.pseudonym, each)).assignments == ()


async def test_what_waits_for_a_decision_is_assigned_to_who_may_decide(
    lodge, desk, made
):
    waiting = made.referral(side="receiver", peer="son-la")
    async with lodge.own.database.transaction() as connection:
        await execute_writes(connection, [insert_referral(waiting)])
    by, asked = SUPERVISOR.pseudonym, (waiting.referral_id,)
    doing = desk.assign_work(by, OPERATOR.pseudonym, referrals=asked)
    assert (await refused(doing)).code == "assignment.may_not_decide"
    assert await desk.assign_work(by, THIRD.pseudonym, referrals=asked) == 1
    for state, held in (("opened", 1), ("declined", 0), ("expired", 0)):
        async with lodge.own.database.transaction() as connection:
            await connection.execute("UPDATE referral SET state = $1", state)
        work = await desk.list_held(ADMINISTRATOR.pseudonym, THIRD.pseudonym)
        assert len(work.held) == held, state


async def test_a_role_is_refused_what_is_not_its_own(desk):
    case = await opened(desk, OFFICER)
    goal = Goal("housing", "x", (), "", "", NO_INSTANT, NO_INSTANT, "")
    plan = ReintegrationPlan("crisis", (goal,), "", poor_household=False)
    calls = {
        "claim": lambda who: desk.claim_referral(who, new_id()),
        "assign": lambda who: desk.assign_work(who, who, cases=(case,)),
        "plan": lambda who: desk.keep_plan(who, case, plan),
        "corridors": desk.list_corridors,
        "find": lambda who: desk.find_code(who, case),
        "read": lambda who: desk.read_records(who, case),
    }
    refusals = {
        OPERATOR: {"claim", "assign", "plan", "corridors"},
        AGENCY: {"assign", "plan", "corridors", "find"},
        OFFICER: {"assign"},
        SUPERVISOR: set(),
        AUDITOR: set(calls),
        ADMINISTRATOR: set(calls),
    }
    for officer, names in refusals.items():
        for name, call in calls.items():
            try:
                await call(officer.pseudonym)
            except RelaisError as error:
                told = error.code == "people.role_may_not"
                assert told == (name in names), (officer.role, name, error.code)
            else:
                assert name not in names, (officer.role, name)
