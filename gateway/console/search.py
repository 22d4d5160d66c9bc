"""S11: what a code names here. Every search is kept in the access log."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.pages import page, see_other
from gateway.web.visitors import SignedIn
from services.node.domain.errors import RelaisError

router = APIRouter()


@router.get("/search")
async def search(officer: SignedIn, code: str = "") -> Response:
    """The case or referral that a code names; one hit is opened at once.

    The code stands in the address: it is random and tells nobody anything.
    """
    wrong = ""
    referrals: tuple[bytes, ...] = ()
    if code:
        try:
            found = await officer.desk.find_code(officer.name, code)
        except RelaisError as error:
            wrong = error.code
        else:
            referrals = found.referral_ids
            if found.case_pseudonym:
                return see_other(f"/cases/{found.case_pseudonym}")
            if len(referrals) == 1:
                return see_other(f"/referrals/{referrals[0].hex()}")
    return page(
        officer.visitor,
        "search.html",
        status=400 if wrong else 200,
        here="/cases",
        code=code,
        wrong=wrong,
        referrals=referrals,
    )
