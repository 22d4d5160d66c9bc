"""Nobody alone lets anybody in, at the gateway of a real node."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.domain.errors import RelaisError
from services.node.domain.identifiers import new_id
from services.node.rpc.api_client_values import ClientAsked
from services.node.rpc.api_clients import ApiClients
from services.node.rpc.desk_values import OfficerRead
from services.node.store.admissions import AdmissionRow, insert_admission
from tests.store.lodge import ADMINISTRATOR, AUDITOR, COLLEAGUE, OFFICER, PASSWORD

ADMIN, WHO, SECOND = (e.pseudonym for e in (ADMINISTRATOR, OFFICER, COLLEAGUE))
NEW = OfficerRead("can-bo-9", "officer", "unit-1", active=True)


async def refused(awaited) -> str:
    """The code with which something is refused."""
    with pytest.raises(RelaisError) as error:
        await awaited
    return error.value.code


async def officer(lodge, pseudonym):
    """What the node holds of an officer; None for nobody."""
    found = {each.pseudonym: each for each in await lodge.desk.list_officers()}
    return found.get(pseudonym)


async def wait_for(lodge, who):
    """What waits that is about somebody, as a second person sees it."""
    return [
        each for each in await lodge.desk.list_admissions(SECOND) if each.officer == who
    ]


@pytest.fixture
async def admin(lodge):
    """The session of the administrator at the gateway."""
    return await lodge.enter(ADMIN)


async def test_an_administrator_alone_makes_nobody_who_reads_cases(lodge, admin):
    """Neither a new officer, nor a code for one that there is, nor a program."""
    at_web, web = lodge.gateway.acting(admin), lodge.web.acting(admin)
    assert await at_web.keep_officer("", NEW) is True
    assert await officer(lodge, NEW.pseudonym) is None
    for who in (NEW.pseudonym, WHO):
        invited = await web.invite_officer("", who)
        assert invited.waits
        begun = lodge.web.begin_enrolment(invited.code)
        assert await refused(begun) == "sign_in.no_invitation"
    ends = lodge.clock.wire + timedelta(days=30)
    asked = ClientAsked("register", WHO, ("read_cases",), ends)
    async with ApiClients(lodge.socket) as clients:
        let = await clients.acting(admin).invite_client("", asked)
    assert let.waits
    read = lodge.gateway.acting(let.key).list_cases("")
    assert await refused(read) == "client.ended"
    waits = await lodge.desk.list_admissions(SECOND)
    kinds = ["invitation", "invitation", "officer", "program"]
    assert sorted(each.kind for each in waits) == kinds
    # A sheet and a key are for another administrator: counted for nobody at work.
    async with lodge.own.database.transaction() as connection:
        for kind in ("export", "key"):
            at = (lodge.clock.wire, ends)
            asked_for = AdmissionRow(new_id(), kind, AUDITOR.pseudonym, ADMIN, *at)
            await insert_admission(connection, asked_for)
    seen = await lodge.desk.list_admissions(SECOND)
    counted = (await lodge.desk.get_worklist(SECOND, "needs_me")).approvals
    assert len(seen) == counted == len(kinds)
    for each in waits:
        yes = at_web.answer_admission("", each.admission_id, confirmed=True)
        assert await refused(yes) == "admission.own"


async def test_what_a_second_person_confirms_holds(lodge, admin):
    at_web, web = lodge.gateway.acting(admin), lodge.web.acting(admin)
    second = lodge.gateway.acting(await lodge.enter(SECOND))
    await at_web.keep_officer("", NEW)
    code = (await web.invite_officer("", NEW.pseudonym)).code
    waits = await wait_for(lodge, NEW.pseudonym)
    other, one = sorted(waits, key=lambda each: each.kind)
    early = second.answer_admission("", other.admission_id, confirmed=True)
    assert await refused(early) == "people.unknown_officer"
    for each in (one, other):
        answer = await second.answer_admission("", each.admission_id, confirmed=True)
        assert answer == "confirmed"
    assert await officer(lodge, NEW.pseudonym) == NEW
    enrolment = await lodge.web.begin_enrolment(code)
    assert (enrolment.officer, enrolment.role) == (NEW.pseudonym, "officer")
    assert await lodge.web.enrol_password(code, PASSWORD)
    assert await lodge.events(NEW.pseudonym) == [
        "admission_asked",
        "admission_asked",
        "admitted",
        "admitted",
        "invited",
    ]
    again = second.answer_admission("", one.admission_id, confirmed=True)
    assert await refused(again) == "admission.answered"


async def test_a_program_acts_once_it_was_confirmed(lodge, admin):
    second = lodge.gateway.acting(await lodge.enter(SECOND))
    ends = lodge.clock.wire + timedelta(days=30)
    asked = ClientAsked("register", WHO, ("read_cases",), ends)
    async with ApiClients(lodge.socket) as clients:
        let = await clients.acting(admin).invite_client("", asked)
    (waiting,) = await wait_for(lodge, WHO)
    assert (waiting.name, waiting.scopes) == ("register", ("read_cases",))
    await second.answer_admission("", waiting.admission_id, confirmed=True)
    assert await lodge.gateway.acting(let.key).list_cases("") == ()


async def test_until_then_everything_stays_as_it_was(lodge, admin):
    """Another role waits; leaving does not, and takes with it what waits."""
    at_web = lodge.gateway.acting(admin)
    await at_web.keep_officer("", replace(AUDITOR, role="supervisor"))
    assert await officer(lodge, AUDITOR.pseudonym) == AUDITOR
    (waiting,) = await wait_for(lodge, AUDITOR.pseudonym)
    assert await at_web.keep_officer("", replace(AUDITOR, active=False)) is False
    assert await wait_for(lodge, AUDITOR.pseudonym) == []
    late = lodge.desk.answer_admission(SECOND, waiting.admission_id, confirmed=True)
    assert await refused(late) == "admission.answered"
    # To come back is to be let in.
    assert await at_web.keep_officer("", AUDITOR) is True
    assert not (await officer(lodge, AUDITOR.pseudonym)).active
    assert await lodge.desk.keep_officer(ADMIN, AUDITOR) is False
    assert await officer(lodge, AUDITOR.pseudonym) == AUDITOR


async def test_nobody_lets_themselves_in_and_a_no_is_final(lodge, admin):
    at_web = lodge.gateway.acting(admin)
    await at_web.keep_officer("", replace(COLLEAGUE, role="supervisor"))
    (waiting,) = await wait_for(lodge, SECOND)
    herself = lodge.gateway.acting(await lodge.enter(SECOND))
    yes = herself.answer_admission("", waiting.admission_id, confirmed=True)
    assert await refused(yes) == "admission.oneself"
    no = await lodge.desk.answer_admission(WHO, waiting.admission_id, confirmed=False)
    assert no == "refused"
    assert await officer(lodge, SECOND) == COLLEAGUE
    assert await wait_for(lodge, SECOND) == []


async def test_what_nobody_answers_in_a_week_is_over(lodge, admin):
    at_web = lodge.gateway.acting(admin)
    await at_web.keep_officer("", NEW)
    (waiting,) = await wait_for(lodge, NEW.pseudonym)
    lodge.clock.wait(days=7)
    late = lodge.desk.answer_admission(SECOND, waiting.admission_id, confirmed=True)
    assert await refused(late) == "admission.ended"
    assert await wait_for(lodge, NEW.pseudonym) == []


async def test_of_two_who_answer_at_once_one_does(lodge, admin):
    await lodge.gateway.acting(admin).keep_officer("", NEW)
    (waiting,) = await wait_for(lodge, NEW.pseudonym)
    answers = await asyncio.gather(
        lodge.desk.answer_admission(SECOND, waiting.admission_id, confirmed=True),
        lodge.desk.answer_admission(WHO, waiting.admission_id, confirmed=False),
        return_exceptions=True,
    )
    given = [each for each in answers if isinstance(each, str)]
    assert len(given) == 1
    there = await officer(lodge, NEW.pseudonym)
    assert (there is not None) == (given == ["confirmed"])


async def test_an_auditor_lets_nobody_in(lodge):
    listed = lodge.desk.list_admissions(AUDITOR.pseudonym)
    assert await refused(listed) == "people.role_may_not"


async def test_who_may_answer_is_told_of_it_beside_the_work(lodge, admin):
    second = lodge.gateway.acting(await lodge.enter(SECOND))
    before = (await second.get_worklist("", "needs_me")).approvals
    await lodge.gateway.acting(admin).keep_officer("", NEW)
    assert (await second.get_worklist("", "needs_me")).approvals == before + 1
