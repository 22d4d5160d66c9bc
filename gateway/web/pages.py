"""Pages: a template, the words of the reader, and what every page shows.

A page is rendered whole before its first byte goes out, so that a fault never
leaves half of one.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse

from gateway.web.navigation import places_for
from gateway.web.visitors import VISIT_COOKIE, Visitor, set_cookie

SEE_OTHER = 303


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
            "token": visitor.form_token,
            **values,
        }
    )
    response = HTMLResponse(text, status_code=status)
    response.headers["Content-Language"] = words.lang
    response.headers["Vary"] = "Cookie, Accept-Language"
    if visitor.session is None:
        set_cookie(response, VISIT_COOKIE, visitor.visit)
    return response


def see_other(path: str) -> RedirectResponse:
    """After a form that was taken: look there (POST, redirect, GET)."""
    return RedirectResponse(path, status_code=SEE_OTHER)
