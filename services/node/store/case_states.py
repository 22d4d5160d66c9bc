"""What cases are in, the minors that came along, and reintegration plans.

Rows and their writes stand together here; ``writes`` orders the statements.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.rows import RecordRow, fetch, fetch_one
from services.node.store.writes import Write


@dataclass(frozen=True, slots=True)
class CaseStateRow:
    """One event that moved a case; what is about the person is sealed."""

    event_id: bytes
    case_id: bytes
    phase: str
    state: str
    essential_needs_until: datetime | None
    recovery_pause_until: datetime | None
    happened_at: datetime
    nonce: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class MinorRow:
    """One version of what is known about a minor who came along, sealed."""

    event_id: bytes
    case_id: bytes
    alias: str
    recorded_at: datetime
    recorded_by: str
    nonce: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One version of a reintegration plan, sealed; ``number`` is 0 until written."""

    event_id: bytes
    case_id: bytes
    recorded_at: datetime
    recorded_by: str
    nonce: bytes
    sealed: bytes
    number: int = 0


async def newest_case_state(
    connection: Connection, case_id: bytes
) -> CaseStateRow | None:
    """What a case is in now; None if nothing was recorded yet."""
    return await fetch_one(connection, "newest_case_state", CaseStateRow, case_id)


async def case_states_of(connection: Connection, case_id: bytes) -> list[CaseStateRow]:
    """Everything that a case was in, oldest first."""
    return await fetch(connection, "case_states_of", CaseStateRow, case_id)


async def minors_of(connection: Connection, case_id: bytes) -> list[MinorRow]:
    """The newest version of every minor who came along."""
    return await fetch(connection, "minors_of", MinorRow, case_id)


async def newest_plan(connection: Connection, case_id: bytes) -> PlanRow | None:
    """The plan as it stands now."""
    return await fetch_one(connection, "newest_plan", PlanRow, case_id)


async def records_of_category(
    connection: Connection, case_id: bytes, category: str
) -> list[RecordRow]:
    """Every version of one category, oldest first."""
    return await fetch(connection, "records_of_category", RecordRow, case_id, category)


def insert_follow_up(
    record_id: int,
    case_id: bytes,
    category: str,
    origin: tuple[str, datetime, str],
    sealed: tuple[bytes, bytes],
) -> Write:
    """A record beside what stands of its category, which replaces none of it.

    ``origin`` is source, instant and officer; ``sealed`` nonce and ciphertext.
    """
    return Write("insert_follow_up", (record_id, case_id, category, *origin, *sealed))


def insert_case_state(row: CaseStateRow) -> Write:
    """One event that moves a case."""
    return Write(
        "insert_case_state",
        (
            row.event_id,
            row.case_id,
            row.phase,
            row.state,
            row.essential_needs_until,
            row.recovery_pause_until,
            row.happened_at,
            row.nonce,
            row.sealed,
        ),
    )


def insert_minor(row: MinorRow) -> Write:
    """One version of what is known about a minor."""
    return Write(
        "insert_minor",
        (
            row.event_id,
            row.case_id,
            row.alias,
            row.recorded_at,
            row.recorded_by,
            row.nonce,
            row.sealed,
        ),
    )


def insert_plan(row: PlanRow) -> Write:
    """One version of a plan."""
    return Write(
        "insert_plan",
        (
            row.event_id,
            row.case_id,
            row.recorded_at,
            row.recorded_by,
            row.nonce,
            row.sealed,
        ),
    )


def close_answerability(case_id: bytes, at: datetime) -> Write:
    """Nobody answers for a closed case; its period has no successor."""
    return Write("close_answerability", (case_id, at))
