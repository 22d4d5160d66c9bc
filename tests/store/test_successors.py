"""Keys follow by two: made once, signed as they were made, and dropped in time."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from services.node.domain.errors import RelaisError
from services.node.domain.upkeep import SEALING_AHEAD
from services.node.flows.own_keys import sealing_until
from services.node.flows.sealing_ceremony import drop_over
from services.node.keys.files import EPOCH_LENGTH, create_member_keys, load_sealing
from services.node.keys.sealing_batches import KEPT_AFTER, batches_in
from services.node.keys.successors import successors_in
from services.node.keys.tls import fingerprint
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.sign_in_values import ProofGiven
from services.node.rpc.upkeep_client import UpkeepClient
from services.node.wire.entries import SealingEpochs, TlsCert, decode_entry
from tests.store.lodge import ADMINISTRATOR, MEMBER, OFFICER, PASSWORD
from tests.store.test_admissions import refused

ADMIN, WHO = ADMINISTRATOR.pseudonym, OFFICER.pseudonym
SECOND = OfficerRead("quan-tri-9", "administrator", "office", active=True)


@pytest.fixture
async def office(lodge):
    """The administrator at the gateway's socket, who just proved who she is."""
    await lodge.desk.keep_officer(ADMIN, SECOND)
    token = await lodge.enter(ADMIN)
    socket = lodge.socket.with_name("gateway.sock")
    async with UpkeepClient(socket, MEMBER) as upkeep:
        yield upkeep.acting(token), lodge.web.acting(token)


async def test_one_administrator_asks_and_another_has_the_key_made(lodge, office):
    upkeep, door = office
    folder = lodge.own.keys_folder
    lodge.clock.wait(minutes=10)
    assert await refused(upkeep.ask_key("")) == "sign_in.reauthenticate"
    await door.reauthenticate(ProofGiven(password=PASSWORD))
    waits = (await upkeep.ask_key("")).waits_until
    found = await upkeep.list_keys("")
    assert (found.asked_by, found.waits_until) == (ADMIN, waits)
    # Who works on cases is not told, and who asked is not the second.
    assert await lodge.desk.list_admissions(WHO) == ()
    (waiting,) = await lodge.desk.list_admissions(SECOND.pseudonym)
    number = waiting.admission_id
    for who, code in ((WHO, "admission.key_not_second"), (ADMIN, "admission.own")):
        yes = lodge.desk.answer_admission(who, number, confirmed=True)
        assert await refused(yes) == code
    assert successors_in(folder) == ()
    # The other asks, too: what is confirmed first is made, and nothing beside it.
    theirs = await lodge.enter(SECOND.pseudonym)
    await upkeep.acting(theirs).ask_key("")
    await lodge.desk.answer_admission(SECOND.pseudonym, number, confirmed=True)
    (late,) = await lodge.desk.list_admissions(ADMIN)
    yes = lodge.desk.answer_admission(ADMIN, late.admission_id, confirmed=True)
    assert await refused(yes) == "keys.successor_waits"
    await lodge.desk.answer_admission(ADMIN, late.admission_id, confirmed=False)
    (made,) = successors_in(folder)
    found = await upkeep.list_keys("")
    assert found.successor is not None
    assert found.successor.fingerprint == made.fingerprint
    # What is signed is this certificate, of this member, as of its making.
    entry = decode_entry(found.successor.entry)
    assert isinstance(entry.change, TlsCert)
    assert fingerprint(entry.change.certificate) == made.fingerprint
    assert (entry.subject, entry.created_at) == (MEMBER, found.successor.made_at)
    assert (await upkeep.list_keys("")).successor == found.successor
    # It serves nobody yet, and there is no second one beside it.
    assert fingerprint(lodge.own.keys.tls_cert_pem) != made.fingerprint
    assert await refused(upkeep.ask_key("")) == "keys.successor_waits"
    told = [each for each in await lodge.events(ADMIN) if "admi" in each]
    assert told[-2:] == ["admission_asked", "admitted"]


