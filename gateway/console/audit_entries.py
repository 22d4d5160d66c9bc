"""S14: the entries of the ledger, and one of them with everything that proves it."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.audit_filters import Asked, address, check_auditor, party_names
from gateway.console.today import PAGE
from gateway.web.numbers import EntryIndex
from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from services.node.domain.concerns import EntryKind
from services.node.domain.handoff import Step
from services.node.domain.inside_acts import InsideAct
from services.node.rpc.ledger_values import EntrySought

router = APIRouter(prefix="/audit/entries")

KINDS = (*Step, *InsideAct, *EntryKind)


@router.get("")
async def entries(
    officer: SignedIn,
    code: str = "",
    kind: str = "",
    member: str = "",
    since: str = "",
    until: str = "",
    before: int = 0,
) -> Response:
    """A page of entries, the newest first; what is wrong is said at its field."""
    check_auditor(officer)
    asked = Asked(code, since, until)
    sought = EntrySought(asked.alias(), kind, member, asked.period(), max(before, 0))
    found = await officer.ledger.list_entries(officer.name, sought, PAGE + 1)
    shown = found.entries[:PAGE]
    older = (
        address(
            "/audit/entries",
            code=code,
            kind=kind,
            member=member,
            since=since,
            until=until,
            before=shown[-1].index,
        )
        if len(found.entries) > PAGE
        else ""
    )
    return page(
        officer.visitor,
        "audit_entries.html",
        status=400 if asked.problems else 200,
        here="/audit",
        entries=() if asked.problems else shown,
        size=found.size,
        asked=asked,
        kind=kind,
        member=member,
        kinds=KINDS,
        steps=frozenset(Step),
        names=await party_names(officer),
        older="" if asked.problems else older,
    )


@router.get("/{index}")
async def entry(officer: SignedIn, index: EntryIndex) -> Response:
    """One entry; the node verifies every proof at this moment."""
    check_auditor(officer)
    return page(
        officer.visitor,
        "audit_entry.html",
        here="/audit",
        found=await officer.ledger.get_entry(officer.name, max(index, 0)),
        steps=frozenset(Step),
        names=await party_names(officer),
    )
