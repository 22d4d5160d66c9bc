"""Of two officers who write the next version of one thing, none erases the other's."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from services.node.domain.case_details import NO_INSTANT
from services.node.domain.errors import ConflictError
from services.node.domain.follow_ups import follow_up_record
from services.node.domain.identifiers import new_id
from services.node.domain.plan_changes import plan_changes
from services.node.domain.plans import Goal, PlanAction, ReintegrationPlan
from services.node.domain.records import Answer, CategoryRecord
from services.node.domain.versions import changes
from services.node.flows.case_contact import RecordFollowUp
from services.node.flows.case_keeping import KeepPlan
from services.node.flows.case_state_view import plan_view
from services.node.flows.disclose import numbered_records_of, records_of
from services.node.flows.footing import case_named
from services.node.flows.open_case import AddRecord
from services.node.flows.plan import Logged
from services.node.flows.versions import (
    compare_plans,
    compare_versions,
    list_plan_versions,
    list_versions,
)
from tests.store.office import FIRST, HOME, SECOND, opened_office, refusal


@pytest.fixture
async def office(town):
    return await opened_office(town)


def written(office, by, based_on=None, **answers):
    held = tuple(Answer(name, (value,)) for name, value in answers.items())
    moment = office.now()
    record = CategoryRecord("D2", held)
    return AddRecord(
        office.own, by.actor(), new_id(), office.case, record, moment, based_on
    )


async def together(office, *acts):
    """What became of acts that are decided in one moment: codes and leaves."""
    doing = (office.town.act(HOME, each) for each in acts)
    found = await asyncio.gather(*doing, return_exceptions=True)
    for each in found:
        assert isinstance(each, Logged | ConflictError), each
    return [each.code if isinstance(each, ConflictError) else "" for each in found]


async def test_of_two_who_write_on_the_same_version_one_is_told(office):
    based_on = 0
    # Also when both had decided before either was written: the second round.
    for _ in range(2):
        one = written(office, FIRST, based_on, prs_FirstName="Lan")
        other = written(office, SECOND, based_on, prs_FirstName="Mai")
        codes = await together(office, one, other)
        assert sorted(codes) == ["", "case.record_changed"]
        newest, *_ = await list_versions(office.own, office.case, "D2", 9, 0)
        winner, loser = (other, one) if codes[0] else (one, other)
        assert newest.recorded_by == winner.actor.pseudonym
        # Sent again it is still the act that was done, whatever stands by now.
        await office.town.act(HOME, winner)
        based_on = newest.number
    await office.town.act(HOME, replace(loser, based_on=based_on))
    stale = office.town.act(HOME, written(office, FIRST, based_on))
    assert await refusal(stale) == "case.record_changed"
    # A program that does not say what it was made of is not stopped.
    await office.town.act(HOME, written(office, FIRST, prs_FirstName="Hoa"))


async def test_versions_say_who_wrote_in_which_unit_and_what_differs(office):
    for by, name in ((FIRST, "Lan"), (SECOND, "Mai")):
        act = written(office, by, prs_FirstName=name, **{by.unit: "x"})
        await office.town.act(HOME, act)
    newer, older = await list_versions(office.own, office.case, "D2", 9, 0)
    assert [(each.recorded_by, each.unit, each.source) for each in (older, newer)] == [
        (FIRST.pseudonym, FIRST.unit, HOME),
        (SECOND.pseudonym, SECOND.unit, HOME),
    ]
    opened = await compare_versions(office.own, office.case, "D2", older.number, 0)
    assert opened[0] is not None
    said = [
        (each.field, each.kind.value, each.before, each.after)
        for each in changes(opened[0].record, opened[1].record)
    ]
    assert said == [
        ("prs_FirstName", "changed", ("Lan",), ("Mai",)),
        (SECOND.unit, "added", (), ("x",)),
        (FIRST.unit, "removed", ("x",), ()),
    ]
    first = await compare_versions(office.own, office.case, "D2", 0, older.number)
    assert first[0] is None
    doing = compare_versions(office.own, office.case, "D1", older.number, 0)
    assert await refusal(doing) == "case.unknown_version"


async def test_a_plan_that_was_made_of_an_older_one_is_not_kept(office):
    goal = Goal("housing", "x", (), "", "", NO_INSTANT, NO_INSTANT, "")
    plan = ReintegrationPlan("crisis", (goal,), "", poor_household=False)

    def kept(by, based_on):
        said = (office.own, by.actor(), new_id(), office.case, plan, office.now())
        return KeepPlan(*said, based_on)

    codes = await together(office, kept(FIRST, 0), kept(SECOND, 0))
    assert sorted(codes) == ["", "case.plan_changed"]
    standing = await plan_view(office.own, office.case)
    await office.town.act(HOME, kept(SECOND, standing.version))
    stale = office.town.act(HOME, kept(FIRST, standing.version))
    assert await refusal(stale) == "case.plan_changed"


async def test_versions_of_a_plan_differ_in_words_and_no_follow_up_hides_what_stood(
    office,
):
    own, case, act = office.own, office.case, office.town.act
    sews = PlanAction("Hỏi lớp may", "", NO_INSTANT, "open", "vi")
    goal = Goal("housing", "A room", (), "", "", NO_INSTANT, NO_INSTANT, "", "en")
    later = replace(goal, objective="Một phòng", actions=(sews,), language="vi")
    plans = [
        ReintegrationPlan("crisis", (each,), "", poor_household=False)
        for each in (goal, later)
    ]
    for by, plan in zip((FIRST, SECOND), plans, strict=True):
        said = (own, by.actor(), new_id(), case, plan, office.now())
        await act(HOME, KeepPlan(*said))
    newer, older = await list_plan_versions(own, case, 9, 0)
    assert [(each.recorded_by, each.unit) for each in (older, newer)] == [
        (FIRST.pseudonym, FIRST.unit),
        (SECOND.pseudonym, SECOND.unit),
    ]
    before, now = await compare_plans(own, case, older.number, 0)
    assert before is not None
    assert [
        (each.goal, each.action, each.field, each.kind.value, each.before, each.after)
        for each in plan_changes(before.plan, now.plan)
    ] == [
        (1, 0, "objective", "changed", "A room", "Một phòng"),
        (1, 1, "what", "added", "", "Hỏi lớp may"),
        (1, 1, "status", "added", "", "open"),
    ]
    assert plan_changes(before.plan, now.plan)[0].before_language == "en"
    assert await refusal(compare_plans(own, case, 99, 0)) == "case.unknown_plan_version"
    bad = replace(plans[0], goals=(replace(goal, language="<vi>"),))
    said = (own, FIRST.actor(), new_id(), case, bad, office.now())
    assert await refusal(act(HOME, KeepPlan(*said))) == "plan.bad_language"

    services = CategoryRecord("D11", (Answer("local_goal", ("x",)),))
    written = (own, FIRST.actor(), new_id(), case, services, office.now())
    await act(HOME, AddRecord(*written))
    noted = follow_up_record("in_care", "visit", "stable", "y")
    visited = (own, FIRST.actor(), new_id(), case, noted, office.now())
    await act(HOME, RecordFollowUp(*visited))
    assert [len(await list_versions(own, case, "D11", 9, 0))] == [1]
    async with own.database.connection() as connection:
        found = await case_named(connection, case)
        standing = await numbered_records_of(own, connection, found.case_id)
        held = (await records_of(own, connection, found.case_id))["D11"]
    assert services in [record for record, _ in standing]
    # What is sent of it is both.
    assert {"local_goal", "follow_up_result"} <= {each.field for each in held.answers}
    (told,) = (await plan_view(own, case)).done
    assert (told.kind, told.mode, told.next_action) == ("in_care", "visit", "y")
