"""Every screen in every language: for readers, magnifiers, narrow screens and fingers.

And no screen of a refusal says a sentence in English to who reads none.

Sources: WCAG 2.2 AA by axe-core's rules; 1.4.10 (no scrolling in two directions
at 320 pixels, which is 400 % of 1280), 1.4.12 (text that is spaced out), 2.5.8.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT

from tests.console.english import REFUSING, english_at
from tests.console.screen import Screen
from tests.console.seats import LOCALES, NARROW, TALL, WIDE, Seat

_RULES: dict[str, Any] = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
_COLOURS_ASIDE = _RULES | {
    "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}},
    "preload": False,
}
"""Colours and sheets of style are the same in every language; their rules (contrast,
orientation) take longest."""
_BROKEN = "rules => axe.run(document, rules).then(told => told.violations)"
"""What is well is not told: it is most of an answer, on every page."""

_HIDDEN = ".govuk-visually-hidden, .govuk-skip-link, .relais-rows thead"
_TOO_WIDE = f"""() => [...document.querySelectorAll('body *')].filter(each => {{
  const box = each.getBoundingClientRect()
  return box.width && box.right > innerWidth + 1 && !each.closest('{_HIDDEN}')
}}).slice(0, 3).map(each => each.outerHTML.slice(0, 160))"""
_SPACED = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`)
  document.adoptedStyleSheets = [sheet]
}"""
_CUT = f"""() => [...document.querySelectorAll('main *, header *')].filter(each => {{
  const style = getComputedStyle(each)
  return style.overflow === 'hidden' && each.scrollHeight > each.clientHeight + 2
    && !each.closest('{_HIDDEN}')
}}).map(each => each.outerHTML.slice(0, 160))"""
_SMALL = """() => [...document.querySelectorAll('button, .govuk-button, input, select')]
  .filter(each => each.type !== 'hidden' && each.offsetParent)
  .filter(each => !each.matches('.govuk-radios__input, .govuk-checkboxes__input'))
  .map(each => [each.getBoundingClientRect(), each.outerHTML.slice(0, 120)])
  .filter(([box]) => box.width < 24 || box.height < 24)
  .map(([, html]) => html)"""


def breaks_rules(seat: Seat, language: str) -> list[str]:
    rules = _RULES if language == "vi" else _COLOURS_ASIDE
    seat.page.evaluate(AXE_SCRIPT)
    return [
        f"{each['id']}: {node['html'][:160]}"
        for each in seat.page.evaluate(_BROKEN, rules)
        for node in each["nodes"]
    ]


def breaks_lines(seat: Seat) -> list[str]:
    """What does not fit at 320 pixels, with text as it is and spaced out."""
    page = seat.page
    page.set_viewport_size({"width": NARROW, "height": TALL})
    found = [f"too wide: {each}" for each in page.evaluate(_TOO_WIDE)]
    found += [f"too small: {each}" for each in page.evaluate(_SMALL)]
    page.evaluate(_SPACED)
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > NARROW:
        found.append(f"spaced out: {wide} pixels")
    found += [f"cut: {each}" for each in page.evaluate(_CUT)]
    page.set_viewport_size({"width": WIDE, "height": TALL})
    return found


def says_markup(seat: Seat) -> list[str]:
    """Tags that a reader sees as words: something was escaped twice."""
    return re.findall(r"</\w+>", seat.page.inner_text("body"))


@pytest.mark.parametrize("language", LOCALES)
def test_every_screen_can_be_read_and_used_by_everybody(
    seats, screens: tuple[Screen, ...], language
):
    places: dict[tuple[str, str], Seat] = {}
    found: dict[str, list[str]] = {}
    for screen in screens:
        key = (screen.member, screen.officer)
        if key not in places:
            places[key] = seats.at(*key, language)
            # A refusal is an answer here, and the browser says so aloud.
            places[key].refusals_expected()
        seat = places[key]
        screen.open(seat)
        assert seat.page.get_attribute("html", "lang") == language, screen.name
        found[screen.name] = breaks_rules(seat, language) + says_markup(seat)
        if language == "vi" and REFUSING.search(screen.name):
            found[screen.name] += english_at(seat)
        if language in {"vi", "fr"}:
            found[screen.name] += breaks_lines(seat)
    assert {name: each for name, each in found.items() if each} == {}


def test_the_rules_notice_what_they_are_for(seats):
    seat = seats.at("lao-cai")
    seat.go("/sign-in")
    seat.page.evaluate("""() => {
      document.querySelector('label').remove()
      document.querySelector('#officer').style.minWidth = '700px'
      document.querySelector('h1').textContent += '</span>'
    }""")
    assert says_markup(seat) == ["</span>"]
    assert "label: " in " ".join(breaks_rules(seat, "en"))
    assert "too wide: <input" in " ".join(breaks_lines(seat))
