"""A console at the end of a slow line, and at the end of one that is cut."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.console.chromium import open_another
from tests.console.consoles import HOUSE, Consoles, code_time
from tests.console.seats import Seat, Seats
from tests.console.slow_line import FAR, Quality, SlowLine, slow_line

BUDGET = 30
"""Seconds."""
READS = 6_000
"""Milliseconds in which somebody reads a page, with the line idle."""


@contextmanager
def at_the_end_of(
    quality: Quality, consoles: Consoles, browser: Browser, seed: int = 1
) -> Iterator[tuple[SlowLine, Seats]]:
    """A line to the house, and a browser at its end that has kept nothing."""
    port = urlsplit(consoles.origin(HOUSE)).port
    assert port is not None
    with (
        slow_line(port, quality, seed) as line,
        open_another(browser, consoles, HOUSE, line.port) as other,
        Seats(consoles, other) as seats,
    ):
        yield line, seats


class Watch:
    """Counts the seconds that somebody waits for the line, and not those of reading."""

    def __init__(self, seat: Seat, line: SlowLine) -> None:
        self.seat, self.line = seat, line
        self.waited: dict[str, float] = {}

    @contextmanager
    def until(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        self.seat.page.wait_for_load_state("load")
        self.waited[what] = round(time.monotonic() - began, 1)

    def __str__(self) -> str:
        up, down = (self.line.ways[name] for name in ("up", "down"))
        return (
            f"{sum(self.waited.values()):.1f} s: {self.waited},"
            f" {self.line.connections} connections,"
            f" {up.carried} bytes up ({up.lost} lost),"
            f" {down.carried} down ({down.lost} lost)"
        )


@pytest.mark.parametrize(("seed", "manager"), [(1, "manager-3"), (2, "manager-4")])
def test_from_a_cold_browser_to_accept_in_half_a_minute(
    consoles, browser, scenes, seed, manager
):
    sent = scenes.sent()
    known = consoles.staff[HOUSE, manager]
    with at_the_end_of(FAR, consoles, browser, seed) as (line, seats):
        seat = seats.at(HOUSE, language="vi")
        seat.page.set_default_timeout(BUDGET * 1000)
        watch = Watch(seat, line)
        with watch.until("sign-in page"):
            seat.page.goto(seat.origin + "/sign-in", wait_until="commit")
        seat.page.fill("#officer", known.officer)
        seat.page.fill("#password", known.password)
        seat.page.fill("#code", known.code(code_time()))
        with watch.until("work of the day"):
            seat.page.click('form[action="/sign-in"] button:not([type=button])')
        assert seat.path == "/"
        with watch.until("referral"):
            seat.page.click(f'main a[href="{sent.path}"]')
        seat.page.wait_for_timeout(READS)
        with watch.until("accepted"):
            seat.page.click('form[action$="/accept"] button')
        assert seat.page.locator('form[action$="/accept"]').count() == 0
        print(f"\n{watch}")  # noqa: T201 - what the test is for
        assert sum(watch.waited.values()) <= BUDGET
