"""What needs an auditor's eye, and who answers there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Connection
from services.node.store.rows import fetch


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """One thing to look at; ``total`` is how many of its kind there are."""

    referral_id: bytes | None
    case_id: bytes | None
    code: str
    member: str
    side: str
    reason: str
    since: datetime
    due: datetime | None
    total: int


@dataclass(frozen=True, slots=True)
class AnsweringRow:
    """Who answers in a case: the newest period of this member, if it had any."""

    case_id: bytes
    answerable: str
    since_at: datetime | None
    until_at: datetime | None
    to_member: str


@dataclass(frozen=True, slots=True)
class Part:
    """Which rows of a list."""

    limit: int
    offset: int


async def overdue_referrals(
    connection: Connection, deadlines: list[str], now: datetime, part: Part
) -> list[ConcernRow]:
    """Clocks of referrals, of some deadlines, that ran out."""
    return await fetch(
        connection,
        "overdue_referrals",
        ConcernRow,
        deadlines,
        now,
        part.limit,
        part.offset,
    )


async def one_sided(connection: Connection, part: Part) -> list[ConcernRow]:
    """Handovers that only one end has signed, or of which no receipt came."""
    return await fetch(connection, "one_sided", ConcernRow, part.limit, part.offset)


async def called_only(connection: Connection, part: Part) -> list[ConcernRow]:
    """Handovers that nothing but a call confirmed, the newest first."""
    return await fetch(connection, "called_only", ConcernRow, part.limit, part.offset)


async def signed_alone(connection: Connection, part: Part) -> list[ConcernRow]:
    """Arrivals that nobody else signed, the newest first; ``reason`` says why."""
    return await fetch(connection, "signed_alone", ConcernRow, part.limit, part.offset)


async def own_unanswered(
    connection: Connection,
    deadlines: list[str],
    now: datetime,
    unit: str,
    own: str,
    part: Part,
) -> list[ConcernRow]:
    """The same, of referrals that a unit of this member, ``own``, acted in."""
    return await fetch(
        connection,
        "own_unanswered",
        ConcernRow,
        deadlines,
        now,
        unit,
        own,
        part.limit,
        part.offset,
    )


async def own_one_sided(
    connection: Connection, unit: str, own: str, part: Part
) -> list[ConcernRow]:
    """Handovers that only one end has signed, of referrals that a unit acted in."""
    return await fetch(
        connection, "own_one_sided", ConcernRow, unit, own, part.limit, part.offset
    )


async def disputed_referrals(connection: Connection, part: Part) -> list[ConcernRow]:
    """Handovers about which both ends say different things."""
    return await fetch(
        connection, "disputed_referrals", ConcernRow, part.limit, part.offset
    )


async def unreviewed_overrides(connection: Connection, part: Part) -> list[ConcernRow]:
    """Emergency overrides that nobody reviewed yet."""
    return await fetch(
        connection, "unreviewed_overrides", ConcernRow, part.limit, part.offset
    )


async def declined_thrice(connection: Connection, part: Part) -> list[ConcernRow]:
    """Needs that three members did not take up, nor anybody since."""
    return await fetch(
        connection, "declined_thrice", ConcernRow, part.limit, part.offset
    )


async def escalated(
    connection: Connection, levels: list[str], part: Part
) -> list[ConcernRow]:
    """Clocks that still run and rang at one of these levels."""
    return await fetch(
        connection, "escalated", ConcernRow, levels, part.limit, part.offset
    )


async def answering_now(
    connection: Connection, case_ids: list[bytes]
) -> dict[bytes, AnsweringRow]:
    """Who answers in cases."""
    rows = await fetch(connection, "answering_now", AnsweringRow, case_ids)
    return {row.case_id: row for row in rows}
