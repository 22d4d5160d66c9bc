"""S7: the versions of one category: who wrote them, and what two of them differ in."""

from __future__ import annotations

from itertools import pairwise

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.case_file import known_category
from gateway.console.today import PAGE, member_names
from gateway.web.numbers import Start, VersionNumber
from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from services.node.domain.versions import changes
from services.node.rpc.version_values import VersionsCompared

router = APIRouter(prefix="/cases")


@router.get("/{code}/person/{category}/versions")
async def versions(
    officer: SignedIn,
    code: str,
    category: str,
    older: VersionNumber = 0,
    newer: VersionNumber = 0,
    start: Start = 0,
) -> Response:
    """Every version, and two side by side: the newest and the one before it."""
    wanted, desk = known_category(category), officer.desk
    # One more than is shown: the last of a page is compared with what is before it.
    found = await desk.list_versions(
        officer.name, code, wanted, limit=PAGE + 1, offset=start
    )
    earlier_of = {each.number: past.number for each, past in pairwise(found)}
    compared: VersionsCompared | None = None
    if found:
        last = newer or found[0].number
        first = older if newer else earlier_of.get(last, 0)
        compared = await desk.compare_versions(officer.name, code, wanted, first, last)
    old = compared.older if compared else None
    return page(
        officer.visitor,
        "versions.html",
        here="/cases",
        code=code,
        category=wanted,
        versions=found[:PAGE],
        earlier_of=earlier_of,
        older=old,
        newer=compared.newer if compared else None,
        changes=changes(old.record if old else None, compared.newer.record)
        if compared
        else (),
        names=await member_names(officer),
        own=officer.visitor.site.config.member,
        start=start,
        onward=start + PAGE if len(found) > PAGE else None,
    )
