"""The telling names an hour with what happens then, and no other."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from rich.console import Console

from services.cli.demo.narrator import Narrator
from services.node.domain.tables import VIETNAM

MORNING = datetime(2018, 3, 5, 8, 0, tzinfo=VIETNAM)
HOUR = timedelta(hours=1)


@pytest.fixture
def told() -> tuple[Narrator, io.StringIO]:
    text = io.StringIO()
    return Narrator(Console(file=text, width=80)), text


def lines(text: io.StringIO) -> list[str]:
    return [line.strip() for line in text.getvalue().splitlines() if line.strip()]


def test_an_hour_at_which_nothing_happens_is_not_named(told):
    narrator, text = told
    narrator.moment(MORNING)
    narrator.moment(MORNING + HOUR)
    narrator.says("She is asked.")
    assert lines(text) == ["Monday 5 March 2018, 09:00", "She is asked."]


def test_the_day_is_named_once_a_chapter(told):
    narrator, text = told
    narrator.moment(MORNING)
    narrator.does("lao-cai", "accepts.")
    narrator.moment(MORNING + HOUR)
    narrator.does("lao-cai", "calls.")
    narrator.moment(MORNING + 2 * HOUR)
    narrator.chapter("Later")
    narrator.says("She rests.")
    shown = [each for each in lines(text) if ":" in each]
    assert shown == [
        "Monday 5 March 2018, 08:00",
        "09:00",
        "Monday 5 March 2018, 10:00",
    ]
