"""What the client of the desk answers about versions: of a category, of the plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.domain.plans import ReintegrationPlan
from services.node.domain.records import CategoryRecord


@dataclass(frozen=True, slots=True)
class VersionRead:
    """Where a version comes from; ``unit`` is empty if nobody knows it."""

    number: int
    recorded_at: datetime
    recorded_by: str
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class OpenedVersionRead:
    """A version with what it holds."""

    version: VersionRead
    record: CategoryRecord = field(repr=False)


@dataclass(frozen=True, slots=True)
class VersionsCompared:
    """Two versions; ``older`` is None for what was before the first."""

    older: OpenedVersionRead | None
    newer: OpenedVersionRead


@dataclass(frozen=True, slots=True)
class OpenedPlanRead:
    """A version of the reintegration plan with what it holds."""

    version: VersionRead
    plan: ReintegrationPlan = field(repr=False)


@dataclass(frozen=True, slots=True)
class PlansCompared:
    """Two versions of the plan; ``older`` is None for what was before the first."""

    older: OpenedPlanRead | None
    newer: OpenedPlanRead
