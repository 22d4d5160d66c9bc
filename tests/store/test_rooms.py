"""What one member takes of another's disk is bounded, and given back as it is used."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.domain.bodies import Opening
from services.node.domain.errors import UnavailableError
from services.node.domain.room import RoomLimits
from services.node.flows.fetching import fetch_attachment, sweep_erased
from services.node.flows.moment import Moment
from services.node.flows.rooms import rooms_of
from tests.store.person import Person
from tests.store.test_attachments import CONTENT, Peer, expected
from tests.store.town import Town

FLOOD, FULL, ASIDE = "lao-cai", "son-la", "nha-hoa-ban"


def narrow(town: Town, member: str, **room: int) -> None:
    """From now on each other member may take so much there."""
    # Frozen, as it is for a node that runs: only a test changes it.
    object.__setattr__(town.members[member].own, "room", RoomLimits(**room))


async def carry(town: Town, *senders: str) -> None:
    """What is due goes, and its answers come back, until only pauses are left."""
    for _ in range(6):
        for sender in senders:
            await town.send(sender)
        while town.parcels:
            await town.bring(town.parcels.pop(0))
        town.pass_time(timedelta(), timedelta(seconds=2))


async def waiting(town: Town, sender: str) -> list[tuple[str, str]]:
    rows = await town.rows(
        sender,
        "SELECT state, coalesce(last_problem, '') AS why FROM outbox ORDER BY number",
    )
    return [(row["state"], row["why"]) for row in rows]


async def worried(town: Town, moment: Moment) -> bool:
    own = town.members[FULL].own
    async with own.database.connection() as connection:
        rooms = await rooms_of(own, connection, [FLOOD, ASIDE], moment.wire)
    assert not rooms[ASIDE].nearly_full(own.room)
    return rooms[FLOOD].nearly_full(own.room)


async def test_a_member_that_fills_its_room_waits_and_goes_on_as_it_is_answered(
    town: Town,
) -> None:
    narrow(town, FULL, envelopes=2)
    person = Person(town)
    await person.open(FLOOD)
    for _ in range(4):
        await person.offer(FLOOD, FULL, "reintegration", sealed=False)
    await carry(town, FLOOD)
    put_off = ("waiting", "inbox.member_full")
    found = await waiting(town, FLOOD)
    assert [state for state, _ in found].count("received") == 2
    assert found.count(put_off) == 2
    assert await worried(town, town.moment(FULL))
    # Another member is served, and a node that begins anew has not forgotten.
    await person.open(ASIDE)
    await person.offer(ASIDE, FULL, "reintegration", sealed=False)
    await town.restart(FULL)
    town.pass_time(timedelta(), timedelta(minutes=6))
    await carry(town, FLOOD, ASIDE)
    assert [state for state, _ in await waiting(town, ASIDE)] == ["received"]
    assert (await waiting(town, FLOOD)).count(put_off) == 2
    # Somebody looks at one of them: there is room for one, and only for one.
    (taken,) = [
        each
        for each in person.referrals[:4]
        if await person.state(each, "receiver") == "offered"
    ][:1]
    await person.step(taken, "receiver", Opening())
    town.pass_time(timedelta(), timedelta(minutes=6))
    await carry(town, FLOOD)
    states = [state for state, _ in await waiting(town, FLOOD)]
    assert sorted(states) == ["received"] * 3 + ["waiting"]
    # What nobody looks at for a week takes no room any more.
    town.pass_time(timedelta(), timedelta(days=7))
    assert not await worried(town, town.moment(FULL))


async def test_an_envelope_that_is_known_gets_its_receipt_in_a_full_room(
    town: Town,
) -> None:
    narrow(town, FULL, envelopes=1)
    person = Person(town)
    await person.open(FLOOD)
    await person.offer(FLOOD, FULL, "reintegration", sealed=False)
    await town.send(FLOOD)
    (parcel,) = town.parcels
    await town.bring(parcel)
    (_, answered) = town.parcels
    await town.lose(answered)
    town.parcels.clear()
    await carry(town, FLOOD)
    assert [state for state, _ in await waiting(town, FLOOD)] == ["received"]


async def test_a_file_waits_until_other_files_of_its_sender_went(town: Town) -> None:
    narrow(town, FLOOD, file_bytes=len(CONTENT) * 2 - 1)
    person = Person(town)
    await person.open(FLOOD)
    (case,) = await person.cases_at(FLOOD)
    own = town.members[FLOOD].own
    first, its_key = await expected(own, case)
    await fetch_attachment(own, Peer(its_key), first)
    second, key = await expected(own, case, category="D3")
    peer = Peer(key)
    with pytest.raises(UnavailableError) as refused:
        await fetch_attachment(own, peer, second)
    assert refused.value.code == "attachment.member_full"
    assert refused.value.remedy
    assert peer.asked == []
    async with own.database.transaction() as connection:
        await connection.execute(
            "DELETE FROM data_key WHERE owner = $1 AND scope = 'D2'", case["case_id"]
        )
    assert await sweep_erased(own) == 1
    await fetch_attachment(own, peer, second)
