"""One person from the first word to a closed case, at a province and a shelter."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from services.cli.case_referring import Confirmation, refer
from services.cli.demo.staff import case_workers, hire
from services.cli.network import Network
from services.node.domain.bodies import Completion
from services.node.domain.case_details import NO_INSTANT, CaseDetails
from services.node.domain.errors import NotLawfulError, RelaisError
from services.node.domain.minors import Minor
from services.node.domain.plans import Goal, ReintegrationPlan
from services.node.domain.records import Answer, CategoryRecord
from services.node.rpc.case_values import CaseStateRead
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import OfficerRead
from tests.network import command_line
from tests.promised import promised

PROVINCE, SHELTER, POLICE = "lao-cai", "nha-hoa-ban", "police-lao-cai"
OFFICER, SUPERVISOR, MANAGER = "officer-11", "supervisor-1", "manager-1"
DETECTIVE, DEPUTY = "police-61", "manager-62"


@dataclass
class Office:
    """The desks of the three members."""

    province: DeskClient
    shelter: DeskClient
    police: DeskClient


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def office(vietnam: Network, loop: asyncio.Runner) -> Iterator[Office]:
    stack = AsyncExitStack()

    async def enter() -> Office:
        desks = []
        for member in (PROVINCE, SHELTER, POLICE):
            desk = DeskClient(vietnam.local_socket(member), member)
            desks.append(await stack.enter_async_context(desk))
            await hire(desk)
        new = (
            (desks[1], OfficerRead(DEPUTY, "manager", "house", active=True)),
            (desks[2], OfficerRead(DETECTIVE, "agency_officer", "cases", active=True)),
        )
        for desk, officer in new:
            await desk.keep_officer("administrator", officer)
        return Office(*desks)

    assert case_workers(PROVINCE)[0] == OFFICER
    yield loop.run(enter())
    loop.run(stack.aclose())


def yes_to(recipient: str, kind: str, purpose: str, *categories: str) -> Confirmation:
    return Confirmation(
        recipient=recipient,
        referral_type=kind,
        purpose=purpose,
        category=categories,
        consents=True,
        method="written",
        language="vi",
        interpreter="",
        priority="urgent",
        need="",
    )


async def release(giver, giver_officer, receiver, officer, referral_id) -> str:
    await receiver.await_referral(officer, referral_id, "offered")
    now = (await receiver.get_status()).case_now
    await receiver.take_step(officer, referral_id, promised(now))
    await giver.await_referral(giver_officer, referral_id, "in_service", settled=True)
    found = await receiver.await_referral(officer, referral_id, "in_service")
    return str(found.case_pseudonym)


async def refused(desk, officer, case, act, details=None) -> RelaisError:
    with pytest.raises(RelaisError) as caught:
        await desk.take_case_step(officer, case, act, details or CaseDetails())
    return caught.value


async def running(desk: DeskClient, case: str) -> set[str]:
    """The clocks of the case itself that run."""
    read = await desk.list_clocks(OFFICER, case)
    return {
        each.deadline
        for each in read.clocks
        if not each.referral_id and not each.stopped_at.timestamp()
    }


def where(read: CaseStateRead) -> tuple[str, str]:
    return read.phase, read.state


async def at_the_province(office: Office) -> str:
    """Reception: received, assessed, in identification, and a doubt about age."""
    desk = office.province
    known = CategoryRecord("D1", (Answer("prs_Citizenship", ("VN",)),))
    case = (await desk.open_case(OFFICER, "self_report", [known])).case_pseudonym
    assert where(await desk.get_case_state(OFFICER, case)) == ("reception", "notified")

    error = await refused(desk, OFFICER, case, "place")
    assert error.code == "case.step_not_lawful"
    assert "Law 66/2011/QH12 Art 26" in error.message
    assert "First record the reception of the person." in error.remedy

    taken = await desk.take_case_step(OFFICER, case, "receive")
    clocks = {each.deadline: each.due for each in taken.clocks}
    read = await desk.get_case_state(OFFICER, case)
    assert read.essential_needs_until == clocks["essential_needs_max"]
    received = read.history[-1].since
    assert clocks["essential_needs_max"] - received == timedelta(days=60)

    assert await running(desk, case) == {"needs_assessed", "essential_needs_max"}
    await desk.take_case_step(OFFICER, case, "assess_needs")
    assert await running(desk, case) == {"essential_needs_max"}
    await desk.take_case_step(OFFICER, case, "start_verification")
    await desk.take_case_step(OFFICER, case, "doubt_age")
    read = await desk.get_case_state(OFFICER, case)
    assert read.beside == ("initial_verification", "minor_age_doubt")
    assert (read.person_status, read.is_minor) == ("in_identification", "presumed")
    alone = yes_to(POLICE, "status_decision", "identification_verification", "D1")
    with pytest.raises(NotLawfulError) as caught:
        await refer(desk, OFFICER, case, alone)
    assert caught.value.code == "disclosure.no_basis"
    await desk.take_case_step(OFFICER, case, "confirm_adult")
    assert read.legal_regime == "law_2011"
    granted = {each.regime: each.granted for each in read.entitlements}
    assert granted["a"] == "yes"
    await a_child_comes_along(desk, case)

    error = await refused(desk, OFFICER, case, "extend_essential_needs")
    assert error.code == "case.step_not_lawful"
    error = await refused(desk, OFFICER, case, "decide_victim")
    assert error.code == "case.wrong_function"
    assert "is for the police" in error.message
    return case


async def a_child_comes_along(desk: DeskClient, case: str) -> None:
    child = Minor("", "accompanying_minor", "presumed", "9_17", "", "none", "")
    kept = await desk.keep_minor(OFFICER, case, child)
    assert kept.alias not in {"", case}
    assert [each.deadline for each in kept.clocks] == ["child_protection_referral"]
    known = replace(child, alias=kept.alias, guardian="accompanied_person")
    again = await desk.keep_minor(OFFICER, case, known)
    assert (again.alias, again.clocks) == (kept.alias, ())
    (shown,) = (await desk.get_case_state(OFFICER, case)).minors
    assert shown.minor == known
    with pytest.raises(RelaisError) as caught:
        await desk.keep_minor(OFFICER, case, replace(child, alias="R-0000-0000"))
    assert caught.value.code == "case.unknown_minor"


async def police_decide(office: Office, case: str) -> None:
    said = yes_to(POLICE, "status_decision", "identification_verification", "D1")
    asked = await refer(office.province, OFFICER, case, said)
    theirs = await release(
        office.province, OFFICER, office.police, DETECTIVE, asked.referral_id
    )
    pending = await office.province.get_case_state(OFFICER, case)
    assert "identification_pending" in pending.beside
    shown = await office.police.get_case_state(DETECTIVE, theirs)
    assert (shown.state, shown.beside) == ("helping", ("identification_pending",))
    await office.police.take_step(
        DETECTIVE, asked.referral_id, Completion("successful", "victim")
    )
    await office.province.await_referral(OFFICER, asked.referral_id, "done")
    read = await office.province.get_case_state(OFFICER, case)
    assert read.person_status == "victim"
    assert read.history[-1].details.decided_by == "Police"
    assert where(read) == ("reception", "received")


async def to_the_shelter(office: Office, case: str) -> str:
    said = yes_to(SHELTER, "reception", "reception_shelter", "D1")
    offered = await refer(office.province, OFFICER, case, said)

    closing = CaseDetails(reason="goals_achieved")
    error = await refused(office.province, OFFICER, case, "close", closing)
    assert error.code == "case.open_transfer"

    theirs = await release(
        office.province, OFFICER, office.shelter, MANAGER, offered.referral_id
    )
    read = await office.province.get_case_state(OFFICER, case)
    assert (*where(read), read.placement) == ("reception", "placed", "establishment")
    read = await office.shelter.get_case_state(MANAGER, theirs)
    assert where(read) == ("reception", "received")
    error = await refused(office.province, OFFICER, case, "move_to_reintegration")
    assert error.code == "responsibility.not_answerable"
    return theirs


async def a_new_life(office: Office, case: str) -> None:
    desk = office.shelter
    acts = (
        ("place", "placed"),
        ("move_to_reintegration", "moved_to_reintegration"),
        ("plan_reintegration", "planned"),
        ("begin_crisis", "active_crisis"),
        ("begin_transition", "active_transition"),
    )
    paper = CaseDetails(
        decided_by="Police", victim_paper_type="certificate_of_district_police"
    )
    await desk.take_case_step(MANAGER, case, "present_paper", paper)
    for act, state in acts:
        details = CaseDetails(placement="establishment" if act == "place" else "")
        taken = await desk.take_case_step(MANAGER, case, act, details)
        assert taken.state == state
    await a_plan(desk, case)
    await desk.record_follow_up(MANAGER, case, "in_care", "visit", "setback")
    assert (await desk.get_case_state(MANAGER, case)).state == "setback"
    for act in ("begin_inclusion", "complete_plan", "begin_follow_up"):
        await desk.take_case_step(MANAGER, case, act)


async def a_plan(desk: DeskClient, case: str) -> None:
    goal = Goal("education", "Learn to sew", (), "h", "", NO_INSTANT, NO_INSTANT, "")
    plan = ReintegrationPlan("transition", (goal,), "yen-bai", poor_household=False)
    with pytest.raises(NotLawfulError) as caught:
        await desk.keep_plan(MANAGER, case, plan)
    assert caught.value.code == "plan.not_entitled"
    assert "a poor household only" in caught.value.message
    poor = replace(plan, poor_household=True)
    assert (await desk.get_case_state(MANAGER, case)).person_status == "victim"
    await desk.keep_plan(MANAGER, case, poor)
    shown = await desk.get_plan(MANAGER, case)
    assert shown.plan == poor
    assert [each.deadline for each in shown.planned] == [
        f"follow_up_{number}" for number in range(1, 7)
    ]
    first = (await desk.get_case_state(MANAGER, case)).history
    placed = next(each.since for each in first if each.act == "place")
    assert shown.planned[0].due - placed == timedelta(hours=72)


async def closed_and_opened(office: Office, case: str) -> None:
    desk = office.shelter
    now = (await desk.get_case_state(MANAGER, case)).history[-1].since
    together = CaseDetails(
        reason="goals_achieved",
        retain_until=now + timedelta(days=365),
        anonymise_at=now + timedelta(days=730),
        delete_at=now + timedelta(days=1800),
    )
    error = await refused(desk, MANAGER, case, "close", together)
    assert error.code == "approval.missing"
    number = (await desk.ask_approval(MANAGER, case, together)).approval_id
    with pytest.raises(NotLawfulError) as caught:
        await desk.answer_approval(MANAGER, number, "approved")
    assert caught.value.code == "approval.own"
    assert (await desk.get_approval(DEPUTY, number)).act == together
    await desk.answer_approval(DEPUTY, number, "approved")
    taken = await desk.take_case_step(
        MANAGER, case, "close", together, approval_id=number
    )
    assert taken.state == "closed"
    closing = (await desk.get_case_state(MANAGER, case)).history[-1].details
    assert closing == replace(together, second_officer=DEPUTY)
    (line,) = await desk.list_approvals(DEPUTY, case)
    assert (line.state, line.asked_by, line.answered_by) == ("used", MANAGER, DEPUTY)
    shown = await desk.get_case(MANAGER, case)
    assert shown.answerable == "closed"
    with pytest.raises(NotLawfulError) as caught:
        await desk.record_follow_up(MANAGER, case, "in_care", "visit", "stable")
    assert caught.value.code == "case.closed"
    (period,) = shown.periods
    assert (period.until_step, period.until_event) == ("case_closed", b"")
    assert (await desk.get_case_state(MANAGER, case)).open_acts == (
        "file_impact_dossier",
        "dispose_data",
        "reopen",
    )

    await desk.take_case_step(MANAGER, case, "reopen")
    shown = await desk.get_case(MANAGER, case)
    assert shown.answerable == "answerable"
    assert [each.since_step for each in shown.periods] == ["release", "case_reopened"]
    assert (await desk.get_case_state(MANAGER, case)).state == "review"


def test_a_case_goes_from_the_first_word_to_its_closure(
    office: Office, loop: asyncio.Runner
) -> None:
    async def walk() -> None:
        case = await at_the_province(office)
        await police_decide(office, case)
        theirs = await to_the_shelter(office, case)
        await a_new_life(office, theirs)
        await closed_and_opened(office, theirs)

    loop.run(walk())


def test_the_same_act_twice_is_one(office: Office, loop: asyncio.Runner) -> None:
    async def twice() -> None:
        desk = office.province
        case = (await desk.open_case(OFFICER, "rescued")).case_pseudonym
        once = await desk.take_case_step(OFFICER, case, "receive", event_id=b"t" * 16)
        again = await desk.take_case_step(OFFICER, case, "receive", event_id=b"t" * 16)
        assert once.ledger_index == again.ledger_index
        read = await desk.get_case_state(OFFICER, case)
        assert [each.act for each in read.history] == ["open", "receive"]

    loop.run(twice())


def relais(vietnam: Network, command: str, *arguments: str):
    return command_line.relais(
        *("case", command, *arguments, "--officer", OFFICER, "--node", PROVINCE),
        *("--state", str(vietnam.state.folder)),
    )


def test_an_officer_moves_a_case_on_by_command(
    vietnam: Network, office: Office, loop: asyncio.Runner
) -> None:
    opened = loop.run(office.province.open_case(OFFICER, "rescued"))
    case = opened.case_pseudonym
    told = relais(vietnam, "act", case, "place", "--placement", "home")
    assert told.returncode == 1
    assert "case.step_not_lawful" in told.stderr
    assert "case_steps row" in told.stderr
    assert "What can be recorded now:" in told.stderr
    told = relais(vietnam, "act", case, "receive")
    assert told.returncode == 0, told.stderr
    assert f"{case}: reception, received" in told.stdout
    assert "essential_needs_max: " in told.stdout
    told = relais(vietnam, "state", case)
    assert f"{case}: reception, received" in told.stdout
    assert "in_identification" in told.stdout
    assert "place" in told.stdout.partition("May do now:")[2]
    told = relais(vietnam, "plan", case)
    assert "No plan yet." in told.stdout


def test_nobody_presses_a_person_who_recovers(
    office: Office, loop: asyncio.Runner
) -> None:
    async def press() -> None:
        desk = office.province
        known = CategoryRecord("D1", (Answer("prs_Citizenship", ("LA",)),))
        opened = await desk.open_case(OFFICER, "foreigner_in_vn", [known])
        case = opened.case_pseudonym
        await desk.take_case_step(OFFICER, case, "receive")
        await desk.take_case_step(OFFICER, case, "begin_recovery_pause")
        with pytest.raises(NotLawfulError) as caught:
            await desk.take_case_step(OFFICER, case, "move_to_return")
        assert caught.value.code == "case.recovery_pause"
        said = yes_to(POLICE, "criminal_justice", "criminal_justice_cooperation", "D1")
        with pytest.raises(NotLawfulError) as caught:
            await refer(desk, OFFICER, case, said)
        assert caught.value.code == "case.recovery_pause"
        await desk.take_case_step(OFFICER, case, "end_recovery_pause")
        taken = await desk.take_case_step(OFFICER, case, "move_to_return")
        assert (taken.phase, taken.state) == ("return", "moved_to_return")

    loop.run(press())
