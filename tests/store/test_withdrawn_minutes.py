"""She changes her mind at the gate after the giver signed: who answers, and when.

Over members of the real engine. The receiver's leaf of its countersignature decides
(protocol.md §4); before it, a withdrawal stops everything (domain.md §6.2).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.domain.bodies import Acceptance
from services.node.domain.case_details import CaseDetails
from services.node.domain.case_step_rows import CaseAct
from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Step
from services.node.domain.identifiers import new_id
from services.node.domain.responsibility import chain_of_responsibility
from services.node.flows.case_step import TakeCaseStep
from tests.store.gate import changes_her_mind, to_the_minutes
from tests.store.person import HOLDS, OFFICER, Person, Referral
from tests.store.town import Town

GIVER, RECEIVER, ANOTHER = "lao-cai", "liaison-yunnan", "son-la"
CLOCKS = "SELECT deadline FROM timer WHERE referral_id = $1 AND stopped_at IS NULL"


@pytest.fixture
async def person(town: Town) -> Person:
    """At the gate; the giver's minutes have arrived."""
    person = Person(town)
    await person.open(GIVER)
    await to_the_minutes(person, GIVER, RECEIVER)
    await town.settle_between(GIVER, RECEIVER)
    return person


async def answering(person: Person) -> str:
    """The one member that all ledgers merged make answerable."""
    chain = chain_of_responsibility(await person.periods())
    assert chain.problems == ()
    (holder,) = chain.holders
    return holder


async def believing(person: Person) -> set[str]:
    beliefs = await person.beliefs()
    return {member for (member, _), word in beliefs.items() if word in HOLDS}


async def states(person: Person, referral: Referral) -> tuple[str, str]:
    return (
        await person.state(referral, "giver"),
        await person.state(referral, "receiver"),
    )


async def case_state(person: Person, member: str) -> str:
    rows = await person.town.rows(
        member,
        "SELECT state FROM case_state WHERE case_id IN "
        "(SELECT case_id FROM referral WHERE referral_id = $1) "
        "ORDER BY number DESC LIMIT 1",
        person.referrals[0].referral_id,
    )
    return str(rows[0]["state"])


async def clocks(person: Person, member: str) -> set[str]:
    rows = await person.town.rows(member, CLOCKS, person.referrals[0].referral_id)
    return {row["deadline"] for row in rows}


async def asks_another(person: Person) -> str:
    """The giver offers her to another member, which accepts; what becomes of it."""
    town = person.town
    await person.offer(GIVER, ANOTHER, "reception", sealed=True)
    referral = person.referrals[-1]
    await town.settle_between(GIVER, ANOTHER)
    await person.step(referral, "receiver", Acceptance())
    await town.settle_between(GIVER, ANOTHER)
    await town.answer(GIVER)
    await town.settle_between(GIVER, ANOTHER)
    return await person.state(referral, "receiver")


async def closes(person: Person) -> None:
    town, moment = person.town, person.town.moment(GIVER)
    case = (await person.cases_at(GIVER))[0]["pseudonym"]
    year = timedelta(days=365)
    details = CaseDetails(
        reason="consent_withdrawn",
        retain_until=moment.case + year,
        anonymise_at=moment.case + 2 * year,
        delete_at=moment.case + 3 * year,
    )
    said = (CaseAct.CLOSE, details, b"", moment.case, moment)
    act = TakeCaseStep(town.members[GIVER].own, OFFICER, new_id(), case, *said)
    await town.act(GIVER, act)


async def test_a_withdrawal_that_comes_first_leaves_nothing_to_countersign(
    person: Person, town: Town
) -> None:
    (home,) = person.referrals
    await changes_her_mind(person, home)
    await town.settle_between(GIVER, RECEIVER)
    assert await states(person, home) == ("withdrawn", "withdrawn")
    with pytest.raises(NotLawfulError) as caught:
        await person.countersign(home, agrees=True)
    assert caught.value.code == "step.not_lawful"
    assert await answering(person) == GIVER
    assert await believing(person) == {GIVER}
    assert await case_state(person, GIVER) == "withdrawn"
    assert await case_state(person, RECEIVER) == "withdrawn"
    assert await clocks(person, GIVER) == await clocks(person, RECEIVER) == set()
    # She is the giver's as before, and it may look for another place for her.
    assert await asks_another(person) == "in_service"
    assert await answering(person) == ANOTHER


