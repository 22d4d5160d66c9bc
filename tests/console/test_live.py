"""A list that is looked at shows what comes, and disturbs nobody."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import expect

from gateway.console.live import STILL_SECONDS
from gateway.web.event_streams import MOST_OF_SESSION
from gateway.web.visitors import SESSION_COOKIE
from services.cli.gateways import Gateways
from tests.console.consoles import GUARD, HOUSE, PROVINCE
from tests.console.waiting import idle_for

MANAGER = "manager-1"
WATCHER = "officer-35"
"""Locks, and is idle for long."""
NEWS = ".relais-news"


def listening(seat):
    """Opens the work of the day, and waits until its stream is open."""
    with seat.page.expect_response("**/events*") as opened:
        seat.go("/")
    assert opened.value.headers["content-type"].startswith("text/event-stream")


def link_to(seat, sent):
    return seat.page.locator(f'main a[href="{sent.path}"]')


def test_a_referral_that_arrives_shows_without_a_reload(seats, scenes):
    seat = seats.at(HOUSE, MANAGER)
    listening(seat)
    seat.page.evaluate("document.body.dataset.same = 'page'")
    sent = scenes.sent()
    expect(link_to(seat, sent)).to_be_visible()
    assert "list below shows it" in seat.page.inner_text(NEWS)
    assert seat.page.get_attribute("body", "data-same") == "page"
    assert seat.page.evaluate("document.activeElement === document.body")


def test_who_is_in_the_middle_of_the_list_is_told_and_not_disturbed(seats, scenes):
    scenes.sent()
    seat = seats.at(HOUSE, MANAGER)
    listening(seat)
    here = seat.page.locator("main .relais-rows a").first
    here.focus()
    sent = scenes.sent()
    expect(seat.page.locator(f"{NEWS} a")).to_be_visible()
    assert link_to(seat, sent).count() == 0
    assert here.evaluate("each => each === document.activeElement")
    seat.press(f"{NEWS} a")
    assert link_to(seat, sent).count() == 1


def test_without_a_stream_the_list_asks_every_minute(seats, scenes):
    seat = seats.at(HOUSE, MANAGER)
    seat.tolerates = "net::ERR_FAILED"
    seat.page.clock.install()
    seat.page.route("**/events*", lambda route: route.abort())
    with seat.page.expect_response("**/changes"):
        seat.go("/")
    sent = scenes.sent()
    assert link_to(seat, sent).count() == 0
    with seat.page.expect_response("**/changes"):
        seat.page.clock.fast_forward(61_000)
    expect(link_to(seat, sent)).to_be_visible()


def test_a_stream_from_which_nothing_is_heard_is_given_up(seats):
    seat = seats.at(HOUSE, MANAGER)
    seat.page.clock.install()
    listening(seat)
    with seat.page.expect_response("**/changes"):
        seat.page.clock.fast_forward(46_000)


def test_a_form_that_is_being_filled_is_left_alone(seats, scenes):
    asked = scenes.sent()
    seat = seats.at(HOUSE, MANAGER)
    seat.go(f"{asked.path}/question")
    field = seat.page.locator("main textarea").first
    field.fill("Một câu đang viết dở")
    requests: list[str] = []
    seat.page.on("request", lambda each: requests.append(each.url))
    scenes.sent()
    seat.page.wait_for_timeout(1_500)
    assert field.input_value() == "Một câu đang viết dở"
    assert field.evaluate("each => each === document.activeElement")
    assert requests == []


def unlocked(consoles, seat) -> None:
    seat.go("/locked")
    seat.page.fill("#password", consoles.staff[PROVINCE, WATCHER].password)
    seat.press('form[action="/locked"][novalidate] button:not([type=button])')


def test_a_lock_closes_what_another_tab_shows_at_once(consoles, seats):
    seat = seats.at(PROVINCE, WATCHER)
    listening(seat)
    other = seat.page.context.new_page()
    other.goto(seat.origin + "/account")
    other.click('form[action="/lock"] button')
    seat.page.wait_for_url("**/locked?next=*", timeout=5_000)
    unlocked(consoles, seat)


def test_a_list_that_refreshes_by_itself_keeps_no_session_open(
    consoles, seats, scenes, wires
):
    seat = seats.at(PROVINCE, WATCHER)
    listening(seat)
    idle_for(consoles, PROVINCE, WATCHER, timedelta(minutes=10))
    with seat.page.expect_response(lambda answer: answer.url == seat.origin + "/"):
        scenes.case()
    idle_for(consoles, PROVINCE, WATCHER, timedelta(minutes=6))
    asked = wires.ask(PROVINCE, "/cases", officer=WATCHER)
    assert asked.headers["location"].startswith("/locked")
    # And the page finds out without anybody who asks.
    seat.page.wait_for_url("**/locked?next=*", timeout=(STILL_SECONDS + 5) * 1000)
    unlocked(consoles, seat)


# --- what a stream says, and to whom


class Ear:
    """One stream, read as bytes."""

    def __init__(self, consoles, stack: ExitStack, member: str, officer: str) -> None:
        origin = urlsplit(consoles.origin(member))
        # The certificate is the gateways' own.
        client = httpx.Client(verify=False, timeout=2 * STILL_SECONDS)  # noqa: S501 - as above
        stack.enter_context(client)
        held = f"{SESSION_COOKIE}={consoles.token(member, officer)}"
        self._answer = stack.enter_context(
            client.stream(
                "GET",
                f"https://127.0.0.1:{origin.port}/events",
                headers={
                    "Host": origin.netloc,
                    "Cookie": held,
                    "Accept": "text/event-stream",
                },
            )
        )
        self._lines = self._answer.iter_lines()

    def next(self) -> dict[str, str]:
        """The next event, whole."""
        found: dict[str, str] = {}
        for line in self._lines:
            if not line:
                return found
            name, _, value = line.partition(":")
            found[name] = value.strip()
        return found

    def rest(self) -> list[dict[str, str]]:
        """Every event up to the end of the stream."""
        return list(iter(self.next, {}))

    def until(self, event: str) -> dict[str, str]:
        """The first event of that name."""
        while True:
            found = self.next()
            assert found, "the stream ended"
            if found["event"] == event:
                return found


def test_a_stream_says_that_something_changed_and_never_what(consoles, scenes):
    with ExitStack() as stack:
        ear = Ear(consoles, stack, HOUSE, MANAGER)
        before = int(ear.next()["id"])
        heard = ear.until("change")
        scenes.sent()
        heard = ear.until("change")
        assert heard.keys() == {"id", "event", "data"}
        assert int(heard["id"]) > before
        assert heard["data"] == ""


def test_a_session_holds_few_streams_and_the_oldest_makes_room(consoles):
    with ExitStack() as stack:
        first, *_ = [
            Ear(consoles, stack, HOUSE, MANAGER) for _ in range(MOST_OF_SESSION)
        ]
        newest = Ear(consoles, stack, HOUSE, MANAGER)
        assert first.until("full")["event"] == "full"
        assert first.next() == {}
        assert newest.next()["event"] == "still"


def test_a_gateway_that_stops_ends_its_streams_and_does_not_wait(consoles):
    gateways = Gateways(consoles.network, [GUARD])
    with ExitStack() as stack:
        ear = Ear(consoles, stack, GUARD, "guard-9")
        ear.next()
        told = stack.enter_context(ThreadPoolExecutor(1)).submit(ear.rest)
        began, ended = time.monotonic(), []
        told.add_done_callback(lambda _: ended.append(time.monotonic()))
        gateways.stop()
        try:
            assert told.result()[-1]["event"] == "full"
            # The server gives answers that are under way five seconds.
            assert ended[0] - began < 4
        finally:
            gateways.start()


@pytest.mark.parametrize("path", ["/events", "/changes"])
def test_only_who_sees_work_hears_of_it(wires, path):
    nobody = wires.ask(PROVINCE, path)
    assert nobody.status_code == 303
    assert nobody.headers["location"].startswith("/sign-in")
    assert wires.ask(PROVINCE, path, officer="auditor").status_code == 403
