"""A return stopped and a return from a shelter abroad, on real nodes.

What a withdrawal reaches by itself, what it leaves to an officer, and that nothing
in the mechanism knows on which side of a border a member is.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import pytest
from rich.console import Console

from services.cli.demo.answers import answer, identity, offer, profile, record
from services.cli.demo.asked import write_down
from services.cli.demo.cast import cast_of
from services.cli.demo.journey import Journey
from services.cli.demo.narrator import Narrator
from services.cli.demo.stage import set_stage
from services.cli.demo.stories.telling import Telling
from services.cli.demo.stories.ways import (
    Homeward,
    asked_again,
    assessed,
    at_the_gate,
    handed_over,
    planned,
)
from services.cli.network import Network
from services.node.domain.bodies import Completion, Feedback
from services.node.domain.bodies_return import (
    Appointment,
    Countersignature,
    Departure,
    Minutes,
    TravelDocument,
    Withdrawal,
)
from services.node.domain.errors import RelaisError
from services.node.domain.handoff import Body
from services.node.domain.identifiers import new_id
from services.node.rpc.desk_values import CaseRead, ConversationRead

T = TypeVar("T")
HOST, HOME = "liaison-yunnan", "lao-cai"
MISSION, GUARD = "consulate-kunming", "border-guard-lao-cai"
SHELTER, ABROAD = "nha-hoa-ban", "liaison-laos"
GATE = "lao_cai_hekou"


def played(network: Network, seed: int, play: Callable[[Telling], Awaitable[T]]) -> T:
    """Act on the network as the officers of its members."""

    async def act() -> T:
        narrator = Narrator(Console(file=io.StringIO()))
        sockets = [(each.name, each.local_socket) for each in network.members()]
        async with set_stage(sockets, narrator) as stage:
            return await play(Telling(stage, Journey(cast_of(seed))))

    return asyncio.run(act())


async def refused(t: Telling, member: str, name: str, body: Body) -> str:
    """The code with which the member's own node refuses a step."""
    with pytest.raises(RelaisError) as caught:
        await t.at(member).step(t.journey.referrals[name], body)
    return caught.value.code


# --- she withdraws before the gate


@dataclass(frozen=True, slots=True)
class Stopped:
    """A return that was withdrawn the day before, as its members have it."""

    unrecorded: str
    paper: bytes
    refusals: dict[str, str]
    views: dict[tuple[str, str], ConversationRead]
    host: CaseRead
    keys_left: bool


@pytest.fixture(scope="module")
def stopped(vietnam: Network) -> Stopped:
    return played(vietnam, 61, lambda t: withdrawn(t, vietnam))


async def withdrawn(t: Telling, network: Network) -> Stopped:
    way = Homeward("return", HOST, HOME, GATE, "land", (24, "10:00"), "D1 D2 D5")
    await prepared(t, way)
    await asked_again(t, way)
    await a_paper_and_a_witness(t)
    now = await t.on(23, "18:00")
    unrecorded = await refused(t, HOST, "return", Withdrawal(new_id()))
    no = answer(t.cast, "voluntary_return", HOME, "D1 D2 D5", yes=False)
    no = replace(no, consent_id=new_id(), given_at=now, valid_until=now)
    await write_down(t.stage, t.at(HOST), t.journey.cases[HOST], no)
    host = t.at(HOST)
    await host.sees(t.journey.referrals["return"], "withdrawn")
    await t.at(HOME).sees(t.journey.referrals["return"], "withdrawn")
    await host.acknowledged(t.journey.cases[HOST], HOME)
    await t.at(GUARD).sees(t.journey.referrals["witness"], "withdrawn")
    refusals = {
        "departure": await refused(t, HOST, "return", Departure(now, 1)),
        "appointment": await refused(
            t, HOST, "return", Appointment(GATE, t.stage.instant(24, "11:00"), (), 1)
        ),
        "receiver": await refused(
            t, HOME, "return", Completion("successful", "arrived")
        ),
    }
    views = {
        (member, name): await t.at(member).desk.get_referral(
            t.at(member).officer, t.journey.referrals[name]
        )
        for member, name in (
            (HOST, "return"),
            (HOME, "return"),
            (HOME, "witness"),
            (GUARD, "witness"),
        )
    }
    keys = network.state.cluster.query(
        "SELECT encode(referral_id, 'hex') FROM part_key", database=HOST
    )
    case = await host.case(t.journey.cases[HOST])
    paper = t.journey.referrals["paper"]
    left = t.journey.referrals["return"].hex() in keys
    return Stopped(unrecorded, paper, refusals, views, case, left)


