"""The versions of one data category, or of the plan: whose, and what two held.

Only looked at here; that somebody looked is kept by the call gate. A version that a
recall took back cannot be read any more and stands in no list.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.categories import Category
from services.node.domain.errors import InvalidInputError, NotFoundError
from services.node.domain.plans import ReintegrationPlan
from services.node.domain.records import CategoryRecord
from services.node.flows.case_keeping import PLAN_TABLE, SERVICES
from services.node.flows.footing import case_named, data_key
from services.node.flows.own import OwnMember
from services.node.flows.release import RECORD_TABLE
from services.node.flows.vault import DataKey
from services.node.store import versions as version_store
from services.node.store.pool import Connection
from services.node.store.versions import PlanVersionRow, VersionRow
from services.node.wire.handoffs import decode_record
from services.node.wire.standings import decode_plan


@dataclass(frozen=True, slots=True)
class OpenedVersion:
    """Where a version comes from, and what it holds."""

    row: VersionRow
    record: CategoryRecord


@dataclass(frozen=True, slots=True)
class OpenedPlan:
    """Where a version of the reintegration plan comes from, and what it holds."""

    row: PlanVersionRow
    plan: ReintegrationPlan


async def list_versions(
    own: OwnMember, pseudonym: str, category: str, limit: int, offset: int
) -> list[VersionRow]:
    """The newest first; raises NotFoundError, InvalidInputError."""
    _check(category)
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        return await version_store.versions_of(
            connection, case.case_id, category, limit=limit, offset=offset
        )


async def compare_versions(
    own: OwnMember, pseudonym: str, category: str, older: int, newer: int
) -> tuple[OpenedVersion | None, OpenedVersion]:
    """Both opened; 0 is what was before the first, and what stands now.

    Raises NotFoundError ``case.unknown_version`` for one that cannot be read.
    """
    _check(category)
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        last = newer or await version_store.newest_version(
            connection, case.case_id, category
        )
        found = await _opened(own, connection, case.case_id, category, (older, last))
    if last not in found or (older and older not in found):
        raise NotFoundError(
            "case.unknown_version",
            "This case holds no such version of that category.",
            remedy="List its versions; what a recall took back is not among them.",
        )
    return found.get(older), found[last]


async def list_plan_versions(
    own: OwnMember, pseudonym: str, limit: int, offset: int
) -> list[PlanVersionRow]:
    """Versions of the plan, the newest first; raises NotFoundError."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        return await version_store.plan_versions_of(
            connection, case.case_id, limit=limit, offset=offset
        )


async def compare_plans(
    own: OwnMember, pseudonym: str, older: int, newer: int
) -> tuple[OpenedPlan | None, OpenedPlan]:
    """Both opened; 0 is what was before the first, and what stands now.

    Raises NotFoundError ``case.unknown_plan_version`` for one that there is not.
    """
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        last = newer or await version_store.newest_plan_version(
            connection, case.case_id
        )
        rows = await version_store.plan_versions_of(
            connection, case.case_id, numbers=(older, last), limit=2
        )
        found: dict[int, OpenedPlan] = {}
        if rows:
            key = await data_key(own, connection, case.case_id, SERVICES)
            found = {row.number: OpenedPlan(row, _plan(key, row)) for row in rows}
    if last not in found or (older and older not in found):
        raise NotFoundError(
            "case.unknown_plan_version",
            "This case holds no such version of the plan.",
            remedy="List the versions of the plan first.",
        )
    return found.get(older), found[last]


def _plan(key: DataKey, row: PlanVersionRow) -> ReintegrationPlan:
    return decode_plan(key.open(PLAN_TABLE, row.event_id, row.nonce, row.sealed))


async def _opened(
    own: OwnMember,
    connection: Connection,
    case_id: bytes,
    category: str,
    numbers: tuple[int, ...],
) -> dict[int, OpenedVersion]:
    rows = await version_store.versions_of(
        connection, case_id, category, numbers=numbers, limit=len(numbers)
    )
    return {row.number: OpenedVersion(row, _open(own, row)) for row in rows}


def _open(own: OwnMember, row: VersionRow) -> CategoryRecord:
    key = own.vault.open_key(None, row.epoch, row.wrapped)
    return decode_record(
        key.open_numbered(RECORD_TABLE, row.record_id, row.nonce, row.sealed)
    )


def _check(category: str) -> None:
    if category not in set(Category):
        raise InvalidInputError(
            "case.unknown_category",
            "A data category is D0 to D13.",
            where="category",
            remedy="Name one of them.",
        )
