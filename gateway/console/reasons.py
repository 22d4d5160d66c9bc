"""Why somebody opens what another unit works on; said once, it is carried on.

A reason holds for a quarter of an hour, for one case with its referrals and for
nothing else. The node keeps it, sealed, with every look; people judge it.
"""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from gateway.forms.fields import text_of
from gateway.web.pages import page, see_other
from gateway.web.visitors import (
    REASON_COOKIE,
    Officer,
    Sent,
    SignedIn,
    local_path,
    reason_for,
    set_cookie,
)
from services.node.domain.access import LookReason
from services.node.domain.errors import RelaisError

router = APIRouter()

_REASON_SECONDS = 900
_REFERRING = re.compile(
    r"/refer(/[0-9a-f]{2,64}/[a-z]{1,16}|\?case=[0-9A-Za-z-]{1,40})"
)
"""Pages of a new referral: they are about a case that their address may not name."""
Onward = Annotated[str, Query(alias="next")]


@router.get("/cases/{code}/reason")
async def ask_for_case(officer: SignedIn, code: str, onward: Onward = "") -> Response:
    """Why somebody of another unit opens this case."""
    return _ask(officer, f"/cases/{code}", code, onward)


@router.post("/cases/{code}/reason")
async def keep_for_case(officer: SignedIn, form: Sent, code: str) -> Response:
    """Keeps the reason for this case and its referrals."""
    reason, onward = text_of(form, "reason"), text_of(form, "next")
    if reason not in set(LookReason):
        return _ask(officer, f"/cases/{code}", code, onward)
    return _go_on(f"/cases/{code}", onward, reason, code, *await _of(officer, code))


@router.get("/referrals/{number}/reason")
async def ask_for_referral(
    officer: SignedIn, number: str, onward: Onward = ""
) -> Response:
    """Why somebody of another unit opens this referral."""
    return _ask(officer, f"/referrals/{number}", "", onward)


@router.post("/referrals/{number}/reason")
async def keep_for_referral(officer: SignedIn, form: Sent, number: str) -> Response:
    """Keeps the reason for this referral, its case, and that case's referrals."""
    reason, onward = text_of(form, "reason"), text_of(form, "next")
    base = f"/referrals/{number}"
    if reason not in set(LookReason):
        return _ask(officer, base, "", onward)
    around = await _around(officer, number, reason)
    return _go_on(base, onward, reason, number, *around)


def _ask(officer: Officer, base: str, code: str, onward: str) -> Response:
    return page(
        officer.visitor,
        "reason.html",
        here="/cases",
        base=base,
        code=code,
        onward=_within(base, onward),
        reasons=tuple(LookReason),
    )


def _go_on(base: str, onward: str, reason: str, *named: str) -> Response:
    response = see_other(_within(base, onward))
    kept = reason_for(reason, *named)
    set_cookie(response, REASON_COOKIE, kept, max_age=_REASON_SECONDS)
    return response


def _within(base: str, onward: str) -> str:
    """Where the officer wanted to: what the reason is said for, or what was kept."""
    path = local_path(onward)
    kept = path.startswith((f"{base}/", "/kept/")) or _REFERRING.fullmatch(path)
    return path if kept else base


async def _of(officer: Officer, code: str) -> tuple[str, ...]:
    """The referrals of a case: what is said of it holds for them."""
    try:
        case = await officer.desk.get_case(officer.name, code)
    except RelaisError:
        return ()
    return tuple(each.referral_id.hex() for each in case.referrals)


async def _around(officer: Officer, number: str, reason: str) -> tuple[str, ...]:
    """The case of a referral, and its other referrals."""
    site, token = officer.visitor.site, officer.visitor.token
    desk = site.node.desk.acting(token, reason)
    try:
        talk = await desk.get_referral(officer.name, bytes.fromhex(number))
    except (RelaisError, ValueError):
        return ()
    code = talk.referral.case_pseudonym
    return (code, *await _of(officer, code)) if code else ()
