"""The whole journey, and the year after it: six follow-ups, and a case closed by two.

What the demo tells as far as the third day in Yen Bai goes on here (domain.md §5.f,
§5.g, §6.3): a plan with goals of her own, follow-ups at 72 hours, two weeks, one,
three, six and twelve months, a setback on the way, and at the end two people who
close the case and say what becomes of the data. Before each visit that lies ahead
she is asked whether somebody may come; each yes ends by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from services.cli.demo.chapters import CHAPTERS
from services.cli.demo.sheet import case_sheet
from services.cli.demo.stories.telling import Telling
from services.node.domain.case_details import NO_INSTANT, CaseDetails
from services.node.domain.plans import Goal, PlanAction, ReintegrationPlan
from services.node.domain.tables import VIETNAM

HOME = "yen-bai"
HELD_BY = ("hotline-hanoi", "lao-cai", "liaison-yunnan", HOME)
PLACED = 43
"""The day on which Yen Bai accepted, at ten o'clock."""

_YEAR = timedelta(days=365)


async def play(t: Telling) -> None:
    """From a call to the day on which nobody has to ask any more."""
    for chapter in CHAPTERS:
        # The case sheet is of other people, whom nobody asks in this story.
        if chapter is not case_sheet:
            await chapter(t.stage, t.journey)
    await _planned(t)
    await _visited(t)
    await _closed(t)


async def _planned(t: Telling) -> None:
    t.chapter("A plan of her own")
    now = await t.on(PLACED + 7, "14:00")
    t.says("She says what she wants: to learn to sew, and a room with a door.")
    who, case = t.at(HOME), t.journey.cases[HOME]
    await t.acts(HOME, "plan_reintegration")
    await who.desk.keep_plan(who.officer, case, _plan(who.officer, now))
    await t.acts(HOME, "begin_transition")
    read = await who.desk.get_plan(who.officer, case)
    t.does(HOME, "writes the plan down with her. Somebody will ask how she is on:")
    for each in read.planned:
        if each.due > now:
            t.says(_day(each.due))


def _plan(officer: str, now: datetime) -> ReintegrationPlan:
    def goal(domain: str, objective: str, what: str) -> Goal:
        action = PlanAction(what, officer, now + timedelta(days=60), "open")
        return Goal(domain, objective, (action,), "", "", NO_INSTANT, NO_INSTANT, "")

    goals = (
        goal("vocational", "Learn to sew", "find a place in the course"),
        goal("housing", "A room with a door", "look at two rooms with her"),
    )
    return ReintegrationPlan("transition", goals, HOME, poor_household=False)


async def _visited(t: Telling) -> None:
    """Two weeks, one, three and six months, a year; and what follows on each."""
    t.chapter("Somebody asks how she is")
    await t.on(PLACED + 14, "09:30")
    await _asked(t, "safe_call", "progress", "It is a holiday; she wished to be called")
    await t.on(73, "09:30")
    await _asked(t, "visit", "setback", "The course is hard, and she has slept badly")
    t.does(HOME, "looks at the plan again with her. A setback is part of the way.")
    await t.acts(HOME, "review_plan")
    await t.acts(HOME, "begin_transition")
    await t.on(134, "09:30")
    await _asked(t, "office", "progress", "She sews her own clothes now")
    await t.acts(HOME, "begin_inclusion")
    await t.on(161, "09:00")
    await t.acts(HOME, "complete_plan")
    await t.acts(HOME, "begin_follow_up")
    t.does(HOME, "and she find that both goals are reached. Only the visits go on.")
    await t.on(226, "09:30")
    await _asked(t, "visit", "stable", "She works in a tailor's shop")
    await t.on(408, "09:30")
    await _asked(t, "office", "stable", "She says that nobody has to ask any more")


async def _asked(t: Telling, mode: str, result: str, said: str) -> None:
    """One follow-up, as she agreed to it; and may there be another?"""
    who, case = t.at(HOME), t.journey.cases[HOME]
    await who.desk.record_follow_up(who.officer, case, "for_service", mode, result)
    t.says(f"{said}.")
    again = result != "stable" or mode == "visit"
    await t.asks(HOME, ("follow_up_contact", HOME, "D3", again))


async def _closed(t: Telling) -> None:
    t.chapter("Closed by two people")
    now = await t.on(409, "09:00")
    house = t.cast.house
    await t.completes("reintegration", HOME, house, "goals_achieved")
    said = CaseDetails(
        reason="goals_achieved",
        retain_until=now + _YEAR,
        anonymise_at=now + 2 * _YEAR,
        delete_at=now + 5 * _YEAR,
    )
    await t.refused("approval.missing", t.acts(HOME, "close", said))
    t.does(HOME, "cannot close a case by one officer's word: approval.missing.")
    first, second, case = t.at(HOME), t.at(HOME, 1), t.journey.cases[HOME]
    approval = await first.asks_second(second, case, said)
    t.does(HOME, "asks a second officer, who reads what is to be done and approves.")
    taken = await t.acts(HOME, "close", said, approval)
    t.does(
        HOME,
        f"closes it by two: {taken.state}. Kept until {_day(said.retain_until)}, "
        f"without names from {_day(said.anonymise_at)}, gone by "
        f"{_day(said.delete_at)}. Nobody has to answer for her any more.",
    )
    await t.learned(*HELD_BY)


def _day(instant: datetime) -> str:
    return f"{instant.astimezone(VIETNAM):%d %B %Y}"
