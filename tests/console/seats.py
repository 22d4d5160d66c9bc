"""Where officers sit: a browser's page with their session, language and scripts.

Promises: whatever the browser complained about, and every request to another
origin, fails the test at its end, unless the seat was told to expect it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Response

from gateway.web.visitors import LANGUAGE_COOKIE, SESSION_COOKIE
from tests.console.consoles import Consoles

LOCALES = {"vi": "vi-VN", "en": "en-GB", "fr": "fr-FR", "zh-Hans": "zh-CN"}
"""Every language of the console, and what a browser that speaks it says."""
WIDE, NARROW = 1100, 320
TALL = 900
_SOON = 10_000
"""Milliseconds within which something is there, on a machine with much to do."""


@dataclass
class Seat:
    """A page at one member's console."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)
    tolerates: str = ""

    def go(self, path: str) -> Response:
        """Opens a page of this console."""
        answer = self.page.goto(self.origin + path)
        assert answer is not None
        return answer

    def refusals_expected(self) -> None:
        """Answers that are refusals are no complaint at this seat."""
        self.tolerates = "the server responded with a status of 4"

    @property
    def path(self) -> str:
        """What the address says after the origin, without what is asked of it."""
        return urlsplit(self.page.url).path

    @property
    def main(self) -> str:
        """The words of the page's own part."""
        return self.page.inner_text("main")

    def press(self, selector: str = "") -> None:
        """Presses a button; the form's own if none is named, and no passkey's."""
        form = 'main form:not([action$="drop"]):not([data-passkey] *)'
        button = f"{form} button:not([type=button])"
        self.page.click(selector or button)
        self.page.wait_for_load_state()

    def accept(self) -> None:
        """Says when the person is expected, and presses *accept*."""
        self.promise()
        self.press('form[action$="/accept"] button')

    def promise(self) -> None:
        """Says when the person is expected."""
        self.page.fill("#expected_at", "2026-03-09T08:00")

    @property
    def problems(self) -> str:
        """What the page says is wrong with a form; empty if nothing is."""
        return "".join(self.page.locator(".govuk-error-summary").all_inner_texts())


class Seats:
    """The seats of one test; a seat is left when the test ends."""

    def __init__(self, consoles: Consoles, browser: Browser) -> None:
        self._consoles = consoles
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._seats: list[Seat] = []

    def at(
        self,
        member: str,
        officer: str = "",
        language: str = "en",
        *,
        scripts: bool = True,
        width: int = WIDE,
    ) -> Seat:
        """A page of ``officer``, or of nobody yet."""
        origin = self._consoles.origin(member)
        context = self._browser.new_context(
            java_script_enabled=scripts,
            viewport={"width": width, "height": TALL},
            locale=LOCALES[language],
            reduced_motion="reduce",
        )
        context.set_default_timeout(_SOON)
        self._contexts.append(context)
        held = {LANGUAGE_COOKIE: language}
        if officer:
            held[SESSION_COOKIE] = self._consoles.token(member, officer)
        context.add_cookies(
            [
                {
                    "name": name,
                    "value": value,
                    "url": origin,
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Strict",
                }
                for name, value in held.items()
            ]
        )
        seat = Seat(context.new_page(), origin)
        self._seats.append(seat)
        _watch(seat)
        return seat

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for context in self._contexts:
            context.close()
        if error is None:
            found = [each for seat in self._seats for each in seat.complaints]
            assert not found, found


def _watch(seat: Seat) -> None:
    def keep(complaint: str) -> None:
        if not seat.tolerates or seat.tolerates not in complaint:
            seat.complaints.append(complaint)

    seat.page.on(
        "console",
        lambda said: (
            keep(f"{seat.path}: {said.text}") if said.type == "error" else None
        ),
    )
    seat.page.on("pageerror", lambda error: keep(f"{seat.path}: {error}"))
    seat.page.on(
        "request",
        lambda asked: (
            None
            if asked.url.startswith(seat.origin + "/")
            else keep(f"asks elsewhere: {asked.url}")
        ),
    )
