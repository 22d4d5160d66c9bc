"""A child under sixteen: a guardian, a best-interest decision, an escort.

The child is asked first and listened to; a yes counts only together with the
guardian's, and without a recorded best-interest decision no return is offered,
whoever agreed (domain.md §2.3, §5.c, §10.9; Palermo Protocol Art 8).
"""

from __future__ import annotations

from dataclasses import replace

from services.cli.demo.answers import answer, offer, record
from services.cli.demo.asked import write_down
from services.cli.demo.stories.telling import Telling
from services.cli.demo.stories.ways import (
    Homeward,
    asked_again,
    assessed,
    at_the_gate,
    handed_over,
    papered,
    planned,
    wished_again,
)
from services.node.domain.bodies import Offer
from services.node.domain.bodies_return import Reconsent
from services.node.domain.errors import NotLawfulError

HOST, MISSION, HOME = "liaison-yunnan", "consulate-kunming", "ha-giang"
WAY = Homeward(
    "return",
    HOST,
    HOME,
    "thanh_thuy_tianbao",
    "land",
    (28, "10:00"),
    "D1 D2 D13",
    placement="relatives",
    child=True,
)


async def play(t: Telling) -> None:
    """Fourteen years old; nobody decides over the child's head."""
    t.chapter("A child is found")
    day = await t.on(0, "09:00")
    t.says(
        "A girl of fourteen is found. A guardian is appointed the same day, and a "
        "social worker of her language stays with her."
    )
    born = day.date().replace(year=day.year - 14, month=1, day=15)
    await t.opens(
        HOST,
        "rescued",
        record(
            "D1", prs_Gender="Feminine", prs_Citizenship="VN", local_age_band="9_17"
        ),
        record(
            "D2",
            prs_FirstName=t.cast.given_name,
            prs_SecondName=t.cast.family_name,
            prs_Birthdate=born.isoformat(),
        ),
    )
    await t.adds(HOST, record("D13", local_guardian="appointed"))
    t.chapter("She is asked, and her guardian")
    await t.on(1, "10:00")
    t.says("Her own yes alone opens nothing; her guardian's alone would not either.")
    await t.asks(HOST, ("voluntary_return", HOME, "D1 D2 D13", True))
    need = offer(t.cast, "voluntary_return", "normal", "A child wishes to go home.")
    await _refused(t, need, "She agreed, but no guardian did: nothing is sent.")
    await _both_say_yes(t, ("voluntary_return", HOME, "D1 D2 D13"))
    await _both_say_yes(t, ("travel_document", MISSION, "D1 D2"))
    await _refused(t, need, "Both agreed, but nobody determined what is best for her.")
    t.chapter("What is best for her")
    await t.on(6, "14:00")
    t.says(
        "A panel hears her, reads the report on her family and decides: to return, "
        "to her aunt, with a person she trusts."
    )
    await t.adds(
        HOST,
        record("D13", local_guardian="appointed", local_best_interest="return"),
    )
    await t.on(7, "09:00")
    await t.offers("return", HOST, HOME, need, "D1 D2 D13")
    await t.accepts("return", HOME)
    await assessed(t, WAY, 13)
    await papered(t, WAY, MISSION, 20)
    await planned(t, WAY, 21)
    t.chapter("With somebody she trusts")
    await _confirmed_by_her_alone(t)
    await asked_again(t, WAY)
    await at_the_gate(t, WAY)
    await handed_over(t, WAY, "10:15")
    await t.learned(HOME)


async def _both_say_yes(t: Telling, asked: tuple[str, str, str]) -> None:
    """The child assents and the guardian consents: one record."""
    said = replace(
        answer(t.cast, *asked, yes=True),
        subject="both",
        capacity="child_assent_plus_guardian",
    )
    await write_down(t.stage, t.at(HOST), t.journey.cases[HOST], said)


async def _confirmed_by_her_alone(t: Telling) -> None:
    """On the day before, too, the guardian's word is needed beside hers."""
    now = await t.on(WAY.crossing[0] - 1, "14:00")
    wish = wished_again(t, replace(WAY, child=False), now)
    try:
        await t.at(HOST).step(t.journey.referrals["return"], Reconsent(wish))
    except NotLawfulError as error:
        t.does(HOST, f"She confirms it, her guardian has not yet. {error.message}")
        return
    message = "a child's confirmation counted without the guardian's"
    raise RuntimeError(message)


async def _refused(t: Telling, need: Offer, why: str) -> None:
    who = t.at(HOST)
    try:
        await who.offer(t.journey.cases[HOST], HOME, need, "D1", "D2", "D13")
    except NotLawfulError:
        t.does(HOST, why)
        return
    message = "a child's return was offered without what the law asks"
    raise RuntimeError(message)
