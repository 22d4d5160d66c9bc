"""A member says that it receives nobody new: who may, who is told, until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from relais.exchange.v1 import probe_pb2
from services.node.domain.closed_to_new import FRESH, ClosedToNew
from services.node.domain.errors import RelaisError
from services.node.domain.identifiers import new_id
from services.node.flows.closed_to_new import OwnWord, own_word
from services.node.rpc.closed_words import keep_word, word_to
from tests.store.lodge import ADMINISTRATOR, AUDITOR, OFFICER

WHO = OFFICER.pseudonym
DAY = timedelta(days=1)


async def code_of(call):
    with pytest.raises(RelaisError) as refused:
        await call
    return refused.value.code


async def test_it_is_said_once_ends_by_itself_and_is_kept_with_who_said_it(lodge):
    desk, now, act = lodge.desk, lodge.clock.wire, new_id()
    assert (await desk.get_closed_to_new(WHO)).closed is None
    full = ClosedToNew(now, now + DAY, ("reception",), "full")
    await desk.say_closed_to_new(WHO, full, event_id=act)
    lodge.clock.wait(minutes=5)
    await desk.say_closed_to_new(WHO, full, event_id=act)
    found = await desk.get_closed_to_new(WHO)
    assert (found.closed, found.said_by) == (full, WHO)
    assert "reception" in found.may_be_asked
    assert (await own_word(lodge.own, now)).closed == full
    again = desk.say_closed_to_new(WHO, None, event_id=act)
    assert await code_of(again) == "act.id_reused"
    tracing = ClosedToNew(now, now + DAY, ("moon",), "full")
    assert await code_of(desk.say_closed_to_new(WHO, tracing)) == "closed.malformed"
    for other in (AUDITOR, ADMINISTRATOR):
        said = desk.say_closed_to_new(other.pseudonym, None)
        assert await code_of(said) == "people.role_may_not"
    assert (await desk.get_closed_to_new(WHO)).closed == full
    lodge.clock.wait(days=1)
    assert (await desk.get_closed_to_new(WHO)).closed is None
    looks = await desk.review_access(AUDITOR.pseudonym)
    said = [each for each in looks if each.what == "WorkService/SayClosedToNew"]
    assert [each.outcome for each in said if each.officer == WHO][-2:] == ["ok", "ok"]


async def test_what_a_peer_says_is_told_with_its_age_and_silence_as_silence(
    lodge, monkeypatch
):
    own, now = lodge.own, lodge.clock.wire
    full = ClosedToNew(now, now + DAY, (), "full")
    told = probe_pb2.ProbeResponse(closed_to_new=word_to(OwnWord(full)))
    await keep_word(own, "nha-hoa-ban", told, now)
    receives = probe_pb2.ProbeResponse(closed_to_new=word_to(OwnWord(None)))
    await keep_word(own, "son-la", receives, now)
    # A node of an older version leaves it out.
    await keep_word(own, "liaison-yunnan", probe_pb2.ProbeResponse(), now)

    async def words():
        return {each.name: each.word for each in await lodge.desk.list_members(WHO)}

    # Nobody of this town can be dialled: nothing that is told would get here.
    assert {(e.untold, e.closed) for e in (await words()).values()} == {(True, None)}
    directory = own.adopted.directory
    here = directory.members[own.name]
    said = replace(here.description, peers_address="127.0.0.1:1")
    members = {**directory.members, own.name: replace(here, description=said)}
    monkeypatch.setattr(own.adopted, "directory", replace(directory, members=members))
    found = await words()
    house, son_la = found["nha-hoa-ban"], found["son-la"]
    assert (house.closed, house.heard_at, house.stale) == (full, now, False)
    assert (son_la.closed, son_la.heard_at) == (None, now)
    assert found["liaison-yunnan"].heard_at.timestamp() == 0
    assert not any(each.untold for each in found.values())
    lodge.clock.wire = now + FRESH + timedelta(seconds=1)
    house = (await words())["nha-hoa-ban"]
    assert (house.closed, house.stale) == (full, True)
    await keep_word(own, "nha-hoa-ban", receives, lodge.clock.wire)
    await keep_word(own, "nha-hoa-ban", told, now)
    house = (await words())["nha-hoa-ban"]
    assert (house.closed, house.stale) == (None, False)