async def test_a_refused_key_is_never_made(lodge, office):
    upkeep, door = office
    await door.reauthenticate(ProofGiven(password=PASSWORD))
    await upkeep.ask_key("")
    (waiting,) = await lodge.desk.list_admissions(SECOND.pseudonym)
    number = waiting.admission_id
    await lodge.desk.answer_admission(SECOND.pseudonym, number, confirmed=False)
    found = await upkeep.list_keys("")
    assert (found.asked_by, found.successor) == ("", None)
    with pytest.raises(RelaisError):
        await lodge.desk.answer_admission(SECOND.pseudonym, number, confirmed=True)
    assert successors_in(lodge.own.keys_folder) == ()


async def test_the_sealing_keys_of_a_quarter_are_made_by_two_of_the_missing_weeks(
    lodge,
):
    """Eight weeks lie ahead: thirteen are missing of the 21 from this week on."""
    own, folder = lodge.own, lodge.own.keys_folder
    until = sealing_until(own.adopted.directory.member(own.name))
    assert until is not None
    lodge.clock.wire = until - SEALING_AHEAD
    await lodge.desk.keep_officer(ADMIN, SECOND)
    token, second = await lodge.enter(ADMIN), SECOND.pseudonym
    async with UpkeepClient(lodge.socket.with_name("gateway.sock"), MEMBER) as upkeep:
        desk = upkeep.acting(token)
        sealing = (await desk.list_keys("")).sealing
        assert (sealing.due_at, sealing.weeks_missing) == (until - SEALING_AHEAD, 13)
        assert await refused(desk.ask_key("", "breakfast")) == "keys.unknown_ceremony"
        waits = (await desk.ask_key("", "sealing")).waits_until
        sealing = (await desk.list_keys("")).sealing
        assert (sealing.asked_by, sealing.waits_until) == (ADMIN, waits)
        (waiting,) = await lodge.desk.list_admissions(second)
        number = waiting.admission_id
        yes = lodge.desk.answer_admission(WHO, number, confirmed=True)
        assert await refused(yes) == "admission.key_not_second"
        assert batches_in(folder) == ()
        await lodge.desk.answer_admission(second, number, confirmed=True)
        found = await desk.list_keys("")
        made, (batch,) = found.sealing.made, batches_in(folder)
        assert made is not None
        assert (made.weeks, made.begins_at) == (13, until)
        assert (made.name, found.successor) == (batch.name, None)
        # What is signed is these keys, of this member, as of their making.
        entry = decode_entry(made.entry)
        assert isinstance(entry.change, SealingEpochs)
        assert [each.key.raw for each in entry.change.epochs] == [
            each.key.public_raw for each in batch.epochs
        ]
        assert (entry.subject, entry.created_at) == (MEMBER, made.made_at)
        lodge.clock.wait(minutes=1)
        assert (await desk.list_keys("")).sealing.made == made
        assert await refused(desk.ask_key("", "sealing")) == "keys.sealing_waits"
    # At its own host one is enough, and 21 weeks are enough.
    lodge.clock.wire = until - 21 * EPOCH_LENGTH
    for path in (folder / batch.name).iterdir():
        path.unlink()
    async with UpkeepClient(lodge.socket, MEMBER) as host:
        assert await refused(host.ask_key(ADMIN, "sealing")) == "keys.sealing_enough"
        lodge.clock.wait(days=7)
        await host.ask_key(ADMIN, "sealing")
        made = (await host.list_keys(ADMIN)).sealing.made
        assert made is not None
        assert (made.weeks, made.begins_at) == (1, until)


async def test_a_sealing_key_goes_37_days_after_its_week_and_the_newest_never(
    lodge, tmp_path, founded_town
):
    folder = tmp_path / "keys"
    shutil.copytree(founded_town.keys / MEMBER, folder)
    own = replace(lodge.own, keys_folder=folder)
    first, *_, newest = load_sealing(folder, "sealing")
    over = first.begins + EPOCH_LENGTH + KEPT_AFTER
    assert drop_over(own, over - timedelta(seconds=1)) == 0
    assert drop_over(own, over) == 1
    assert first.begins not in {e.begins for e in load_sealing(folder, "sealing")}
    assert drop_over(own, over + timedelta(days=3650)) == 19
    (left,) = load_sealing(folder, "sealing")
    assert left.key.key_id == newest.key.key_id
    # Keys that no directory lists are another's to delete.
    create_member_keys(tmp_path / "others", MEMBER, over, epochs=2)
    elsewhere = replace(own, keys_folder=tmp_path / "others")
    assert drop_over(elsewhere, over + timedelta(days=3650)) == 0
