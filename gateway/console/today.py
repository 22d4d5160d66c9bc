"""S2: the work of the day, what is due first on top, and no name anywhere.

Beside what has a clock stands what has none: notices, approvals that wait, and
what this officer began and did not send. The work may be everybody's, that of
one's own unit, or one's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.live import changed_since
from gateway.forms.fields import Typed, text_of
from gateway.web.navigation import first_place, may_of
from gateway.web.numbers import Start, whole_number
from gateway.web.pages import page, see_other
from gateway.web.visitors import Officer, SignedIn
from services.node.domain.access import NamesReason
from services.node.domain.approvals import ApprovalState
from services.node.domain.identifiers import new_id
from services.node.domain.people import Act
from services.node.rpc.upkeep_values import PeerRead
from services.node.rpc.work_values import (
    AssigneeRead,
    MemberCardRead,
    SavedViewRead,
    WorklistRead,
)

router = APIRouter()
GROUPS = ("needs_me", "waiting_on_others")
NOTICES, DRAFTS = "notices", "drafts"
WHOSE = ("", "unit", "me")
_Asked = tuple[
    WorklistRead, dict[str, str], tuple[AssigneeRead, ...], tuple[SavedViewRead, ...]
]
_WRONG = ("refusal", "problem", "unsaid", "unnamed")
"""What brings a page back because something in it has to be put right."""
PAGE = 25
"""Rows of a page: they fit on a slow line."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Which page of which list: its group, whose work, and how many rows before.

    ``peer`` is the one member with whom the work is; empty for all.
    """

    group: str
    whose: str
    start: int
    peer: str = ""


def shown_of(form: Typed) -> Shown:
    """The list that a form on it names; the first one where it names none."""
    group, whose = text_of(form, "group"), text_of(form, "whose")
    return Shown(
        group if group in GROUPS else GROUPS[0],
        whose if whose in WHOSE else "",
        whole_number(text_of(form, "start")) or 0,
        text_of(form, "peer"),
    )


@router.get("/")
async def today(
    officer: SignedIn,
    group: str = GROUPS[0],
    start: Start = 0,
    whose: str = "",
    peer: str = "",
    done: str = "",
    count: Start = 0,
) -> Response:
    """The worklist; somebody whose role has none goes where it leads."""
    if Act.CASE not in may_of(officer.session):
        return see_other(first_place(officer.session))
    of = whose if whose in WHOSE else ""
    group = group if group in {*GROUPS, NOTICES, DRAFTS} else GROUPS[0]
    done = done if done in {"assigned", "back"} else ""
    return await worklist_page(
        officer, Shown(group, of, start, peer), done=done, count=count
    )


async def worklist_page(
    officer: Officer,
    shown: Shown,
    *,
    status: int = 200,
    names_for: str = "",
    **more: Any,
) -> Response:
    """The list; ``more`` says what became of assigning what is marked on it.

    ``names_for`` is why names are shown on this one page; empty for codes alone.
    """
    may = may_of(officer.session)
    work = shown.group in GROUPS
    # Asked first: what comes while the page is made is new to it.
    known = await changed_since(officer.desk, 0)
    assigns = work and Act.ASSIGNMENT in may
    found, names, assignees, views = await _asked(officer, shown, assigns=assigns)
    if shown.peer and shown.peer not in names:
        # An address may say anything: nobody's member narrows nothing.
        everybody = replace(shown, peer="")
        return await worklist_page(
            officer, everybody, status=status, names_for=names_for, **more
        )
    people = await _people(officer, found, names_for) if names_for else {}
    refused = any(map(more.get, _WRONG))
    return page(
        officer.visitor,
        "today.html",
        status=400 if refused else status,
        here="/",
        known=known,
        work=found,
        group=shown.group,
        whose=shown.whose,
        peer=shown.peer,
        views=views,
        counts=_counts(found),
        start=shown.start,
        size=PAGE,
        names=names,
        present=datetime.now(UTC),
        people=people,
        named=bool(names_for),
        names_reasons=tuple(NamesReason),
        assignees=assignees,
        event=new_id().hex(),
        **await _beside(officer, shown.group, may),
        **{"marked": (), "assignee": "", "problem": "", "refusal": None, "done": ""}
        | {"reasons": (), "unsaid": False, "unnamed": False, "view_name": "", **more},
    )


async def _asked(officer: Officer, shown: Shown, *, assigns: bool) -> _Asked:
    """The page, and what stands beside it.

    Together: the node answers the small ones while its database looks for the page.
    """
    work = shown.group in GROUPS
    return await asyncio.gather(
        officer.desk.get_worklist(
            officer.name,
            shown.group if work else GROUPS[0],
            limit=PAGE if work else 1,
            offset=shown.start if work else 0,
            whose=shown.whose,
            peer=shown.peer,
        ),
        member_names(officer),
        _assignees(officer, assigns=assigns),
        officer.desk.list_views(officer.name),
    )


async def _assignees(officer: Officer, *, assigns: bool) -> tuple[AssigneeRead, ...]:
    return await officer.desk.list_assignees(officer.name) if assigns else ()


async def _people(officer: Officer, found: WorklistRead, reason: str) -> dict[str, str]:
    """Names by code, of what stands on the page; a look at each is kept first."""
    rows = (each.case_pseudonym for each in found.items)
    expected = (each.referral.case_pseudonym for each in found.arrivals)
    cases = sorted({each for each in (*rows, *expected) if each})
    if not cases:
        return {}
    shown = await replace(officer, reason=reason).desk.show_names(officer.name, cases)
    return {each.case_pseudonym: each.name for each in shown}


def _counts(found: WorklistRead) -> dict[str, int]:
    return {
        "needs_me": found.needs_me,
        "waiting_on_others": found.waiting_on_others,
        NOTICES: found.notices + found.approvals,
        DRAFTS: found.forms,
    }


async def _beside(officer: Officer, group: str, may: Collection[str]) -> dict[str, Any]:
    """What stands on the pages of notices and of drafts, as far as one may answer."""
    beside: dict[str, Any] = dict.fromkeys(
        ("notices", "approvals", "approved", "admissions", "forms"), ()
    )
    if group == NOTICES:
        beside["notices"] = await officer.desk.list_notices(officer.name)
        beside["approvals"] = await officer.desk.list_approvals(officer.name)
        # What another approved is done by whoever asked.
        asked = await officer.desk.list_approvals(officer.name, asked_by_me=True)
        beside["approved"] = [
            each for each in asked if each.state == ApprovalState.APPROVED
        ]
        if Act.ADMISSION in may:
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
