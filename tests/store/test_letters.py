"""Letters lost, doubled, late and crossing: both ends come to the same in the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from services.node.domain.bodies import Acceptance
from services.node.domain.errors import UnavailableError
from services.node.flows.exchange import (
    NO_HEAD,
    Delivery,
    DeliveryAnswer,
    Growth,
    KnownHead,
)
from services.node.flows.keep_letter import Quota
from services.node.flows.letters import Bundle, Letter, seal_letter
from services.node.flows.mailbox import Deposited, Mailbox
from services.node.flows.moment import Moment
from services.node.flows.post import Post
from services.node.flows.read_letters import Reader
from services.node.flows.receive import receive_batch
from tests.store.person import Person, Referral
from tests.store.town import Town

ABROAD, HOME, BOX = "liaison-yunnan", "lao-cai", "nha-hoa-ban"
ROOMY = Quota(letters=400, bytes=100_000_000, days=30)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Hands:
    """A member's clocks, which stand where the town's do."""

    town: Town
    name: str

    def now(self) -> Moment:
        return self.town.moment(self.name)

    def drive(self, case: datetime) -> Moment:
        """As somebody would who drives it: nobody does here."""
        self.town.case = case
        return self.now()


@dataclass(frozen=True)
class Way:
    """How one member reaches the mailbox."""

    mailbox: Mailbox
    name: str

    async def deposit(self, box: str, seen: KnownHead, bundle: Bundle) -> Deposited:
        assert box == BOX
        return await self.mailbox.deposit(self.name, seen, bundle)

    async def collect(self, box: str, acknowledged: Sequence[bytes]) -> list[Bundle]:
        assert box == BOX
        return await self.mailbox.collect(self.name, tuple(acknowledged))


class TownPost(Post):
    """No ministry is in the town: another member keeps its letters."""

    def box(self) -> str:
        return BOX


@dataclass
class End:
    """One member that nobody can dial, without its loops."""

    town: Town
    name: str
    way: Way
    dealt_with: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        member, hands = self.town.members[self.name], Hands(self.town, self.name)
        self.post = TownPost(member.own, member.published, self.way, hands)
        self.reader = Reader(member.own, member.published, self.post, self.take, hands)

    async def take(self, sender: str, delivery: Delivery) -> DeliveryAnswer:
        member = self.town.members[self.name]
        return await receive_batch(
            member.own,
            member.published,
            sender,
            delivery,
            member.writer.submit,
            self.town.moment(self.name),
        )

    async def write(self) -> bool:
        return await self.post.bring(HOME if self.name == ABROAD else ABROAD, [])

    async def read(self) -> int:
        bundles = await self.way.collect(BOX, self.dealt_with)
        self.dealt_with = await self.reader.read(bundles)
        return len(bundles)

    async def forget(self) -> None:
        """Killed before it could say what it had dealt with."""
        self.dealt_with = []

    async def problems(self) -> list[str]:
        """Why what it sent still waits."""
        rows = await self.town.rows(
            self.name,
            "SELECT coalesce(last_problem, '') AS problem FROM outbox"
            " WHERE state = 'waiting' ORDER BY number",
        )
        return [row["problem"] for row in rows]


@dataclass
class Road:
    """Two members that nobody can dial and the mailbox between them."""

    town: Town
    person: Person
    abroad: End
    home: End

    async def offered(self) -> Referral:
        await self.person.open(ABROAD)
        await self.person.offer(ABROAD, HOME, "voluntary_return", sealed=True)
        return self.person.referrals[-1]

    async def lose_letters(self) -> int:
        """What lies in the mailbox is gone; how many letters."""
        lost = await self.town.rows(BOX, "DELETE FROM mailbox_letter RETURNING digest")
        return len(lost)

    async def settle(self) -> None:
        """Until nobody has anything more to write, to read or to answer."""
        for _ in range(30):
            moved = 0
            for end in (self.abroad, self.home):
                moved += await self.town.answer(end.name)
                moved += await end.write()
                moved += await end.read()
            if not moved:
                return
        raise AssertionError(f"{await self.abroad.problems()}")

    async def times_received(self) -> int:
        rows = await self.town.rows(HOME, "SELECT envelope_id FROM envelope_received")
        return len(rows)


def road_of(town: Town, quota: Quota = ROOMY) -> Road:
    member = town.members[BOX]
    mailbox = Mailbox(
        member.own, member.published, member.writer.submit, Hands(town, BOX), quota
    )
    abroad, home = (End(town, name, Way(mailbox, name)) for name in (ABROAD, HOME))
    return Road(town, Person(town), abroad, home)


@pytest.fixture
def road(town: Town) -> Road:
    return road_of(town)


async def test_a_referral_passes_by_letter_with_release_and_receipts(road):
    referral = await road.offered()
    await road.settle()
    await road.person.step(referral, "receiver", Acceptance())
    await road.settle()
    for side in ("giver", "receiver"):
        assert await road.person.state(referral, side) == "in_service"
    assert await road.abroad.problems() == []
    assert await road.home.problems() == []


async def test_what_was_relayed_waits_for_its_receipt(road):
    await road.offered()
    assert await road.abroad.write()
    assert await road.abroad.problems() == ["relayed"]
    assert not await road.abroad.write()
    await road.home.read()
    await road.abroad.read()
    assert await road.abroad.problems() == []


async def test_a_letter_that_is_read_again_is_answered_alike_and_applied_once(road):
    referral = await road.offered()
    await road.abroad.write()
    await road.home.read()
    await road.home.forget()
    assert await road.home.read() == 1
    await road.settle()
    assert await road.abroad.problems() == []
    assert await road.times_received() == 1
    assert await road.person.state(referral, "receiver") == "offered"


async def test_letters_that_cross_are_all_taken_at_once(road):
    first = await road.offered()
    await road.settle()
    await road.person.step(first, "receiver", Acceptance())
    await road.offered()
    await road.abroad.write()
    await road.home.write()
    for end in (road.abroad, road.home):
        await end.read()
    await road.town.answer(ABROAD)
    await road.abroad.write()
    for end in (road.home, road.abroad, road.home):
        await end.read()
    assert await road.abroad.problems() == []
    assert await road.home.problems() == []
    rows = await road.town.rows(ABROAD, "SELECT max(attempts) AS most FROM outbox")
    assert rows[0]["most"] == 2, "relayed once, received once"


async def test_a_letter_that_was_lost_goes_again_after_a_week(road):
    referral = await road.offered()
    await road.abroad.write()
    assert await road.lose_letters() == 1
    await road.home.read()
    road.town.pass_time(timedelta(0), WEEK - timedelta(minutes=1))
    assert not await road.abroad.write()
    road.town.pass_time(timedelta(0), timedelta(minutes=2))
    await road.settle()
    assert await road.abroad.problems() == []
    assert await road.person.state(referral, "receiver") == "offered"


async def test_receipts_that_were_lost_come_again(road):
    await road.offered()
    await road.abroad.write()
    await road.home.read()
    assert await road.lose_letters() == 2
    assert await road.abroad.problems() == ["relayed"]
    road.town.pass_time(timedelta(0), WEEK)
    await road.settle()
    assert await road.abroad.problems() == []
    assert await road.times_received() == 1


async def test_where_no_growth_fits_all_comes_again(road):
    await road.offered()
    await road.settle()
    await road.town.rows(ABROAD, "DELETE FROM letter_head RETURNING size")
    referral = await road.offered()
    await road.abroad.write()
    await road.home.read()
    assert await road.times_received() == 1
    await road.settle()
    assert await road.times_received() == 2
    assert await road.abroad.problems() == []
    assert await road.person.state(referral, "receiver") == "offered"


async def test_a_forged_letter_changes_nothing_and_holds_up_no_other(road):
    growth = Growth(b"no checkpoint", 0, ())
    forged = Letter(ABROAD, Delivery(NO_HEAD, growth, ()), None, (growth,))
    directory = road.town.founded.adopted.directory
    bundle = seal_letter(directory, HOME, forged, road.town.wire)
    await Way(road.home.way.mailbox, "son-la").deposit(BOX, NO_HEAD, bundle)
    await road.offered()
    await road.settle()
    assert await road.times_received() == 1
    assert await road.abroad.problems() == []


async def test_what_a_full_box_refuses_stays_with_its_sender_and_goes_later(town):
    road = road_of(town, Quota(letters=4, bytes=100_000_000, days=30))
    await road.offered()
    await road.abroad.write()
    await road.offered()
    with pytest.raises(UnavailableError):
        await road.abroad.write()
    assert await road.abroad.problems() == ["relayed", "mailbox.share_full"]
    await road.home.read()
    # The next question says what was dealt with: there is room again.
    await road.home.read()
    await road.settle()
    assert await road.abroad.problems() == []
    assert await road.times_received() == 2
