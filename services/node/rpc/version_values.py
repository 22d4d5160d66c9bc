"""What the client of the desk answers about versions of a data category."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

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
