"""A silent partner: every deadline rings, in order, and nothing is closed by it.

Lao Cai asks for a search and hears nothing (domain.md §6.0). Its own people are
reminded, then those above; at last the offer expires, its keys are gone, and Lao
Cai, which answered all the time, asks somebody else.
"""

from __future__ import annotations

from services.cli.demo.answers import offer, profile
from services.cli.demo.stories.telling import Telling

PROVINCE, SILENT, OTHER = "lao-cai", "liaison-yunnan", "consulate-kunming"
MINISTRY = "ministry"


async def play(t: Telling) -> None:
    """Four hours, a day, two days; then another door."""
    t.chapter("A question without an answer")
    await t.on(0, "08:00")
    await t.opens(PROVINCE, "self_report", profile(t.cast))
    need = offer(
        t.cast, "tracing", "urgent", "Please look for somebody who is missing."
    )
    await t.offers("search", PROVINCE, SILENT, need)
    t.does(PROVINCE, "asks the liaison of Yunnan to look for her.")
    t.chapter("Silence, and what follows from it")
    for day, clock, deadline, levels, said in (
        (0, "12:00", "acknowledged", ("L1",), "four hours: a colleague is told"),
        (0, "14:00", "acknowledged", ("L1", "L2"), "six hours: the head is told"),
        (0, "16:00", "acknowledged", ("L1", "L2", "L3"), "eight hours: the ministry"),
        (0, "20:00", "acknowledged", ("L1", "L2", "L3", "L4"), "twelve hours: again"),
        (1, "08:00", "answered", ("L1",), "a day without an answer"),
        (1, "20:00", "answered", ("L1", "L2"), "a day and a half: the head again"),
    ):
        await t.on(day, clock)
        await t.rang(PROVINCE, "search", deadline, *levels)
        t.says(f"After {said}. Lao Cai answers for her.")
    t.chapter("Another door")
    await t.on(2, "08:00")
    await t.at(SILENT).sees(t.journey.referrals["search"], "expired")
    t.does(PROVINCE, "its node lets the offer expire: whoever opens it finds no key.")
    await t.on(2, "08:30")
    await t.offers("other search", PROVINCE, OTHER, need)
    await t.accepts("other search", OTHER)
    t.does(OTHER, "accepts and begins.")
