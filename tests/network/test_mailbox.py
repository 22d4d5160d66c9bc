"""Two members whom nobody can dial, and the ministry's mailbox between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from services.cli.audit_faults import AuditReport
from services.cli.demo.answers import identity, offer, profile, record
from services.cli.demo.cast import cast_of
from services.cli.demo.run import audited
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
from services.node.domain.bodies_return import TravelDocument
from services.node.rpc.desk_values import CaseRead, ReferralRead
from tests.network.part_of_vietnam import part_of_vietnam
from tests.network.test_returns import played
from tests.network.traces import FILES, LOG, MEMORY, ROWS, where_found

HOUSE, ABROAD, BOX = "nha-hoa-ban", "liaison-laos", "ministry"
MEMBERS = (HOUSE, ABROAD, BOX, "lao-cai", "hotline-hanoi")
SEED = 71
CLOCK = "2018-03-05T08:00:00+07:00"
NEED = "She asks to go home to the river before the rains."
_PATIENCE = 30.0
WAY = Homeward(
    "return", HOUSE, ABROAD, "tay_trang_panghok", "land", (24, "10:00"), "D1 D2 D5"
)


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with part_of_vietnam(MEMBERS, CLOCK, dialling_out=[HOUSE, ABROAD]) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Returned:
    """A return between two members whom nobody can dial, as both have it."""

    here: CaseRead
    there: CaseRead
    said: ReferralRead


@pytest.fixture(scope="module")
def returned(network: Network) -> Returned:
    return played(network, SEED, home_by_letter)


async def home_by_letter(t: Telling) -> Returned:
    await t.on(0, "09:00")
    await t.opens(HOUSE, "self_report", profile(t.cast), identity(t.cast))
    await t.adds(HOUSE, record("D5", local_fit_to_travel="fit"))
    await t.asks(
        HOUSE,
        ("voluntary_return", ABROAD, WAY.categories, True),
        ("feedback_to_host_country", HOUSE, "D0", True),
    )
    await t.on(1, "09:00")
    need = offer(t.cast, "voluntary_return", "normal", NEED)
    await t.offers("return", HOUSE, ABROAD, need, WAY.categories)
    await t.accepts("return", ABROAD)
    await assessed(t, WAY, 8)
    now = await t.on(14, "15:00")
    paper = TravelDocument(
        "certificate_of_return", "", now, t.stage.instant(90, "0:00")
    )
    await t.takes("return", HOUSE, paper, other=ABROAD, state="document_ready")
    await planned(t, WAY, 15)
    await asked_again(t, WAY)
    await at_the_gate(t, WAY)
    await handed_over(t, WAY, "10:10")
    ends = (HOUSE, ABROAD)
    for member in ends:
        who = t.at(member)
        await who.desk.await_referral(
            who.officer, t.journey.referrals["return"], settled=True
        )
    here, there = [await t.at(each).case(t.journey.cases[each]) for each in ends]
    house = t.at(HOUSE)
    said = await house.desk.get_referral(house.officer, t.journey.referrals["return"])
    return Returned(here, there, said.referral)


def test_a_return_passes_between_two_members_whom_nobody_can_dial(returned):
    assert returned.here.answerable == "handed"
    assert returned.there.answerable == "answerable"


def test_every_step_has_the_receipt_of_its_recipient_and_none_of_the_mailbox(returned):
    for one, other in (
        (returned.here, returned.there),
        (returned.there, returned.here),
    ):
        stands_at = {each.event_id: each.own_index for each in other.timeline}
        sent = [each for each in one.timeline if each.delivery]
        assert sent
        for entry in sent:
            assert entry.delivery == "received"
            assert entry.receipt_index == stands_at[entry.event_id]


def test_deposit_and_collection_stand_in_the_ledgers_and_an_auditor_agrees(
    network, returned
):
    async def checked() -> AuditReport:
        # The last receipts are acknowledged with the next question.
        await until(lambda: number(network, BOX, "SELECT count(*) FROM mailbox_letter"))
        return await audited(network)

    report = asyncio.run(checked())
    assert report.faults == ()
    kept = number(network, BOX, "SELECT count(*) FROM mailbox_entry")
    assert kept == 2 * len(letters(network))
    proved = pairs(network, HOUSE, "SELECT encode(letter, 'hex'), index FROM relayed")
    assert len(proved) >= len([e for e in returned.here.timeline if e.delivery])
    stands = "SELECT encode(subject, 'hex'), index FROM ledger_leaf"
    assert proved <= pairs(network, BOX, stands)


def test_the_mailbox_learns_who_writes_and_collects_and_nothing_else(network, returned):
    """Nothing in its memory, tables, files and log; what it may know is found there."""
    timelines = (*returned.here.timeline, *returned.there.timeline)
    traces: dict[str, bytes | str] = {
        "alias": returned.said.alias,
        "referral": returned.said.referral_id,
        "need": NEED,
        "gate": WAY.gate,
        **{
            f"hers {number}": value
            for number, value in enumerate(cast_of(SEED).personal_values)
        },
        **{f"event {each.step}": each.event_id for each in timelines},
        **{f"digest {each.step}": each.digest for each in timelines if each.digest},
    }
    assert len(traces) > len(timelines)
    learned = where_found(network, BOX, traces)
    assert {name: places for name, places in learned.items() if places} == {}
    key = (network.place(BOX).keys / "tls.key").read_bytes()
    (letter, *_) = letters(network)
    shown = where_found(
        network, BOX, {"key": key, "letter": bytes.fromhex(letter), "sender": HOUSE}
    )
    assert MEMORY in shown["key"]
    assert shown["letter"] >= {ROWS, FILES}
    assert shown["sender"] >= {MEMORY, ROWS, FILES, LOG}
    here = where_found(network, HOUSE, traces)
    assert here["alias"] >= {ROWS, FILES}


def test_the_mailbox_names_no_step_and_no_kind_of_referral_beside_a_letter(
    network, returned
):
    held = network.state.cluster.query(
        "SELECT t::text FROM mailbox_letter AS t;"
        " SELECT t::text FROM mailbox_entry AS t;"
        " SELECT t::text FROM ledger_entry AS t;"
        " SELECT t::text FROM event AS t",
        database=BOX,
    )
    assert HOUSE in held
    words = {"voluntary_return", *(each.step for each in returned.here.timeline)}
    assert len(words) > 10
    assert [each for each in words if each in held] == []


# --- what lies in the mailbox outlives it


async def kept_through_a_crash(t: Telling, network: Network) -> tuple[str, str, str]:
    await t.on(30, "09:00")
    case = await t.opens(HOUSE, "self_report", profile(t.cast), identity(t.cast))
    await t.asks(HOUSE, ("voluntary_return", ABROAD, "D1 D2", True))
    await asyncio.to_thread(network.kill, ABROAD)
    need = offer(t.cast, "voluntary_return", "normal", NEED)
    house = t.at(HOUSE)
    referral = await house.offer(case, ABROAD, need, "D1", "D2")
    t.journey.referrals["return"] = referral

    async def delivery() -> str:
        timeline = (await house.case(case)).timeline
        return next(each.delivery for each in timeline if each.step == "offer")

    async with asyncio.timeout(_PATIENCE):
        while True:
            relayed = await delivery()
            if relayed != "waiting":
                break
            await asyncio.sleep(0.05)
    await asyncio.to_thread(network.kill, BOX)
    still = await delivery()
    await asyncio.to_thread(network.restart, BOX)
    # Last, and not while the mailbox is away: its postman would wait up to a minute.
    await asyncio.to_thread(network.restart, ABROAD)
    await t.accepts("return", ABROAD)
    await house.desk.await_referral(house.officer, referral, settled=True)
    return relayed, still, await delivery()


@pytest.mark.usefixtures("returned")
def test_a_letter_outlives_a_killed_mailbox_and_is_shown_as_relayed_until_then(network):
    shown = played(network, 72, lambda t: kept_through_a_crash(t, network))
    assert shown == ("relayed", "relayed", "received")


def number(network: Network, member: str, sql: str) -> int:
    """One number out of a member's database."""
    return int(network.state.cluster.query(sql, database=member))


def pairs(network: Network, member: str, sql: str) -> set[str]:
    """Rows out of a member's database."""
    return set(network.state.cluster.query(sql, database=member).split())


def letters(network: Network) -> list[str]:
    """The letters that the mailbox ever kept, by hexadecimal digests."""
    sql = "SELECT encode(subject, 'hex') FROM mailbox_entry WHERE outcome = 'relayed'"
    return network.state.cluster.query(sql, database=BOX).split()


async def until(nothing_left: Callable[[], int]) -> None:
    """Wait until it says 0."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            if not await asyncio.to_thread(nothing_left):
                return
            await asyncio.sleep(0.1)
