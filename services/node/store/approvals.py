"""Approvals: what was asked, what the second officer answered, what used it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.rows import fetch, fetch_one
from services.node.store.writes import Write


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """An approval with its answer and its use; what is not yet is None."""

    approval_id: bytes
    kind: str
    case_id: bytes
    pseudonym: str
    digest: bytes
    asked_by: str
    asked_unit: str
    asked_at: datetime
    expires_at: datetime
    nonce: bytes
    sealed: bytes
    answer: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer_nonce: bytes | None = None
    answer_sealed: bytes | None = None
    used_at: datetime | None = None
    used_by: bytes | None = None


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """The answer of a second officer; ``event_id`` is its event."""

    approval_id: bytes
    event_id: bytes
    answer: str
    answered_by: str
    answered_at: datetime
    nonce: bytes
    sealed: bytes


async def approval_by_id(
    connection: Connection, approval_id: bytes
) -> ApprovalRow | None:
    """One approval."""
    return await fetch_one(connection, "approval_by_id", ApprovalRow, approval_id)


@dataclass(frozen=True, slots=True)
class MayAnswer:
    """Which kinds an officer answers wherever asked, and which in ``unit`` only."""

    officer: str
    anywhere: tuple[str, ...]
    in_unit: tuple[str, ...]
    unit: str


async def approvals_waiting(
    connection: Connection,
    by: MayAnswer,
    now: datetime,
    unit: str | None,
    limit: int,
    offset: int = 0,
) -> list[ApprovalRow]:
    """What somebody else than ``by`` asked, and nobody answered in time yet.

    The oldest first, as far as the officer may answer it; of one ``unit``, or of all
    for None.
    """
    return await fetch(
        connection,
        "approvals_waiting",
        ApprovalRow,
        by.officer,
        now,
        unit,
        limit,
        offset,
        list(by.anywhere),
        list(by.in_unit),
        by.unit,
    )


async def approvals_of_case(
    connection: Connection, case_id: bytes, limit: int, offset: int = 0
) -> list[ApprovalRow]:
    """The approvals of a case, the newest first."""
    return await fetch(
        connection, "approvals_of_case", ApprovalRow, case_id, limit, offset
    )


async def approvals_asked_by(
    connection: Connection, officer: str, limit: int, offset: int = 0
) -> list[ApprovalRow]:
    """What an officer asked for, the newest first."""
    return await fetch(
        connection, "approvals_asked_by", ApprovalRow, officer, limit, offset
    )


def insert_approval(row: ApprovalRow) -> Write:
    """An approval that nobody answered yet."""
    return Write(
        "insert_approval",
        (
            row.approval_id,
            row.kind,
            row.case_id,
            row.digest,
            row.asked_by,
            row.asked_unit,
            row.asked_at,
            row.expires_at,
            row.nonce,
            row.sealed,
        ),
    )


def insert_approval_answer(row: AnswerRow) -> Write:
    """An answer; a conflict if there is one already."""
    return Write(
        "insert_approval_answer",
        (
            row.approval_id,
            row.event_id,
            row.answer,
            row.answered_by,
            row.answered_at,
            row.nonce,
            row.sealed,
        ),
    )


def insert_approval_use(
    approval_id: bytes, event_id: bytes, used_at: datetime
) -> Write:
    """An act rests on this approval; a conflict if another does already."""
    return Write("insert_approval_use", (approval_id, event_id, used_at))
