"""Every case's periods and referrals, for who checks that somebody is answerable."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from services.node.store.pool import Database
from services.node.store.rows import fetch


@dataclass(frozen=True, slots=True)
class CaseHeadRow:
    """A case without anything that is sealed."""

    case_id: bytes
    pseudonym: str
    answerable: str


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A time in which this member was answerable.

    ``taker_has_it`` and ``giver_has_it`` are false while the receipt for the event
    that ended or began it, if this member sent it, is missing.

    ``since_called`` and ``until_called`` are *open* where nothing but a call confirmed
    the handover that began or ended it, *confirmed* where the code or a second
    signature followed, else empty.
    """

    case_id: bytes
    since_event: bytes
    since_at: datetime
    since_step: str
    given_by: str
    until_event: bytes | None
    until_at: datetime | None
    until_step: str
    to_member: str
    taker_has_it: bool
    giver_has_it: bool
    since_called: str
    until_called: str


@dataclass(frozen=True, slots=True)
class EndRow:
    """One end of a referral.

    ``sent_step`` and ``sent_at`` are of the oldest envelope without receipt;
    ``accepted_at`` of an acceptance that the giver has not answered; ``minutes_at``
    of minutes that have no signature or dispute.
    """

    case_id: bytes
    offer_event: bytes
    side: str
    peer: str
    priority: str
    state: str
    sent_step: str | None
    sent_at: datetime | None
    accepted_at: datetime | None
    minutes_at: datetime | None


CasePage = tuple[list[CaseHeadRow], list[PeriodRow], list[EndRow]]


async def all_cases(database: Database, page: int = 500) -> AsyncIterator[CasePage]:
    """Every case with its periods and referral ends, a page of memory at a time."""
    after = b""
    while True:
        async with database.connection() as connection:
            cases = await fetch(connection, "cases_after", CaseHeadRow, after, page)
            ids = [case.case_id for case in cases]
            periods = await fetch(connection, "periods_of_cases", PeriodRow, ids)
            ends = await fetch(connection, "ends_of_cases", EndRow, ids)
        yield cases, periods, ends
        if len(cases) < page:
            return
        after = cases[-1].case_id
