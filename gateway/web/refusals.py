"""What a refusal looks like: a page in the reader's words, or a redirect.

Every refusal keeps its stable code; nothing about a person stands in one.
"""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gateway.web.interrupted import keep_sent
from gateway.web.pages import page, see_other
from gateway.web.visitors import LockedError, SignInNeededError, anybody, stranger
from services.node.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
    NotPermittedError,
    RelaisError,
    UnavailableError,
)

_STATUS: tuple[tuple[type[RelaisError], HTTPStatus], ...] = (
    (InvalidInputError, HTTPStatus.BAD_REQUEST),
    (NotFoundError, HTTPStatus.NOT_FOUND),
    (NotPermittedError, HTTPStatus.FORBIDDEN),
    (NotLawfulError, HTTPStatus.CONFLICT),
    (ConflictError, HTTPStatus.CONFLICT),
    (UnavailableError, HTTPStatus.SERVICE_UNAVAILABLE),
)


_SAYS_NOTHING = (NotFoundError, NotPermittedError)
"""Refusals whose page does not repeat what was asked for: it may not be known."""


def status_of(error: RelaisError) -> HTTPStatus:
    """The status of HTTP that fits a refusal."""
    if wait_of(error):
        return HTTPStatus.TOO_MANY_REQUESTS
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status
    return HTTPStatus.UNPROCESSABLE_ENTITY


def wait_of(error: RelaisError) -> int:
    """Whole seconds until the same may be asked again; 0 where none are told."""
    return ceil(error.wait) if isinstance(error, UnavailableError) else 0


def handle_refusals(app: FastAPI) -> None:
    """Every error becomes an answer that says what, where and what to do."""

    @app.exception_handler(SignInNeededError)
    async def _sign_in(request: Request, _: SignInNeededError) -> Response:
        return see_other(f"/sign-in?next={_asked(request)}")

    @app.exception_handler(LockedError)
    async def _unlock(request: Request, _: LockedError) -> Response:
        kept = await keep_sent(request)
        return see_other(f"/locked?next={quote(kept, safe='') or _asked(request)}")

    @app.exception_handler(RelaisError)
    async def _refused(request: Request, error: RelaisError) -> Response:
        kept = await keep_sent(request)
        elsewhere = _elsewhere(request, error, kept)
        if elsewhere:
            return see_other(elsewhere)
        return await refusal(request, error, kept=kept)

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        return await refusal(request, _of_http(error), error.status_code)

    @app.exception_handler(RequestValidationError)
    async def _bad(request: Request, _: RequestValidationError) -> Response:
        return await refusal(request, _bad_form())

    @app.exception_handler(Exception)
    async def _fault(request: Request, _: Exception) -> Response:
        structlog.get_logger().exception("gateway.fault")
        found = UnavailableError(
            "console.fault",
            "Something went wrong here. What you sent may not have been kept.",
            remedy="Look whether it was kept before you send it again.",
        )
        return await refusal(request, found)


async def refusal(
    request: Request, error: RelaisError, status: int | None = None, *, kept: str = ""
) -> Response:
    """The page of one refusal, in the reader's language.

    Where the node cannot even say who the visitor is, the page is a stranger's.
    """
    status = status or status_of(error)
    try:
        visitor = await anybody(request)
    except RelaisError:
        visitor = stranger(request)
    answer = page(
        visitor,
        "refused.html",
        status=status,
        error=error,
        kept=kept,
        **_whereabouts(request, error),
    )
    if wait_of(error):
        answer.headers["Retry-After"] = str(wait_of(error))
    return answer


def _elsewhere(request: Request, error: RelaisError, kept: str) -> str:
    """The page that helps on; empty where the refusal itself has to be read.

    From there it goes on to the page that was asked for, or to what was sent and is
    ``kept``.
    """
    onward = quote(kept, safe="")
    match error.code:
        case "sign_in.locked":
            return f"/locked?next={onward or _asked(request)}"
        case "sign_in.over":
            return f"/sign-in?next={_asked(request)}"
        case "sign_in.reauthenticate":
            return f"/account/prove?next={onward or _place(request)}"
        case "access.reason_needed":
            return _ask_why(request, onward)
    return ""


def _ask_why(request: Request, onward: str) -> str:
    """Where a reason is said, and from there on to the page that was asked for.

    What was sent and is not kept has no page; then it goes on to what it was about.
    """
    about = _around(request)
    if about and request.method == "GET":
        query = request.url.query
        onward = quote(request.url.path + (f"?{query}" if query else ""), safe="")
    asks = f"{about}/reason" if about else ""
    return f"{asks}?next={onward}" if asks and onward else asks


def _whereabouts(request: Request, error: RelaisError) -> dict[str, str]:
    """What a refusal leads back to; one that may say nothing repeats no address."""
    if isinstance(error, _SAYS_NOTHING):
        return {"around": "", "shown_at": "/"}
    return {"around": _around(request)}


def _around(request: Request) -> str:
    """The case or the referral that the address is about; empty if none."""
    for room, name in (("cases", "code"), ("referrals", "number")):
        if request.url.path.startswith(f"/{room}/") and name in request.path_params:
            return f"/{room}/{quote(str(request.path_params[name]), safe='')}"
    about = getattr(request.state, "about", "")
    return f"/cases/{quote(about, safe='')}" if about else ""


def _place(request: Request) -> str:
    """The first part of the path: the page whose form asked for a proof."""
    return quote("/" + request.url.path.strip("/").partition("/")[0], safe="")


def _bad_form() -> InvalidInputError:
    return InvalidInputError(
        "console.bad_form",
        "The form was changed on its way.",
        remedy="Open the page again and send the form once more.",
    )


def _of_http(error: HTTPException) -> RelaisError:
    """What went wrong before any page was asked."""
    match error.status_code:
        case HTTPStatus.NOT_FOUND | HTTPStatus.METHOD_NOT_ALLOWED:
            return NotFoundError("console.no_page", "There is no such page here.")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return InvalidInputError(
                "console.too_large",
                "What was sent is larger than a form may be.",
                remedy="Write less, or add it to the case as a file.",
            )
        case HTTPStatus.REQUEST_TIMEOUT:
            return UnavailableError(
                "console.too_slow",
                "What was sent came so slowly that it was not waited for.",
                remedy="Nothing of it was done; send it again on a better line.",
            )
    return _bad_form()


def _asked(request: Request) -> str:
    """The page that was asked for, if it may be asked for again."""
    return quote(request.url.path, safe="") if request.method == "GET" else "%2F"
