"""Who asks: by cookie, by session, in which language.

Promises: the session's token stands in one ``__Host-`` cookie and nowhere else;
the node is asked about it at every request, so that an officer who left or a
session that ended is out at once. A visitor who is not signed in holds a random
secret for form tokens. Both cookies go with the browser's session.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from gateway.web.site import Site
from gateway.web.tokens import check_form_token, form_token
from gateway.words.words import Words
from services.node.domain.access import LookReason
from services.node.domain.errors import NotPermittedError, RelaisError
from services.node.rpc.api_clients import ApiClients
from services.node.rpc.desk_client import DeskClient
from services.node.rpc.form_client import FormClient
from services.node.rpc.ledger_client import LedgerClient
from services.node.rpc.sign_in_client import SignInClient
from services.node.rpc.sign_in_values import SessionRead
from services.node.rpc.upkeep_client import UpkeepClient
from services.node.rpc.webhooks import WebhookDesk

SESSION_COOKIE = "__Host-relais"
VISIT_COOKIE = "__Host-relais-visit"
BEFORE_COOKIE = "__Host-relais-before"
"""Shown once: the sign-in before this one, in milliseconds, and what failed since."""
REASON_COOKIE = "__Host-relais-reason"
LANGUAGE_COOKIE = "__Host-relais-language"
_SOURCE_KEY = secrets.token_bytes(32)
_MOST_FIELDS = 200
_MOST_NAMED = 30
"""A case and its referrals: a cookie has room for these."""
UNATTENDED_HEADER = "relais-unattended"
"""Sent by a page that refreshes by itself; no other site can send it (CORS)."""


class SignInNeededError(Exception):
    """Nobody is signed in; the page asked for comes after the sign-in."""


class LockedError(Exception):
    """The session is locked; the page asked for comes after the unlocking."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at the console; ``session`` is None before the sign-in."""

    site: Site
    token: str
    session: SessionRead | None
    visit: str
    words: Words
    source: str
    """Where the request comes from, as an opaque mark."""
    unattended: bool = False
    """Nobody asked by hand, so the session locks as if nobody had asked."""
    place: str = "/"
    """The page that is shown, to come back to it in another language."""
    before: str = ""
    """Once after a sign-in: the one before it, and how many tries failed since."""

    @property
    def secret(self) -> str:
        """What keys the form tokens."""
        return self.token if self.session is not None else self.visit

    def form_token(self) -> str:
        """A token for one form on one page."""
        return form_token(self.secret)

    @property
    def sign_in(self) -> SignInClient:
        """The node's sign-in, for this visitor."""
        return self.site.node.sign_in.acting(self.token)


@dataclass(frozen=True, slots=True)
class Officer:
    """A visitor who is signed in and not locked."""

    visitor: Visitor
    session: SessionRead
    reason: str
    asked: Request

    def about(self, case: str) -> Officer:
        """The officer at a page about ``case`` though its address does not name it.

        The reason said for that case holds; one that is missing is asked there.
        """
        self.asked.state.about = case
        return replace(self, reason=_said_for(self.asked, case))

    @property
    def name(self) -> str:
        """The staff pseudonym."""
        return self.session.officer

    @property
    def desk(self) -> DeskClient:
        """The desk, as this officer."""
        return self.visitor.site.node.desk.acting(
            self.visitor.token, self.reason, unattended=self.visitor.unattended
        )

    @property
    def forms(self) -> FormClient:
        """Looks and forms, as this officer."""
        return self.visitor.site.node.forms.acting(self.visitor.token, self.reason)

    @property
    def ledger(self) -> LedgerClient:
        """The ledger, as this auditor."""
        return self.visitor.site.node.ledger.acting(self.visitor.token)

    @property
    def programs(self) -> ApiClients:
        """The programs of this member, in the session of the officer."""
        return self.visitor.site.node.clients.acting(self.visitor.token)

    @property
    def webhooks(self) -> WebhookDesk:
        """Where programs are told what happens, as this officer."""
        return self.visitor.site.node.webhooks.acting(self.visitor.token)

    @property
    def upkeep(self) -> UpkeepClient:
        """How the node is looked after, as this administrator."""
        return self.visitor.site.node.upkeep.acting(self.visitor.token)


async def anybody(request: Request) -> Visitor:
    """The visitor, signed in or not; asked once a request."""
    known = getattr(request.state, "visitor", None)
    if isinstance(known, Visitor):
        return known
    site: Site = request.app.state.site
    token = request.cookies.get(SESSION_COOKIE, "")
    alone = _by_itself(request)
    session = await _session(site, token, alone=alone) if token else None
    visitor = _visitor(request, token, session)
    request.state.visitor = visitor
    return visitor


def stranger(request: Request) -> Visitor:
    """The visitor while nobody can say who it is; only the language is known."""
    return _visitor(request, "", None)


