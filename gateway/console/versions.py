"""S7, S9: versions of a category or of the plan: whose, and in what two differ."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from fastapi import APIRouter
from starlette.responses import Response

from gateway.console.case_file import known_category
from gateway.console.today import PAGE, member_names
from gateway.forms.accompany import shown_day
from gateway.web.numbers import Start, VersionNumber
from gateway.web.pages import page
from gateway.web.visitors import SignedIn
from services.node.domain.plan_changes import PlanChange, plan_changes
from services.node.domain.versions import changes
from services.node.rpc.version_values import PlansCompared, VersionsCompared

router = APIRouter(prefix="/cases")

_CALLED = {
    "stage": "plan_stage",
    "domain": "goal_domain",
    "applied_at": "applied_on",
    "outcome": "goal_outcome",
    "what": "action_what",
    "responsible": "action_who",
    "due": "action_due",
    "status": "action_status",
}
"""What a field of the plan is called in its forms, where that is another name."""


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """A change as it is shown; a day stands for an instant."""

    change: PlanChange
    label: str
    before: str | date | None
    after: str | date | None


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
        path=f"/cases/{code}/person/{wanted}/versions",
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


@router.get("/{code}/plan/versions")
async def plan_versions(
    officer: SignedIn,
    code: str,
    older: VersionNumber = 0,
    newer: VersionNumber = 0,
    start: Start = 0,
) -> Response:
    """Every version of the reintegration plan, and two side by side."""
    desk = officer.desk
    found = await desk.list_plan_versions(
        officer.name, code, limit=PAGE + 1, offset=start
    )
    earlier_of = {each.number: past.number for each, past in pairwise(found)}
    compared: PlansCompared | None = None
    if found:
        last = newer or found[0].number
        first = older if newer else earlier_of.get(last, 0)
        compared = await desk.compare_plans(officer.name, code, first, last)
    old, new = (compared.older, compared.newer) if compared else (None, None)
    differ = plan_changes(old.plan if old else None, new.plan if new else None)
    return page(
        officer.visitor,
        "versions.html",
        here="/cases",
        code=code,
        category="",
        path=f"/cases/{code}/plan/versions",
        versions=found[:PAGE],
        earlier_of=earlier_of,
        older=old,
        newer=new,
        changes=[_as_shown(each) for each in differ],
        names=await member_names(officer),
        own=officer.visitor.site.config.member,
        start=start,
        onward=start + PAGE if len(found) > PAGE else None,
    )


def _as_shown(change: PlanChange) -> PlanDifference:
    label = _CALLED.get(change.field, change.field)
    if label not in {"applied_on", "action_due"}:
        return PlanDifference(change, label, change.before, change.after)
    ends = label == "action_due"
    before, after = (
        shown_day(each, ends=ends) for each in (change.before, change.after)
    )
    return PlanDifference(change, label, before, after)
