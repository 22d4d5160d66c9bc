"""From Malaysia by air: a protection order, the mission, no bilateral treaty.

No agreement between the two countries names a channel, so the mission verifies
who she is and the return rests on her own word and the ASEAN convention
(domain.md §2.1). She lands at Noi Bai; there is no gate between two officers'
desks, but there are minutes all the same.
"""

from __future__ import annotations

from services.cli.demo.answers import identity, offer, profile, record
from services.cli.demo.stories.telling import Telling
from services.cli.demo.stories.ways import (
    Homeward,
    asked_again,
    assessed,
    at_the_gate,
    handed_over,
    papered,
    planned,
)

HOST, MISSION, HOME = "liaison-malaysia", "mission-kuala-lumpur", "yen-bai"
WAY = Homeward(
    "return", HOST, HOME, "noi_bai_airport", "air", (22, "14:00"), "D1 D2 D5"
)


async def play(t: Telling) -> None:
    """A protection order, a paper, a seat on an aeroplane, and somebody who waits."""
    t.chapter("Under a protection order")
    await t.on(0, "09:00")
    t.says(
        "A court has placed her under a protection order in a shelter. She is told "
        "what it means, for how long it holds, and that she may ask for it to end."
    )
    await t.opens(HOST, "rescued", profile(t.cast), identity(t.cast))
    await t.adds(
        HOST,
        record("D5", local_fit_to_travel="fit"),
        record("D9", local_host_case_reference="protection order"),
    )
    await t.on(1, "10:00")
    t.says("She wishes to go home. Each question is asked apart:")
    await t.asks(
        HOST,
        ("travel_document", MISSION, "D1 D2", True),
        ("voluntary_return", HOME, "D1 D2 D5", True),
        ("feedback_to_host_country", HOST, "D0", True),
        ("contact_family", "family", "D0", False),
        ("criminal_justice_cooperation", "police-lao-cai", "D4", False),
    )
    t.chapter("Who will receive her")
    await t.on(2, "09:00")
    need = offer(
        t.cast, "voluntary_return", "normal", "She wishes to return home by air."
    )
    await t.offers("return", HOST, HOME, need, "D1 D2 D5")
    await t.accepts("return", HOME)
    t.does(HOME, "accepts. The liaison answers for her until the airport.")
    await assessed(t, WAY, 7)
    await papered(t, WAY, MISSION, 14)
    await planned(t, WAY, 16)
    t.chapter("Noi Bai")
    await asked_again(t, WAY)
    await at_the_gate(t, WAY)
    await handed_over(t, WAY, "14:20")
    await t.learned(HOME)
