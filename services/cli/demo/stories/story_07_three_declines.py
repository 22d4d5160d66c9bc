"""Three houses have no bed: the third no wakes the province, then the ministry.

A decline never moves anything (domain.md §6.0): the border guard answers on. The
third one escalates by itself, to the province; the province does not look, and so
the ministry learns of it, from both without a word about who she is.
"""

from __future__ import annotations

from services.cli.demo.answers import offer, profile
from services.cli.demo.narrator import name
from services.cli.demo.stories.telling import Telling
from services.node.domain.bodies import Acceptance, Completion

GUARD, PROVINCE, MINISTRY = "border-guard-lao-cai", "lao-cai", "ministry"


async def play(t: Telling) -> None:
    """No bed, no bed, no bed; and nobody is left alone with it."""
    t.chapter("No free bed")
    await t.on(0, "09:00")
    t.says("She came back over the hills by herself. The station is warm; not a home.")
    await t.opens(GUARD, "self_returned", profile(t.cast))
    houses = t.cast.houses
    await t.asks(
        GUARD,
        *(("reception_shelter", house, "D1", True) for house in houses),
        ("reception_shelter", PROVINCE, "D1", True),
    )
    need = offer(
        t.cast, "reception", "urgent", "A bed for some nights.", "safe_accommodation"
    )
    for number, house in enumerate(houses):
        await t.on(0, f"{9 + number}:30")
        await t.offers(house, GUARD, house, need, "D1")
        await t.declines(house, house, "no_capacity", GUARD)
        t.does(house, "has no free bed. The border guard answers on.")
    t.chapter("The third no")
    await t.escalated("to the province", GUARD, PROVINCE)
    t.does(GUARD, f"its node asks {name(PROVINCE)} for help, by itself and by codes.")
    await t.on(0, "23:45")
    t.says("Nobody at the province looks. At three times the limit it goes up.")
    await t.escalated("to the ministry", GUARD, MINISTRY)
    ministry = t.at(MINISTRY)
    told = t.journey.referrals["to the ministry"]
    await ministry.step(told, Acceptance())
    t.journey.cases[MINISTRY] = (await ministry.sees(told, "in_service")).case_pseudonym
    await t.learned(MINISTRY)
    t.chapter("Somebody answers")
    await t.on(1, "00:10")
    t.does(MINISTRY, "calls the province. Its duty officer takes it up.")
    await t.accepts("to the province", PROVINCE)
    await t.offers("bed", GUARD, PROVINCE, need, "D1")
    await t.accepts("bed", PROVINCE)
    t.does(PROVINCE, "receives her: from now on it answers for her.")
    done = Completion("successful", "assistance_given")
    await t.takes("to the province", PROVINCE, done, other=GUARD, state="done")
    await t.takes("to the ministry", MINISTRY, done, other=GUARD, state="done")
