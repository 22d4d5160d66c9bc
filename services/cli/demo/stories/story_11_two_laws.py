"""A case in Dien Bien that two laws share: 30 June and 1 July 2025.

Law 66/2011 holds until midnight, Viet Nam time, Law 53/2024 from then on (domain.md
§0, §1). What happened is ruled by the law of its day and stays so; what happens
after midnight is ruled by the new one, in the same case. Three people show it: she
and her boy, who are there already; somebody who comes half an hour before; and
somebody who comes half an hour after.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.cli.demo.answers import offer, profile
from services.cli.demo.stories.telling import Telling
from services.node.domain.case_details import NO_INSTANT, CaseDetails
from services.node.domain.minors import Minor
from services.node.domain.plans import Goal, ReintegrationPlan
from services.node.domain.tables import VIETNAM
from services.node.rpc.case_values import EntitlementRead

PROVINCE, POLICE = "dien-bien", "police-lao-cai"
BEFORE, AFTER = (7, "23:50"), (8, "00:10")
"""Ten minutes on each side of the midnight between 30 June and 1 July."""

BOY = Minor("", "accompanying_minor", "yes", "0_8", "", "accompanied_person", "")
SCHOOL = Goal(
    domain="education",
    objective="An evening school, and a place for the boy meanwhile",
    actions=(),
    entitlement="h",
    application_form="",
    applied_at=NO_INSTANT,
    decision_due=NO_INSTANT,
    outcome="",
)
PLAN = ReintegrationPlan("crisis", (SCHOOL,), PROVINCE, poor_household=False)


async def play(t: Telling) -> None:
    """The same acts, and another law."""
    just_before, just_after = t.of_somebody_else(), t.of_somebody_else()
    await _under_the_old_law(t)
    t.chapter("Somebody comes half an hour before midnight")
    await _comes(just_before, (7, "23:30"))
    t.chapter("Ten minutes before midnight")
    now = await t.on(*BEFORE)
    await _granted(t, "her")
    await _granted(just_before, "who came just now")
    error = await t.refused("plan.not_entitled", _applies(t, now, ""))
    t.does(PROVINCE, f"cannot apply for school with her: {error.code}, {_law(error)}.")
    error = await t.refused("case.step_not_lawful", _longer(t))
    t.does(PROVINCE, f"cannot give essential needs for longer: {error.code}.")
    t.chapter("Ten minutes after midnight")
    now = await t.on(*AFTER)
    t.says("Nothing was moved, and nobody was asked again. Another law is in force.")
    await _granted(t, "her")
    await _granted(just_before, "who came before midnight")
    await _by_the_new_law(t, now)
    t.chapter("Somebody comes half an hour after midnight")
    await _comes(just_after, (8, "00:30"))
    t.chapter("Two decisions, and one that stands")
    await t.on(10, "10:00")
    for each in (just_before, just_after):
        await each.completes("status", POLICE, PROVINCE, "victim")
    await _rulings(t, just_before, just_after)


async def _under_the_old_law(t: Telling) -> None:
    t.chapter("Under the law of 2011")
    await t.on(3, "09:00")
    t.says("She came back over the hills by herself, with her boy of seven.")
    await t.opens(PROVINCE, "self_returned", profile(t.cast))
    await _received(t)
    who = t.at(PROVINCE)
    await who.desk.keep_minor(who.officer, t.journey.cases[PROVINCE], BOY)
    await _police_asked(t)
    await t.on(7, "10:00")
    await t.completes("status", POLICE, PROVINCE, "victim")
    t.does(POLICE, "decide on 30 June: a victim by the law of that day.")


async def _comes(t: Telling, at: tuple[int, str]) -> None:
    """Somebody is received, and the police are asked, within minutes."""
    await t.on(*at)
    await t.opens(PROVINCE, "self_returned", profile(t.cast))
    await _received(t)
    await _police_asked(t)


async def _received(t: Telling) -> None:
    until = (await t.stands(PROVINCE)).essential_needs_until
    t.does(PROVINCE, f"gives bed, food and clothes, until {_day(until)} at most.")
    await t.acts(PROVINCE, "start_verification")


async def _police_asked(t: Telling) -> None:
    await t.asks(PROVINCE, ("identification_verification", POLICE, "D1", True))
    asked = offer(t.cast, "status_decision", "normal", "Please decide on the status.")
    await t.offers("status", PROVINCE, POLICE, asked, "D1")
    await t.accepts("status", POLICE)
    who = t.at(PROVINCE)
    read = await who.desk.list_clocks(who.officer, t.journey.cases[PROVINCE])
    clock = next(c for c in read.clocks if c.deadline == "police_verification")
    told = f"until {_day(clock.due_at)}, {clock.law}"
    t.does(POLICE, f"are asked for a decision: {told}.")


async def _granted(t: Telling, whom: str) -> None:
    """What the law of the day grants, with the law that says so."""
    read = await t.stands(PROVINCE)
    t.does(PROVINCE, f"reads what the law grants {whom} — {_words(read.entitlements)}.")
    for each in read.minors:
        t.does(
            PROVINCE,
            f"reads what the law grants her boy — {_words(each.entitlements)}.",
        )


def _words(entitlements: tuple[EntitlementRead, ...]) -> str:
    said = [
        f"{word}: {' '.join(letters)}"
        for word in ("yes", "if_poor_household")
        if (letters := [e.regime for e in entitlements if e.granted == word])
    ]
    laws = {_between(each.rule) for each in entitlements if each.granted != "no"}
    return f"{'; '.join(said) or 'nothing'} ({'; '.join(sorted(laws)) or 'no row'})"


async def _applies(t: Telling, applied: datetime, form: str) -> datetime:
    """Apply for school with her; by when it is decided."""
    goal = replace(SCHOOL, applied_at=applied, application_form=form)
    who, case = t.at(PROVINCE), t.journey.cases[PROVINCE]
    await who.desk.keep_plan(who.officer, case, replace(PLAN, goals=(goal,)))
    read = await who.desk.get_plan(who.officer, case)
    return read.plan.goals[0].decision_due


async def _longer(t: Telling) -> datetime:
    """Essential needs for as long as the new law allows, by the province's word."""
    until = t.stage.instant(3 + 120, "09:00")
    details = CaseDetails(decided_by="province_health", until=until)
    await t.acts(PROVINCE, "extend_essential_needs", details)
    return until


async def _by_the_new_law(t: Telling, now: datetime) -> None:
    error = await t.refused("plan.form_missing", _applies(t, now, ""))
    t.does(PROVINCE, f"needs a form for that now: {error.code}.")
    due = await _applies(t, now, "07")
    t.does(PROVINCE, f"applies with Form 07: decided by {_day(due)}.")
    until = await _longer(t)
    t.does(PROVINCE, f"gives essential needs for longer, until {_day(until)}.")


async def _rulings(*ways: Telling) -> None:
    for t, whom in zip(ways, ("hers", "just before", "just after"), strict=True):
        history = (await t.stands(PROVINCE)).history
        (ruled,) = (each.rule for each in history if each.act == "decide_victim")
        t.does(POLICE, f"decided ({whom}) by {_between(ruled)}.")


def _between(rule: str) -> str:
    """The law that a row names in brackets."""
    return rule.partition("(")[2].removesuffix(")")


def _law(error: Exception) -> str:
    return next(law for law in ("Law 66/2011", "Law 53/2024") if law in str(error))


def _day(instant: datetime) -> str:
    return f"{instant.astimezone(VIETNAM):%d %B %Y, %H:%M}"