async def test_a_countersignature_that_was_under_way_moves_responsibility(
    person: Person, town: Town
) -> None:
    (home,) = person.referrals
    await person.countersign(home, agrees=True)
    await changes_her_mind(person, home)
    assert await states(person, home) == ("withdrawn", "received")
    # The receiver answers from its leaf on; the giver does not know yet, and keeps
    # its alarms: belief overlaps, it does not gap.
    assert await answering(person) == RECEIVER
    assert await believing(person) == {GIVER, RECEIVER}
    await town.settle_between(GIVER, RECEIVER)
    assert await states(person, home) == ("received", "received")
    assert await answering(person) == RECEIVER
    assert await believing(person) == {RECEIVER}
    assert await case_state(person, GIVER) == "handed_over"
    assert await case_state(person, RECEIVER) == "received"
    assert await clocks(person, GIVER) == await clocks(person, RECEIVER)
    assert await clocks(person, GIVER) == {"arrival_confirmed"}
    # Her word is on record there, though it came too late to stop the crossing.
    said = await town.rows(
        RECEIVER,
        "SELECT 1 FROM event WHERE referral_id = $1 AND step = 'withdrawal'",
        home.referral_id,
    )
    assert said


async def test_the_receipt_of_the_withdrawal_never_overtakes_the_countersignature(
    person: Person, town: Town
) -> None:
    (home,) = person.referrals
    await person.countersign(home, agrees=True)
    await town.send(RECEIVER)
    (late,) = town.parcels
    town.parcels.clear()
    await changes_her_mind(person, home)
    await town.settle_all(patient=False)
    assert await states(person, home) == ("withdrawn", "received")
    assert await waiting(town) == {Step.WITHDRAWAL: "return.countersignature_first"}
    # While she may be somebody else's already, she is handed to nobody.
    assert await asks_another(person) == "void"
    assert await answering(person) == RECEIVER
    with pytest.raises(NotLawfulError) as caught:
        await closes(person)
    assert caught.value.code == "responsibility.minutes_outstanding"
    town.parcels.append(late)
    await town.settle_all()
    assert await states(person, home) == ("received", "received")
    assert await waiting(town) == {}
    assert await answering(person) == RECEIVER
    assert await believing(person) == {RECEIVER}


async def waiting(town: Town) -> dict[str, str]:
    rows = await town.rows(
        GIVER,
        "SELECT e.step, o.last_problem FROM outbox AS o "
        "INNER JOIN envelope_sent AS s USING (digest) "
        "INNER JOIN event AS e ON s.event_id = e.event_id "
        "WHERE o.state = 'waiting'",
    )
    return {row["step"]: row["last_problem"] for row in rows}


async def test_before_the_receipt_is_there_nobody_else_is_handed_her(
    person: Person, town: Town
) -> None:
    (home,) = person.referrals
    await changes_her_mind(person, home)
    assert await clocks(person, GIVER) == {"unreachable"}
    assert await asks_another(person) == "void"
    await town.settle_all()
    assert await asks_another(person) == "in_service"
    assert await answering(person) == ANOTHER


async def test_a_dispute_that_was_under_way_leaves_her_with_the_giver(
    person: Person, town: Town
) -> None:
    (home,) = person.referrals
    await person.countersign(home, agrees=False)
    await changes_her_mind(person, home)
    assert await states(person, home) == ("withdrawn", "disputed")
    await town.settle_between(GIVER, RECEIVER)
    assert await states(person, home) == ("withdrawn", "withdrawn")
    assert await answering(person) == GIVER
    assert await clocks(person, GIVER) == await clocks(person, RECEIVER) == set()