def _visitor(request: Request, token: str, session: SessionRead | None) -> Visitor:
    site: Site = request.app.state.site
    setting = request.cookies.get(LANGUAGE_COOKIE, "")
    if session is not None and session.language:
        setting = session.language
    return Visitor(
        site,
        token if session is not None else "",
        session,
        request.cookies.get(VISIT_COOKIE, "") or secrets.token_urlsafe(32),
        site.languages.choose(setting, request.headers.get("accept-language", "")),
        source_of(request),
        _by_itself(request),
        _place(request),
        request.cookies.get(BEFORE_COOKIE, "") if session is not None else "",
    )


def _place(request: Request) -> str:
    query = request.url.query if request.method == "GET" else ""
    return f"{request.url.path}?{query}" if query else request.url.path


async def signed_in(
    request: Request, visitor: Annotated[Visitor, Depends(anybody)]
) -> Officer:
    """The officer; raises what sends the visitor to sign in or to unlock."""
    if visitor.session is None:
        raise SignInNeededError
    if visitor.session.locked:
        raise LockedError
    return Officer(visitor, visitor.session, _reason(request), request)


def unattended(visitor: Visitor) -> DeskClient:
    """The desk for what a page asks by itself; the node decides whether it may.

    Raises what sends the visitor to sign in or to unlock.
    """
    if visitor.session is None:
        raise SignInNeededError
    if visitor.session.locked:
        raise LockedError
    return visitor.site.node.desk.acting(visitor.token, unattended=True)


async def sent_form(
    request: Request, visitor: Annotated[Visitor, Depends(anybody)]
) -> AsyncGenerator[FormData, None]:
    """The form that was sent, if it was shown to this visitor by this site.

    What was kept of it (``interrupted``) is forgotten once it was taken.

    Raises:
        NotPermittedError: ``console.stale_form``, ``console.other_site``.
    """
    check_origin(request, visitor.site)
    form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    check_form_token(visitor.secret, str(form.get("token", "")))
    request.state.sent = form
    yield form
    kept = str(form.get("kept", ""))
    if kept and visitor.session is not None:
        with suppress(RelaisError, ValueError):
            await visitor.site.node.forms.acting(visitor.token).drop_form(
                "", bytes.fromhex(kept)
            )


Anybody = Annotated[Visitor, Depends(anybody)]
SignedIn = Annotated[Officer, Depends(signed_in)]
Sent = Annotated[FormData, Depends(sent_form)]


def set_cookie(response: Response, name: str, value: str, **options: Any) -> None:
    """A cookie of this origin only, out of reach of scripts."""
    response.set_cookie(
        name, value, path="/", secure=True, httponly=True, samesite="strict", **options
    )


def drop_cookie(response: Response, name: str) -> None:
    """Forget a cookie."""
    response.delete_cookie(
        name, path="/", secure=True, httponly=True, samesite="strict"
    )


def local_path(text: str) -> str:
    """A path of this site, or ``/``: nobody is sent elsewhere (open redirect)."""
    parts = urlsplit(text)
    fine = (
        text.startswith("/")
        and not text.startswith(("//", "/\\"))
        and not parts.scheme
        and not parts.netloc
        and not any(ord(each) < ord(" ") or each == "\\" for each in text)
    )
    return text if fine else "/"


def reason_for(reason: str, *named: str) -> str:
    """What the cookie holds: a reason, and the case and referrals it is said for."""
    return "|".join((reason, *named[:_MOST_NAMED]))


def _by_itself(request: Request) -> bool:
    """Whether a page asks, and nobody: it says so, or it opens an event stream."""
    return (
        UNATTENDED_HEADER in request.headers
        or request.headers.get("accept") == "text/event-stream"
    )


def _reason(request: Request) -> str:
    """Why the officer looks at this, if it was said for this very case or referral."""
    place = request.path_params
    return _said_for(request, place.get("code", "") or place.get("number", ""))


def _said_for(request: Request, named: str) -> str:
    reason, *said_for = request.cookies.get(REASON_COOKIE, "").split("|")
    return reason if reason in set(LookReason) and named in said_for else ""


async def _session(site: Site, token: str, *, alone: bool) -> SessionRead | None:
    try:
        client = site.node.sign_in.acting(token, unattended=alone)
        return await client.get_session()
    except RelaisError as error:
        if error.code.startswith("sign_in."):
            return None
        raise


def source_of(request: Request) -> str:
    """An address as a mark that tells nobody the address."""
    host = request.client.host if request.client is not None else ""
    return hmac.new(_SOURCE_KEY, host.encode(), sha256).hexdigest()[:32]


def check_origin(request: Request, site: Site) -> None:
    """Raise NotPermittedError ``console.other_site`` for a form of elsewhere."""
    # Without referrers a browser says "null" for its own site, too; then the form
    # token and Sec-Fetch-Site decide.
    origin = request.headers.get("origin", "null")
    where = request.headers.get("sec-fetch-site", "same-origin")
    if origin not in {"null", site.config.origin} or where not in {
        "same-origin",
        "none",
    }:
        raise NotPermittedError(
            "console.other_site",
            "This form was sent from another site.",
            remedy="Open the page here and send the form once more.",
        )
