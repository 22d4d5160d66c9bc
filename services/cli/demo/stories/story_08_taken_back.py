"""She takes back her yes, when others hold copies already.

The police hold what Lao Cai told them; the border guard got it by a copy of an
answer that she gave to somebody else. Each no reaches whoever rests on that yes,
and leaves the rest alone (domain.md §5.c, §6.4). The keys go at once; what a law
keeps nobody works with, and she is told in plain words which law that is.
"""

from __future__ import annotations

from services.cli.demo.answers import identity, offer, profile
from services.cli.demo.stories.telling import Telling

HOST, HOME = "liaison-yunnan", "lao-cai"
GATE, POLICE = "border-guard-lao-cai", "police-lao-cai"
SHOWN = "D1 D2"


async def play(t: Telling) -> None:
    """Three members know who she is; she says no, and no again."""
    await _told(t)
    t.chapter("She takes back one yes")
    await t.on(3, "16:00")
    t.says("She does not wish to speak to the police after all. Nobody asks why.")
    await t.takes_back(HOME, "criminal_justice_cooperation", POLICE)
    await t.learned(POLICE)
    await _refused(t)
    t.does(HOME, "goes on preparing the return: to that she still agrees.")
    t.chapter("She takes back all of it")
    await t.on(5, "10:00")
    t.says("She would rather stay where she is for now, and she says it in one word.")
    await t.takes_back(HOST, "border_handover", HOME)
    await t.at(HOME).acknowledged(t.journey.cases[HOME], GATE)
    await t.takes_back(HOST, "voluntary_return", HOME)
    await t.learned(GATE, HOME)
    t.does(HOST, "answers for her, as before.")
    t.chapter("What she is given to read")
    for member in (HOME, HOST):
        for line in await _receipt(t, member):
            t.says(line)


async def _told(t: Telling) -> None:
    t.chapter("Who holds a copy")
    await t.on(0, "09:00")
    await t.opens(HOST, "rescued", profile(t.cast), identity(t.cast))
    await t.asks(
        HOST,
        ("voluntary_return", HOME, SHOWN, True),
        ("border_handover", GATE, SHOWN, True),
    )
    wish = offer(t.cast, "voluntary_return", "normal", "She wishes to return home.")
    await t.offers("return", HOST, HOME, wish, SHOWN)
    await t.accepts("return", HOME)
    await t.on(1, "09:00")
    meet = offer(t.cast, "border_handover", "normal", "Please meet her at the gate.")
    await t.offers("gate", HOME, GATE, meet, SHOWN)
    await t.accepts("gate", GATE)
    t.does(HOME, "tells the border guard, on a copy of the answer that she gave.")
    await t.on(1, "14:00")
    t.says("On the telephone an officer of Lao Cai asks whether the police may know.")
    await t.asks(HOME, ("criminal_justice_cooperation", POLICE, SHOWN, True))
    file = offer(t.cast, "criminal_justice", "normal", "She would like to be heard.")
    await t.offers("file", HOME, POLICE, file, SHOWN)
    await t.accepts("file", POLICE)
    await t.learned(GATE, POLICE)


async def _refused(t: Telling) -> None:
    """Nothing goes to the police on the yes that she took back."""
    again = offer(t.cast, "criminal_justice", "normal", "Would she be heard after all?")
    case = t.journey.cases[HOME]
    doing = t.at(HOME).offer(case, POLICE, again, *SHOWN.split())
    error = await t.refused("disclosure.no_basis", doing)
    t.does(HOME, f"could not send it again if it tried: {error.code}.")


async def _receipt(t: Telling, member: str) -> tuple[str, ...]:
    """Every sentence that a member can read out to her, no by no."""
    who = t.at(member)
    told = await who.desk.read_receipts(who.officer, t.journey.cases[member])
    return tuple(line for each in told for line in each.sentences)
