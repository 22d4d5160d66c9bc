"""Consent records and emergency overrides."""

from __future__ import annotations

from services.node.store.pool import Connection
from services.node.store.rows import ConsentRow, OverrideRow, fetch


async def consents_of(connection: Connection, case_id: bytes) -> list[ConsentRow]:
    """Every answer of the person, oldest first."""
    return await fetch(connection, "consents_of", ConsentRow, case_id)


async def overrides_of(connection: Connection, case_id: bytes) -> list[OverrideRow]:
    """Every emergency override of a case, oldest first."""
    return await fetch(connection, "overrides_of", OverrideRow, case_id)
