"""A yes that ends, and a child who comes of age, ring by themselves, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.node.domain.consent_codes import INFORMED_POINTS
from services.node.domain.errors import NotLawfulError
from services.node.domain.identifiers import new_id
from services.node.domain.records import Answer, CategoryRecord, ConsentCopy
from services.node.domain.tables import VIETNAM
from services.node.flows.fire import RingTimer
from services.node.flows.open_case import AddRecord
from services.node.flows.record_answers import RecordConsent
from services.node.store import timers as timer_store
from tests.store.person import OFFICER, Person

HOME = "lao-cai"
DAY = timedelta(days=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.fixture
async def person(town):
    person = Person(town)
    await person.open(HOME)
    return person


def now(person):
    return person.town.moment(HOME).case


async def pseudonym(person):
    return (await person.cases_at(HOME))[-1]["pseudonym"]


async def says(person, **changes):
    """The person's word: a yes for 90 days unless something else is said."""
    given = now(person)
    usual = ConsentCopy(
        consent_id=new_id(),
        purpose="psychosocial_care",
        recipient="nha-hoa-ban",
        categories=("D1", "D6"),
        status="given",
        subject="self",
        method="written",
        language="vi",
        interpreter="",
        informed_points=INFORMED_POINTS,
        given_at=given,
        valid_until=given + 90 * DAY,
        capacity="adult",
    )
    answer = replace(usual, **changes)
    own, moment = person.town.members[HOME].own, person.town.moment(HOME)
    act = RecordConsent(own, OFFICER, await pseudonym(person), answer, moment)
    await person.town.act(HOME, act)
    return answer


async def born(person, day):
    record = CategoryRecord("D2", (Answer("prs_Birthdate", (day,)),))
    own, moment = person.town.members[HOME].own, person.town.moment(HOME)
    said = (own, OFFICER.actor(), new_id(), await pseudonym(person), record, moment)
    await person.town.act(HOME, AddRecord(*said))


async def running(person):
    """Of each clock of a yes that runs: when it rings."""
    rows = await person.town.rows(
        HOME,
        "SELECT deadline, rings, ring_at FROM timer WHERE stopped_at IS NULL"
        " AND deadline LIKE 'consent%' ORDER BY due_at",
    )
    return [
        (row["deadline"], dict(zip(row["rings"], row["ring_at"], strict=True)))
        for row in rows
    ]


async def ring(person):
    """Everything that is due rings, as the loop rings it; what rang."""
    member = person.town.members[HOME]
    told: list[tuple[str, str]] = []
    moment = person.town.moment(HOME)
    while True:
        async with member.own.database.connection() as connection:
            due = await timer_store.due_timers(connection, moment.case, 99)
        due = [each for each in due if each.deadline.startswith("consent")]
        if not due:
            return told
        for each in due:
            act = RingTimer(member.own, each.timer_id, each.fired, moment)
            await person.town.act(HOME, act)
            told.append((each.deadline, each.rings[each.fired]))


async def test_a_yes_rings_two_weeks_before_its_end_and_at_its_end(person):
    yes = await says(person)
    ends = yes.valid_until
    assert await running(person) == [
        (
            "consent_expiring",
            {"reminder:inside:0": ends - 14 * DAY, "L1:inside:100": ends},
        )
    ]
    person.town.pass_time(75 * DAY)
    assert await ring(person) == []
    person.town.pass_time(1 * DAY)
    assert await ring(person) == [("consent_expiring", "reminder:inside:0")]


async def test_it_rings_once_though_the_node_was_down(person):
    await says(person)
    person.town.pass_time(91 * DAY)
    await person.town.restart(HOME)
    rang = [
        ("consent_expiring", level) for level in ("reminder:inside:0", "L1:inside:100")
    ]
    assert await ring(person) == rang
    await person.town.restart(HOME)
    assert await ring(person) == []
    rows = await person.town.rows(
        HOME, "SELECT step FROM event WHERE step = 'clock_rang'"
    )
    assert len(rows) == 2


async def test_a_yes_of_a_few_days_says_only_that_it_ended(person):
    given = now(person)
    await says(person, valid_until=given + 2 * DAY)
    assert await running(person) == [
        ("consent_expiring", {"L1:inside:100": given + 2 * DAY})
    ]


async def test_a_no_starts_no_clock(person):
    await says(person, status="refused", informed_points=())
    assert await running(person) == []


@pytest.mark.parametrize("by", ["withdrawal", "refusal"])
async def test_a_yes_that_was_taken_back_rings_no_more(person, by):
    yes = await says(person)
    (clock,) = await person.town.rows(
        HOME, "SELECT timer_id FROM timer WHERE deadline = 'consent_expiring'"
    )
    person.town.pass_time(DAY)
    if by == "withdrawal":
        await says(person, status="withdrawn", consent_id=yes.consent_id)
    else:
        await says(person, status="refused", informed_points=())
    assert await running(person) == []
    person.town.pass_time(99 * DAY)
    assert await ring(person) == []
    own, moment = person.town.members[HOME].own, person.town.moment(HOME)
    with pytest.raises(NotLawfulError) as caught:
        await person.town.act(HOME, RingTimer(own, clock["timer_id"], 0, moment))
    assert caught.value.code == "clock.not_due"


async def test_a_newer_yes_takes_the_place_of_the_clock(person):
    await says(person)
    person.town.pass_time(30 * DAY)
    newer = await says(person)
    ((_, rings),) = await running(person)
    assert rings["L1:inside:100"] == newer.valid_until


async def test_a_yes_that_is_answered_only_in_part_runs_on(person):
    whole = await says(person)
    person.town.pass_time(DAY)
    await says(person, status="refused", categories=("D6",), informed_points=())
    # For D1 it still stands.
    ((_, rings),) = await running(person)
    assert rings["L1:inside:100"] == whole.valid_until


CHILD = {"subject": "both", "capacity": "child_assent_plus_guardian"}


async def test_whoever_comes_of_age_is_asked_and_no_birthday_stands_in_the_clear(
    person,
):
    # It is Monday, 5 March 2018; eighteen on 20 April.
    await born(person, "2000-04-20")
    yes = await says(person, **CHILD)
    clocks = dict(await running(person))
    assert clocks.keys() == {"consent_expiring", "consent_turning_18"}
    # From the first of the month; thirty days after the month: it has lapsed.
    assert clocks["consent_turning_18"] == {
        "reminder:inside:0": at("2018-04-01"),
        "L1:inside:100": at("2018-05-31"),
    }
    person.town.pass_time(27 * DAY)
    assert await ring(person) == [("consent_turning_18", "reminder:inside:0")]
    # Of age, she says yes herself: what the guardian agreed to is over.
    person.town.pass_time(20 * DAY)
    await says(person)
    assert dict(await running(person)).keys() == {"consent_expiring"}
    assert now(person) < yes.valid_until


@pytest.mark.parametrize(
    ("birthday", "who"),
    [
        ("2000-06-20", CHILD),  # The yes ends before that.
        ("2000-04-20", {}),  # Said for herself.
        ("1999-04-20", CHILD),  # Of age already.
    ],
)
async def test_nobody_else_is_asked_for_a_birthday(person, birthday, who):
    await born(person, birthday)
    await says(person, **who)
    names = {name for name, _ in await running(person)}
    assert "consent_turning_18" not in names
