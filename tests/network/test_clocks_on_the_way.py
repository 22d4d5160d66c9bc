"""On the way home nobody is left without an answer (domain.md §6.2).

Real nodes from Yunnan to Lao Cai, a driven clock. Check-ins are due every four
hours; the second that is missed goes to police and border guard from both sides,
and so does a handover that one side alone has signed for four hours.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator

import pytest
from rich.console import Console

from services.cli.demo.answers import identity, offer, profile, record
from services.cli.demo.cast import cast_of
from services.cli.demo.journey import Journey
from services.cli.demo.narrator import Narrator
from services.cli.demo.stage import set_stage
from services.cli.demo.stories.telling import Telling
from services.cli.demo.stories.ways import (
    Homeward,
    asked_again,
    assessed,
    papered,
    planned,
)
from services.cli.network import Network
from services.node.domain.bodies import Opening
from services.node.domain.bodies_return import (
    CheckIn,
    Departure,
    GateArrival,
    Minutes,
)
from tests.network.part_of_vietnam import part_of_vietnam

HOST, MISSION, HOME = "liaison-yunnan", "consulate-kunming", "lao-cai"
GUARD, POLICE = "border-guard-lao-cai", "police-lao-cai"
MEMBERS = (HOST, MISSION, HOME, GUARD, POLICE, "hotline-hanoi", "ministry")
GATE = "ma_lu_thang_jinshuihe"
WAY = Homeward("return", HOST, HOME, GATE, "land", (23, "10:00"), "D1 D2 D5")
START = "2018-03-05T08:00:00+07:00"


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with part_of_vietnam(MEMBERS, START) as running:
        yield running


async def appointed(t: Telling) -> None:
    """Everything until the morning of the way."""
    await t.on(0, "09:00")
    await t.opens(HOST, "rescued", profile(t.cast), identity(t.cast))
    await t.adds(HOST, record("D5", local_fit_to_travel="fit"))
    await t.asks(
        HOST,
        ("voluntary_return", HOME, "D1 D2 D5", True),
        ("travel_document", MISSION, "D1 D2", True),
    )
    await t.on(1, "09:00")
    need = offer(t.cast, "voluntary_return", "normal", "She wishes to return home.")
    await t.offers("return", HOST, HOME, need, "D1 D2 D5")
    await t.accepts("return", HOME)
    await assessed(t, WAY, 8)
    await papered(t, WAY, MISSION, 15)
    await planned(t, WAY, 17)
    await asked_again(t, WAY)


async def told(t: Telling, member: str, number: int) -> list[str]:
    """Wait until ``member`` told so many others; whom, in order of name."""
    who = t.at(member)
    async with asyncio.timeout(30):
        while True:
            case = await who.case(t.journey.cases[member])
            found = [r for r in case.referrals if r.referral_type == "escalation"]
            if len(found) >= number:
                assert {each.priority for each in found} <= {"emergency"}
                return sorted(each.peer for each in found)
            await asyncio.sleep(0.05)


async def on_the_way(network: Network) -> None:
    sockets = [(each.name, each.local_socket) for each in network.members()]
    narrator = Narrator(Console(file=io.StringIO(), width=96))
    async with set_stage(sockets, narrator) as stage:
        t = Telling(stage, Journey(cast_of(12)))
        await appointed(t)
        assert await told(t, HOST, 0) == []
        await missed_check_ins(t)
        await signed_by_one(t)


async def missed_check_ins(t: Telling) -> None:
    now = await t.on(23, "01:00")
    await t.takes("return", HOST, Departure(now, 1), other=HOME, state="in_transit")
    now = await t.on(23, "03:00")
    await t.takes("return", HOST, CheckIn(now, "well"), other=HOME, state="in_transit")
    who = t.at(HOST)
    # The state is the same before and after: wait until the word is there.
    sent = t.journey.referrals["return"]
    await who.desk.await_referral(who.officer, sent, settled=True)
    # The first word that is missed stays inside; the second does not.
    await t.on(23, "10:59")
    assert await told(t, HOST, 0) == []
    assert await told(t, HOME, 0) == []
    await t.on(23, "11:00")
    assert await told(t, HOST, 2) == [GUARD, POLICE]
    assert await told(t, HOME, 2) == [GUARD, POLICE]
    await opened_by_those_told(t)


async def opened_by_those_told(t: Telling) -> None:
    """Somebody has it: otherwise it would go on to the ministry."""
    for teller in (HOST, HOME):
        case = await t.at(teller).case(t.journey.cases[teller])
        for each in case.referrals:
            if each.referral_type == "escalation":
                await t.at(each.peer).sees(each.referral_id, "offered")
                await t.at(each.peer).step(each.referral_id, Opening())
                await t.at(teller).sees(each.referral_id, "opened")


async def signed_by_one(t: Telling) -> None:
    now = await t.on(23, "11:30")
    there = GateArrival(WAY.gate, now)
    await t.takes("return", HOST, there, other=HOME, state="at_gate")
    minutes = Minutes(WAY.gate, now, 1, "match", "well", ("travel_document",))
    await t.takes("return", HOST, minutes, other=HOME, state="minuted")
    await t.on(23, "15:29")
    assert await told(t, HOST, 2) == [GUARD, POLICE]
    await t.on(23, "15:30")
    assert await told(t, HOST, 4) == [GUARD, GUARD, POLICE, POLICE]
    assert await told(t, HOME, 4) == [GUARD, GUARD, POLICE, POLICE]
    # Nothing moved by it: the giver answers, the referral waits as it stood.
    case = await t.at(HOST).case(t.journey.cases[HOST])
    assert case.answerable == "answerable"
    (found,) = [r for r in case.referrals if r.referral_type == "voluntary_return"]
    assert found.state == "minuted"


def test_what_is_missed_on_the_way_goes_to_police_and_border_guard_from_both_sides(
    network,
):
    asyncio.run(on_the_way(network))
