"""What waits: nothing is lost or overtaken, nobody else waits, the sender learns.

Members of the real engine, with real databases and sealed envelopes; the wire clock
is the test's, so that hours and months of an outage pass at once.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.node.domain.bodies import Acceptance, Revocation
from services.node.domain.errors import RelaisError
from services.node.domain.reach import Reach
from services.node.flows import outbox
from services.node.flows.attention import count_attention, notices
from services.node.flows.compose import expired_before, expires_at
from services.node.flows.views import referral_view
from services.node.store import outbox as outbox_store
from tests.store.person import OFFICER, Person

HERE, AWAY, THERE = "lao-cai", "nha-hoa-ban", "son-la"
HOUR = timedelta(hours=1)


@pytest.fixture
def person(town):
    return Person(town)


class Administrator:
    """What is seen and done at the outbox of one member."""

    def __init__(self, town):
        self.town = town
        self.own = town.members[HERE].own

    @property
    def moment(self):
        return self.town.moment(HERE)

    async def destinations(self):
        rows = await outbox.destinations(self.own, self.moment, 100, 0)
        return {row.recipient: row for row in rows}

    async def dead(self):
        return await outbox.letters(self.own, self.moment, "", 100, 0, dead=True)

    async def waiting(self):
        return await outbox.letters(self.own, self.moment, AWAY, 100, 0, dead=False)

    async def give_back(self, digest):
        return await outbox.give_back(self.own, self.moment, digest, "admin")

    async def noticed(self):
        found = await noticed_at(self.town, HERE)
        return [(each.kind, each.peer) for each in found]

    async def reach(self, referral):
        view = await referral_view(
            self.own, referral.referral_id, self.moment.case.date()
        )
        return view.reach, view.mark.problem


@pytest.fixture
def administrator(town):
    return Administrator(town)


async def noticed_at(town, member):
    """What the officers of a member are told, and that it is counted like that."""
    at, moment = town.members[member], town.moment(member)
    holes = at.published.alarms.holes(moment.wire)
    found = await notices(at.own, moment.case.date(), moment, holes)
    counted = await count_attention(at.own, OFFICER, moment, holes)
    assert counted.notices == len(found)
    return found


async def while_away(town, hours):
    """So many hours in which what goes to one member does not arrive."""
    for _ in range(hours // 6):
        await town.send(HERE)
        while town.parcels:
            parcel = town.parcels.pop(0)
            if AWAY in {parcel.sender, parcel.recipient}:
                await town.lose(parcel)
            else:
                await town.bring(parcel)
                await town.answer(parcel.recipient)
        town.pass_time(6 * HOUR, 6 * HOUR)


async def received(town, member):
    rows = await town.rows(
        member,
        "SELECT e.referral_id, e.step FROM envelope_received AS v "
        "INNER JOIN ledger_leaf AS l ON v.digest = l.subject "
        "INNER JOIN event AS e ON v.event_id = e.event_id ORDER BY l.index",
    )
    return [(row["referral_id"], row["step"]) for row in rows]


async def refusal(doing):
    with pytest.raises(RelaisError) as caught:
        await doing
    return caught.value.code


async def test_a_member_away_for_72_hours_holds_up_nobody_and_loses_nothing(
    town, person, administrator
):
    await person.open(HERE)
    for kind in ("reception", "psychosocial_care"):
        await person.offer(HERE, AWAY, kind, sealed=False)
    first, second = person.referrals
    await person.step(first, "giver", Revocation("other"))
    await while_away(town, 36)
    await person.offer(HERE, THERE, "reintegration", sealed=False)
    third = person.referrals[-1]
    await while_away(town, 6)
    assert await received(town, THERE) == [(third.referral_id, "offer")]
    await while_away(town, 30)
    there = await administrator.destinations()
    assert (there[AWAY].waiting, there[AWAY].dead) == (3, 0)
    assert THERE not in there
    assert (await administrator.waiting())[0].attempts == 12
    assert await received(town, AWAY) == []
    assert await administrator.reach(second) == (Reach.WAITING, "peer.unreachable")
    assert await administrator.reach(third) == (Reach.DELIVERED, "")
    await town.settle_all()
    assert sorted(await received(town, AWAY)) == sorted(
        [
            (first.referral_id, "offer"),
            (first.referral_id, "revocation"),
            (second.referral_id, "offer"),
        ]
    )
    steps = [step for of, step in await received(town, AWAY) if of == first.referral_id]
    assert steps == ["offer", "revocation"]
    assert await administrator.destinations() == {}


async def test_what_expired_is_given_back_and_ends_by_the_recipients_own_word(
    town, person, administrator
):
    await person.open(HERE)
    await person.offer(HERE, AWAY, "reception", sealed=False)
    (referral,) = person.referrals
    await outbox.give_back_expired(administrator.own, administrator.moment)
    assert await administrator.noticed() == []
    town.pass_time(timedelta(days=31), timedelta(days=31))
    for _ in range(2):
        await outbox.give_back_expired(administrator.own, administrator.moment)
        assert await administrator.noticed() == [("not_received", AWAY)]
    assert await administrator.reach(referral) == (Reach.RETURNED, "")
    (letter,) = await administrator.dead()
    assert (letter.state, letter.problem) == ("expired", "envelope.expired")
    assert letter.returned_by == "node"
    # It is back: only its own refusal ends the delivery.
    await town.settle_all()
    (letter,) = await administrator.dead()
    assert (letter.state, letter.problem) == ("refused", "envelope.expired")
    assert await administrator.reach(referral) == (Reach.RETURNED, "envelope.expired")
    (case,) = await person.cases_at(HERE)
    assert case["answerable"] == "answerable"
    assert (await administrator.destinations())[AWAY].dead == 1


async def test_what_was_given_back_and_received_after_all_is_no_notice_any_more(
    town, person, administrator
):
    await person.open(HERE)
    await person.offer(HERE, AWAY, "reception", sealed=False)
    (referral,) = person.referrals
    (letter,) = await administrator.waiting()
    for _ in range(2):
        given = await administrator.give_back(letter.digest)
        assert (given.returned_by, given.state) == ("admin", "waiting")
    assert await administrator.noticed() == [("not_received", AWAY)]
    assert (await administrator.reach(referral))[0] is Reach.RETURNED
    await town.settle_all()
    assert await administrator.noticed() == []
    assert (await administrator.reach(referral))[0] is Reach.DELIVERED
    assert await refusal(administrator.give_back(letter.digest)) == "outbox.received"
    assert await refusal(administrator.give_back(b"?" * 32)) == "outbox.unknown"


async def test_a_retry_asks_now_and_never_again_for_what_was_refused_for_good(
    town, person, administrator
):
    own = administrator.own
    await person.open(HERE)
    await person.offer(HERE, AWAY, "reception", sealed=False)
    await town.send(HERE)
    assert await town.send(HERE) == 0
    (letter,) = await administrator.waiting()
    assert letter.next_try_at > town.wire
    asked = await outbox.retry(own, administrator.moment, "", letter.digest)
    assert asked == AWAY
    assert await town.send(HERE) == 1
    await outbox.retry(own, administrator.moment, AWAY, b"")
    assert await town.send(HERE) == 1
    town.pass_time(timedelta(days=31), timedelta(days=31))
    await town.settle_all()
    again = outbox.retry(own, administrator.moment, "", letter.digest)
    assert await refusal(again) == "outbox.refused_for_good"
    nobody = outbox.retry(own, administrator.moment, "nobody", b"")
    assert await refusal(nobody) == "directory.unknown_member"


async def test_the_circuit_to_a_member_is_seen_until_it_is_reached(
    town, person, administrator
):
    await person.open(HERE)
    await person.offer(HERE, AWAY, "reception", sealed=False)
    now = town.wire
    for failures in (1, 2):
        what = outbox_store.Failure(
            AWAY, failures, "peer.unreachable", now, now + failures * HOUR
        )
        async with administrator.own.database.transaction() as connection:
            await outbox_store.failed(connection, what)
    row = (await administrator.destinations())[AWAY]
    assert (row.failures, row.last_problem) == (2, "peer.unreachable")
    assert row.next_try_at == now + 2 * HOUR
    # Who sent it is told when it has waited a while, and no more when it is reached.
    assert await administrator.noticed() == []
    town.pass_time(HOUR, HOUR)
    assert await administrator.noticed() == [("unreachable", AWAY)]
    async with administrator.own.database.transaction() as connection:
        await outbox_store.reached(connection, AWAY)
    row = (await administrator.destinations())[AWAY]
    assert (row.failures, row.last_problem) == (0, "")
    assert await administrator.noticed() == []


async def test_a_hole_in_a_referral_is_told_until_it_is_filled(town, person):
    await person.open(HERE)
    await person.offer(HERE, AWAY, "reception", sealed=False)
    (referral,) = person.referrals
    # A relay that lost its place: it takes the offer for received and goes on.
    mark = "UPDATE outbox SET state = $1 WHERE state = $2 RETURNING number"
    await town.rows(HERE, mark, "received", "waiting")
    await person.step(referral, "giver", Revocation("other"))
    await town.send(HERE)
    assert await noticed_at(town, AWAY) == []
    (parcel,) = town.parcels
    await town.bring(parcel)
    (told,) = await noticed_at(town, AWAY)
    assert (told.kind, told.peer, told.referral) == ("hole", HERE, None)
    await town.rows(HERE, mark, "waiting", "received")
    await town.settle_all()
    assert await noticed_at(town, AWAY) == []


async def test_what_was_made_before_is_what_expires_by_then(town):
    for hours in range(24 * 29, 24 * 32, 5):
        made = town.wire
        now = made + hours * HOUR
        assert (made < expired_before(now)) == (expires_at(made) <= now)


async def test_the_receipt_of_a_release_confirms_the_handover(town, person):
    """It needs no one to wait for: once all is settled, the giver has handed over."""
    await person.open(HERE)
    await person.offer(HERE, THERE, "reception", sealed=True)
    (referral,) = person.referrals
    await town.settle_all()
    await person.step(referral, "receiver", Acceptance())
    await town.settle_all()
    (release,) = await town.rows(
        HERE,
        "SELECT o.state, c.digest IS NOT NULL AS receipted FROM event AS e "
        "INNER JOIN outbox AS o ON e.subject = o.digest "
        "LEFT JOIN receipt AS c ON o.digest = c.digest WHERE e.step = 'release'",
    )
    assert (release["state"], release["receipted"]) == ("received", True)
    (case,) = await person.cases_at(HERE)
    assert case["answerable"] == "handed", (
        "The receiver's receipt for the release is held, and the giver still stands "
        f"as {case['answerable']}: deliver.py does not confirm the handover."
    )
