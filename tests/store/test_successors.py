"""A successor of the certificate is made by two, once, and signed as it was made."""

from __future__ import annotations

import pytest

from services.node.domain.errors import RelaisError
from services.node.keys.successors import successors_in
from services.node.keys.tls import fingerprint
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.sign_in_values import ProofGiven
from services.node.rpc.upkeep_client import UpkeepClient
from services.node.wire.entries import TlsCert, decode_entry
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
