"""S5: the members: what they are, what may be asked of them, whether they answer."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from services.node.domain.referrals import ReferralType

router = APIRouter(prefix="/directory")


@router.get("")
async def directory(
    officer: SignedIn, need: str = "", country: str = "", kind: str = ""
) -> Response:
    """Everybody, or those who may be asked for one thing."""
    cards = await officer.desk.list_members(officer.name)
    wanted = need if need in set(ReferralType) else ""
    shown = [
        card
        for card in cards
        if card.active
        and (not wanted or wanted in card.may_offer)
        and (not country or card.country == country)
        and (not kind or card.kind == kind)
    ]
    return page(
        officer.visitor,
        "directory.html",
        here="/directory",
        cards=shown,
        needs=sorted({each for card in cards for each in card.may_offer}),
        countries=sorted({card.country for card in cards}),
        kinds=sorted({card.kind for card in cards}),
        need=wanted,
        country=country,
        kind=kind,
    )
