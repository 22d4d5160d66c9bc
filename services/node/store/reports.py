"""Reports to the administrator: what other members sent and should not have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.rows import fetch
from services.node.store.writes import Write


@dataclass(frozen=True, slots=True)
class DisclosureReportRow:
    """An envelope that was refused for what it would have shown this member."""

    digest: bytes
    sender: str
    referral_id: bytes
    step: str
    code: str
    categories: list[str]
    reported_at: datetime


async def disclosure_reports(
    connection: Connection, limit: int, offset: int = 0
) -> list[DisclosureReportRow]:
    """The newest reports first, at most ``limit``."""
    return await fetch(
        connection, "disclosure_reports", DisclosureReportRow, limit, offset
    )


def insert_disclosure_report(
    digest: bytes,
    sender: str,
    referral_id: bytes,
    step: str,
    code: str,
    categories: list[str],
    reported_at: datetime,
) -> Write:
    """What another member sent and should not have; ``reported_at`` by the case."""
    return Write(
        "insert_disclosure_report",
        (digest, sender, referral_id, step, code, categories, reported_at),
    )
