"""The chapters in their order."""

from __future__ import annotations

from services.cli.demo.asked import asked_alone
from services.cli.demo.beginning import choice, follow_up
from services.cli.demo.call import call
from services.cli.demo.cast import Cast
from services.cli.demo.gate import crossing
from services.cli.demo.homeward import (
    appointment,
    paper_and_plan,
    return_offer,
    risk,
)
from services.cli.demo.journey import Chapter, Journey
from services.cli.demo.reception import reception
from services.cli.demo.search import found, search
from services.cli.demo.settling import settle
from services.cli.demo.sheet import case_sheet
from services.cli.demo.stage import Stage

CHAPTERS: tuple[Chapter, ...] = (
    call,
    search,
    found,
    asked_alone,
    return_offer,
    risk,
    paper_and_plan,
    appointment,
    crossing,
    reception,
    choice,
    follow_up,
    case_sheet,
)


async def play(stage: Stage, cast: Cast) -> Journey:
    """Play the whole journey and wait until nothing of it is on the way."""
    journey = Journey(cast)
    for chapter in CHAPTERS:
        await chapter(stage, journey)
    await settle(stage, journey)
    return journey
