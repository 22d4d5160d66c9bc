"""S11: what a code names here. Every search is kept in the access log.

What is typed is sent in the form, not in an address: it may be a name, though a code
is asked for, and addresses are kept by browsers and by what stands between.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.forms.fields import text_of
from gateway.web.pages import page, see_other
from gateway.web.refusals import wait_of
from gateway.web.visitors import Officer, Sent, SignedIn
from services.node.domain.errors import RelaisError

router = APIRouter()


@router.get("/search")
async def ask(officer: SignedIn) -> Response:
    """Where a code is typed."""
    return _show(officer)


@router.post("/search")
async def search(officer: SignedIn, form: Sent) -> Response:
    """The case or referral that a code names; one hit is opened at once."""
    code = text_of(form, "code")
    try:
        found = await officer.desk.find_code(officer.name, code)
    except RelaisError as error:
        if wait_of(error):
            raise
        return _show(officer, code=code, wrong=error.code)
    if found.case_pseudonym:
        return see_other(f"/cases/{found.case_pseudonym}")
    if len(found.referral_ids) == 1:
        return see_other(f"/referrals/{found.referral_ids[0].hex()}")
    return _show(officer, code=code, referrals=found.referral_ids)


def _show(
    officer: Officer,
    *,
    code: str = "",
    wrong: str = "",
    referrals: tuple[bytes, ...] = (),
) -> Response:
    return page(
        officer.visitor,
        "search.html",
        status=400 if wrong else 200,
        here="/cases",
        code=code,
        wrong=wrong,
        referrals=referrals,
    )
