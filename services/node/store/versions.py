"""Versions of what was written of a case: which stands now, and which were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import fetch


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a data category, sealed; ``unit`` is empty if nobody knows it."""

    number: int
    source: str
    recorded_at: datetime
    recorded_by: str
    unit: str
    record_id: int
    nonce: bytes
    sealed: bytes
    epoch: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class PlanVersionRow:
    """One version of the reintegration plan, sealed under its event."""

    number: int
    event_id: bytes
    recorded_at: datetime
    recorded_by: str
    unit: str
    nonce: bytes
    sealed: bytes


async def newest_version(connection: Connection, case_id: bytes, category: str) -> int:
    """The number of the version that stands now; 0 if nothing can be read."""
    found: int | None = await connection.fetchval(
        query("newest_version"), case_id, category
    )
    return found or 0


async def newest_plan_version(connection: Connection, case_id: bytes) -> int:
    """The number of the plan that stands now; 0 if there is none."""
    found: int | None = await connection.fetchval(query("newest_plan_version"), case_id)
    return found or 0


async def versions_of(
    connection: Connection,
    case_id: bytes,
    category: str,
    *,
    numbers: Sequence[int] | None = None,
    limit: int,
    offset: int = 0,
) -> list[VersionRow]:
    """Versions of one category that can be read, the newest first."""
    asked = None if numbers is None else list(numbers)
    return await fetch(
        connection, "versions_of", VersionRow, case_id, category, asked, limit, offset
    )


async def plan_versions_of(
    connection: Connection,
    case_id: bytes,
    *,
    numbers: Sequence[int] | None = None,
    limit: int,
    offset: int = 0,
) -> list[PlanVersionRow]:
    """Versions of the plan of a case, the newest first."""
    asked = None if numbers is None else list(numbers)
    return await fetch(
        connection, "plan_versions_of", PlanVersionRow, case_id, asked, limit, offset
    )
