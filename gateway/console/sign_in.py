"""S1: sign-in, the invitation, lock, language, and leaving at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, Response

from gateway.web.navigation import first_place
from gateway.web.pages import page, see_other
from gateway.web.pictures import qr
from gateway.web.proofs import proof_in
from gateway.web.visitors import (
    BEFORE_COOKIE,
    LANGUAGE_COOKIE,
    SESSION_COOKIE,
    Anybody,
    Sent,
    Visitor,
    drop_cookie,
    local_path,
    set_cookie,
)
from services.node.domain.errors import RelaisError
from services.node.rpc.sign_in_values import SignedInRead, TotpRead

router = APIRouter()
Next = Annotated[str, Query(alias="next", max_length=300)]
_NO_CONTENT = 204
_FIRST_PAGE_SECONDS = 120
_YEAR = 365 * 24 * 3600


@router.get("/sign-in")
async def ask_who(visitor: Anybody, after: Next = "/") -> Response:
    """The page that asks who is there; somebody signed in goes on."""
    if visitor.session is not None and not visitor.session.locked:
        return see_other(first_place(visitor.session))
    return _ask(visitor, after)


@router.post("/sign-in")
async def sign_in(visitor: Anybody, form: Sent) -> Response:
    """Password and one-time code; a refusal never says which of them was wrong."""
    officer, after = _text(form, "officer").strip(), _text(form, "next") or "/"
    try:
        found = await visitor.sign_in.sign_in(
            officer,
            _text(form, "password"),
            _text(form, "code").replace(" ", ""),
            source=visitor.source,
        )
    except RelaisError as error:
        return _ask(visitor, after, officer=officer, error=error)
    return _enter(found, after)


@router.post("/sign-in/passkey")
async def sign_in_by_passkey(visitor: Anybody, form: Sent) -> Response:
    """What the browser's authenticator answered."""
    after = _text(form, "next") or "/"
    try:
        found = await visitor.sign_in.finish_passkey_sign_in(
            _text(form, "credential"),
            visitor.site.config.origin,
            source=visitor.source,
        )
    except RelaisError as error:
        return _ask(visitor, after, error=error)
    return _enter(found, after)


@router.post("/sign-in/passkey/options")
async def passkey_options(visitor: Anybody, form: Sent) -> Response:
    """What the browser's authenticator is asked, as JSON."""
    del form
    options = await visitor.sign_in.begin_passkey_sign_in(
        visitor.site.config.origin, source=visitor.source
    )
    return Response(options, media_type="application/json")


@router.get("/enrol")
async def ask_invitation(visitor: Anybody) -> Response:
    """The page that asks for the code of an invitation."""
    return _enrol(visitor)


@router.post("/enrol")
async def show_invitation(visitor: Anybody, form: Sent) -> Response:
    """Whom the code invites; then a password is chosen."""
    code = _text(form, "code").strip()
    try:
        invited = await visitor.sign_in.begin_enrolment(code, source=visitor.source)
    except RelaisError as error:
        return _enrol(visitor, error=error)
    return _enrol(visitor, code=code, invited=invited)


@router.post("/enrol/password")
async def choose_password(visitor: Anybody, form: Sent) -> Response:
    """Keeps the password; the secret of the one-time codes is shown once."""
    code = _text(form, "code")
    client, source = visitor.sign_in, visitor.source
    invited = await client.begin_enrolment(code, source=source)
    try:
        totp = await client.enrol_password(code, _text(form, "password"), source=source)
    except RelaisError as error:
        return _enrol(visitor, code=code, invited=invited, error=error)
    return _enrol(visitor, code=code, totp=totp)


@router.post("/enrol/confirm")
async def confirm_enrolment(visitor: Anybody, form: Sent) -> Response:
    """The app's digits prove that the codes work."""
    code, digits = _text(form, "code"), _text(form, "totp").replace(" ", "")
    try:
        officer = await visitor.sign_in.confirm_enrolment(
            code, digits, source=visitor.source
        )
    except RelaisError as error:
        # The secret is not shown again: the app has it already.
        return _enrol(visitor, code=code, error=error, confirming=True)
    return _ask(visitor, "/", officer=officer)


@router.get("/locked")
async def ask_again(visitor: Anybody, after: Next = "/") -> Response:
    """The page of a locked session."""
    if visitor.session is None:
        return see_other("/sign-in")
    if not visitor.session.locked:
        return see_other(local_path(after))
    return page(visitor, "locked.html", next=local_path(after), error="")


