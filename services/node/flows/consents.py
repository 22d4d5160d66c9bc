"""Consent records and overrides: stored rows to values, and acts that add them."""

from __future__ import annotations

from services.node.domain.categories import Category
from services.node.domain.consent_codes import Purpose
from services.node.domain.override import Override, Verdict
from services.node.domain.records import ConsentCopy
from services.node.flows.release import CONSENT_TABLE
from services.node.flows.vault import DataKey
from services.node.store import consents as consent_store
from services.node.store.pool import Connection
from services.node.store.rows import OverrideRow
from services.node.wire.handoffs import decode_consent

OVERRIDE_TABLE = "emergency_override"


async def consents_of(
    connection: Connection, case_id: bytes, key: DataKey
) -> tuple[ConsentCopy, ...]:
    """Every answer of the person that this member holds, oldest first."""
    rows = await consent_store.consents_of(connection, case_id)
    return tuple(
        decode_consent(key.open(CONSENT_TABLE, row.consent_id, row.nonce, row.sealed))
        for row in rows
    )


async def overrides_of(
    connection: Connection, case_id: bytes, key: DataKey
) -> tuple[Override, ...]:
    """Every emergency override of a case, oldest first."""
    rows = await consent_store.overrides_of(connection, case_id)
    return tuple(_override(row, key) for row in rows)


def _override(row: OverrideRow, key: DataKey) -> Override:
    reason = key.open(OVERRIDE_TABLE, row.override_id, row.nonce, row.sealed)
    return Override(
        override_id=row.override_id,
        purpose=Purpose(row.purpose),
        recipient=row.recipient,
        category=Category(row.category),
        law=row.law,
        reason=reason.decode(),
        first_officer=row.first_officer,
        second_officer=row.second_officer,
        recorded_at=row.recorded_at,
        review_by=row.review_by,
        verdict=None if row.review is None else Verdict(row.review),
        reviewed_by=row.reviewed_by,
        reviewed_at=row.reviewed_at,
    )
