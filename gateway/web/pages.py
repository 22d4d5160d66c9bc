"""Pages: a template, the words of the reader, and what every page shows.

A page is rendered whole before its first byte goes out, so that a fault never
leaves half of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse

from gateway.web.navigation import may_of, places_for
from gateway.web.visitors import (
    BEFORE_COOKIE,
    VISIT_COOKIE,
    Visitor,
    drop_cookie,
    set_cookie,
)

SEE_OTHER = 303


@dataclass(frozen=True, slots=True)
class SignInBefore:
    """The sign-in before this one, and how many tries failed between the two."""

    at: datetime
    failures: int


def page(
    visitor: Visitor, template: str, *, status: int = 200, **values: Any
) -> HTMLResponse:
    """The page for this visitor."""
    words, site = visitor.words, visitor.site
    text = site.templates.get_template(template).render(
        {
            "_": words.gettext,
            "ngettext": words.ngettext,
            "words": words,
            "languages": site.languages.all.values(),
            "member_name": site.member_name(words.lang),
            "session": visitor.session,
            "places": places_for(visitor.session),
            "may": may_of(visitor.session),
            "token": visitor.form_token,
            "shown_at": visitor.place,
            "signed_in_before": _before(visitor),
            **values,
        }
    )
    response = HTMLResponse(text, status_code=status)
    response.headers["Content-Language"] = words.lang
    response.headers["Vary"] = "Cookie, Accept-Language"
    if visitor.session is None:
        set_cookie(response, VISIT_COOKIE, visitor.visit)
    if visitor.before:
        drop_cookie(response, BEFORE_COOKIE)
    return response


def _before(visitor: Visitor) -> SignInBefore | None:
    """When she signed in before, told once; None for the first time, or later on."""
    at, _, failures = visitor.before.partition(".")
    if not all(each.isascii() and each.isdigit() for each in (at, failures)):
        return None
    when = datetime.fromtimestamp(int(at[:14]) / 1000, UTC)
    return SignInBefore(when, int(failures[:6]))


def see_other(path: str) -> RedirectResponse:
    """After a form that was taken: look there (POST, redirect, GET)."""
    return RedirectResponse(path, status_code=SEE_OTHER)