@router.post("/locked")
async def unlock(visitor: Anybody, form: Sent) -> Response:
    """Password or passkey opens it again; too many wrong ones end the session."""
    after = local_path(_text(form, "next"))
    try:
        await visitor.sign_in.unlock_session(proof_in(form, visitor))
    except RelaisError as error:
        if error.code == "sign_in.over":
            return _left(see_other("/sign-in"))
        said = _said(visitor, error)
        return page(visitor, "locked.html", status=403, next=after, error=said)
    return see_other(after)


@router.post("/lock")
async def lock(visitor: Anybody, form: Sent) -> Response:
    """Lock now; what was begun is kept at the node."""
    del form
    await _lock(visitor)
    return see_other("/locked")


@router.post("/leave")
async def leave(visitor: Anybody, form: Sent) -> Response:
    """Locks and leaves a page that shows nothing; *back* finds nothing kept."""
    del form
    await _lock(visitor)
    response = see_other("/blank")
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@router.get("/blank")
async def blank(visitor: Anybody) -> Response:
    """A page that says nothing."""
    text = visitor.site.templates.get_template("blank.html")
    return HTMLResponse(text.render(words=visitor.words, _=visitor.words.gettext))


@router.get("/favicon.ico")
async def no_icon() -> Response:
    """A page that says nothing has no picture either; browsers ask all the same."""
    return Response(status_code=_NO_CONTENT)


@router.post("/sign-out")
async def sign_out(visitor: Anybody, form: Sent) -> Response:
    """Ends the session here and at the node."""
    del form
    if visitor.session is not None:
        await visitor.sign_in.sign_out()
        visitor.site.streams.end(visitor.token)
    response = _left(see_other("/sign-in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@router.post("/language")
async def speak(visitor: Anybody, form: Sent, back: str = "/") -> Response:
    """The language from now on, for this browser and for this officer."""
    asked = _text(form, "language")
    tag = visitor.site.languages.choose(asked).lang
    if visitor.session is not None and not visitor.session.locked:
        await visitor.sign_in.set_language(tag)
    response = see_other(local_path(_text(form, "back") or back))
    set_cookie(response, LANGUAGE_COOKIE, tag, max_age=_YEAR)
    return response


async def _lock(visitor: Visitor) -> None:
    """Locks the session; whatever else shows its work is told at once."""
    if visitor.session is not None:
        await visitor.sign_in.lock_session()
        visitor.site.streams.end(visitor.token)


def _enter(found: SignedInRead, after: str) -> Response:
    path = local_path(after)
    start = first_place(found.session) if path == "/" else path
    response = see_other(start)
    # Always a fresh token: one that somebody planted is worth nothing.
    set_cookie(response, SESSION_COOKIE, found.token)
    if found.session.language:
        set_cookie(response, LANGUAGE_COOKIE, found.session.language, max_age=_YEAR)
    before = found.previous_sign_in_at.timestamp()
    if before:
        told = f"{before * 1000:.0f}.{found.failures_since}"
        set_cookie(response, BEFORE_COOKIE, told, max_age=_FIRST_PAGE_SECONDS)
    return response


def _left(response: Response) -> Response:
    drop_cookie(response, SESSION_COOKIE)
    return response


def _ask(
    visitor: Visitor, after: str, *, officer: str = "", error: RelaisError | None = None
) -> Response:
    return page(
        visitor,
        "sign_in.html",
        status=200 if error is None else 403,
        next=local_path(after),
        officer=officer,
        error="" if error is None else _said(visitor, error),
    )


def _enrol(
    visitor: Visitor,
    *,
    code: str = "",
    invited: object = None,
    totp: TotpRead | None = None,
    error: RelaisError | None = None,
    confirming: bool = False,
) -> Response:
    return page(
        visitor,
        "enrol.html",
        status=200 if error is None else 400,
        code=code,
        invited=invited,
        totp=totp,
        confirming=confirming,
        qr="" if totp is None else qr(totp.otpauth_uri),
        error="" if error is None else _said(visitor, error),
    )


def _said(visitor: Visitor, error: RelaisError) -> str:
    """The refusal in the visitor's language: its title, or else its sentence."""
    words = visitor.words
    if words.has("error", error.code):
        return words.error(error.code)
    return words.refused(error).sentence.text


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
