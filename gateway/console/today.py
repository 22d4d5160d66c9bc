"""S2: the work of the day, what is due first on top, and no name anywhere.

Beside what has a clock stands what has none: notices, approvals that wait, and
what this officer began and did not send. The work may be everybody's, that of
one's own unit, or one's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.live import changed_since
from gateway.web.navigation import first_place
from gateway.web.numbers import Start
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, SignedIn
from services.node.domain.people import MAY, Act, Role
from services.node.rpc.upkeep_values import PeerRead
from services.node.rpc.work_values import MemberCardRead, WorklistRead

router = APIRouter()
GROUPS = ("needs_me", "waiting_on_others")
NOTICES, DRAFTS = "notices", "drafts"
WHOSE = ("", "unit", "me")
PAGE = 25
"""Rows of a page: they fit on a slow line."""


@router.get("/")
async def today(
    officer: SignedIn, group: str = GROUPS[0], start: Start = 0, whose: str = ""
) -> Response:
    """The worklist; somebody whose role has none goes where it leads."""
    may = MAY[Role(officer.session.role)]
    if Act.CASE not in may:
        return see_other(first_place(officer.session))
    shown = group if group in {*GROUPS, NOTICES, DRAFTS} else GROUPS[0]
    of = whose if whose in WHOSE else ""
    # Asked first: what comes while the page is made is new to it.
    known = await changed_since(officer.desk, 0)
    found = await officer.desk.get_worklist(
        officer.name,
        shown if shown in GROUPS else GROUPS[0],
        limit=PAGE if shown in GROUPS else 1,
        offset=max(start, 0) if shown in GROUPS else 0,
        whose=of,
    )
    answers = Act.APPROVAL in may
    return page(
        officer.visitor,
        "today.html",
        here="/",
        known=known,
        work=found,
        group=shown,
        whose=of,
        counts=_counts(found, answers=answers),
        start=max(start, 0),
        size=PAGE,
        names=await member_names(officer),
        present=datetime.now(UTC),
        **await _beside(officer, shown, answers=answers),
    )


def _counts(found: WorklistRead, *, answers: bool) -> dict[str, int]:
    return {
        "needs_me": found.needs_me,
        "waiting_on_others": found.waiting_on_others,
        NOTICES: found.notices + (found.approvals if answers else 0),
        DRAFTS: found.forms,
    }


async def _beside(officer: Officer, group: str, *, answers: bool) -> dict[str, Any]:
    """What stands on the pages of notices and of drafts."""
    beside: dict[str, Any] = dict.fromkeys(
        ("notices", "approvals", "admissions", "forms"), ()
    )
    if group == NOTICES:
        beside["notices"] = await officer.desk.list_notices(officer.name)
        if answers:
            beside["approvals"] = await officer.desk.list_approvals(officer.name)
            beside["admissions"] = [
                each
                for each in await officer.desk.list_admissions(officer.name)
                if officer.name not in {each.asked_by, each.officer}
            ]
    if group == DRAFTS:
        beside["forms"] = await officer.forms.list_forms(officer.name)
    return beside


async def member_names(officer: Officer) -> dict[str, str]:
    """Name in the directory to the organisation's name in the reader's language."""
    return names_of(officer, await officer.desk.list_members(officer.name))


def names_of(
    officer: Officer, cards: Iterable[MemberCardRead | PeerRead]
) -> dict[str, str]:
    """The same out of the cards of the members."""
    language = officer.visitor.words.lang[:2]
    found = {}
    for card in cards:
        key = card.member if isinstance(card, PeerRead) else card.name
        names = {each.language: each.name for each in card.names}
        found[key] = names.get(language) or names.get("en") or key
    own = officer.visitor.site
    found[own.config.member] = own.member_name(language)
    return found
