"""Daily statements between two members: losses show, and nothing else does."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from services.cli.audit_faults import Fault
from services.cli.audit_verify import verify_logs
from services.node.domain.errors import RelaisError
from services.node.domain.statements import Statement, utc_day
from services.node.flows.export import export_log
from services.node.flows.moment import Moment
from services.node.flows.plan import Settled
from services.node.flows.statements import StateDay, day_between, differences, said_day
from services.node.loops.statements import state_once
from services.node.store.statements import DayRow
from services.node.wire.audit import encode_item, framed, read_log
from tests.store.person import Person
from tests.store.town import MEMBERS, Town

HERE, THERE = "lao-cai", "son-la"
DAY = timedelta(days=1)


@dataclass
class Days:
    """Two members, the days that pass for both, and what they say of them."""

    town: Town
    copies: list
    person: Person = field(init=False)

    def __post_init__(self) -> None:
        self.person = Person(self.town)

    def now(self) -> Moment:
        return self.town.moment(HERE)

    def drive(self, case: datetime) -> Moment:
        raise AssertionError(case)

    async def offer(self) -> bytes:
        """One more person offered; the digest of the envelope."""
        await self.person.open(HERE)
        await self.person.offer(HERE, THERE, "reception", sealed=False)
        (found,) = await self.town.rows(
            HERE, "SELECT digest FROM outbox ORDER BY number DESC LIMIT 1"
        )
        digest: bytes = found["digest"]
        return digest

    async def offered(self, number: int = 2) -> list[bytes]:
        """So many, all received, and two days go by."""
        digests = [await self.offer() for _ in range(number)]
        await self.town.settle_all()
        self.pass_days(2)
        return digests

    def pass_days(self, days: int) -> None:
        self.town.pass_time(days * DAY, days * DAY)

    async def state(self) -> int:
        """What the loop does once."""
        member = self.town.members[HERE]
        return await state_once(member.own, member.writer.submit, self)

    async def told(self) -> list[tuple[int, int]]:
        """How many were stated and how many are there, where they differ."""
        own = self.town.members[THERE].own
        found = await differences(own, self.town.moment(THERE))
        return [(each.counted, each.here) for each in found]

    async def noted(self) -> list[tuple[int, int, int, bool]]:
        rows = await self.town.rows(
            THERE,
            "SELECT number, counted, here, differs FROM statement_received"
            " ORDER BY day, number",
        )
        return [tuple(row.values()) for row in rows]

    async def faults(self) -> list[Fault]:
        """What an auditor says of both logs together."""
        logs = []
        for name in (HERE, THERE):
            exported = export_log(self.town.members[name].own)
            raw = b"".join([framed(encode_item(item)) async for item in exported])
            logs.append(read_log(io.BytesIO(raw), name))
        return list(verify_logs(logs).faults)

    def lose(self, name: str, *deletions: str) -> None:
        """Rows go behind a node's back, as no node may delete them."""
        copy = self.copies[list(MEMBERS).index(name)]
        for each in deletions:
            copy.as_superuser(f"DELETE FROM {each}")  # noqa: S608 - tables of ours


@pytest.fixture
async def days(founded_town, copy_database, tmp_path):
    copies = []

    def address():
        copies.append(copy_database())
        return copies[-1].node

    town = await Town.open(founded_town, address, tmp_path)
    yield Days(town, copies)
    await town.close()


async def test_equal_days_are_remembered_silently_and_stated_once(days):
    await days.offer()
    await days.offer()
    await days.town.settle_all()
    days.pass_days(1)
    assert await days.state() == 0
    days.pass_days(1)
    assert await days.state() == 1
    assert await days.state() == 0
    await days.town.settle_all()
    assert await days.noted() == [(1, 2, 2, False)]
    assert await days.told() == []
    assert await days.faults() == []
    # A statement is counted by none, so nobody answers one with another for ever.
    days.pass_days(3)
    assert await days.state() == 0


async def test_an_envelope_lost_by_its_recipient_shows_and_is_found(days):
    lost, _ = await days.offered()
    made_on = said_day(utc_day(days.town.wire - 2 * DAY))
    days.lose(THERE, f"envelope_received WHERE digest = '\\x{lost.hex()}'")
    await days.state()
    await days.town.settle_all()
    assert await days.told() == [(2, 1)]
    sent, _ = await day_between(days.town.members[HERE].own, THERE, made_on)
    _, taken = await day_between(days.town.members[THERE].own, HERE, made_on)
    (missing,) = {each.digest for each in sent} - {each.digest for each in taken}
    assert missing == lost
    # The sender's list leads to the very entry in the recipient's ledger.
    (row,) = [each for each in sent if each.digest == lost]
    (leaf,) = await days.town.rows(
        THERE, "SELECT index FROM ledger_leaf WHERE subject = $1", lost
    )
    assert (row.state, row.answer_index) == ("received", leaf["index"])


