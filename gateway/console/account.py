"""The officer's own account: passkeys, password, sessions elsewhere."""

from __future__ import annotations

from binascii import Error as HexError
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from gateway.forms.fields import text_of
from gateway.web.pages import page, see_other
from gateway.web.proofs import proof_in, prove_first
from gateway.web.visitors import Officer, Sent, SignedIn, local_path
from services.node.domain.errors import InvalidInputError, RelaisError

router = APIRouter(prefix="/account")
After = Annotated[str, Query(alias="next", max_length=2000)]
"""The page after a proof, with what was typed there."""
_PROVE = "sign_in.reauthenticate"


@router.get("")
async def account(officer: SignedIn, done: str = "") -> Response:
    """What there is, and forms to change it."""
    return await _show(officer, done=done == "password")


@router.get("/prove")
async def ask_proof(officer: SignedIn, after: After = "/account") -> Response:
    """What asks for a recent proof sends the officer here first."""
    return page(
        officer.visitor,
        "prove.html",
        here="/account",
        next=local_path(after),
        error=None,
    )


@router.post("/prove")
async def prove(officer: SignedIn, form: Sent) -> Response:
    """Password or passkey once more; it counts for five minutes."""
    after = local_path(text_of(form, "next") or "/account")
    visitor = officer.visitor
    try:
        await visitor.sign_in.reauthenticate(proof_in(form, visitor))
    except RelaisError as error:
        return page(
            officer.visitor,
            "prove.html",
            status=403,
            here="/account",
            next=after,
            error=error,
        )
    return see_other(after)


@router.post("/passkeys/options")
async def passkey_options(officer: SignedIn, form: Sent) -> Response:
    """What the browser's authenticator is asked, as JSON."""
    del form
    options = await officer.visitor.sign_in.begin_passkey_registration(
        officer.visitor.site.config.origin
    )
    return Response(options, media_type="application/json")


@router.post("/passkeys")
async def add_passkey(officer: SignedIn, form: Sent) -> Response:
    """Keeps a new passkey under a name that tells nobody anything."""
    try:
        await officer.visitor.sign_in.finish_passkey_registration(
            text_of(form, "credential"),
            officer.visitor.site.config.origin,
            text_of(form, "label"),
        )
    except RelaisError as error:
        return await _show(officer, error=error)
    return see_other("/account")


@router.post("/passkeys/remove")
async def remove_passkey(officer: SignedIn, form: Sent) -> Response:
    """Removes one."""
    try:
        wanted = bytes.fromhex(text_of(form, "passkey"))
    except (ValueError, HexError):
        raise InvalidInputError(
            "console.bad_form",
            "The form was changed on its way.",
            remedy="Open the page again and send the form once more.",
        ) from None
    try:
        await officer.visitor.sign_in.remove_passkey(wanted)
    except RelaisError as error:
        return await _show(officer, error=error)
    return see_other("/account")


@router.post("/password")
async def change_password(officer: SignedIn, form: Sent) -> Response:
    """Another password; every other session ends, and a passkey stays."""
    chosen = form.get("password")
    try:
        await officer.visitor.sign_in.change_password(
            chosen if isinstance(chosen, str) else ""
        )
    except RelaisError as error:
        if error.code == _PROVE:
            return prove_first("/account")
        return await _show(officer, error=error, at="#password")
    return see_other("/account?done=password")


@router.post("/sign-out-everywhere")
async def leave_everywhere(officer: SignedIn, form: Sent) -> Response:
    """Ends every session of this officer, this one too."""
    del form
    visitor = officer.visitor
    await visitor.sign_in.sign_out_everywhere()
    # Those of other sessions find out by themselves within seconds.
    visitor.site.streams.end(visitor.token)
    return see_other("/sign-in")


async def _show(
    officer: Officer,
    *,
    error: RelaisError | None = None,
    at: str = "/account/prove",
    done: bool = False,
) -> Response:
    passkeys = await officer.visitor.sign_in.list_passkeys()
    return page(
        officer.visitor,
        "account.html",
        status=200 if error is None else _status(error),
        here="/account",
        passkeys=passkeys,
        error=error,
        at=at,
        done=done,
    )


def _status(error: RelaisError) -> int:
    return 400 if isinstance(error, InvalidInputError) else 403
