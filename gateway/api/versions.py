"""Versions of what was written down: who wrote them, and how two differ.

The number of the version that something was made of may be said with it: then it is
refused where another stands by now.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from gateway.api.answers import (
    USUAL,
    Cursor,
    Limit,
    answer,
    offset_page,
    page_of,
    read_cursor,
)
from gateway.api.callers import ME, Calling
from gateway.api.shapes import Word, model_of
from services.node.domain.categories import Category
from services.node.domain.plan_changes import PlanChange, plan_changes
from services.node.domain.versions import FieldChange, changes
from services.node.rpc.version_values import (
    OpenedPlanRead,
    OpenedVersionRead,
    VersionRead,
)

router = APIRouter(prefix="/cases", tags=["cases"])

_LARGEST = 2**31 - 1
BasedOn = Annotated[
    int | None,
    Query(
        ge=0,
        le=_LARGEST,
        description="The version that it was made of, 0 if there was none; 409 if "
        "another stands now. Left out, it is kept whatever stands.",
    ),
]
VersionNumber = Annotated[int, Query(ge=0, le=_LARGEST)]


@dataclass(frozen=True, slots=True)
class VersionsDiffer:
    """Two versions and every field that differs; ``older`` is null before the first."""

    older: OpenedVersionRead | None
    newer: OpenedVersionRead
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class PlansDiffer:
    """Two plans and every field that differs; ``older`` is null before the first."""

    older: OpenedPlanRead | None
    newer: OpenedPlanRead
    changes: tuple[PlanChange, ...]


@router.get(
    "/{case}/records/{category}/versions",
    response_model=page_of(VersionRead),
    summary="Who wrote one data category, and when",
)
async def list_record_versions(
    request: Request,
    caller: Calling,
    case: Word,
    category: Category,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """The newest first, without what they hold; the look is kept, with its reason."""
    start = read_cursor(cursor)
    found = await caller.desk.list_versions(
        ME, case, category, limit=limit, offset=start
    )
    return answer(request, offset_page(found, start, limit))


@router.get(
    "/{case}/records/{category}/changes",
    response_model=model_of(VersionsDiffer),
    summary="How two versions differ",
)
async def compare_record_versions(
    request: Request,
    caller: Calling,
    case: Word,
    category: Category,
    older: VersionNumber = 0,
    newer: VersionNumber = 0,
) -> Response:
    """Field by field; 0 is what was before the first, and what stands now."""
    found = await caller.desk.compare_versions(ME, case, category, older, newer)
    before = None if found.older is None else found.older.record
    differ = changes(before, found.newer.record)
    return answer(request, VersionsDiffer(found.older, found.newer, differ))


@router.get(
    "/{case}/plan/versions",
    response_model=page_of(VersionRead),
    summary="Who wrote the reintegration plan, and when",
)
async def list_plan_versions(
    request: Request,
    caller: Calling,
    case: Word,
    limit: Limit = USUAL,
    cursor: Cursor = "",
) -> Response:
    """The newest first, without what they hold; the look is kept, with its reason."""
    start = read_cursor(cursor)
    found = await caller.desk.list_plan_versions(ME, case, limit=limit, offset=start)
    return answer(request, offset_page(found, start, limit))


@router.get(
    "/{case}/plan/changes",
    response_model=model_of(PlansDiffer),
    summary="How two versions of the reintegration plan differ",
)
async def compare_plans(
    request: Request,
    caller: Calling,
    case: Word,
    older: VersionNumber = 0,
    newer: VersionNumber = 0,
) -> Response:
    """Field by field; 0 is what was before the first, and what stands now."""
    found = await caller.desk.compare_plans(ME, case, older, newer)
    before = None if found.older is None else found.older.plan
    differ = plan_changes(before, found.newer.plan)
    return answer(request, PlansDiffer(found.older, found.newer, differ))
