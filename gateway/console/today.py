"""S2: the work of the day, what is due first on top, and no name anywhere."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.live import changed_since
from gateway.web.navigation import first_place
from gateway.web.pages import page, see_other
from gateway.web.visitors import SignedIn
from services.node.domain.people import MAY, Act, Role

router = APIRouter()
GROUPS = ("needs_me", "waiting_on_others")
PAGE = 25
"""Rows of a page: they fit on a slow line."""


@router.get("/")
async def today(officer: SignedIn, group: str = GROUPS[0], start: int = 0) -> Response:
    """The worklist; somebody whose role has none goes where it leads."""
    if Act.CASE not in MAY[Role(officer.session.role)]:
        return see_other(first_place(officer.session))
    # Asked first: what comes while the page is made is new to it.
    known = await changed_since(officer.desk, 0)
    found = await officer.desk.get_worklist(
        officer.name,
        group if group in GROUPS else GROUPS[0],
        limit=PAGE,
        offset=max(start, 0),
    )
    counts = {"needs_me": found.needs_me, "waiting_on_others": found.waiting_on_others}
    return page(
        officer.visitor,
        "today.html",
        here="/",
        known=known,
        work=found,
        group=group if group in GROUPS else GROUPS[0],
        counts=counts,
        start=max(start, 0),
        size=PAGE,
        names=await member_names(officer),
    )


async def member_names(officer: SignedIn) -> dict[str, str]:
    """Name in the directory to the organisation's name in the reader's language."""
    language = officer.visitor.words.lang[:2]
    found = {}
    for card in await officer.desk.list_members(officer.name):
        names = {each.language: each.name for each in card.names}
        found[card.name] = names.get(language) or names.get("en") or card.name
    own = officer.visitor.site
    found[own.config.member] = own.member_name(language)
    return found
