"""What an officer who reads no English would stumble over."""

from __future__ import annotations

import re

from tests.console.seats import Seat

ENGLISH = re.compile(
    r"\b(?:the|is|are|was|has|this|of|to|and|be|can|only|when)\b", re.IGNORECASE
)
"""Words that no sentence of English goes without, and that no other language has."""
REFUSING = re.compile(r"refused|error|unlawful|none")
"""Names of the screens on which something is refused or missing."""
_MARKED = "[...document.querySelectorAll('main [lang=en]')].map(each => each.innerText)"


def english_at(seat: Seat) -> list[str]:
    """Lines of the page that are English, or marked as English."""
    marked = [str(each) for each in seat.page.evaluate(_MARKED)]
    lines = [each for each in seat.main.splitlines() if ENGLISH.search(each)]
    return [*marked, *lines]
