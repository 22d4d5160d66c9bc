"""Two papers, two birth dates: disputed at the gate, and solved there.

A mismatch never moves responsibility (domain.md §6.2): the giver answers on, and
she waits where there is food, an interpreter and a telephone until both sides
have read the same thing.
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
from services.node.domain.bodies_return import CheckIn, Dispute, Minutes

HOST, MISSION, HOME = "liaison-yunnan", "consulate-kunming", "lai-chau"
WAY = Homeward(
    "return", HOST, HOME, "ma_lu_thang_jinshuihe", "land", (23, "10:00"), "D1 D2 D5"
)


async def play(t: Telling) -> None:
    """One digit differs; nobody is sent back for it."""
    t.chapter("The way to the gate")
    await t.on(0, "09:00")
    await t.opens(HOST, "rescued", profile(t.cast), identity(t.cast))
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
    await planned(t, WAY, 17)
    await asked_again(t, WAY)
    t.chapter("Two birth dates")
    await at_the_gate(t, WAY)
    now = await t.on(23, "10:05")
    minutes = Minutes(WAY.gate, now, 1, "match", "well", ("travel_document",))
    signed = await t.takes("return", HOST, minutes, other=HOME, state="minuted")
    differs = Dispute(signed, ("identity_mismatch",))
    await t.takes("return", HOME, differs, other=HOST, state="disputed")
    t.does(
        HOME,
        "reads another birth date than the minutes and does not sign. The liaison "
        "answers on; she waits in the rest room of the gate with an interpreter, a "
        "meal and a telephone.",
    )
    now = await t.on(23, "11:00")
    word = CheckIn(now, "well")
    await t.takes("return", HOST, word, other=HOME, state="disputed")
    t.chapter("Solved")
    t.says("A digit was copied wrongly. Both officers compare the paper itself.")
    await handed_over(t, WAY, "11:40")
