"""What an auditor is told of who answers: when, by which events, and what is late.

Limits are written by hand from domain.md §6.0 (unreachable after 60 minutes), from
protocol.md §3 (an acceptance answered in an hour) and domain.md §6.2 (4 hours).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.domain.bodies import Acceptance
from services.node.flows.answerability import list_answerability
from services.node.wire.answerability import CaseAnswerability, NodeNow, to_response
from tests.store.person import Person
from tests.store.town import Town

GIVER, RECEIVER = "lao-cai", "liaison-yunnan"
HOUR = timedelta(hours=1)


async def listed(town: Town, member: str) -> CaseAnswerability:
    """The only case at a member."""
    moment = town.moment(member)
    now, case = [
        each async for each in list_answerability(town.members[member].own, moment)
    ]
    assert now == NodeNow(member, moment.case, moment.wire)
    assert isinstance(case, CaseAnswerability)
    return case


@pytest.fixture
async def person(town: Town) -> Person:
    person = Person(town)
    await person.open(GIVER)
    return person


async def waits(town: Town) -> list[tuple[str, str, timedelta]]:
    (end,) = (await listed(town, GIVER)).referrals
    return [(each.deadline, each.step, each.due - each.since) for each in end.waits]


async def accepted(person: Person, kind: str) -> None:
    await person.offer(GIVER, RECEIVER, kind, sealed=True)
    await person.town.settle_between(GIVER, RECEIVER)
    await person.step(person.referrals[-1], "receiver", Acceptance())
    await person.town.settle_between(GIVER, RECEIVER)


async def test_an_offer_without_receipt_waits_an_hour(person: Person) -> None:
    await person.offer(GIVER, RECEIVER, "protection_abroad", sealed=True)
    assert await waits(person.town) == [("unreachable", "offer", HOUR)]
    await person.town.settle_between(GIVER, RECEIVER)
    assert await waits(person.town) == []


async def test_an_acceptance_waits_an_hour_for_its_answer(person: Person) -> None:
    await accepted(person, "protection_abroad")
    assert await waits(person.town) == [("released", "accept", HOUR)]
    await person.town.answer(GIVER)
    assert await waits(person.town) == [("unreachable", "release", HOUR)]


async def test_minutes_wait_four_hours_for_the_other_signature(person: Person) -> None:
    town = person.town
    await accepted(person, "voluntary_return")
    await town.answer(GIVER)
    await town.settle_between(GIVER, RECEIVER)
    await person.travel(person.referrals[-1])
    await person.minutes(person.referrals[-1])
    await town.settle_between(GIVER, RECEIVER)
    assert await waits(town) == [("countersigned", "minutes", 4 * HOUR)]
    await person.countersign(person.referrals[-1], agrees=True)
    (period,) = (await listed(town, RECEIVER)).periods
    assert (period.given_by, period.giver_has_it) == (GIVER, False)
    await town.settle_between(GIVER, RECEIVER)
    assert await waits(town) == []
    (period,) = (await listed(town, RECEIVER)).periods
    assert period.giver_has_it


async def test_both_ends_name_the_same_events_and_only_their_own_case(
    person: Person,
) -> None:
    town = person.town
    await accepted(person, "protection_abroad")
    await town.answer(GIVER)
    gave = await listed(town, GIVER)
    assert (gave.answerable, gave.periods[0].taker_has_it) == (
        "handed_unconfirmed",
        False,
    )
    await town.settle_between(GIVER, RECEIVER)
    gave, took = await listed(town, GIVER), await listed(town, RECEIVER)
    assert (gave.answerable, took.answerable) == ("handed", "answerable")
    assert gave.periods[0].until_event == took.periods[0].since_event
    assert gave.periods[0].taker_has_it
    assert gave.referrals[0].offer_event == took.referrals[0].offer_event
    (shared,) = await town.rows(GIVER, "SELECT alias FROM referral")
    for case in (gave, took):
        said = to_response(case).SerializeToString()
        assert shared["alias"].encode() not in said
        assert case.case_pseudonym.encode() in said
    assert gave.case_pseudonym != took.case_pseudonym
