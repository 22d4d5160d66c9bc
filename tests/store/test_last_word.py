"""The person's last word rules, however it was recorded, and whoever may be a child.

Over members of the real engine, with real databases and sealed envelopes.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.node.domain.bodies import Acceptance, Completion, Decline, Feedback
from services.node.domain.case_details import NO_DETAILS, CaseDetails
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.errors import RelaisError
from services.node.domain.identifiers import new_id
from services.node.flows.case_step import TakeCaseStep
from services.node.flows.recall import MakeRecall
from services.node.flows.record_answers import RecordConsent
from tests.store.person import OFFICER, Person

GIVER, HOME = "liaison-yunnan", "lao-cai"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def person(town):
    return Person(town)


async def pseudonym(person, member):
    return (await person.cases_at(member))[-1]["pseudonym"]


async def act(person, member, name, details=NO_DETAILS):
    town, moment = person.town, person.town.moment(member)
    own, case = town.members[member].own, await pseudonym(person, member)
    said = (CaseAct(name), details, b"", moment.case, moment)
    await town.act(member, TakeCaseStep(own, OFFICER, new_id(), case, *said))


async def record(person, member, answer):
    town = person.town
    own, case = town.members[member].own, await pseudonym(person, member)
    moment = town.moment(member)
    await town.act(member, RecordConsent(own, OFFICER, case, answer, moment))


async def node_recalls(person, member):
    """What the node does by itself after an answer that ended something."""
    town = person.town
    own = town.members[member].own
    for row in await town.rows(member, "SELECT recall_event FROM recall_due"):
        await town.act(
            member, MakeRecall(own, row["recall_event"], town.moment(member))
        )
    await town.settle_all()


async def refusal(doing):
    with pytest.raises(RelaisError) as caught:
        await doing
    return caught.value.code


async def at_the_gate(person):
    await person.open(GIVER)
    await person.offer(GIVER, HOME, "voluntary_return", sealed=True)
    home = person.referrals[-1]
    await person.town.settle_all()
    await person.step(home, "receiver", Acceptance())
    await person.town.settle_all()
    await person.travel(home)
    return home


async def clocks(person, member, name):
    rows = await person.town.rows(
        member,
        "SELECT deadline, due_at, started_at FROM timer"
        " WHERE stopped_at IS NULL ORDER BY due_at",
    )
    return [each for each in rows if each["deadline"] == name]


@pytest.mark.parametrize("status", ["withdrawn", "refused"])
async def test_a_no_ends_the_return_at_the_gate_however_it_was_recorded(person, status):
    home = await at_the_gate(person)
    person.town.pass_time(10 * MINUTE)
    await record(person, GIVER, person.answered(GIVER, HOME, home.kind, status))
    await node_recalls(person, GIVER)
    assert await person.state(home, "giver") == "withdrawn"
    assert await person.state(home, "receiver") == "withdrawn"
    assert await refusal(person.minutes(home)) == "step.not_lawful"


async def test_no_yes_is_recorded_for_tomorrow_or_for_ever(person):
    await person.open(HOME)
    now = person.town.moment(HOME).case
    yes = person.answered(HOME, "son-la", "reception", "given")
    later = replace(yes, given_at=now + 2 * DAY, valid_until=now + 3 * DAY)
    assert await refusal(record(person, HOME, later)) == "consent.in_the_future"
    endless = replace(yes, given_at=now, valid_until=now + 121 * DAY)
    assert await refusal(record(person, HOME, endless)) == "consent.too_long"
    await record(person, HOME, replace(yes, valid_until=yes.given_at + 120 * DAY))


@pytest.mark.parametrize("found", ["doubt_age", "confirm_minor"])
async def test_who_may_be_a_child_is_offered_home_as_a_child(person, found):
    await person.open(GIVER)
    await act(person, GIVER, found)
    offered = person.offer(GIVER, HOME, "voluntary_return", sealed=True)
    assert await refusal(offered) == "return.no_best_interest"


async def test_at_the_gate_a_clock_waits_for_the_minutes_at_both_ends(person):
    home = await at_the_gate(person)
    for member in (home.giver, home.receiver):
        (clock,) = await clocks(person, member, "appointment_tolerance")
        assert clock["due_at"] - clock["started_at"] == timedelta(hours=2)


async def test_placed_again_the_person_has_one_clock_of_a_name(person):
    await person.open(HOME)
    await act(person, HOME, "receive")
    for where in ("home", "relatives"):
        person.town.pass_time(60 * MINUTE)
        await act(person, HOME, "place", CaseDetails(placement=where))
    rows = await person.town.rows(
        HOME, "SELECT deadline FROM timer WHERE stopped_at IS NULL"
    )
    running = Counter(each["deadline"] for each in rows)
    assert {"follow_up_1", "follow_up_6", "first_plan"} <= running.keys()
    assert set(running.values()) == {1}


async def test_essential_needs_that_were_extended_ring_on_the_new_day(person):
    person.town.case = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    await person.open(HOME)
    await act(person, HOME, "receive")
    person.town.pass_time(100 * DAY)
    until = person.town.moment(HOME).case + 60 * DAY
    longer = CaseDetails(decided_by="province_health", until=until)
    await act(person, HOME, "extend_essential_needs", longer)
    (clock,) = await clocks(person, HOME, "essential_needs_max")
    assert clock["due_at"] == until


async def test_three_more_declines_are_told_again(person):
    await person.open(HOME)
    for told in (1, 2):
        for _ in range(3):
            await person.offer(HOME, "nha-hoa-ban", "reception", sealed=True)
            await person.town.settle_all()
            declined = Decline("no_capacity")
            await person.step(person.referrals[-1], "receiver", declined)
            await person.town.settle_all()
        assert len(await clocks(person, HOME, "third_decline")) == told
        person.town.pass_time(DAY)


@pytest.mark.parametrize(
    "said",
    [
        Feedback("unreachable", ()),
        Completion("not_successful", "unable_to_contact_client"),
    ],
)
async def test_the_host_country_is_not_told_by_another_step_either(person, said):
    home = await at_the_gate(person)
    await person.minutes(home)
    await person.town.settle_all()
    await person.countersign(home, agrees=True)
    await person.town.settle_all()
    told = person.step(home, "receiver", said)
    assert await refusal(told) == "feedback.host_not_allowed"
