"""Rows to write, as values: an act decides them, the batch executes them.

``WRITE_ORDER`` is the order of the statements within a batch's transaction;
deferred foreign keys make it free of surprises, but one order for all batches
keeps two of them from waiting on each other. A case is updated after its periods,
from which ``update_case`` sees whether an answer came in meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.node.domain.statements import utc_day
from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import (
    CaseRow,
    ConsentRow,
    DataKeyRow,
    OverrideRow,
    ReferralRow,
    SentEnvelopeRow,
)


@dataclass(frozen=True, slots=True)
class Write:
    """One execution of a named query."""

    query: str
    arguments: tuple[Any, ...]


WRITE_ORDER = (
    "insert_data_key",
    "insert_case",
    "insert_alias",
    "insert_record",
    "insert_follow_up",
    "begin_answerability",
    "end_answerability",
    "close_answerability",
    "update_case",
    "insert_case_state",
    "insert_minor",
    "insert_plan",
    "insert_referral",
    "update_referral",
    "expect_arrival",
    "use_up_seq",
    "start_again",
    "stop_started",
    "stop_timers",
    "stop_case_timers",
    "stop_clocks_of_case",
    "stop_timers_named",
    "insert_timer",
    "insert_timer_after_refusals",
    "insert_timer_of_first_transfer",
    "ring_timer",
    "insert_timer_ring",
    "pause_timer",
    "insert_timer_pause",
    "resume_timer",
    "end_timer_pause",
    "insert_consent",
    "insert_disclosure",
    "insert_consent_copy",
    "insert_recall_due",
    "insert_recall_taken",
    "drop_data_key",
    "seal_data_key",
    "insert_approval",
    "insert_approval_answer",
    "insert_approval_use",
    "insert_handover_word",
    "insert_override",
    "review_override",
    "insert_envelope_sent",
    "insert_outbox",
    "apply_refusal",
    "insert_part_key",
    "destroy_part_keys",
    "insert_envelope_received",
    "insert_statement_sent",
    "insert_statement_received",
    "insert_disclosure_report",
    "insert_attachment",
    "insert_attachment_out",
    "release_attachment",
    "confirm_draft",
    "insert_asked",
    "insert_mailbox_letter",
    "delete_mailbox_letter",
    "insert_mailbox_entry",
    "insert_directory_leaf",
    "insert_directory_head",
)


async def execute_writes(connection: Connection, writes: list[Write]) -> None:
    """Execute all writes, one pipelined statement a query, in WRITE_ORDER."""
    grouped: dict[str, list[tuple[Any, ...]]] = {name: [] for name in WRITE_ORDER}
    for write in writes:
        grouped[write.query].append(write.arguments)
    for name, rows in grouped.items():
        if rows:
            await connection.executemany(query(name), rows)


def insert_data_key(key: DataKeyRow) -> Write:
    """A wrapped data key."""
    return Write(
        "insert_data_key", (key.key_id, key.owner, key.scope, key.epoch, key.wrapped)
    )


def insert_case(case: CaseRow) -> Write:
    """A new case."""
    begun = (case.case_id, case.pseudonym, case.door, case.phase)
    answered = (case.answerable, case.case_seq, case.opened_at, case.opened_by)
    return Write("insert_case", (*begun, *answered))


def update_case(case: CaseRow) -> Write:
    """The present state of a case."""
    return Write(
        "update_case", (case.case_id, case.phase, case.answerable, case.case_seq)
    )


def insert_alias(case_id: bytes, member: str, alias: str) -> Write:
    """The pseudonym of a case between this member and ``member``.

    The same again is nothing new; another one, or another case's, is a conflict.
    """
    return Write("insert_alias", (case_id, member, alias))


def insert_record(
    record_id: int,
    case_id: bytes,
    category: str,
    source: str,
    recorded_at: datetime,
    recorded_by: str,
    sealed: tuple[bytes, bytes],
    key_scope: str | None = None,
) -> Write:
    """One version of a data category; ``sealed`` is nonce and ciphertext.

    ``key_scope`` names its key where that is not the key of the category.
    """
    return Write(
        "insert_record",
        (
            record_id,
            case_id,
            category,
            source,
            recorded_at,
            recorded_by,
            *sealed,
            key_scope,
        ),
    )


def begin_answerability(
    case_id: bytes, event_id: bytes, at: datetime, step: str, from_member: str
) -> Write:
    """From this event on this member is answerable; an open period ends by it."""
    return Write("begin_answerability", (case_id, event_id, at, step, from_member))


def end_answerability(
    case_id: bytes,
    event_id: bytes,
    at: datetime,
    step: str,
    to_member: str,
    referral_id: bytes,
) -> Write:
    """This event of the referral moves responsibility to ``to_member``.

    A countersignature ends the period in which its minutes were signed, whether
    or not the person came back before it arrived.
    """
    return Write(
        "end_answerability", (case_id, event_id, at, step, to_member, referral_id)
    )


def insert_referral(referral: ReferralRow) -> Write:
    """A new referral."""
    return Write(
        "insert_referral",
        (
            referral.referral_id,
            referral.case_id,
            referral.side,
            referral.peer,
            referral.alias,
            referral.referral_type,
            referral.priority,
            referral.moves_on,
            referral.state,
            referral.referral_no,
            referral.sent_seq,
            referral.received_seq,
            referral.last_event,
            referral.offer_event,
            referral.offered_at,
            referral.updated_at,
        ),
    )


def update_referral(referral: ReferralRow) -> Write:
    """The present state of a referral."""
    return Write(
        "update_referral",
        (
            referral.referral_id,
            referral.case_id,
            referral.state,
            referral.referral_no,
            referral.sent_seq,
            referral.received_seq,
            referral.last_event,
            referral.updated_at,
        ),
    )


def use_up_seq(referral_id: bytes, number: int) -> Write:
    """The number of a refused envelope is used up."""
    return Write("use_up_seq", (referral_id, number))


def insert_consent(consent: ConsentRow) -> Write:
    """A consent record; the same record twice is one."""
    return Write(
        "insert_consent",
        (
            consent.consent_id,
            consent.case_id,
            consent.holder,
            consent.purpose,
            consent.recipient,
            consent.categories,
            consent.status,
            consent.given_at,
            consent.valid_until,
            consent.nonce,
            consent.sealed,
        ),
    )


def insert_override(override: OverrideRow) -> Write:
    """An emergency override that is not reviewed yet."""
    return Write(
        "insert_override",
        (
            override.override_id,
            override.case_id,
            override.recipient,
            override.purpose,
            override.category,
            override.law,
            override.first_officer,
            override.second_officer,
            override.recorded_at,
            override.review_by,
            override.nonce,
            override.sealed,
        ),
    )


def review_override(
    override_id: bytes, at: datetime, officer: str, review: str
) -> Write:
    """The review of an override: confirmed or withdrawn."""
    return Write("review_override", (override_id, at, officer, review))


def insert_envelope_sent(
    envelope: SentEnvelopeRow, next_try_at: datetime
) -> list[Write]:
    """An envelope that is made now, and its place in the outbox; wire clock."""
    return [
        Write(
            "insert_envelope_sent",
            (
                envelope.digest,
                envelope.envelope_id,
                envelope.event_id,
                envelope.referral_id,
                envelope.recipient,
                envelope.header,
                envelope.stanza,
                envelope.ciphertext,
                utc_day(next_try_at),
            ),
        ),
        Write(
            "insert_outbox",
            (envelope.digest, envelope.recipient, envelope.referral_id, next_try_at),
        ),
    ]


def apply_refusal(digest: bytes) -> Write:
    """The sender of a refused envelope has gone back."""
    return Write("apply_refusal", (digest,))


def insert_part_key(
    referral_id: bytes,
    envelope_id: bytes,
    part_id: str,
    category: str,
    data_key_id: bytes,
    sealed: tuple[bytes, bytes],
) -> Write:
    """The key of a part that stays here until it is released."""
    return Write(
        "insert_part_key",
        (referral_id, envelope_id, part_id, category, data_key_id, *sealed),
    )


def destroy_part_keys(referral_id: bytes) -> Write:
    """The keys of an offer's parts end here."""
    return Write("destroy_part_keys", (referral_id,))