async def prepared(t: Telling, way: Homeward) -> None:
    """A case abroad with everything agreed, up to the plan."""
    await t.on(0, "09:00")
    await t.opens(way.giver, "self_report", profile(t.cast), identity(t.cast))
    await t.adds(way.giver, record("D5", local_fit_to_travel="fit"))
    await t.asks(
        way.giver,
        ("voluntary_return", way.receiver, way.categories, True),
        ("feedback_to_host_country", way.giver, "D0", True),
        ("travel_document", MISSION, "D1 D2", True),
        ("border_handover", GUARD, "D1 D2", True),
    )
    await t.on(1, "09:00")
    need = offer(t.cast, "voluntary_return", "normal", "She wishes to return home.")
    await t.offers("return", way.giver, way.receiver, need, way.categories)
    await t.accepts("return", way.receiver)
    await assessed(t, way, 8)
    now = await t.on(14, "15:00")
    paper = TravelDocument(
        "certificate_of_return", "", now, t.stage.instant(90, "0:00")
    )
    await t.takes(
        "return", way.giver, paper, other=way.receiver, state="document_ready"
    )
    await planned(t, way, 15)


async def a_paper_and_a_witness(t: Telling) -> None:
    """A second paper is asked for abroad, and a witness at home."""
    need = offer(t.cast, "travel_document", "normal", "Please issue a passport.")
    await t.offers("paper", HOST, MISSION, need, "D1 D2")
    await t.accepts("paper", MISSION)
    need = offer(t.cast, "border_handover", "urgent", "Please witness a crossing.")
    await t.offers("witness", HOME, GUARD, need, "D1 D2")
    await t.accepts("witness", GUARD)


def test_a_withdrawal_names_the_record_of_her_word(stopped):
    assert stopped.unrecorded == "withdrawal.no_record"


def test_a_withdrawal_stops_the_return_at_both_ends_and_the_witness(stopped):
    states = {key: each.referral.state for key, each in stopped.views.items()}
    assert set(states.values()) == {"withdrawn"}
    steps = stopped.views[GUARD, "witness"].steps
    (author,) = (each.author for each in steps if each.step == "withdrawal")
    assert author == HOME


def withdrawals(said: ConversationRead) -> list[Body]:
    return [each.body for each in said.steps if isinstance(each.body, Withdrawal)]


def test_the_witness_is_told_of_the_same_record_and_of_no_reason(stopped):
    (first,) = withdrawals(stopped.views[HOME, "return"])
    assert withdrawals(stopped.views[GUARD, "witness"]) == [first]


def test_no_step_is_left_and_no_key_of_the_offer(stopped):
    assert set(stopped.refusals.values()) == {"step.not_lawful"}
    assert not stopped.keys_left
    for view in stopped.views.values():
        left = {*view.referral.open_steps, *view.referral.peer_steps}
        assert left <= {"recall", "recall_acknowledgement"}
        assert view.referral.must_act == ""


def test_the_giver_answers_on_and_is_told_what_else_to_end(stopped):
    assert stopped.host.answerable == "answerable"
    view = stopped.views[HOST, "return"].referral
    assert view.still_open == (stopped.paper,)


# --- she withdraws at the gate, after the giver signed the minutes


@dataclass(frozen=True, slots=True)
class AtTheGate:
    """A return that she stopped between the two signatures."""

    states: dict[tuple[str, str], str]
    refused: str
    host: CaseRead
    home: CaseRead
    stands: dict[str, str]
    clocks: dict[str, set[str]]


@pytest.fixture(scope="module")
def at_the_minutes(vietnam: Network) -> AtTheGate:
    return played(vietnam, 63, between_the_signatures)


async def between_the_signatures(t: Telling) -> AtTheGate:
    way = Homeward("return", HOST, HOME, GATE, "land", (24, "10:00"), "D1 D2 D5")
    await prepared(t, way)
    await asked_again(t, way)
    await a_paper_and_a_witness(t)
    await at_the_gate(t, way)
    now = await t.on(24, "10:05")
    minutes = Minutes(GATE, now, 1, "match", "well", ())
    signed = await t.takes("return", HOST, minutes, other=HOME, state="minuted")
    no = answer(t.cast, "voluntary_return", HOME, "D1 D2 D5", yes=False)
    no = replace(no, consent_id=new_id(), given_at=now, valid_until=now)
    await write_down(t.stage, t.at(HOST), t.journey.cases[HOST], no)
    ends = ((HOST, "return"), (HOME, "return"), (GUARD, "witness"))
    states = {
        (member, name): (
            await t.at(member).sees(t.journey.referrals[name], "withdrawn")
        ).state
        for member, name in ends
    }
    await t.at(HOST).acknowledged(t.journey.cases[HOST], HOME)
    signs = Countersignature(signed, now, 1, "match")
    code = await refused(t, HOME, "return", signs)
    cases, stands, clocks = {}, {}, {}
    for member in (HOST, HOME):
        cases[member] = await t.at(member).case(t.journey.cases[member])
        stands[member] = (await t.stands(member)).state
        who = t.at(member)
        listed = await who.desk.list_clocks(who.officer, t.journey.cases[member])
        clocks[member] = {
            each.deadline for each in listed.clocks if not each.stopped_at.timestamp()
        }
    return AtTheGate(states, code, cases[HOST], cases[HOME], stands, clocks)


