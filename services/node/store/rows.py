"""Rows as frozen values: what a query lists is what a class holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from services.node.store.pool import Connection
from services.node.store.queries import query

R = TypeVar("R")


async def fetch(
    connection: Connection, name: str, row: type[R], *arguments: object
) -> list[R]:
    """Every row of the named query as a ``row``."""
    records = await connection.fetch(query(name), *arguments)
    return [row(**dict(record)) for record in records]


async def fetch_one(
    connection: Connection, name: str, row: type[R], *arguments: object
) -> R | None:
    """The row of the named query, or None."""
    record = await connection.fetchrow(query(name), *arguments)
    return None if record is None else row(**dict(record))


async def execute(connection: Connection, name: str, *arguments: object) -> str:
    """Run the named query; the command tag tells how many rows it changed."""
    return await connection.execute(query(name), *arguments)


@dataclass(frozen=True, slots=True)
class HeadRow:
    """A ledger head: ``root`` 32 bytes, ``checkpoint`` a signed note."""

    origin: str
    size: int
    root: bytes
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """A leaf with its sealed openings and the wrapped key that opens pers."""

    index: int
    leaf: bytes
    subject: bytes
    data_key_id: bytes | None
    public_nonce: bytes | None
    public_sealed: bytes | None
    pers_nonce: bytes | None
    pers_sealed: bytes | None
    epoch: int | None
    wrapped: bytes | None


@dataclass(frozen=True, slots=True)
class PeerHeadRow:
    """The newest verified head of a peer's ledger."""

    member: str
    size: int
    root: bytes
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a referral; ``refused`` is true if its recipient refused it."""

    step: str
    author: str
    happened_at: datetime
    refused: bool


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """A final refusal of an envelope; ``applied`` once its sender went back."""

    referral_id: bytes
    event_id: bytes
    code: str
    applied: bool


@dataclass(frozen=True, slots=True)
class DirectoryHeadRow:
    """A head of the directory that this node adopted."""

    size: int
    root: bytes
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class DataKeyRow:
    """A data key, wrapped by the at-rest epoch ``epoch``."""

    key_id: bytes
    owner: bytes
    scope: str
    epoch: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer of the member."""

    pseudonym: str
    role: str
    unit: str
    active: bool
    added_at: datetime
    added_by: str
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case; ``case_seq`` is the last number that a guarded event took."""

    case_id: bytes
    pseudonym: str
    door: str
    phase: str
    answerable: str
    case_seq: int
    opened_at: datetime
    opened_by: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One version of a data category, sealed; a follow-up stands beside them."""

    record_id: int
    case_id: bytes
    category: str
    source: str
    recorded_at: datetime
    recorded_by: str
    nonce: bytes
    sealed: bytes
    epoch: int
    wrapped: bytes
    number: int
    follow_up: bool


@dataclass(frozen=True, slots=True)
class AnswerabilityRow:
    """From when to when this member was answerable.

    ``confirmed`` is false while the receipt of the event that ended it is missing.
    ``to_member`` is None for an open period and for one that went on in the next
    period here. ``since_called`` and ``until_called`` are open where only a call
    confirmed the handover, confirmed where more followed, else empty.
    """

    case_id: bytes
    since_event: bytes
    since_at: datetime
    since_step: str
    from_member: str
    until_event: bytes | None
    until_at: datetime | None
    until_step: str | None
    to_member: str | None
    confirmed: bool
    since_called: str
    until_called: str


@dataclass(frozen=True, slots=True)
class ReferralRow:
    """A referral as this member sees it."""

    referral_id: bytes
    case_id: bytes | None
    side: str
    peer: str
    alias: str
    referral_type: str
    priority: str
    moves_on: str
    state: str
    referral_no: int
    sent_seq: int
    received_seq: int
    last_event: bytes
    offer_event: bytes
    offered_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event with its sealed payload and the wrapped key that opens it."""

    event_id: bytes
    referral_id: bytes | None
    case_id: bytes | None
    author: str
    author_seq: int | None
    step: str
    actor: str
    actor_role: str
    actor_unit: str
    happened_at: datetime
    recorded_at: datetime
    policy_version: str
    subject: bytes
    data_key_id: bytes
    nonce: bytes
    sealed: bytes
    epoch: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """An event with its place in this ledger and, once receipted, the peer's."""

    event_id: bytes
    referral_id: bytes | None
    author: str
    step: str
    actor: str
    actor_role: str
    actor_unit: str
    happened_at: datetime
    recorded_at: datetime
    policy_version: str
    peer: str | None
    side: str | None
    referral_type: str | None
    own_index: int
    receipt_index: int | None
    outbox_state: str | None
    refusal_code: str | None
    digest: bytes | None


@dataclass(frozen=True, slots=True)
class KnownEnvelopeRow:
    """An envelope that was answered for good."""

    envelope_id: bytes
    digest: bytes
    outcome: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class LeasedRow:
    """An envelope leased to this relay; ``fence`` guards the answer.

    ``lane`` is 0 for an emergency, 1 for what is urgent, 2 for the rest.
    """

    digest: bytes
    fence: int
    attempts: int
    lane: int
    number: int


@dataclass(frozen=True, slots=True)
class SentEnvelopeRow:
    """An envelope as sent."""

    digest: bytes
    envelope_id: bytes
    event_id: bytes
    referral_id: bytes | None
    recipient: str
    header: bytes
    stanza: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class PartKeyRow:
    """The sealed key of a part that this member's offer carries."""

    envelope_id: bytes
    part_id: str
    category: str
    nonce: bytes
    sealed: bytes
    epoch: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent record; details beyond the columns are sealed."""

    consent_id: bytes
    case_id: bytes
    holder: str
    purpose: str
    recipient: str
    categories: list[str]
    status: str
    given_at: datetime
    valid_until: datetime
    nonce: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class OverrideRow:
    """An emergency override; the reason is sealed."""

    override_id: bytes
    case_id: bytes
    recipient: str
    purpose: str
    category: str
    law: str
    first_officer: str
    second_officer: str
    recorded_at: datetime
    review_by: datetime
    reviewed_at: datetime | None
    reviewed_by: str | None
    review: str | None
    nonce: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft from a case sheet, sealed under a key of its own."""

    draft_id: bytes
    source_key: bytes
    officer: str
    status: str
    interview_consent: bool
    imported_at: datetime
    case_id: bytes | None
    data_key_id: bytes
    nonce: bytes
    sealed: bytes
    epoch: int
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """What waits for one recipient; wire clock."""

    recipient: str
    waiting: int
    next_try_at: datetime
    attempts: int
    last_problem: str | None


@dataclass(frozen=True, slots=True)
class SentPageRow:
    """An envelope sent, with the receipt if it came."""

    digest: bytes
    envelope_id: bytes
    event_id: bytes
    recipient: str
    header: bytes
    stanza: bytes
    ciphertext: bytes
    receipt_index: int | None
    receipt: bytes | None
    state: str


@dataclass(frozen=True, slots=True)
class ReceivedPageRow:
    """An envelope received, with the sender's evidence."""

    digest: bytes
    sender: str
    envelope_id: bytes
    event_id: bytes | None
    header: bytes
    stanza: bytes
    ciphertext: bytes
    evidence: bytes
    outcome: str
    code: str
