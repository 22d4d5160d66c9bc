"""Bare HTTPS to the gateways: what a browser would not send, and what it hides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from gateway.web.visitors import LANGUAGE_COOKIE, SESSION_COOKIE
from tests.console.consoles import Consoles


class Wires:
    """One connection to every gateway; no cookie is kept between questions."""

    def __init__(self, consoles: Consoles) -> None:
        self._consoles = consoles
        self._client = httpx.Client(verify=False, timeout=30)  # noqa: S501 - own certificate

    def ask(
        self,
        member: str,
        path: str,
        *,
        officer: str = "",
        method: str = "GET",
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        cookies: dict[str, str] | None = None,
        content: bytes | Iterator[bytes] | None = None,
    ) -> httpx.Response:
        """One request, as ``officer`` or as nobody; redirects are not followed."""
        origin = urlsplit(self._consoles.origin(member))
        held = {LANGUAGE_COOKIE: "en"} | (cookies or {})
        if officer:
            held[SESSION_COOKIE] = self._consoles.token(member, officer)
        spoken = {
            "Host": origin.netloc,
            "Cookie": "; ".join(f"{name}={value}" for name, value in held.items()),
        }
        return self._client.request(
            method,
            f"https://127.0.0.1:{origin.port}{path}",
            data=form,
            content=content,
            headers=spoken | (headers or {}),
        )

    def send(
        self, member: str, path: str, officer: str, shown_on: str, **fields: str
    ) -> httpx.Response:
        """Sends a form with the token of the page that it is shown on."""
        shown = self.ask(member, shown_on, officer=officer)
        form = {"token": self.token_in(shown.text)} | fields
        return self.ask(member, path, officer=officer, method="POST", form=form)

    @staticmethod
    def token_in(text: str) -> str:
        """The first form token of a page."""
        return _first(r'name="token" value="([^"]+)"', text)

    @staticmethod
    def event_in(text: str) -> str:
        """The first event id of a page."""
        return _first(r'name="event" value="([^"]+)"', text)

    @staticmethod
    def code_in(text: str) -> str:
        """The first code of a case on a page."""
        return _first(r'relais-code">([^<]+)<', text)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()


def _first(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text[:2000]
    return found[1]
