"""How much goes over a slow line, as the browser counts it: packed, heads included."""

from __future__ import annotations

from tests.console.consoles import HOUSE, PROVINCE
from tests.console.screens import Screen
from tests.console.seats import Seat

FIRST, NEXT = 60_000, 15_000
"""Bytes."""


def weighed(seat: Seat, screen: Screen) -> int:
    """What opening a screen took, from the network and not from what was kept."""
    devtools = seat.page.context.new_cdp_session(seat.page)
    devtools.send("Network.enable")
    loads: list[float] = []
    devtools.on(
        "Network.loadingFinished", lambda said: loads.append(said["encodedDataLength"])
    )
    screen.open(seat)
    seat.page.wait_for_load_state("networkidle")
    devtools.detach()
    return int(sum(loads))


def test_the_first_page_is_light(seats):
    seat = seats.at(PROVINCE, "", "vi")
    found = weighed(seat, Screen("sign-in", PROVINCE, "", "/sign-in"))
    assert 10_000 < found <= FIRST


def test_every_next_page_is_lighter(seats, screens):
    officer, manager = (
        seats.at(PROVINCE, "officer-14", "vi"),
        seats.at(HOUSE, "manager-1", "vi"),
    )
    for seat in (officer, manager):
        seat.refusals_expected()
        seat.go("/account")
    found = {}
    for screen in screens:
        if screen.officer in {"officer-14", "manager-1"}:
            seat = officer if screen.member == PROVINCE else manager
            found[screen.name] = weighed(seat, screen)
    assert {name: size for name, size in found.items() if size > NEXT} == {}
    assert min(found.values()) > 500
