"""One screen of the console: whose it is, where, and what is pressed to see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.console.seats import Seat

OFFICER = "officer-14"
FORM = "main form[novalidate] button:not([type=button])"
"""The button that sends the form of a page."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen: whose, where, and what is pressed to see it."""

    name: str
    member: str
    officer: str
    path: str
    press: str = ""
    fill: tuple[tuple[str, str], ...] = ()
    meanwhile: Callable[[], None] | None = None
    """What somebody else does after it was opened and before anything is pressed."""

    def open(self, seat: Seat) -> None:
        """Shows it at the seat of its officer."""
        seat.go(self.path)
        for field, value in self.fill:
            seat.page.fill(field, value)
        if self.meanwhile is not None:
            self.meanwhile()
        if self.press:
            seat.press(self.press)
