"""A silent partner: every deadline rings in order, and nothing is closed by it.

Real nodes, a driven clock, a restart in between. The hotline of Ha Noi offers a
reception in an emergency to the province of Lao Cai, whose people do not answer.
Times are written out from domain.md §6.0: acknowledged 1 h, answered 4 h; an
emergency goes straight to L3 at twice the limit; then the offer expires.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from services.cli.cluster import PORT
from services.cli.network import Network
from services.node.domain.bodies import Acceptance, Decline, Offer, Opening
from services.node.domain.bodies_return import Arrival, NonArrival
from services.node.domain.errors import InvalidInputError, NotLawfulError
from services.node.domain.escalating import read_codes
from services.node.domain.records import Answer, CategoryRecord
from services.node.keys.files import read_secret
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.desk_values import OfficerRead
from tests.network.clocks import (
    OFFICER,
    accepted,
    clock,
    drive,
    escalated,
    offered,
    rang,
    taken_up_with_nothing,
)
from tests.network.command_line import relais
from tests.network.part_of_vietnam import part_of_vietnam

MEMBERS = (
    "hotline-hanoi",
    "lao-cai",
    "nha-hoa-ban",
    "nha-suoi-trong",
    "yen-bai",
    "ministry",
)
ROLES = {
    "hotline-hanoi": "operator",
    "nha-hoa-ban": "manager",
    "nha-suoi-trong": "manager",
    "ministry": "supervisor",
}
THIRD = "third_decline"
START = "2018-03-05T08:00:00+07:00"
"""A Monday."""


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    """Six members of the network of Viet Nam; no other test minds their clocks."""
    with part_of_vietnam(MEMBERS, START) as running:
        yield running


@pytest.fixture
async def desks(network: Network) -> AsyncIterator[dict[str, DeskClient]]:
    async with AsyncExitStack() as stack:
        opened = {
            name: await stack.enter_async_context(
                DeskClient(network.local_socket(name), name)
            )
            for name in MEMBERS
        }
        for name, desk in opened.items():
            if not await desk.list_officers():
                await desk.keep_officer(
                    "", OfficerRead("admin", "administrator", "office", active=True)
                )
                role = ROLES.get(name, "officer")
                await desk.keep_officer(
                    "admin", OfficerRead(OFFICER, role, "desk", active=True)
                )
        yield opened


async def test_a_silent_partner_is_escalated_step_by_step_and_nothing_is_closed(
    network, desks
):
    hotline = desks["hotline-hanoi"]
    begun = max([(await desk.get_status()).case_now for desk in desks.values()])
    opened = await hotline.open_case(OFFICER, "hotline")
    case = opened.case_pseudonym
    of = await offered(hotline, case, "lao-cai")
    ack = await clock(hotline, case, "acknowledged", of)
    assert ack.due_at == begun + timedelta(hours=1)
    assert (ack.overdue, ack.next_level) == (False, "L1")
    answer = await clock(hotline, case, "answered", of)
    assert answer.due_at == begun + timedelta(hours=4)

    # One minute before the hour nothing has rung; on the hour it has.
    await drive(desks, begun + timedelta(minutes=59))
    late = (await hotline.list_clocks(OFFICER, case, overdue=True)).clocks
    due = {"hotline_triaged", "hotline_intervention"}
    assert {each.deadline for each in late} == due
    await drive(desks, begun + timedelta(hours=1))
    ack = await rang(hotline, case, "acknowledged", of, "L1")
    assert ack.overdue
    assert await escalated(hotline, case) == []

    # Twice the limit: straight to L3. The province is the silent one and there is
    # no other coordinator: the ministry is told, by codes alone.
    await drive(desks, begun + timedelta(hours=2))
    await rang(hotline, case, "acknowledged", of, "L1", "L3")
    (first,) = await escalated(hotline, case)
    assert (first.peer, first.priority) == ("ministry", "emergency")
    await told_without_identity(desks["ministry"], first.referral_id)

    await down_while_limits_run_out(network, desks, case, of, begun)
    await expired_and_still_answered_for(desks, case, of, begun)
    await taken_up_with_nothing(desks["ministry"], first.referral_id)


async def down_while_limits_run_out(network, desks, case, of, begun) -> None:
    """The node is down while four limits run out; it rings them in order of due."""
    hotline = desks["hotline-hanoi"]
    await asyncio.to_thread(network.kill, "hotline-hanoi")
    await asyncio.to_thread(network.restart, "hotline-hanoi")
    await drive(desks, begun + timedelta(hours=9))
    await rang(hotline, case, "acknowledged", of, "L1", "L3", "L4")
    await rang(hotline, case, "answered", of, "L1", "L3")
    await rang(hotline, case, "offer_expires", of, "expiry")
    assert await own_rings(network, "hotline-hanoi", of) == [
        "acknowledged L1",
        "acknowledged L3",
        "acknowledged L4",
        "answered L1",
        "answered L3",
        "offer_expires expiry",
    ]


async def expired_and_still_answered_for(desks, case, of, begun) -> None:
    """The offer expired at both ends, and its clocks are met. The giver answers."""
    hotline = desks["hotline-hanoi"]
    await desks["lao-cai"].await_referral(OFFICER, of, "expired")
    read = await hotline.get_case(OFFICER, case)
    assert read.answerable == "answerable"
    clocks = (await hotline.list_clocks(OFFICER, case)).clocks
    met = {each.deadline: each.stopped_at for each in clocks if each.referral_id == of}
    assert met == {
        "unreachable": begun,
        "acknowledged": begun + timedelta(hours=9),
        "answered": begun + timedelta(hours=9),
        "offer_expires": begun + timedelta(hours=9),
        "service_started": begun + timedelta(hours=9),
    }


async def test_a_name_that_is_a_members_too_does_not_travel_in_an_escalation(desks):
    hotline = desks["hotline-hanoi"]
    begun = (await hotline.get_status()).case_now
    name = CategoryRecord("D2", (Answer("prs_FirstName", ("Trong",)),))
    case = (await hotline.open_case(OFFICER, "hotline", (name,))).case_pseudonym
    of = await offered(hotline, case, "nha-suoi-trong")
    await drive(desks, begun + timedelta(hours=2))
    await rang(hotline, case, "acknowledged", of, "L1", "L3")
    (found,) = await escalated(hotline, case)
    said = await hotline.get_referral(OFFICER, found.referral_id)
    (body,) = [each.body for each in said.steps]
    assert isinstance(body, Offer)
    assert found.peer == "lao-cai"  # the coordinator of the silent house's province
    assert body.need == "level=L3 deadline=acknowledged"


async def test_the_third_decline_of_a_need_goes_to_the_coordinator_at_once(desks):
    province = desks["lao-cai"]
    case = (await province.open_case(OFFICER, "self_returned")).case_pseudonym
    for number, house in enumerate(("nha-hoa-ban", "nha-suoi-trong", "yen-bai")):
        assert await escalated(province, case, THIRD) == [], number
        of = await offered(province, case, house, how="normal")
        await desks[house].await_referral(OFFICER, of, "offered")
        await desks[house].take_step(OFFICER, of, Decline("no_capacity"))
        await province.await_referral(OFFICER, of, "declined")
    async with asyncio.timeout(30):
        while True:
            found = await escalated(province, case, THIRD)
            if found:
                break
            await asyncio.sleep(0.05)
    # The coordinator of the province is the one who asks: the ministry is told.
    assert [each.peer for each in found] == ["ministry"]
    read = await province.get_case(OFFICER, case)
    assert read.answerable == "answerable"


async def told_by_hand(desks, of: bytes) -> None:
    """An officer need not wait for the clock: the ministry is told, in codes, once."""
    hotline, ministry = desks["hotline-hanoi"], desks["ministry"]
    assert (await hotline.get_referral(OFFICER, of)).escalates_to == "ministry"
    told = await hotline.escalate(OFFICER, of, "not_reached")
    assert told.told == "ministry"
    await ministry.await_referral(OFFICER, told.referral_id, "offered")
    said = await ministry.get_referral(OFFICER, told.referral_id)
    (body,) = [each.body for each in said.steps]
    assert isinstance(body, Offer)
    codes = read_codes(body.need)
    assert codes == {
        "level": "L4",
        "reason": "not_reached",
        "state": "offered",
        "since": codes["since"],
        "priority": "emergency",
        "referral_type": "reception",
        "member": "lao-cai",
    }
    assert (body.age_band, body.sex, body.languages, body.services) == ("", "", (), ())
    waiting = await hotline.get_referral(OFFICER, of)
    assert (waiting.escalates_to, waiting.escalation_id) == ("", told.referral_id)
    assert waiting.referral.state == "offered"
    with pytest.raises(NotLawfulError) as again:
        await hotline.escalate(OFFICER, of, "cannot_wait")
    assert again.value.code == "escalation.told"
    # Whose own turn it is tells nobody of a silence.
    with pytest.raises(NotLawfulError) as ours:
        await desks["lao-cai"].escalate(OFFICER, of, "not_reached")
    assert ours.value.code == "escalation.nothing_waits"


async def test_an_answer_stops_the_clock_at_both_ends(desks):
    hotline, province = desks["hotline-hanoi"], desks["lao-cai"]
    case = (await hotline.open_case(OFFICER, "hotline")).case_pseudonym
    of = await offered(hotline, case, "lao-cai")
    await province.await_referral(OFFICER, of, "offered")
    await told_by_hand(desks, of)
    waiting = (await province.list_clocks(OFFICER)).clocks
    mine = {each.deadline for each in waiting if each.referral_id == of}
    assert mine == {"acknowledged", "answered", "service_started"}
    await province.take_step(OFFICER, of, Opening())
    await hotline.await_referral(OFFICER, of, "opened")
    for desk in (hotline, province):
        clocks = (await desk.list_clocks(OFFICER)).clocks
        running = {each.deadline for each in clocks if each.referral_id == of}
        assert "acknowledged" not in running
        assert "answered" in running
    await accepted(province, of)
    for desk in (hotline, province):
        await desk.await_referral(OFFICER, of, "in_service", settled=True)
        clocks = (await desk.list_clocks(OFFICER)).clocks
        assert [each for each in clocks if each.referral_id == of] == []


async def test_a_clock_stands_still_for_a_named_reason_only(desks):
    hotline, province = desks["hotline-hanoi"], desks["lao-cai"]
    case = (await hotline.open_case(OFFICER, "hotline")).case_pseudonym
    urgent = await offered(hotline, case, "lao-cai")
    answered = await clock(hotline, case, "answered", urgent)
    with pytest.raises(InvalidInputError) as unknown:
        await hotline.pause_clock(OFFICER, answered.clock_id, "no_time")
    assert unknown.value.code == "clock.unknown_reason"
    with pytest.raises(NotLawfulError) as emergency:
        await hotline.pause_clock(OFFICER, answered.clock_id, "illness")
    assert emergency.value.code == "clock.emergency"

    other = desks["yen-bai"]
    case = (await province.open_case(OFFICER, "self_returned")).case_pseudonym
    tracing = await offered(province, case, "yen-bai", "family_tracing", "normal")
    answered = await clock(province, case, "answered", tracing)
    with pytest.raises(NotLawfulError) as refused:
        await province.pause_clock(OFFICER, answered.clock_id, "illness")
    assert refused.value.code == "clock.not_pausable"

    # Once it is in service, the fifteen working days may wait for the person.
    await other.await_referral(OFFICER, tracing, "offered")
    await other.take_step(OFFICER, tracing, Acceptance())
    await province.await_referral(OFFICER, tracing, "in_service", settled=True)
    before = await clock(province, case, "family_tracing", tracing)
    await province.pause_clock(OFFICER, before.clock_id, "waiting_for_person")
    still = await clock(province, case, "family_tracing", tracing)
    assert still.pause_reason == "waiting_for_person"
    assert still.next_level == ""
    paused_at = still.paused_at
    later = before.due_at + timedelta(days=30)
    await drive(desks, later)
    still = await clock(province, case, "family_tracing", tracing)
    assert (still.overdue, still.rang) == (False, ())
    await province.resume_clock(OFFICER, before.clock_id)
    after = await clock(province, case, "family_tracing", tracing)
    assert after.due_at - later == before.due_at - paused_at
    assert (after.overdue, after.next_level) == (False, "L1")
    with pytest.raises(NotLawfulError) as running:
        await province.resume_clock(OFFICER, before.clock_id)
    assert running.value.code == "clock.not_paused"


PROMISE = Acceptance(
    expected_zone="Asia/Ho_Chi_Minh",
    contact_function="duty_officer",
    contact_phone="+84 000 000 000",
    contact_hours="Day and night",
)


async def test_who_did_not_arrive_alarms_both_ends_at_once_and_moves_nothing(desks):
    hotline, province = desks["hotline-hanoi"], desks["lao-cai"]
    begun = max([(await desk.get_status()).case_now for desk in desks.values()])
    await drive(desks, begun)
    case = (await hotline.open_case(OFFICER, "hotline")).case_pseudonym
    of = await offered(hotline, case, "lao-cai")
    promise = replace(PROMISE, expected_at=begun + timedelta(hours=6))
    await province.await_referral(OFFICER, of, "offered")
    await province.take_step(OFFICER, of, promise)
    for desk in (hotline, province):
        await desk.await_referral(OFFICER, of, "in_service", settled=True)
    said = await hotline.get_referral(OFFICER, of)
    assert [each.body for each in said.steps if each.step == "accept"] == [promise]

    word = NonArrival(begun, "taken_on_the_way", "Không thấy ở bến xe.", "vi")
    await province.take_step(OFFICER, of, word)
    await province.await_referral(OFFICER, of, settled=True)
    there = (await province.get_referral(OFFICER, of)).referral.case_pseudonym
    for desk, known in ((hotline, case), (province, there)):
        await rang(desk, known, "not_arrived", of, "L1", "L2", "L3")
        noticed = {(each.kind, each.peer) for each in await desk.list_notices(OFFICER)}
        other = "lao-cai" if desk is hotline else "hotline-hanoi"
        assert ("not_arrived", other) in noticed
    # Heard by the giver word for word, and the receiver is answerable as before.
    said = await hotline.get_referral(OFFICER, of)
    assert said.steps[-1].body == word
    assert said.referral.state == "in_service"
    assert (await hotline.get_case(OFFICER, case)).answerable == "handed"
    assert (await province.get_case(OFFICER, there)).answerable == "answerable"

    # She came after all: nobody is waited for any more, at either end.
    with pytest.raises(InvalidInputError) as alone:
        await province.take_step(OFFICER, of, Arrival(begun))
    assert alone.value.code == "arrival.not_signed"
    came = Arrival(begun, "nobody", unsigned_reason="alone_on_duty")
    await province.take_step(OFFICER, of, came)
    await province.await_referral(OFFICER, of, settled=True)
    for desk, known in ((hotline, case), (province, there)):
        found = await clock(desk, known, "not_arrived", of)
        assert found.stopped_at == begun
        assert await desk.list_notices(OFFICER) == ()


async def told_without_identity(ministry: DeskClient, of: bytes) -> None:
    """The escalation says level, deadline and with whom, and nothing of the person."""
    await ministry.await_referral(OFFICER, of, "offered")
    said = await ministry.get_referral(OFFICER, of)
    (body,) = [each.body for each in said.steps]
    assert isinstance(body, Offer)
    words = dict(word.split("=") for word in body.need.split(" "))
    assert words == {
        "level": "L3",
        "deadline": "acknowledged",
        "due": words["due"],
        "priority": "emergency",
        "referral_type": "reception",
        "member": "lao-cai",
    }
    assert (body.age_band, body.sex, body.languages, body.services) == ("", "", (), ())


async def own_rings(network: Network, member: str, of: bytes) -> list[str]:
    """What rang for a referral, in the order of the member's ledger."""
    section = network.config(member).database
    connection = await asyncpg.connect(
        host=section.host,
        port=PORT,
        database=section.name,
        user=section.user,
        password=read_secret(section.password_file).decode().strip(),
    )
    try:
        rows = await connection.fetch(
            "SELECT t.deadline || ' ' || split_part(g.ring, ':', 1) AS ring "
            "FROM timer_ring AS g INNER JOIN timer AS t ON g.timer_id = t.timer_id "
            "INNER JOIN event AS e ON g.event_id = e.event_id "
            "INNER JOIN ledger_leaf AS l ON e.subject = l.subject "
            "WHERE t.referral_id = $1 ORDER BY l.index",
            of,
        )
    finally:
        await connection.close()
    return [row["ring"] for row in rows]


def test_the_command_line_says_it_in_plain_words(network):
    socket = str(network.local_socket("lao-cai"))
    done = relais("case", "clocks", "--officer", OFFICER, "--socket", socket)
    assert done.returncode == 0, done.stderr
    said = " ".join(done.stdout.split())
    assert "family tracing with yen-bai" in said
    assert " left " in said
    assert "goes to another duty officer (L1)" in said
