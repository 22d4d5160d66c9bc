"""How much goes over a slow line: packed, heads included."""

from __future__ import annotations

from tests.console.consoles import PROVINCE
from tests.console.seats import Seat

FIRST, NEXT = 60_000, 15_000
"""Bytes."""


def weighed(seat: Seat, path: str) -> int:
    """What the browser got from the network, and not from what it had kept."""
    devtools = seat.page.context.new_cdp_session(seat.page)
    devtools.send("Network.enable")
    loads: list[float] = []
    devtools.on(
        "Network.loadingFinished", lambda said: loads.append(said["encodedDataLength"])
    )
    seat.go(path)
    seat.page.wait_for_load_state("networkidle")
    devtools.detach()
    return int(sum(loads))


def test_the_first_page_is_light_and_the_next_ones_lighter(seats):
    seat = seats.at(PROVINCE, "officer-14", "vi")
    first = weighed(seat, "/")
    following = {path: weighed(seat, path) for path in ("/cases", "/refer", "/")}
    # Style and scripts went over once.
    assert 10_000 < first <= FIRST
    assert {path: size for path, size in following.items() if size > NEXT} == {}


def test_no_page_weighs_more_than_a_slow_line_carries_in_two_seconds(wires, screens):
    found = {}
    for screen in screens:
        answer = wires.ask(screen.member, screen.path, officer=screen.officer)
        head = sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)
        found[screen.name] = head + answer.num_bytes_downloaded
        mistyped = screen.name.endswith("-error") and "?" in screen.path
        refused = mistyped or screen.name.startswith("refused")
        assert (answer.status_code >= 400) == refused, screen.name
    assert {name: size for name, size in found.items() if size > NEXT} == {}
