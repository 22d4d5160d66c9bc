"""What was disclosed on which basis, and what is owed when a basis ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import fetch, fetch_one
from services.node.store.writes import Write

Lawful = Sequence[tuple[str, str]]
"""Referral type and state in pairs, from which a step may be taken."""


@dataclass(frozen=True, slots=True)
class DisclosureRow:
    """One category that went to one member by one release."""

    referral_id: bytes
    case_id: bytes
    recipient: str
    purpose: str
    category: str
    basis_kind: str
    basis_id: bytes
    released_at: datetime


@dataclass(frozen=True, slots=True)
class SealedOfferRow:
    """An offer of this member whose parts are not opened yet."""

    referral_id: bytes
    peer: str
    referral_type: str
    categories: list[str]


@dataclass(frozen=True, slots=True)
class RecallDueRow:
    """A recall that this member owes; ``ends_wish`` ends a return too."""

    recall_event: bytes
    referral_id: bytes
    case_id: bytes
    cause: bytes
    reason: str
    consent_ids: list[bytes]
    categories: list[str]
    ends_wish: bool
    due_at: datetime


@dataclass(frozen=True, slots=True)
class RecallTakenRow:
    """What a recall did here; ``grounds`` are those of ``kept``, in its order."""

    acknowledgement_event: bytes
    recall_event: bytes
    referral_id: bytes
    deleted: list[str]
    kept: list[str]
    grounds: list[str]
    taken_at: datetime


async def disclosures_of(connection: Connection, case_id: bytes) -> list[DisclosureRow]:
    """What went out about a case, oldest first."""
    return await fetch(connection, "disclosures_of", DisclosureRow, case_id)


async def sealed_offers_of(
    connection: Connection, case_id: bytes
) -> list[SealedOfferRow]:
    """Offers of a case whose parts nobody has opened."""
    return await fetch(connection, "sealed_offers_of", SealedOfferRow, case_id)


async def referrals_with_copy(
    connection: Connection, case_id: bytes, consent_ids: Sequence[bytes], about: str
) -> list[bytes]:
    """By which referrals one of these answers went to others than ``about``."""
    records = await connection.fetch(
        query("referrals_with_copy"), case_id, list(consent_ids), about
    )
    return [record["referral_id"] for record in records]


async def recall_due_by_event(
    connection: Connection, recall_event: bytes
) -> RecallDueRow | None:
    """One recall that is or was owed."""
    return await fetch_one(
        connection, "recall_due_by_event", RecallDueRow, recall_event
    )


async def recalls_due_of(connection: Connection, case_id: bytes) -> list[RecallDueRow]:
    """Every recall that was owed for a case, oldest first."""
    return await fetch(connection, "recalls_due_of", RecallDueRow, case_id)


async def is_recall_due(connection: Connection, referral_id: bytes) -> bool:
    """Whether a referral has a recall that is owed and not said yet."""
    due: bool = await connection.fetchval(query("is_recall_due"), referral_id)
    return due


async def recalls_to_make(
    connection: Connection, lawful: Lawful, limit: int
) -> list[bytes]:
    """The recall events that are owed and lawful now."""
    records = await connection.fetch(query("recalls_to_make"), *_pairs(lawful), limit)
    return [record["recall_event"] for record in records]


async def recall_taken_by_event(
    connection: Connection, acknowledgement_event: bytes
) -> RecallTakenRow | None:
    """What one recall did here."""
    return await fetch_one(
        connection, "recall_taken_by_event", RecallTakenRow, acknowledgement_event
    )


async def recalls_to_acknowledge(
    connection: Connection, lawful: Lawful, limit: int
) -> list[bytes]:
    """The acknowledgement events that are owed and lawful now."""
    records = await connection.fetch(
        query("recalls_to_acknowledge"), *_pairs(lawful), limit
    )
    return [record["acknowledgement_event"] for record in records]


def insert_disclosure(row: DisclosureRow) -> Write:
    """One category goes out on one basis."""
    return Write(
        "insert_disclosure",
        (
            row.referral_id,
            row.case_id,
            row.recipient,
            row.purpose,
            row.category,
            row.basis_kind,
            row.basis_id,
            row.released_at,
        ),
    )


def insert_consent_copy(referral_id: bytes, case_id: bytes, consent_id: bytes) -> Write:
    """A copy of an answer goes out with a release."""
    return Write("insert_consent_copy", (referral_id, case_id, consent_id))


def insert_recall_due(row: RecallDueRow) -> Write:
    """A recall that is owed from now on."""
    return Write(
        "insert_recall_due",
        (
            row.recall_event,
            row.referral_id,
            row.case_id,
            row.cause,
            row.reason,
            row.consent_ids,
            row.categories,
            row.ends_wish,
            row.due_at,
        ),
    )


def insert_recall_taken(row: RecallTakenRow) -> Write:
    """What a recall did here, to be acknowledged."""
    return Write(
        "insert_recall_taken",
        (
            row.acknowledgement_event,
            row.recall_event,
            row.referral_id,
            row.deleted,
            row.kept,
            row.grounds,
            row.taken_at,
        ),
    )


def drop_data_key(owner: bytes, scope: str, event_id: bytes, at: datetime) -> Write:
    """What is sealed under this key opens no more; its epoch is to be rotated."""
    return Write("drop_data_key", (owner, scope, event_id, at))


def seal_data_key(owner: bytes, scope: str, kept_scope: str) -> Write:
    """What is sealed under this key is kept by law and read no more."""
    return Write("seal_data_key", (owner, scope, kept_scope))


def _pairs(lawful: Lawful) -> tuple[list[str], list[str]]:
    return [each for each, _ in lawful], [state for _, state in lawful]
