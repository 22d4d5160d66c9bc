"""Two sign that somebody arrived; a call alone stays marked at both ends until then."""

from __future__ import annotations

from dataclasses import replace

from services.node.domain.bodies_return import Arrival, Countersignature
from services.node.domain.both_sign import ArrivalAsked
from services.node.domain.concerns import Concern
from services.node.domain.handoff import Step
from services.node.domain.identifiers import new_id
from services.node.flows.concerns import concerns
from services.node.flows.take_step import TakeStep
from services.node.store import cases as case_store
from services.node.store.concerns import Part
from tests.store.gate import to_the_minutes
from tests.store.office import FIRST, HOME, SECOND, Office, refusal
from tests.store.person import Person

ABROAD = "liaison-yunnan"
KINDS = (Concern.CALLED_ONLY, Concern.SIGNED_ALONE)


async def by_telephone(person, referral):
    """The receiver rings the giver, who cannot show the digits."""
    digest = await person.digest(referral, "receiver", Step.MINUTES)
    now = person.town.moment(HOME).case
    call = Countersignature(
        *(digest, now, 1, "match"),
        giver_known_by="telephone",
        call_function="duty_officer",
        called_at=now,
        person_known_by="code_word",
    )
    await person.step(referral, "receiver", call)
    await person.town.settle_between(HOME, ABROAD)


async def marked(town, member):
    """What an auditor sees there, and how the chain of responsibility tells it."""
    own, moment = town.members[member].own, town.moment(member)
    groups = await concerns(own, KINDS, Part(9, 0), moment.case)
    (case,) = await town.rows(member, "SELECT case_id FROM cases")
    async with own.database.connection() as connection:
        periods = await case_store.answerability_of(connection, case["case_id"])
    calls = [each.until_called or each.since_called for each in periods]
    return [each.count for each in groups], calls


async def test_a_call_holds_and_is_marked_until_a_second_officer_signs(town):
    person = Person(town)
    await person.open(ABROAD)
    referral = await to_the_minutes(person, ABROAD, HOME)
    await town.settle_between(HOME, ABROAD)
    await by_telephone(person, referral)
    for member in (HOME, ABROAD):
        assert await marked(town, member) == ([1, 0], ["open"]), member

    (case,) = await person.cases_at(HOME)
    office = Office(person, case["pseudonym"])
    for each in (FIRST, SECOND):
        await office.hire(each)
    now = office.now().case
    came = Arrival(now, "second_officer")

    async def arrive(body, approval=b""):
        moment = office.now()
        step = TakeStep(
            *(office.own, FIRST.actor(), referral.referral_id, new_id(), body),
            *(moment.case, moment),
            approval_id=approval,
        )
        return await town.act(HOME, step)

    asked = ArrivalAsked(referral.referral_id, now)
    waiting = await office.ask(asked)
    for body, approval, code in (
        (Arrival(now), b"", "arrival.not_signed"),
        (came, b"", "approval.missing"),
        (came, waiting, "approval.waiting"),
        (replace(came, second_officer="x"), b"", "arrival.signature_is_made"),
        (Arrival(now, "nobody"), b"", "arrival.bad_signature"),
        (Arrival(now, "thumbprint"), b"", "arrival.no_scan"),
        (
            Arrival(now, "nobody", unsigned_reason="no_time", handover_code="000000"),
            b"",
            "handover.wrong_code",
        ),
    ):
        assert await refusal(arrive(body, approval)) == code
    await office.answer(waiting)
    await arrive(came, waiting)
    await town.settle_between(HOME, ABROAD)
    for member in (HOME, ABROAD):
        assert await marked(town, member) == ([0, 0], ["confirmed"]), member
    (word,) = await town.rows(
        ABROAD, "SELECT signed_by FROM handover_word WHERE signed_by <> ''"
    )
    assert word["signed_by"] == "second_officer"


async def test_who_is_alone_at_night_receives_and_the_auditor_sees_it(town):
    person = Person(town)
    await person.open(ABROAD)
    referral = await to_the_minutes(person, ABROAD, HOME)
    await town.settle_between(HOME, ABROAD)
    await by_telephone(person, referral)
    alone = Arrival(town.moment(HOME).case, "nobody", unsigned_reason="alone_on_duty")
    await person.step(referral, "receiver", alone)
    await town.settle_between(HOME, ABROAD)
    for member in (HOME, ABROAD):
        assert await marked(town, member) == ([1, 1], ["open"]), member
