"""What rests on a second officer's yes: exactly what she read, and once.

The act is compared by a salted digest with what was sealed when it was asked for,
and the row that uses the approval up is written with the act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.approvals import (
    Approval,
    ApprovalAnswer,
    ApprovalKind,
    ApprovedAct,
    Use,
    check_use,
    content_changed,
    kind_of,
    missing,
    unknown,
)
from services.node.domain.people import Officer, Role
from services.node.flows.vault import DataKey
from services.node.keys.encoding import lp, sha256
from services.node.sealing.envelope import SALT_LENGTH
from services.node.store import approvals as approval_store
from services.node.store import officers as officer_store
from services.node.store.approvals import ApprovalRow, insert_approval_use
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow
from services.node.store.writes import Write
from services.node.wire.approvals import decode_asked, encode_asked

APPROVAL_TABLE, ANSWER_TABLE = "approval", "approval_answer"


@dataclass(frozen=True, slots=True)
class Resting:
    """An act that needs two: which event, by whom, what exactly, and when.

    ``asker`` is the pseudonym of who acts; instants are on the case clock.
    """

    approval_id: bytes
    event_id: bytes
    asker: str
    act: ApprovedAct
    happened_at: datetime
    now: datetime


async def approved(
    connection: Connection, case: CaseRow, key: DataKey, resting: Resting
) -> tuple[Officer, Write]:
    """Who approved this act, and the row by which the approval is used up.

    Raises NotLawfulError ``approval.missing`` where none is named, NotFoundError
    ``approval.unknown``, what ``check_use`` raises, and NotLawfulError
    ``approval.content_changed``.
    """
    kind = kind_of(resting.act)
    if not resting.approval_id:
        raise missing(kind)
    row = await approval_store.approval_by_id(connection, resting.approval_id)
    if row is None:
        raise unknown()
    answered_by = await _officer(connection, row.answered_by)
    use = Use(
        kind,
        case.case_id,
        resting.asker,
        resting.happened_at,
        resting.now,
    )
    second = check_use(approval_of(row), answered_by, use)
    salt = _opened(key, row)[:SALT_LENGTH]
    if digest_of(salt, row.approval_id, encode_asked(resting.act)) != row.digest:
        raise content_changed()
    used = insert_approval_use(row.approval_id, resting.event_id, resting.now)
    return second, used


def approval_of(row: ApprovalRow) -> Approval:
    """A stored approval as the rules see it."""
    return Approval(
        approval_id=row.approval_id,
        kind=ApprovalKind(row.kind),
        case_id=row.case_id,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        answer=None if row.answer is None else ApprovalAnswer(row.answer),
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        used_at=row.used_at,
        asked_unit=row.asked_unit,
    )


def act_in(key: DataKey, row: ApprovalRow) -> ApprovedAct:
    """What is to be approved, opened with the key of its case."""
    return decode_asked(_opened(key, row)[SALT_LENGTH:])


def reason_in(key: DataKey, row: ApprovalRow) -> str:
    """What the second officer said with her answer; empty while there is none."""
    if row.answer_nonce is None or row.answer_sealed is None:
        return ""
    raw = key.open(ANSWER_TABLE, row.approval_id, row.answer_nonce, row.answer_sealed)
    return raw.decode()


def _opened(key: DataKey, row: ApprovalRow) -> bytes:
    return key.open(APPROVAL_TABLE, row.approval_id, row.nonce, row.sealed)


def digest_of(salt: bytes, approval_id: bytes, content: bytes) -> bytes:
    """The salted digest with which an act is compared, 32 bytes."""
    return sha256(lp("relais/v1/approval", salt, approval_id, content))


async def _officer(connection: Connection, pseudonym: str | None) -> Officer | None:
    if pseudonym is None:
        return None
    row = await officer_store.officer_by_pseudonym(connection, pseudonym)
    if row is None:
        return None
    return Officer(row.pseudonym, Role(row.role), row.unit, row.active)
