"""An internal note stays at its member: it is sealed, logged, and leaves by no way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.domain.bodies import Acceptance, Offer, Question, Reply
from services.node.domain.identifiers import new_id
from services.node.domain.notes import Note
from services.node.flows.disclose import records_of
from services.node.flows.make_offer import MakeOffer
from services.node.flows.notes import KeepNote, notes_of
from services.node.flows.said import open_salted
from services.node.store import events as event_store
from tests.store.person import OFFICER, Person, Referral

GIVER, SHELTER = "lao-cai", "nha-hoa-ban"
CANARY = "Sươngkhuya"
NOTE = Note(f"{CANARY}: gọi lại cho đồng nghiệp trước.", "vi")
ASKED = Offer("reception", "normal", (), "adult", "1", ("vi",), (), "?", "vi", ())
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"


@pytest.fixture
def person(town):
    return Person(town)


def write(person, case, note=NOTE, event_id=b""):
    own, moment = person.town.members[GIVER].own, person.town.moment(GIVER)
    event_id = event_id or new_id()
    return KeepNote(own, OFFICER.actor(), event_id, case, note, moment)


async def offered(person, case):
    """What is known when the note stands already goes to the shelter, sealed."""
    town, moment = person.town, person.town.moment(GIVER)
    await person.consent(GIVER, case, SHELTER, "reception", "given")
    asked = (ASKED, ("D1",), moment.case, moment)
    own, actor = town.members[GIVER].own, OFFICER.actor()
    offer = MakeOffer(own, actor, new_id(), case, SHELTER, *asked)
    made = await town.act(GIVER, offer)
    referral = Referral(made.result.referral_id, GIVER, SHELTER, "reception")
    person.referrals.append(referral)
    return referral


async def held_in_clear(town, member):
    """The tables of a member in which the note stands for whoever can read them."""
    found = []
    spelled = (CANARY, CANARY.encode().hex())
    for (table,) in await town.rows(member, TABLES):
        every = f"SELECT t::text AS row FROM {table} AS t"  # noqa: S608 - its own name
        rows = await town.rows(member, every)
        if any(each in row["row"] for row in rows for each in spelled):
            found.append(table)
    return found


async def test_a_note_leaves_by_no_way(person):
    town = person.town
    await person.open(GIVER)
    (case,) = await person.cases_at(GIVER)
    await town.act(GIVER, write(person, case["pseudonym"]))
    assert not await town.rows(GIVER, "SELECT 1 FROM outbox")
    referral = await offered(person, case["pseudonym"])
    await town.settle_all()
    await person.step(referral, "receiver", Question("?", "vi"))
    await town.settle_all()
    await town.act(GIVER, write(person, case["pseudonym"]))
    await person.step(referral, "giver", Reply(".", "vi"))
    await town.settle_all()
    await person.step(referral, "receiver", Acceptance())
    await town.settle_all()
    assert await person.state(referral, "receiver") == "in_service"
    for member in (GIVER, SHELTER):
        assert await held_in_clear(town, member) == []
        own = town.members[member].own
        async with own.database.connection() as connection:
            crossed = await event_store.events_of_referral(
                connection, referral.referral_id
            )
        said = [open_salted(own, each) for each in crossed]
        assert len(said) >= len(("offer", "question", "answer", "accept", "release"))
        assert not [each for each in said if CANARY.encode() in each]
    (there,) = await person.cases_at(SHELTER)
    shelter = town.members[SHELTER].own
    assert await notes_of(shelter, there["pseudonym"]) == ()
    async with shelter.database.connection() as connection:
        known = await records_of(shelter, connection, there["case_id"])
    assert known
    assert CANARY not in str(known)


async def test_a_note_is_read_here_as_it_was_written_and_stands_in_the_ledger(person):
    town = person.town
    await person.open(GIVER)
    (case,) = await person.cases_at(GIVER)
    first, event_id = write(person, case["pseudonym"]), new_id()
    await town.act(GIVER, first)
    town.pass_time(timedelta(hours=1))
    later = write(person, case["pseudonym"], Note("Second.", "en"), event_id)
    logged = await town.act(GIVER, later)
    # A form that is sent twice is one note.
    again = await town.act(GIVER, later)
    found = await notes_of(town.members[GIVER].own, case["pseudonym"])
    assert [each.note for each in found] == [Note("Second.", "en"), NOTE]
    assert found[0].actor == OFFICER.actor()
    rows = await town.rows(
        GIVER, "SELECT index FROM ledger_leaf WHERE subject = $1", event_id
    )
    assert [row["index"] for row in rows] == [logged.index] == [again.index]
