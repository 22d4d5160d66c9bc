"""She does not return after all, when the paper is ready already.

The wish is hers until the border is crossed (domain.md §2.3). Taking it back
stops everything, costs nothing, and nobody asks why; whoever answered for her
goes on answering.
"""

from __future__ import annotations

from dataclasses import replace

from services.cli.demo.answers import answer, identity, offer, profile, record
from services.cli.demo.asked import write_down
from services.cli.demo.stories.telling import Telling
from services.cli.demo.stories.ways import Homeward, assessed, papered
from services.node.domain.identifiers import new_id

HOST, MISSION, HOME = "liaison-yunnan", "consulate-kunming", "ha-giang"
WAY = Homeward(
    "return", HOST, HOME, "thanh_thuy_tianbao", "land", (24, "10:00"), "D1 D2 D5"
)


async def play(t: Telling) -> None:
    """Everything is ready; then she says no."""
    t.chapter("A return is prepared")
    await t.on(0, "09:00")
    await t.opens(HOST, "self_report", profile(t.cast), identity(t.cast))
    await t.adds(HOST, record("D5", local_fit_to_travel="fit"))
    await t.asks(
        HOST,
        ("voluntary_return", HOME, "D1 D2 D5", True),
        ("travel_document", MISSION, "D1 D2", True),
    )
    await t.on(1, "09:00")
    need = offer(t.cast, "voluntary_return", "normal", "She wishes to return home.")
    await t.offers("return", HOST, HOME, need, "D1 D2 D5")
    await t.accepts("return", HOME)
    await assessed(t, WAY, 8)
    await papered(t, WAY, MISSION, 15)
    t.chapter("She changes her mind")
    now = await t.on(16, "11:00")
    t.says("She has thought it over. She would rather stay, and look for work here.")
    no = answer(t.cast, "voluntary_return", HOME, "D1 D2 D5", yes=False)
    no = replace(no, consent_id=new_id(), given_at=now, valid_until=now)
    await write_down(t.stage, t.at(HOST), t.journey.cases[HOST], no)
    for member in (HOST, HOME):
        await t.at(member).sees(t.journey.referrals["return"], "withdrawn")
    await t.at(HOST).acknowledged(t.journey.cases[HOST], HOME)
    t.does(
        HOST,
        "writes her no down; its node stops the return at once. Nobody asks for a "
        "reason, and the liaison still answers.",
    )
    t.does(HOME, "is told that she does not come. No step of the return is left.")