async def test_an_envelope_lost_by_its_sender_shows(days):
    lost, _ = await days.offered()
    where = f"WHERE digest = '\\x{lost.hex()}'"
    tables = (f"receipt {where}", f"outbox {where}", f"envelope_sent {where}")
    days.lose(HERE, *tables)
    await days.state()
    await days.town.settle_all()
    assert await days.told() == [(1, 2)]


async def test_an_outbox_that_forgot_an_envelope_shows(days):
    await days.offer()
    waited = await days.offer()
    days.lose(HERE, f"outbox WHERE digest = '\\x{waited.hex()}'")
    await days.town.settle_all()
    days.pass_days(2)
    await days.state()
    await days.town.settle_all()
    assert await days.told() == [(2, 1)]


async def test_what_is_still_under_way_is_no_loss_and_is_stated_later(days):
    town = days.town
    await days.offer()
    await town.settle_all()
    # One waits here, one was received there and its answer is lost on the way.
    await days.offer()
    await town.send(HERE)
    (parcel,) = town.parcels
    await town.bring(town.parcels.pop(0))
    town.parcels.clear()
    await days.offer()
    days.pass_days(2)
    assert await days.state() == 1
    assert await days.state() == 0
    await town.lose(parcel)
    await town.settle_all()
    assert await days.noted() == [(1, 1, 1, False)]
    assert await days.state() == 1
    await town.settle_all()
    assert await days.noted() == [(1, 1, 1, False), (2, 3, 3, False)]


async def test_a_day_of_which_all_waits_is_stated_once_something_is_answered(days):
    await days.offer()
    days.pass_days(2)
    assert await days.state() == 0
    # It expires, which the recipient says for good: that is an answer, too.
    days.pass_days(40)
    await days.town.settle_all()
    assert await days.state() == 1
    await days.town.settle_all()
    assert await days.noted() == [(1, 1, 1, False)]


async def test_a_statement_that_expired_unread_is_made_again(days):
    await days.offered()
    assert await days.state() == 1
    days.pass_days(31)
    assert await days.state() == 0
    await days.town.settle_all()
    assert await days.noted() == []
    assert await days.state() == 1
    await days.town.settle_all()
    assert await days.noted() == [(2, 2, 2, False)]
    assert await days.state() == 0


async def test_a_later_statement_that_is_equal_ends_the_difference(days):
    town = days.town
    # A clock that jumped ahead states a day that is not over yet.
    await days.offer()
    await town.settle_all()
    days.pass_days(2)
    assert await days.state() == 1
    days.pass_days(-2)
    await days.offer()
    await town.settle_all(patient=False)
    days.pass_days(2)
    await town.settle_all()
    assert await days.told() == [(1, 2)]
    assert await days.state() == 1
    await town.settle_all()
    assert await days.told() == []
    assert (await days.noted())[-1] == (2, 2, 2, False)


async def test_two_that_state_one_day_at_once_state_it_once(days):
    await days.offered()
    member = days.town.members[HERE]
    day = DayRow(utc_day(days.town.wire) - 2, THERE)
    first, second = [StateDay(member.own, day, days.now()) for _ in range(2)]
    one, other = (
        await member.writer.submit(first),
        await member.writer.submit(second),
    )
    assert one.index == other.index
    # The same decision twice, as after a commit whose answer was lost.
    async with member.own.database.connection() as connection:
        settled = await second.decide(connection)
    assert isinstance(settled, Settled)
    assert settled.subject == one.subject
    with pytest.raises(RelaisError) as refused:
        await member.writer.submit(
            StateDay(member.own, DayRow(day.day - 1, THERE), days.now())
        )
    assert refused.value.code == "statement.nothing"


@pytest.mark.parametrize("written", [False, True])
async def test_a_statement_outlives_both_losses_of_its_write(days, written):
    """Killed before the write, and after it before anybody was told."""
    await days.offered()
    if written:
        assert await days.state() == 1
    await days.town.restart(HERE)
    assert await days.state() == (0 if written else 1)
    await days.town.send(HERE)
    # The recipient dies after its write, and the answer with it.
    await days.town.bring(days.town.parcels.pop(0))
    days.town.parcels.clear()
    await days.town.restart(THERE)
    await days.town.restart(HERE)
    await days.town.settle_all()
    assert await days.noted() == [(1, 2, 2, False)]


async def test_what_no_member_would_state_is_refused_for_good(days, monkeypatch):
    await days.offered()
    plan = StateDay._plan

    def forged(act, known):
        monkeypatch.setattr(
            "services.node.flows.statements.Statement",
            lambda *told: Statement(told[0] + 1, *told[1:]),
        )
        return plan(act, known)

    monkeypatch.setattr(StateDay, "_plan", forged)
    assert await days.state() == 1
    await days.town.settle_all()
    assert await days.noted() == []
    rows = await days.town.rows(
        HERE,
        "SELECT o.refusal_code FROM outbox AS o"
        " INNER JOIN statement_sent AS s ON o.digest = s.digest",
    )
    assert [row["refusal_code"] for row in rows] == ["statement.malformed"]