@dataclass(frozen=True, slots=True)
class ReceivedEnvelope:
    """An envelope as received; ``received_at`` on the wire clock.

    ``day`` is that of its created_at in UTC, in days since 1970-01-01.
    """

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
    message: str
    received_at: datetime
    day: int | None = None


def insert_envelope_received(envelope: ReceivedEnvelope) -> Write:
    """An envelope with the answer that it got."""
    return Write(
        "insert_envelope_received",
        (
            envelope.digest,
            envelope.sender,
            envelope.envelope_id,
            envelope.event_id,
            envelope.header,
            envelope.stanza,
            envelope.ciphertext,
            envelope.evidence,
            envelope.outcome,
            envelope.code,
            envelope.message,
            envelope.received_at,
            envelope.day,
        ),
    )


def confirm_draft(draft_id: bytes, case_id: bytes) -> Write:
    """A draft became a case; a conflict if it became one before."""
    return Write("confirm_draft", (draft_id, case_id))


def insert_directory_leaf(index: int, leaf: bytes) -> Write:
    """One entry of the directory."""
    return Write("insert_directory_leaf", (index, leaf))


def insert_directory_head(size: int, root: bytes, checkpoint: bytes) -> Write:
    """A head of the directory that this node adopts."""
    return Write("insert_directory_head", (size, root, checkpoint))
