"""What needs attention beside the work of the day: corridors and notices.

A corridor is one member and one direction: who must answer there, by when, and
where something that was sent has no receipt yet. A notice has no clock of its own:
the person took back what was shown here, two sides found different things, another
member sent what it should not have, a step is missing, or a member is not reached.
Nothing about a person stands in either.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.node.domain.people import Act, Officer, acts_of
from services.node.domain.upkeep import UNREACHED
from services.node.flows.alarms import Hole
from services.node.flows.approval_views import may_answer
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.views import ReferralView, views_of
from services.node.flows.work import WorkGroup, turns_of
from services.node.store import referrals as referral_store
from services.node.store import work as work_store
from services.node.store.pool import Connection
from services.node.store.work import AttentionRow, CorridorRow, Instants, NoticeRow

NOTICED = timedelta(days=7)
"""How long what has happened is told again with every look."""

_MOST = 50


@dataclass(frozen=True, slots=True)
class Corridor:
    """What is open with one member in one direction; None where no clock runs."""

    peer: str
    side: str
    for_us: int
    for_us_due: datetime | None
    for_them: int
    for_them_due: datetime | None
    overdue: int
    one_sided: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that needs attention; no referral where this member has none."""

    kind: str
    referral: ReferralView | None
    peer: str
    at: datetime


async def corridors(own: OwnMember, on: date, now: datetime) -> list[Corridor]:
    """What is open with every other member; ``now`` on the case clock."""
    turns = turns_of(own.adopted.policy.steps, on)
    async with own.database.connection() as connection:
        rows = await work_store.corridors(
            connection,
            turns[WorkGroup.NEEDS_ME],
            turns[WorkGroup.WAITING_ON_OTHERS],
            now,
        )
    keys = dict.fromkeys((row.peer, row.side) for row in rows)
    return [
        _corridor([row for row in rows if (row.peer, row.side) == key]) for key in keys
    ]


async def notices(
    own: OwnMember, on: date, now: Moment, holes: Sequence[Hole]
) -> list[Notice]:
    """What needs attention, the newest first; ``holes`` as they were noted."""
    async with own.database.connection() as connection:
        rows = await work_store.notices_of(
            connection, now.case - NOTICED, _MOST, now.wire - UNREACHED
        )
        rows += await _holes(connection, holes)
        rows.sort(key=lambda row: row.at, reverse=True)
        ids = [row.referral_id for row in rows]
        found = await referral_store.referrals_by_ids(connection, ids)
        views = {
            view.referral.referral_id: view
            for view in await views_of(own, connection, found, on)
        }
    told = []
    for row in rows:
        view = views.get(row.referral_id)
        peer = row.peer or ("" if view is None else view.referral.peer)
        told.append(Notice(row.kind, view, peer, row.at))
    return told


async def count_attention(
    own: OwnMember, officer: Officer, now: Moment, holes: Sequence[Hole]
) -> AttentionRow:
    """How much an officer has beside the work, as far as the role may answer it."""
    at = Instants(now.case - NOTICED, now.case, now.wire - UNREACHED, now.wire)
    async with own.database.connection() as connection:
        admits = Act.ADMISSION in acts_of(officer.role, own.functions_of(own.name))
        by = may_answer(own, officer)
        found = await work_store.count_attention(connection, by, at, admits=admits)
        missing = len(await _holes(connection, holes))
    return replace(found, notices=found.notices + missing)


async def _holes(connection: Connection, noted: Sequence[Hole]) -> list[NoticeRow]:
    """Those that nothing has filled since; a referral may be unknown without them."""
    if not noted:
        return []
    ids = [each.referral_id for each in noted]
    known = await referral_store.referrals_by_ids(connection, ids)
    had = {row.referral_id: row.received_seq for row in known}
    return [
        NoticeRow("hole", each.referral_id, each.member, each.noted_at)
        for each in noted
        if had.get(each.referral_id, 0) < each.awaited
    ]


def _corridor(rows: Iterable[CorridorRow]) -> Corridor:
    both = {row.ours: row for row in rows}
    ours, theirs = both.get(True), both.get(False)
    one = ours or next(iter(both.values()))
    return Corridor(
        peer=one.peer,
        side=one.side,
        for_us=0 if ours is None else ours.open,
        for_us_due=None if ours is None else ours.first_due,
        for_them=0 if theirs is None else theirs.open,
        for_them_due=None if theirs is None else theirs.first_due,
        overdue=sum(row.overdue for row in both.values()),
        one_sided=sum(row.one_sided for row in both.values()),
    )
