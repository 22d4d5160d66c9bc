"""Every screen in every language: for readers, magnifiers, keyboards and fingers.

Sources: WCAG 2.2 AA by axe-core's rules; 1.4.10 (no scrolling in two directions
at 320 pixels, which is 400 % of 1280), 1.4.12 (text that is spaced out).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.console.screens import Screen
from tests.console.seats import LOCALES, NARROW, WIDE, Seat, Seats

_TALL = 900
_RULES: dict[str, Any] = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
_COLOURS_ASIDE = _RULES | {
    "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}
}
"""Colours are the same in every language; the rule of contrast takes longest."""
_TOO_WIDE = """() => [...document.querySelectorAll('body *')].filter(each => {
  const box = each.getBoundingClientRect()
  return box.width && box.right > innerWidth + 1 && !each.closest('.relais-scroll')
    && !each.closest('.govuk-visually-hidden, .govuk-skip-link, .relais-rows thead')
}).slice(0, 3).map(each => each.outerHTML.slice(0, 160))"""
_SPACED = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`)
  document.adoptedStyleSheets = [sheet]
}"""
_CUT = """() => [...document.querySelectorAll('main *, header *')].filter(each => {
  const style = getComputedStyle(each)
  return style.overflow === 'hidden' && each.clientHeight > 2
    && each.scrollHeight > each.clientHeight + 2
}).map(each => each.outerHTML.slice(0, 160))"""


def seen(seats: Seats, screens: tuple[Screen, ...], language: str) -> Iterator[Any]:
    """Every screen, one seat for all of an officer's."""
    places: dict[tuple[str, str], Seat] = {}
    for screen in screens:
        key = (screen.member, screen.officer)
        if key not in places:
            places[key] = seats.at(*key, language)
            # A refusal is an answer here, and the browser says so aloud.
            places[key].refusals_expected()
        screen.open(places[key])
        yield screen, places[key]


@pytest.mark.parametrize("language", LOCALES)
def test_no_screen_breaks_a_rule_of_wcag(seats, screens, language):
    axe = Axe()
    rules = _RULES if language == "vi" else _COLOURS_ASIDE
    found = []
    for screen, seat in seen(seats, screens, language):
        answer = axe.run(seat.page, options=rules).response
        found += [
            f"{screen.name}: {each['id']}: {node['html'][:160]}"
            for each in answer["violations"]
            for node in each["nodes"]
        ]
        assert seat.page.get_attribute("html", "lang") == language, screen.name
    assert found == []


@pytest.mark.parametrize("language", ["vi", "fr"])
def test_no_screen_scrolls_sideways_or_cuts_words_on_a_narrow_one(
    seats, screens, language
):
    found = []
    for screen, seat in seen(seats, screens, language):
        seat.page.set_viewport_size({"width": NARROW, "height": _TALL})
        found += [f"{screen.name}: {each}" for each in seat.page.evaluate(_TOO_WIDE)]
        seat.page.evaluate(_SPACED)
        wide = seat.page.evaluate("document.documentElement.scrollWidth")
        if wide > NARROW:
            found += [f"{screen.name} spaced out: {wide} pixels"]
        found += [f"{screen.name}: {each}" for each in seat.page.evaluate(_CUT)]
        seat.page.set_viewport_size({"width": WIDE, "height": _TALL})
    assert found == []
