"""Two sign that somebody arrived; a call alone stays marked at both ends until then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

from services.node.domain.bodies import Acceptance
from services.node.domain.bodies_return import Arrival, Countersignature
from services.node.domain.both_sign import ArrivalAsked
from services.node.domain.concerns import Concern
from services.node.domain.handoff import Step
from services.node.domain.identifiers import new_id
from services.node.flows.concerns import concerns
from services.node.flows.said import said_in
from services.node.flows.take_step import TakeStep
from services.node.flows.uploads import (
    AddAttachment,
    begin_upload,
    clean_upload,
    keep_piece,
)
from services.node.store import cases as case_store
from services.node.store.concerns import Part
from tests.pictures import cleaned_jpeg, jpeg
from tests.store.gate import to_the_minutes
from tests.store.office import FIRST, HOME, SECOND, Office, refusal
from tests.store.person import Person

ABROAD, NEAR = "liaison-yunnan", "nha-hoa-ban"
DIGITS = "123456"
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
    untold = replace(call, call_function="", called_at=None, person_known_by="")
    said = person.step(referral, "receiver", untold)
    assert await refusal(said) == "handover.call_untold"
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
    referral = await to_the_minutes(person, ABROAD, HOME, DIGITS)
    await town.settle_between(HOME, ABROAD)
    await by_telephone(person, referral)
    for member in (HOME, ABROAD):
        assert await marked(town, member) == ([1, 0], ["open"]), member

    (case,) = await person.cases_at(HOME)
    office = Office(person, case["pseudonym"])
    for each in (FIRST, SECOND):
        await office.hire(each)
    now = office.now().case
    came = Arrival(now, "second_officer", handover_code=DIGITS)

    async def arrive(body, approval=b""):
        moment = office.now()
        step = TakeStep(
            *(office.own, FIRST.actor(), referral.referral_id, new_id(), body),
            *(moment.case, moment),
            approval_id=approval,
        )
        return await town.act(HOME, step)

    asked = ArrivalAsked(referral.referral_id, now, DIGITS)
    # Digits are checked when they are entered, before anybody is asked for a yes.
    other = replace(asked, handover_code="000000")
    assert await refusal(office.ask(other)) == "handover.wrong_code"
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
    # Who is of another unit cannot have seen who came.
    far = replace(FIRST, pseudonym="desk-9", unit="elsewhere")
    await office.hire(far)
    assert await refusal(office.answer(waiting, officer=far)) == "approval.other_unit"
    await office.answer(waiting)
    # What the colleague signed is done: with the digits that she read.
    bare = arrive(replace(came, handover_code=""), waiting)
    assert await refusal(bare) == "approval.content_changed"
    await arrive(came, waiting)
    await town.settle_between(HOME, ABROAD)
    for member in (HOME, ABROAD):
        assert await marked(town, member) == ([0, 0], ["confirmed"]), member
    (word,) = await town.rows(
        ABROAD, "SELECT signed_by, by_code FROM handover_word WHERE signed_by <> ''"
    )
    assert tuple(word.values()) == ("second_officer", True)


async def added(town, case, category, before=timedelta()):
    """A scan among the files of the case at the receiver; its id."""
    own, name, scan = town.members[HOME].own, new_id(), jpeg()
    who, moment = FIRST.pseudonym, town.moment(HOME)
    moment = replace(moment, case=moment.case - before)
    await begin_upload(own, who, name, case, category, len(scan), moment.wire)
    await keep_piece(own, who, name, 0, scan)
    cleaned = await clean_upload(own, who, name)
    act = AddAttachment(own, FIRST.actor(), cleaned, moment)
    return (await town.act(HOME, act)).result


async def test_the_person_signs_by_a_thumbprint_that_is_a_document_of_the_case(town):
    person = Person(town)
    await person.open(ABROAD)
    referral = await to_the_minutes(person, ABROAD, HOME)
    await town.settle_between(HOME, ABROAD)
    await by_telephone(person, referral)
    (case,) = await person.cases_at(HOME)
    portrait, old, scan = [
        await added(town, case["pseudonym"], *each)
        for each in (("D2",), ("D10", timedelta(hours=1)), ("D10",))
    ]
    by_thumb = Arrival(town.moment(HOME).case, "thumbprint")
    step = person.step_act(referral, "receiver", by_thumb)
    for each in (portrait, old):
        wrong = replace(step, attachment_id=each)
        assert await refusal(town.act(HOME, wrong)) == "arrival.no_scan"
    await town.act(HOME, replace(step, attachment_id=scan))
    await town.settle_between(HOME, ABROAD)
    for member in (HOME, ABROAD):
        assert await marked(town, member) == ([0, 0], ["confirmed"]), member
    # The other end has the hash of what is kept here, and no picture.
    own = town.members[ABROAD].own
    async with own.database.connection() as connection:
        said = await said_in(own, connection, referral.referral_id)
    (body,) = [
        each.handoff.body for each in said if isinstance(each.handoff.body, Arrival)
    ]
    assert body.evidence_hash == sha256(cleaned_jpeg()).digest()


async def test_one_thumbprint_signs_one_arrival_and_none_of_before(town):
    person = Person(town)
    await person.open(NEAR)
    await person.offer(NEAR, HOME, "reception", sealed=True)
    referral = person.referrals[-1]
    await town.settle_between(HOME, NEAR)
    yes = person.step_act(referral, "receiver", Acceptance())
    unsaid = town.act(HOME, replace(yes, body=Acceptance()))
    assert await refusal(unsaid) == "accept.expected_missing"
    await town.act(HOME, yes)
    await town.settle_between(HOME, NEAR)
    await town.answer(NEAR)
    await town.settle_between(HOME, NEAR)
    (case,) = await person.cases_at(HOME)
    town.pass_time(timedelta(hours=2))
    earlier = await added(town, case["pseudonym"], "D10", timedelta(hours=1))
    scan, same = [await added(town, case["pseudonym"], "D10") for _ in range(2)]

    async def arrive(attachment):
        by_thumb = Arrival(town.moment(HOME).case, "thumbprint")
        step = person.step_act(referral, "receiver", by_thumb)
        await town.act(HOME, replace(step, attachment_id=attachment))

    assert await refusal(arrive(earlier)) == "arrival.no_scan"
    alone = Arrival(town.moment(HOME).case, "nobody", unsigned_reason="no_means")
    await person.step(referral, "receiver", alone)
    assert (await marked(town, HOME))[0] == [0, 1]
    await arrive(scan)
    # Who was alone and had it signed since is off the list of the auditor.
    assert (await marked(town, HOME))[0] == [0, 0]
    # The same again, and the same bytes under another number.
    for each in (scan, same):
        assert await refusal(arrive(each)) == "arrival.no_scan"


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