def test_a_withdrawal_between_the_signatures_stops_the_return(at_the_minutes):
    assert set(at_the_minutes.states.values()) == {"withdrawn"}
    assert set(at_the_minutes.stands.values()) == {"withdrawn"}


def test_nobody_countersigns_after_it_and_the_giver_answers_on(at_the_minutes):
    assert at_the_minutes.refused == "step.not_lawful"
    assert at_the_minutes.host.answerable == "answerable"
    assert at_the_minutes.home.answerable == "not_answerable"


def test_no_clock_of_the_gate_runs_on_after_it(at_the_minutes):
    gate = {"countersigned", "dispute_settled", "appointment_tolerance"}
    gate |= {"transit_check_in", "arrival_confirmed"}
    for running in at_the_minutes.clocks.values():
        assert not running & gate


# --- the other way round: from a shelter here to a partner abroad


@dataclass(frozen=True, slots=True)
class Returned:
    """A return from a shelter to Laos, as both ends have it."""

    here: CaseRead
    there: CaseRead
    purposes: set[tuple[str, str]]
    held: set[str]
    told: tuple[str, ...]
    refused: str


@pytest.fixture(scope="module")
def returned(vietnam: Network) -> Returned:
    return played(vietnam, 62, to_laos)


async def to_laos(t: Telling) -> Returned:
    way = Homeward(
        "return",
        SHELTER,
        ABROAD,
        "tay_trang_panghok",
        "land",
        (24, "10:00"),
        "D1 D2 D5",
    )
    await prepared(t, way)
    await asked_again(t, way)
    await at_the_gate(t, way)
    await handed_over(t, way, "10:10")
    await t.on(25, "09:00")
    word = Feedback("arrived_safely", ())
    await t.takes("return", ABROAD, word, other=SHELTER, state="arrived")
    family = Feedback("arrived_safely", ("found_safe",))
    told_family = await refused(t, ABROAD, "return", family)
    here = await t.at(SHELTER).case(t.journey.cases[SHELTER])
    there = await t.at(ABROAD).case(t.journey.cases[ABROAD])
    abroad = t.at(ABROAD)
    answers = await abroad.desk.list_consents(abroad.officer, t.journey.cases[ABROAD])
    heard = await heard_feedback(t, SHELTER)
    return Returned(
        here,
        there,
        {(each.purpose, each.recipient) for each in answers.consents},
        set(await abroad.holds(t.journey.cases[ABROAD])),
        tuple(
            each.body.result for each in heard.steps if isinstance(each.body, Feedback)
        ),
        told_family,
    )


async def heard_feedback(t: Telling, member: str) -> ConversationRead:
    """The return as it stands here once feedback came; it leaves the state as is."""
    who = t.at(member)
    async with asyncio.timeout(30):
        while True:
            found = await who.desk.get_referral(
                who.officer, t.journey.referrals["return"]
            )
            if any(isinstance(each.body, Feedback) for each in found.steps):
                return found
            await asyncio.sleep(0.1)


def test_the_partner_abroad_answers_from_its_countersignature(returned):
    (period,) = returned.there.periods
    assert period.since_step == "countersignature"
    assert returned.there.answerable == "answerable"
    assert returned.there.phase == "return"
    assert returned.here.answerable == "handed"
    assert returned.here.periods[-1].until_event == period.since_event


def test_the_partner_abroad_holds_her_answers_and_what_she_agreed_to(returned):
    assert returned.held == {"D1", "D2", "D5"}
    assert ("voluntary_return", ABROAD) in returned.purposes
    assert ("feedback_to_host_country", SHELTER) in returned.purposes


def test_the_host_hears_what_she_allowed_and_relatives_nothing(returned):
    assert returned.told == ("arrived_safely",)
    assert returned.refused == "feedback.family_not_allowed"
