"""The work of the day: what waits for this member, what waits for others.

Whose turn a referral is follows from the step table and its state, so that the
database is asked for those states only, and everything beside a page of work is
read once for the whole page. A claim is on the wire clock: it says who of this
member looks at something right now, and nothing to anybody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from services.node.domain.bodies import Offer
from services.node.domain.errors import ConflictError, NotFoundError
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side, State, StepTable
from services.node.domain.turns import must_act
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.said import open_event
from services.node.flows.views import ReferralView, views_of
from services.node.store import assignments as assignment_store
from services.node.store import cases as case_store
from services.node.store import referrals as referral_store
from services.node.store import work as work_store
from services.node.store.assignments import AssignmentRow
from services.node.store.pool import Connection
from services.node.store.work import ClaimRow, Some, Turn, Turns, WorkRow

CLAIM = timedelta(minutes=10)
"""How long a claim holds; the study of shelters' referrals found it enough."""

_NEAR = 500
"""Pages that end before this row are always walked to: nothing is faster."""
_LOOKS_A_STEP = 4


class WorkGroup(StrEnum):
    """Whose turn it is."""

    NEEDS_ME = "needs_me"
    WAITING_ON_OTHERS = "waiting_on_others"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A referral, or a clock of a case, with what is due first.

    ``started_at`` and ``due_at`` are on the case clock; None if no clock runs.
    """

    case_pseudonym: str
    referral: ReferralView | None
    offer: Offer | None
    deadline: str
    started_at: datetime | None
    due_at: datetime | None
    claim: ClaimRow | None
    assigned: AssignmentRow | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a code names; ``case_pseudonym`` is empty if no case here does."""

    case_pseudonym: str
    referral_ids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of one group, and how many there are in each."""

    items: list[WorkItem]
    counts: dict[WorkGroup, int]


async def worklist(
    own: OwnMember,
    group: WorkGroup,
    on: date,
    now: datetime,
    *,
    limit: int,
    offset: int,
    some: Some | None = None,
) -> Worklist:
    """One page of a group, the earliest due first; ``now`` on the wire clock."""
    turns = turns_of(own.adopted.policy.steps, on)
    async with own.database.connection() as connection:
        rows, counts = await _page(connection, group, turns, some, limit, offset)
        ids = [row.referral_id for row in rows if row.referral_id is not None]
        referrals = await referral_store.referrals_by_ids(connection, ids)
        views = {
            view.referral.referral_id: view
            for view in await views_of(own, connection, referrals, on)
        }
        offers = await work_store.offers_of(connection, ids)
        claims = await work_store.claims_of(connection, ids, now)
        assigned = await assignment_store.assigned_now(
            connection, [(row.case_id, row.referral_id) for row in rows]
        )
        case_ids = sorted({row.case_id for row in rows if row.case_id is not None})
        names = await case_store.pseudonyms_of(connection, case_ids)
    items = []
    for place, row in enumerate(rows):
        referral_id = row.referral_id or b""
        event = offers.get(referral_id)
        said = None if event is None else open_event(own, event).body
        items.append(
            WorkItem(
                names.get(row.case_id or b"", ""),
                views.get(referral_id),
                said if isinstance(said, Offer) else None,
                row.deadline or "",
                row.started_at,
                row.due_at,
                claims.get(referral_id),
                assigned.get(place),
            )
        )
    return Worklist(items, counts)


async def _page(
    connection: Connection,
    group: WorkGroup,
    turns: dict[WorkGroup, tuple[Turn, ...]],
    some: Some | None,
    limit: int,
    offset: int,
) -> tuple[list[WorkRow], dict[WorkGroup, int]]:
    """The page, and how many there are in each group."""
    mine, others = WorkGroup.NEEDS_ME, WorkGroup.WAITING_ON_OTHERS
    if some is not None:
        found = await work_store.work_of_some(
            connection,
            Turns(turns[mine], turns[others]),
            some,
            ours=group is mine,
            limit=limit,
            offset=offset,
        )
        return found.rows, {mine: found.needs_me, others: found.waiting_on_others}
    counts = {
        each: await work_store.count_work(connection, turns[each], cases=each is mine)
        for each in WorkGroup
    }
    rows = await work_store.work_of(
        connection,
        turns[group],
        cases=group is mine,
        limit=limit,
        offset=offset,
        deep=_is_deep(offset + limit, counts[group]),
    )
    return rows, counts


def _is_deep(end: int, count: int) -> bool:
    """Whether a page is found sooner by a look at everything that is open.

    Measured with 10,000 cases of seven clocks each: a row that is walked by takes as
    long as four looks.
    """
    return end > _NEAR and end * _LOOKS_A_STEP > count


@lru_cache(maxsize=4)
def turns_of(table: StepTable, on: date) -> dict[WorkGroup, tuple[Turn, ...]]:
    """In which states it is this member's turn, and in which another's."""
    turns: dict[WorkGroup, list[Turn]] = {each: [] for each in WorkGroup}
    for kind in ReferralType:
        for state in State:
            side = must_act(table, kind, state, on, recall_open=False)
            if side is None or state is State.NONE:
                continue
            for mine in Side:
                group = (
                    WorkGroup.NEEDS_ME if mine is side else WorkGroup.WAITING_ON_OTHERS
                )
                turns[group].append((mine.value, kind.value, state.value))
    return {group: tuple(found) for group, found in turns.items()}


async def claim_referral(
    own: OwnMember, officer: str, referral_id: bytes, moment: Moment
) -> ClaimRow:
    """Say that ``officer`` works on a referral for the next ten minutes.

    Raises:
        NotFoundError: ``referral.unknown``.
        ConflictError: ``work.claimed``: another officer works on it.
    """
    until = moment.wire + CLAIM
    async with own.database.connection() as connection:
        if await referral_store.referral_by_id(connection, referral_id) is None:
            raise _unknown()
        if await work_store.take_claim(
            connection, referral_id, officer, until, moment.wire
        ):
            return ClaimRow(referral_id, officer, until)
        held = (await work_store.claims_of(connection, [referral_id], moment.wire)).get(
            referral_id
        )
    who = "Somebody else" if held is None else f"Officer {held.claimed_by}"
    raise ConflictError(
        "work.claimed",
        f"{who} is working on this referral.",
        remedy="Look at another one, or ask that officer; a claim ends by itself"
        " after ten minutes.",
    )


async def claim_on(
    own: OwnMember, referral_id: bytes, now: datetime
) -> ClaimRow | None:
    """Who works on a referral at ``now``, on the wire clock; raises NotFoundError."""
    async with own.database.connection() as connection:
        if await referral_store.referral_by_id(connection, referral_id) is None:
            raise _unknown()
        claims = await work_store.claims_of(connection, [referral_id], now)
    return claims.get(referral_id)


async def find_code(own: OwnMember, code: str) -> Found:
    """What a code names here: the case, and referrals under it; the newest first."""
    async with own.database.connection() as connection:
        rows = await work_store.referrals_under(connection, code)
        names = await case_store.pseudonyms_of(
            connection, [row.case_id for row in rows if row.case_id is not None]
        )
        own_case = await case_store.case_by_pseudonym(connection, code)
    under = next(iter(names.values()), "")
    return Found(
        under if own_case is None else own_case.pseudonym,
        tuple(row.referral_id for row in rows),
    )


async def release_claim(own: OwnMember, officer: str, referral_id: bytes) -> None:
    """Give a claim back; one that another officer holds stays."""
    async with own.database.connection() as connection:
        await work_store.drop_claim(connection, referral_id, officer)


def _unknown() -> NotFoundError:
    return NotFoundError("referral.unknown", "No referral of this member has that id.")
