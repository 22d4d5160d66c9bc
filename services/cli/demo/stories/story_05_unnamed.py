"""An adult who does not wish to be named: helped, and reported without identity.

Support needs no name (domain.md §3): the centre, the province and the house know
her by a number that is another one at each of them. The police learn that
somebody recruits at a certain place, and nothing of who said so.
"""

from __future__ import annotations

from services.cli.demo.answers import offer, profile, record
from services.cli.demo.stories.telling import Telling

CENTRE, PROVINCE, POLICE = "hotline-hanoi", "lao-cai", "police-lao-cai"


async def play(t: Telling) -> None:
    """She says what she needs and keeps her name."""
    house = t.cast.houses[0]
    t.chapter("A call without a name")
    await t.on(0, "21:10")
    t.says(
        "A woman calls from a bus station. She does not say who she is, and nobody "
        "presses her. She needs a bed tonight, and she says where people are offered "
        "work across the border that is not what it seems."
    )
    await t.opens(CENTRE, "hotline", profile(t.cast))
    await t.adds(
        CENTRE, record("D4", "en", local_place_of_recruitment="a market square")
    )
    await t.asks(
        CENTRE,
        ("reception_shelter", PROVINCE, "D1", True),
        ("reception_shelter", PROVINCE, "D2", False),
        ("emergency_protection", POLICE, "D4", True),
    )
    t.chapter("A bed for tonight")
    await t.on(0, "21:25")
    need = offer(
        t.cast,
        "reception",
        "emergency",
        "A quiet bed tonight; she does not wish to be named.",
        "safe_accommodation",
    )
    await t.offers("reception", CENTRE, PROVINCE, need, "D1")
    await t.accepts("reception", PROVINCE)
    t.does(PROVINCE, "accepts. It knows a number, and that she speaks her language.")
    await t.asks(PROVINCE, ("reception_shelter", house, "D1", True))
    await t.on(0, "21:40")
    await t.offers("bed", PROVINCE, house, need, "D1")
    await t.accepts("bed", house)
    await t.learned(PROVINCE, house)
    t.chapter("A report without a name")
    await t.on(1, "08:30")
    tip = offer(
        t.cast,
        "tip",
        "urgent",
        "People are offered work across the border at a market square.",
    )
    await t.offers("tip", CENTRE, POLICE, tip)
    await t.accepts("tip", POLICE)
    await t.on(3, "09:00")
    await t.completes("tip", POLICE, CENTRE, "forwarded")
    t.does(POLICE, "has looked into it and says so; of her it knows nothing.")
    await t.learned(POLICE)
