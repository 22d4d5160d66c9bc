"""Two members whom nobody can dial, and the ministry's mailbox between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from services.cli.demo.answers import identity, offer, profile, record
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
from services.node.rpc.desk_values import CaseRead
from tests.network.part_of_vietnam import part_of_vietnam
from tests.network.test_returns import played

HOUSE, ABROAD, BOX = "nha-hoa-ban", "liaison-laos", "ministry"
MEMBERS = (HOUSE, ABROAD, BOX, "lao-cai", "hotline-hanoi")
CLOCK = "2018-03-05T08:00:00+07:00"
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
    alias: str


@pytest.fixture(scope="module")
def returned(network: Network) -> Returned:
    return played(network, 71, home_by_letter)


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
    need = offer(t.cast, "voluntary_return", "normal", "She wishes to return home.")
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
    said = await t.at(HOUSE).desk.get_referral(
        t.at(HOUSE).officer, t.journey.referrals["return"]
    )
    return Returned(here, there, said.referral.alias)


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
