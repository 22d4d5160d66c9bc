"""S5: the members: what they are, what may be asked of them, and when they answer.

Where a house is stands in no directory. Who is open is told on the clock of the
place and by its holidays; how fast a member answers and whether its node is reached
is this node's own experience. What was chosen stands in the address, so that it
outlives a page, a language and a link that is kept.
"""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from starlette.responses import Response

from gateway.forms.choosing import fits, loosened, offered, page_of, wanted_of
from gateway.web.numbers import Start
from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from gateway.words.provinces import province

router = APIRouter(prefix="/directory")
PAGE = 20
"""Cards of a page: they fit on a slow line."""


@router.get("")
async def directory(officer: SignedIn, request: Request, start: Start = 0) -> Response:
    """Everybody, or those for whom everything holds that was chosen."""
    listed = await officer.desk.list_members(officer.name, details=True)
    cards = [card for card in listed if card.active]
    own = await officer.desk.get_closed_to_new(officer.name)
    choices = offered(cards)
    wanted = wanted_of(request.query_params, choices)
    shown = [card for card in cards if fits(card, wanted)]
    part = page_of(len(shown), start, PAGE)
    return page(
        officer.visitor,
        "directory.html",
        here="/directory",
        own=own,
        cards=shown[part.first : part.first + PAGE],
        offered=choices,
        wanted=wanted,
        found=len(shown),
        loosened=() if shown else loosened(cards, wanted),
        part=part,
        wire=datetime.now(UTC),
        provinces={card.province: province(card.province) for card in cards},
    )
