"""A citizen of Laos, found in Dien Bien, returns to Laos.

The same mechanism, the other way round (domain.md §1.3 door E, §2.2): the
province is the host side, the liaison of Laos the receiving one, and she travels
on a paper of her own country.
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
    planned,
)
from services.node.domain.bodies_return import TravelDocument

HOST, HOME = "dien-bien", "liaison-laos"
WAY = Homeward(
    "return", HOST, HOME, "tay_trang_panghok", "land", (21, "09:30"), "D1 D2 D5"
)


async def play(t: Telling) -> None:
    """Found on this side of the border; her home is on the other."""
    t.chapter("Found in Dien Bien")
    await t.on(0, "10:00")
    t.says(
        "She was brought from Laos with a promise of work. Police take her to the "
        "social service; what she needs she gets at once, whatever her papers say."
    )
    await t.opens(HOST, "foreigner_in_vn", profile(t.cast), identity(t.cast))
    await t.adds(HOST, record("D5", local_fit_to_travel="fit"))
    await t.on(1, "09:00")
    await t.asks(
        HOST,
        ("voluntary_return", HOME, "D1 D2 D5", True),
        ("contact_family", "family", "D0", True),
    )
    t.chapter("Laos is asked")
    await t.on(2, "09:00")
    need = offer(
        t.cast, "voluntary_return", "normal", "She wishes to return to her country."
    )
    await t.offers("return", HOST, HOME, need, "D1 D2 D5")
    await t.accepts("return", HOME)
    t.does(HOME, "accepts. Dien Bien answers for her until the gate.")
    await assessed(t, WAY, 8)
    now = await t.on(14, "15:00")
    paper = TravelDocument(
        "foreign_exit_permit", HOME, now, t.stage.instant(60, "0:00")
    )
    await t.takes("return", HOST, paper, other=HOME, state="document_ready")
    t.does(HOME, "sends the paper of her country.")
    await planned(t, WAY, 15)
    t.chapter("Tay Trang")
    await asked_again(t, WAY)
    await at_the_gate(t, WAY)
    await handed_over(t, WAY, "09:45")
    await t.learned(HOME)
