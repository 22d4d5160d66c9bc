"""The table of contents: which stories there are, and when their clocks begin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.cli.demo.stories import (
    story_01_the_year,
    story_02_malaysia,
    story_03_moc_bai,
    story_04_child,
    story_05_unnamed,
    story_06_stays,
    story_07_three_declines,
    story_08_taken_back,
    story_09_to_laos,
    story_10_at_the_gate,
    story_11_two_laws,
    story_12_silence,
)
from services.cli.demo.stories.telling import Telling
from services.node.domain.errors import NotFoundError

CLOCK = "2018-03-05T08:00:00+07:00"


@dataclass(frozen=True, slots=True)
class Story:
    """One story: ``clock`` is when its case clock begins (ISO 8601, aware)."""

    number: int
    title: str
    play: Callable[[Telling], Awaitable[None]]
    clock: str = CLOCK


STORIES = {
    each.number: each
    for each in (
        Story(1, "One person's way, and the year after it", story_01_the_year.play),
        Story(2, "Home from Malaysia by air", story_02_malaysia.play),
        Story(3, "Eleven people at Moc Bai", story_03_moc_bai.play),
        Story(4, "A child, and what is best for her", story_04_child.play),
        Story(5, "Somebody who keeps her name", story_05_unnamed.play),
        Story(6, "She stays after all", story_06_stays.play),
        Story(7, "Three houses without a bed", story_07_three_declines.play),
        Story(8, "She takes back her yes", story_08_taken_back.play),
        Story(9, "Home to Laos", story_09_to_laos.play),
        Story(10, "Two birth dates", story_10_at_the_gate.play),
        Story(
            11,
            "A case that two laws share",
            story_11_two_laws.play,
            clock="2025-06-23T08:00:00+07:00",
        ),
        Story(12, "Silence", story_12_silence.play),
    )
}


def story(number: int) -> Story:
    """The story with this number; raises NotFoundError naming those there are."""
    if number not in STORIES:
        known = ", ".join(f"{each.number} ({each.title})" for each in STORIES.values())
        raise NotFoundError(
            "demo.unknown_story",
            f"There is no story {number}.",
            remedy=f"There are: {known}.",
        )
    return STORIES[number]
