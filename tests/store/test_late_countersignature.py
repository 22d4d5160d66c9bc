"""A countersignature may arrive when the person is back with the giver already."""

from __future__ import annotations

from services.node.domain.bodies import Acceptance
from services.node.domain.responsibility import chain_of_responsibility
from tests.store.person import HOLDS, Person
from tests.store.town import Town


async def test_countersignature_that_comes_after_the_person_came_back(
    town: Town,
) -> None:
    """Order holds within a referral only: the way back can overtake it."""
    person, giver, receiver = Person(town), "liaison-yunnan", "lao-cai"
    await person.open(receiver)
    await person.offer(receiver, giver, "protection_abroad", sealed=True)
    await town.settle_all()
    await person.step(person.referrals[-1], "receiver", Acceptance())
    await town.settle_all()
    await person.offer(giver, receiver, "voluntary_return", sealed=True)
    home = person.referrals[-1]
    await town.settle_all()
    await person.step(home, "receiver", Acceptance())
    await town.settle_all()
    await person.travel(home)
    await person.minutes(home)
    await town.settle_all()
    await person.countersign(home, agrees=True)
    await town.send(receiver)
    (late,) = town.parcels
    town.parcels.clear()
    await person.offer(receiver, giver, "protection_abroad", sealed=True)
    await town.settle_all(patient=False)
    await person.step(person.referrals[-1], "receiver", Acceptance())
    await town.settle_all(patient=False)
    town.parcels.append(late)
    chain = chain_of_responsibility(await person.periods())
    assert (chain.holders, chain.problems) == ((giver,), ())
    await town.settle_all()
    chain = chain_of_responsibility(await person.periods())
    assert (chain.holders, chain.problems) == ((giver,), ())
    beliefs = await person.beliefs()
    assert {member for (member, _), word in beliefs.items() if word in HOLDS} == {giver}
