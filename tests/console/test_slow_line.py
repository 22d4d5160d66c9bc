"""A console at the end of a slow line, and at the end of one that is cut."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from services.node.domain.handoff import Step
from tests.console.chromium import open_another
from tests.console.consoles import HOUSE, PROVINCE, Consoles, code_time
from tests.console.seats import Seat, Seats
from tests.console.slow_line import FAR, NEAR, Quality, SlowLine, slow_line

BUDGET = 30
"""Seconds."""
ACCEPT = 'form[action$="/accept"] button'
RECORDED = ".govuk-notification-banner--success"
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


def test_from_a_cold_browser_to_accept_in_half_a_minute(consoles, browser, scenes):
    # Due soonest, so that it heads the worklist, however much waits there.
    sent = scenes.sent(priority="emergency")
    known = consoles.staff[HOUSE, "manager-3"]
    with at_the_end_of(FAR, consoles, browser) as (line, seats):
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
        seat.promise()
        with watch.until("accepted"):
            seat.page.click('form[action$="/accept"] button')
        assert seat.page.locator('form[action$="/accept"]').count() == 0
        print(f"\n{watch}")  # noqa: T201 - what the test is for
        assert sum(watch.waited.values()) <= BUDGET


# --- a line that is cut


CLOSED = "ERR_"
"""What a browser calls it when nobody answers: its own page, and in its log."""


def at_the_decision(seats: Seats, sent, *, scripts: bool) -> Seat:
    seat = seats.at(HOUSE, "manager-1", scripts=scripts)
    seat.tolerates = CLOSED
    seat.go(sent.path)
    # Nothing else is under way when the line is cut.
    seat.page.wait_for_load_state("networkidle")
    seat.promise()
    return seat


def press_accept(seat: Seat) -> None:
    seat.page.click(ACCEPT, no_wait_after=True)


def press_in_vain(seat: Seat) -> None:
    """The browser says that nobody answers."""
    with seat.page.expect_event("requestfailed"):
        press_accept(seat)
    expect(seat.page.locator("body.neterror")).to_be_attached()


def acceptances(scenes, sent, member: str) -> int:
    async def count(desk, who):
        found = await desk.get_referral(who, sent.referral_id)
        return sum(each.step == Step.ACCEPT for each in found.steps)

    return int(scenes.at(member, count))


def accepted_once(scenes, sent) -> None:
    for member in (HOUSE, PROVINCE):
        scenes.sees(member, sent, "accepted", "in_service")
        assert acceptances(scenes, sent, member) == 1


@pytest.fixture(scope="module")
def breaking(consoles, browser):
    """A quick line that can be cut, and a browser at its end."""
    port = urlsplit(consoles.origin(HOUSE)).port
    with (
        slow_line(port, NEAR) as line,
        open_another(browser, consoles, HOUSE, line.port) as other,
    ):
        yield line, other


@pytest.fixture
def cuttable(consoles, breaking):
    """The line, whole again, and seats at its end."""
    line, other = breaking
    line.mend()
    with Seats(consoles, other) as seats:
        yield line, seats
    line.mend()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_press_cut_in_the_middle_does_nothing_and_may_be_made_again(
    cuttable, scenes, scripts
):
    line, seats = cuttable
    sent = scenes.sent()
    seat = at_the_decision(seats, sent, scripts=scripts)
    line.cut_request(300)
    press_in_vain(seat)
    assert acceptances(scenes, sent, HOUSE) == 0
    line.mend()
    seat.go(sent.path)
    seat.promise()
    press_accept(seat)
    expect(seat.page.locator(RECORDED)).to_be_visible()
    accepted_once(scenes, sent)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_press_whose_answer_was_cut_is_not_doubled_when_it_is_made_again(
    cuttable, scenes, scripts
):
    line, seats = cuttable
    sent = scenes.sent()
    seat = at_the_decision(seats, sent, scripts=scripts)
    line.cut_answer()
    press_in_vain(seat)
    scenes.sees(HOUSE, sent, "accepted", "in_service")
    line.mend()
    # The browser sends the very same form again.
    seat.page.reload()
    expect(seat.page.locator(RECORDED)).to_be_visible()
    assert seat.page.locator('form[action$="/accept"]').count() == 0
    accepted_once(scenes, sent)


def test_whoever_goes_back_after_a_cut_sees_what_became_of_it(cuttable, scenes):
    line, seats = cuttable
    sent = scenes.sent()
    seat = at_the_decision(seats, sent, scripts=True)
    line.cut_answer()
    press_in_vain(seat)
    line.mend()
    seat.page.go_back()
    expect(seat.page.locator('form[action$="/accept"]')).to_have_count(0)
    accepted_once(scenes, sent)


def test_a_button_may_be_pressed_again_when_nothing_came_back(seats, scenes):
    seat = seats.at(HOUSE, "manager-1")
    seat.go(scenes.sent().path)
    # Whether each of three presses is held back, the last one ten seconds later.
    held = seat.page.evaluate(f"""() => {{
      const held = []
      addEventListener('submit', (event) => {{
        held.push(event.defaultPrevented)
        event.preventDefault()
      }})
      const press = () => {{ document.querySelector(`{ACCEPT}`).click() }}
      press()
      press()
      const now = Date.now()
      Date.now = () => now + 10_001
      press()
      return held
    }}""")
    assert held == [False, True, False]
