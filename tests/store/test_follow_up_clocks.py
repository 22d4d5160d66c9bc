"""What a follow-up finds and somebody has to decide has a clock of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.domain.case_details import NO_DETAILS
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.follow_ups import follow_up_record
from services.node.domain.identifiers import new_id
from services.node.flows.case_contact import RecordFollowUp
from services.node.flows.case_step import TakeCaseStep
from tests.store.person import OFFICER, Person

HOME = "lao-cai"


@pytest.fixture
async def person(town):
    person = Person(town)
    await person.open(HOME)
    return person


async def pseudonym(person):
    return (await person.cases_at(HOME))[-1]["pseudonym"]


async def noted(person, result):
    town = person.town
    town.pass_time(timedelta(days=3))
    own, moment = town.members[HOME].own, town.moment(HOME)
    record = follow_up_record("for_service", "visit", result, "")
    said = (own, OFFICER.actor(), new_id(), await pseudonym(person), record, moment)
    return (await town.act(HOME, RecordFollowUp(*said))).result


async def running(person):
    rows = await person.town.rows(
        HOME,
        "SELECT deadline, due_at - started_at AS within FROM timer"
        " WHERE stopped_at IS NULL",
    )
    asked = {"supervisor_decides", "unsafe_answered"}
    return {r["deadline"]: r["within"] for r in rows if r["deadline"] in asked}


async def test_three_times_unreachable_waits_for_the_supervisor(person):
    for _ in range(2):
        await noted(person, "unreachable")
        assert await running(person) == {}
    assert await noted(person, "unreachable") == "supervisor"
    assert await running(person) == {"supervisor_decides": timedelta(hours=24)}
    await noted(person, "stable")
    assert await running(person) == {}


async def test_somebody_unsafe_is_answered_within_four_hours(person):
    assert await noted(person, "unsafe") == "emergency_referral"
    assert await running(person) == {"unsafe_answered": timedelta(hours=4)}
    own, moment = person.town.members[HOME].own, person.town.moment(HOME)
    case, act = await pseudonym(person), CaseAct("receive")
    said = (act, NO_DETAILS, b"", moment.case, moment)
    received = TakeCaseStep(own, OFFICER, new_id(), case, *said)
    await person.town.act(HOME, received)
    assert await running(person) == {}
