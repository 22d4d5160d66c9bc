"""Referrals as this member sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import ReferralRow, fetch, fetch_one


@dataclass(frozen=True, slots=True)
class MarksRow:
    """How far an offer came: machine, person; and whether a recall waits.

    ``waiting`` counts this member's own envelopes without an answer; ``refused`` says
    that its newest one was refused for good. ``late``: a limit of the referral rang.
    """

    referral_id: bytes
    delivered: bool
    opened: bool
    recall_open: bool
    waiting: int
    waits_since: datetime | None
    problem: str
    refused: bool
    unreachable: bool
    late: bool
    returned_at: datetime | None


async def referral_by_id(
    connection: Connection, referral_id: bytes
) -> ReferralRow | None:
    """One referral."""
    return await fetch_one(connection, "referral_by_id", ReferralRow, referral_id)


async def referrals_by_ids(
    connection: Connection, referral_ids: list[bytes]
) -> list[ReferralRow]:
    """The referrals among these that stand here."""
    return await fetch(connection, "referrals_by_ids", ReferralRow, referral_ids)


async def referrals_of_case(
    connection: Connection, case_id: bytes
) -> list[ReferralRow]:
    """The referrals of a case, oldest first."""
    return await fetch(connection, "referrals_of_case", ReferralRow, case_id)


async def asked_beside(
    connection: Connection, referral: ReferralRow, states: list[str]
) -> bool:
    """Whether its sender asks something else about the same person, in ``states``."""
    found: bool = await connection.fetchval(
        query("asked_beside"),
        referral.alias,
        referral.peer,
        referral.referral_id,
        states,
    )
    return found


async def list_referrals(
    connection: Connection, limit: int, offset: int = 0
) -> list[ReferralRow]:
    """The referrals that changed last."""
    return await fetch(connection, "list_referrals", ReferralRow, limit, offset)


async def referrals_to_answer(connection: Connection, limit: int) -> list[bytes]:
    """Referrals whose acceptance this node has yet to answer."""
    records = await connection.fetch(query("referrals_to_answer"), limit)
    return [record["referral_id"] for record in records]


async def minutes_outstanding(
    connection: Connection, case_id: bytes, referral_id: bytes
) -> bool:
    """Whether minutes of another referral of the case may still hand her over.

    Whoever countersigns them is answerable from its own leaf on. A withdrawal that
    follows on them settles it with its receipt: a receiver that had countersigned
    takes it in only when this member has the countersignature.
    """
    number: int = await connection.fetchval(
        query("minutes_outstanding"), case_id, referral_id
    )
    return number > 0


async def referrals_to_withdraw(connection: Connection, limit: int) -> list[bytes]:
    """Witnesses of a return that was withdrawn, whom this node has yet to tell."""
    records = await connection.fetch(query("referrals_to_withdraw"), limit)
    return [record["referral_id"] for record in records]


async def marks_of(
    connection: Connection, referral_ids: list[bytes]
) -> dict[bytes, MarksRow]:
    """How far the offer of each of these referrals came."""
    rows = await fetch(connection, "referral_marks", MarksRow, referral_ids)
    return {row.referral_id: row for row in rows}
