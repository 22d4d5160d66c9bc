"""Of two officers who write the next version of one thing, none erases the other's."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from services.node.domain.case_details import NO_INSTANT
from services.node.domain.errors import ConflictError
from services.node.domain.identifiers import new_id
from services.node.domain.plans import Goal, ReintegrationPlan
from services.node.domain.records import Answer, CategoryRecord
from services.node.domain.versions import changes
from services.node.flows.case_keeping import KeepPlan
from services.node.flows.case_state_view import plan_view
from services.node.flows.open_case import AddRecord
from services.node.flows.plan import Logged
from services.node.flows.versions import compare_versions, list_versions
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
