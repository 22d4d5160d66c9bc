"""Which officer of this member works on what, as a supervisor assigned it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.rows import execute, fetch


@dataclass(frozen=True, slots=True)
class NamedWorkRow:
    """What was named, as it is here: a case, or a referral that has none yet."""

    named: str
    named_referral: bytes
    case_id: bytes | None
    referral_id: bytes | None
    code: str


@dataclass(frozen=True, slots=True)
class WorkUnitRow:
    """A unit that acted in a case or a referral."""

    work_id: bytes
    unit: str


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """Who works on it, by whom it was said, and when; None for nobody any more."""

    officer: str | None
    assigned_by: str
    assigned_unit: str
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class RequestedRow:
    """What one request wrote."""

    officer: str | None
    assigned_by: str
    case_id: bytes | None
    referral_id: bytes | None


@dataclass(frozen=True, slots=True)
class HeldRow:
    """What is assigned to an officer now: a case, or a referral that has none."""

    case_id: bytes | None
    referral_id: bytes | None
    code: str
    assigned_by: str
    assigned_at: datetime

    def named(self) -> NamedWorkRow:
        """The same as what may be assigned."""
        return NamedWorkRow("", b"", self.case_id, self.referral_id, self.code)


@dataclass(frozen=True, slots=True)
class _PlacedRow:
    place: int
    officer: str
    assigned_by: str
    assigned_unit: str
    assigned_at: datetime


async def insert_assignments(
    connection: Connection,
    request_id: bytes,
    work: Sequence[NamedWorkRow],
    said: AssignmentRow,
) -> None:
    """Assign all of it, or take it back, in one statement."""
    await execute(
        connection,
        "insert_assignments",
        request_id,
        [None if each.referral_id else each.case_id for each in work],
        [each.referral_id for each in work],
        said.officer,
        said.assigned_by,
        said.assigned_unit,
        said.assigned_at,
    )


async def lock_request(connection: Connection, request_id: bytes) -> None:
    """Nobody else does the same request until this transaction ends."""
    await execute(connection, "lock_assigning", request_id.hex())


async def assignments_of_request(
    connection: Connection, request_id: bytes
) -> list[RequestedRow]:
    """What this request wrote; nothing for a new one."""
    return await fetch(connection, "assignments_of_request", RequestedRow, request_id)


async def work_to_assign(
    connection: Connection, cases: Sequence[str], referral_ids: Sequence[bytes]
) -> list[NamedWorkRow]:
    """What these codes and ids name here; what names nothing is left out."""
    return await fetch(
        connection, "work_to_assign", NamedWorkRow, list(cases), list(referral_ids)
    )


async def units_of_work(
    connection: Connection,
    case_ids: Sequence[bytes],
    referral_ids: Sequence[bytes],
    own: str,
) -> list[WorkUnitRow]:
    """Which units acted in each of them; what nobody took up yet is left out."""
    return await fetch(
        connection,
        "units_of_work",
        WorkUnitRow,
        list(case_ids),
        list(referral_ids),
        own,
    )


async def assigned_now(
    connection: Connection, work: Sequence[tuple[bytes | None, bytes | None]]
) -> dict[int, AssignmentRow]:
    """By place in ``work`` (case id, referral id): who works on it now."""
    rows = await fetch(
        connection,
        "assigned_now",
        _PlacedRow,
        [case_id for case_id, _ in work],
        [referral_id for _, referral_id in work],
    )
    return {
        row.place - 1: AssignmentRow(
            row.officer, row.assigned_by, row.assigned_unit, row.assigned_at
        )
        for row in rows
    }


async def held_by(
    connection: Connection, officer: str, ended: Collection[str]
) -> list[HeldRow]:
    """What is assigned to this officer now, by code.

    Closed cases are left out, and referrals without a case in an ``ended`` state.
    """
    return await fetch(connection, "held_by", HeldRow, officer, list(ended))


async def assignments_of_case(
    connection: Connection, case_id: bytes
) -> list[AssignmentRow]:
    """Every one of a case, the oldest first."""
    return await fetch(connection, "assignments_of_case", AssignmentRow, case_id)
