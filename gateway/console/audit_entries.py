"""S14: the entries of the ledger, and one of them with everything that proves it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.audit_filters import Asked, EntryAsked, check_auditor, party_names
from gateway.console.today import PAGE
from gateway.web.numbers import EntryIndex
from gateway.web.pages import page
from gateway.web.visitors import Officer, SignedIn
from services.node.domain.concerns import EntryKind
from services.node.domain.handoff import Step
from services.node.domain.inside_acts import InsideAct
from services.node.domain.people import Role
from services.node.rpc.ledger_values import EntriesRead

_PLACE = "/audit/entries"
router = APIRouter(prefix=_PLACE)

KINDS = (*Step, *InsideAct, *EntryKind)
_ROLES = tuple(Role)


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
    """A page of entries, the newest first; what is wrong is said at its field."""
    check_auditor(officer)
    asked = EntryAsked(Asked(code, since, until), kind, member, role)
    sought = asked.sought(before)
    found = await officer.ledger.list_entries(officer.name, sought, PAGE + 1)
    names = await party_names(officer)
    return entries_page(officer, _PLACE, asked, found, names=names, kinds=KINDS)


def entries_page(
    officer: Officer,
    place: str,
    asked: EntryAsked,
    found: EntriesRead,
    **values: object,
) -> Response:
    """Entries that were found, one more than a page has, and how they were sought."""
    problems = asked.typed.problems
    shown = () if problems else found.entries[:PAGE]
    more = shown and len(found.entries) > PAGE
    return page(
        officer.visitor,
        "audit_entries.html",
        status=400 if problems else 200,
        here=place.removesuffix("/entries"),
        place=place,
        entries=shown,
        named=asked.typed.alias() if shown else "",
        member=officer.visitor.site.config.member,
        size=found.size,
        asked=asked.typed,
        sought=asked,
        roles=_ROLES,
        steps=frozenset(Step),
        older=asked.address(place, shown[-1].index) if more else "",
        **values,
    )


@router.get("/{index}")
async def entry(officer: SignedIn, index: EntryIndex) -> Response:
    """One entry; the node verifies every proof at this moment."""
    check_auditor(officer)
    return page(
        officer.visitor,
        "audit_entry.html",
        here="/audit",
        place=_PLACE,
        member=officer.visitor.site.config.member,
        found=await officer.ledger.get_entry(officer.name, max(index, 0)),
        steps=frozenset(Step),
        names=await party_names(officer),
    )
