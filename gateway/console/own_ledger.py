"""S14 for whoever works on cases: their part of the ledger, in words.

Entries of the cases and referrals that the officer's unit acted in, and what is
unanswered or one-sided in them. The node leaves out every other unit's.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.audit import extract_file
from gateway.console.audit_entries import KINDS, entries_page
from gateway.console.audit_filters import Asked, EntryAsked
from gateway.console.today import PAGE, member_names
from gateway.web.numbers import EntryIndex, Start
from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from services.node.domain.concerns import Concern
from services.node.domain.errors import NotFoundError
from services.node.domain.handoff import Step
from services.node.domain.identifiers import parse_alias

router = APIRouter(prefix="/ledger")

OWN_CONCERNS = (Concern.UNANSWERED, Concern.ONE_SIDED)


@router.get("")
async def entries(
    officer: SignedIn,
    code: str = "",
    kind: str = "",
    member: str = "",
    role: str = "",
    since: str = "",
    until: str = "",
    before: int = 0,
) -> Response:
    """A page of the unit's entries, the newest first, and what waits in its cases."""
    asked = EntryAsked(Asked(code, since, until), kind, member, role)
    sought = asked.sought(before)
    concerns = await officer.ledger.list_own_concerns(officer.name, limit=1)
    found = await officer.ledger.list_own_entries(officer.name, sought, PAGE + 1)
    return entries_page(
        officer,
        "/ledger",
        asked,
        found,
        names=await member_names(officer),
        kinds=KINDS,
        groups=concerns.groups,
    )


@router.get("/concerns/{kind}")
async def concern(officer: SignedIn, kind: str, start: Start = 0) -> Response:
    """Everything of one kind in the unit's cases."""
    if kind not in OWN_CONCERNS:
        raise NotFoundError("console.no_page", "There is no such page here.")
    first = max(start, 0)
    found = await officer.ledger.list_own_concerns(
        officer.name, kind, limit=PAGE, offset=first
    )
    (group,) = found.groups
    return page(
        officer.visitor,
        "audit_concern.html",
        here="/ledger",
        place="/ledger",
        group=group,
        now=found.now,
        start=first,
        size=PAGE,
        names=await member_names(officer),
    )


@router.get("/extract")
async def extract(officer: SignedIn, code: str = "") -> Response:
    """The entries of one of the unit's codes with what proves them, for a court."""
    named = parse_alias(code)
    items = officer.ledger.extract_own(officer.name, named)
    return await extract_file(officer, named, items)


@router.get("/{index}")
async def entry(officer: SignedIn, index: EntryIndex) -> Response:
    """One entry of the unit's; the node verifies every proof at this moment."""
    return page(
        officer.visitor,
        "audit_entry.html",
        here="/ledger",
        place="/ledger",
        member=officer.visitor.site.config.member,
        found=await officer.ledger.get_own_entry(officer.name, max(index, 0)),
        steps=frozenset(Step),
        names=await member_names(officer),
    )
