"""What an administrator sees to: backups, keys, clocks, and nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.domain.errors import RelaisError
from services.node.domain.offices import STALE_AFTER
from services.node.flows.contacts import Contacts
from services.node.flows.own_keys import certificate_until
from services.node.loops.lookout import keep
from services.node.rpc.upkeep_client import UpkeepClient
from services.node.store import outbox as outbox_store
from services.node.store import upkeep as upkeep_store
from services.node.store.outbox import Failure
from tests.store.lodge import ADMINISTRATOR, OFFICER

BOSS = ADMINISTRATOR.pseudonym
DAYS = timedelta(days=1)


@pytest.fixture
async def upkeep(lodge):
    async with UpkeepClient(lodge.socket, lodge.own.name) as client:
        yield client


async def worries(upkeep):
    return [each.code for each in (await upkeep.get_upkeep(BOSS)).worries]


async def test_a_backup_is_late_until_somebody_says_that_it_was_made(lodge, upkeep):
    assert {"backup_late", "restore_test_late"} <= set(await worries(upkeep))
    await upkeep.note_upkeep(BOSS, "backup")
    lodge.clock.wait(days=1)
    found = await upkeep.get_upkeep(BOSS)
    assert [(each.by, each.late) for each in found.done] == [(BOSS, False), ("", True)]
    assert found.database_mebibytes >= 1
    lodge.clock.wait(days=1)
    assert "backup_late" in await worries(upkeep)
    with pytest.raises(RelaisError) as refused:
        await upkeep.note_upkeep(BOSS, "breakfast")
    assert refused.value.code == "upkeep.unknown_act"


async def test_whoever_is_no_administrator_is_told_nothing(upkeep):
    for ask in (
        upkeep.get_upkeep,
        upkeep.list_keys,
        upkeep.list_peers,
        upkeep.measure_peers,
        upkeep.list_retention,
        upkeep.export_configuration,
    ):
        with pytest.raises(RelaisError) as refused:
            await ask(OFFICER.pseudonym)
        assert refused.value.code == "people.role_may_not"


async def test_a_key_is_told_with_its_end_and_worries_before_it(lodge, upkeep):
    own = lodge.own
    ends_at = certificate_until(own.adopted.directory.member(own.name))
    assert ends_at is not None
    lodge.clock.wire = ends_at - 60 * DAYS
    found = await upkeep.list_keys(BOSS)
    (tls,) = [each for each in found.keys if each.use == "tls"]
    assert (tls.state, tls.held, tls.days_left) == ("in_use", True, 60)
    sealing = [each for each in found.keys if each.use == "sealing"]
    assert all(each.held for each in sealing)
    assert found.sealing_until == max(each.ends_at for each in sealing)
    assert "tls_ends_soon" not in await worries(upkeep)
    for days, state, worry in ((50, "ends_soon", "tls_ends_soon"), (62, "over", "")):
        lodge.clock.wire = tls.ends_at - 60 * DAYS + days * DAYS
        (tls,) = [e for e in (await upkeep.list_keys(BOSS)).keys if e.use == "tls"]
        assert tls.state == state
        assert (worry or "tls_over") in await worries(upkeep)


async def test_how_a_peers_clock_goes_outlives_the_process(lodge, upkeep):
    own, now = lodge.own, lodge.clock.wire
    noted = Contacts()
    noted.measured("son-la", timedelta(minutes=-3), 1, now)
    noted.heard("liaison-yunnan", now)
    await keep(own, noted)
    await keep(own, noted)
    found = {each.member: each for each in await upkeep.list_peers(BOSS)}
    son_la = found["son-la"]
    assert (son_la.skew, son_la.ahead, son_la.skewed) == (180_000, False, True)
    assert (son_la.measured_at, son_la.protocol_version) == (now, 1)
    assert found["liaison-yunnan"].heard_at == now
    assert not found["liaison-yunnan"].skewed
    assert found["nha-hoa-ban"].heard_at.timestamp() == 0
    assert len({each.fingerprint for each in found.values()}) == len(found)
    assert son_la.joined_at == own.adopted.directory.time
    assert "peer_skewed" in await worries(upkeep)
    async with own.database.connection() as connection:
        assert len(await upkeep_store.contacts(connection)) == 2


async def test_who_chooses_is_told_whose_node_is_reached_and_whose_word_is_old(lodge):
    own, who = lodge.own, OFFICER.pseudonym
    said_at = own.adopted.directory.time
    now = lodge.clock.wire = said_at + STALE_AFTER
    noted = Contacts()
    noted.heard("son-la", now)
    await keep(own, noted)
    async with own.database.transaction() as connection:
        for name, minutes in (("nha-hoa-ban", 1), ("liaison-yunnan", -1)):
            again = now + timedelta(minutes=minutes)
            await outbox_store.failed(connection, Failure(name, 2, "x", now, again))
    asked = await lodge.desk.list_members(who, details=True)
    found = {each.name: each.details for each in asked}
    assert {each.said_at for each in found.values()} == {said_at}
    assert found["son-la"].heard_at == now
    assert found["nha-hoa-ban"].heard_at.timestamp() == 0
    assert {name: each.circuit for name, each in found.items()} == {
        "son-la": "closed",
        "nha-hoa-ban": "open",
        "liaison-yunnan": "trying",
    }
    assert not any(each.stale or each.median_seconds for each in found.values())
    lodge.clock.wait(seconds=1)
    asked = await lodge.desk.list_members(who, details=True)
    assert all(each.details.stale for each in asked)
    assert {each.details for each in await lodge.desk.list_members(who)} == {None}
