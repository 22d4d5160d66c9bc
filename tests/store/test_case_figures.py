"""Limits that begin before they are known, begin once, or wait for no referral."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.case_details import NO_DETAILS
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.identifiers import new_id
from services.node.flows.case_step import TakeCaseStep
from services.node.flows.open_case import OpenCase
from tests.store.person import D1, OFFICER, Person

HOME, ABROAD = "lao-cai", "liaison-yunnan"
DAY = timedelta(days=1)


@pytest.fixture
async def person(town):
    person = Person(town)
    await person.open(HOME)
    return person


async def act(person, *names):
    town = person.town
    for name in names:
        moment = town.moment(HOME)
        case = (await person.cases_at(HOME))[-1]["pseudonym"]
        said = (CaseAct(name), NO_DETAILS, b"", moment.case, moment)
        taken = TakeCaseStep(town.members[HOME].own, OFFICER, new_id(), case, *said)
        made = (await town.act(HOME, taken)).result
    return made


async def clocks(person, like):
    return await person.town.rows(
        HOME,
        "SELECT deadline, started_at, due_at, stopped_at FROM timer"
        " WHERE deadline LIKE $1 ORDER BY started_at, deadline",
        like,
    )


async def test_two_months_count_from_the_day_on_which_the_police_were_asked(person):
    asked = person.town.moment(HOME).case
    await act(person, "receive", "start_verification", "request_identification")
    (short,) = await clocks(person, "police_verification%")
    assert (short["due_at"] - short["started_at"], short["stopped_at"]) == (
        20 * DAY,
        None,
    )
    person.town.pass_time(12 * DAY)
    made = await act(person, "find_complex")
    longer = asked.replace(month=5)  # Two months after 5 March 2018.
    assert [each.due for each in made.clocks] == [longer]
    rows = {each["deadline"]: each for each in await clocks(person, "police%")}
    assert rows["police_verification"]["stopped_at"] == asked + 12 * DAY
    complex_one = rows["police_verification_complex"]
    assert (complex_one["started_at"], complex_one["due_at"]) == (asked, longer)


async def test_the_first_that_goes_abroad_starts_one_dossier_for_that_member(person):
    town = person.town
    await person.offer(HOME, ABROAD, "protection_abroad", sealed=False)
    # The law on personal data is in force from 2026 on.
    assert await clocks(person, "transfer_impact_dossier") == []
    now = town.moment(HOME).case
    town.pass_time(datetime(2026, 1, 5, 2, tzinfo=UTC) - now)
    await person.offer(HOME, "son-la", "reception", sealed=False)
    assert await clocks(person, "transfer_impact_dossier") == []
    for _ in range(2):
        await person.offer(HOME, ABROAD, "protection_abroad", sealed=False)
    (one,) = await clocks(person, "transfer_impact_dossier")
    assert one["due_at"] - one["started_at"] == 60 * DAY
    await act(person, "file_impact_dossier")
    await person.offer(HOME, ABROAD, "protection_abroad", sealed=False)
    (one,) = await clocks(person, "transfer_impact_dossier")
    assert one["stopped_at"] is not None


@pytest.mark.parametrize("door", ["self_report", "rescued"])
async def test_a_door_alone_moves_no_clock_of_a_province(town, door):
    # Whoever is no first responder takes nobody to the commune.
    moment = town.moment(HOME)
    said = (OFFICER.actor(), new_id(), door, (D1,), moment)
    await town.act(HOME, OpenCase(town.members[HOME].own, *said))
    rows = await town.rows(HOME, "SELECT deadline FROM timer")
    assert {row["deadline"] for row in rows} == {"person_safe"}
