"""What there is to do, and who of this member works on what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from services.node.store.approvals import MayAnswer
from services.node.store.pool import Connection
from services.node.store.queries import query
from services.node.store.rows import EventRow, execute, fetch

Turn = tuple[str, str, str]
"""Side, referral type and state in which that side has to act."""


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A referral, or a clock of a case (no referral), with what is due first."""

    referral_id: bytes | None
    case_id: bytes | None
    deadline: str | None
    started_at: datetime | None
    due_at: datetime | None


_OF_WORK = tuple(each.name for each in fields(WorkRow))


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns in which this member has to act, and those of others."""

    ours: tuple[Turn, ...]
    theirs: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class SomeWork:
    """A page of one group, and how many there are in each."""

    rows: list[WorkRow]
    needs_me: int
    waiting_on_others: int


@dataclass(frozen=True, slots=True)
class Some:
    """Of which work a page is; what is empty asks for nothing.

    ``own`` is this member, ``now`` on the wire clock: a claim that ran out is none.
    """

    peer: str
    unit: str
    officer: str
    own: str
    now: datetime


@dataclass(frozen=True, slots=True)
class CorridorRow:
    """What is open with one member in one direction and waits for one of the two."""

    peer: str
    side: str
    ours: bool
    open: int
    first_due: datetime | None
    overdue: int
    one_sided: int


@dataclass(frozen=True, slots=True)
class AnswerTimesRow:
    """How one member answered; ``half_within`` is None with no answer."""

    member: str
    asked: int
    answered: int
    half_within: timedelta | None


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """Something that needs attention; ``peer`` is empty where the referral says it."""

    kind: str
    referral_id: bytes
    peer: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AttentionRow:
    """How much there is beside the work: notices, approvals to answer, forms."""

    notices: int
    approvals: int
    forms: int


@dataclass(frozen=True, slots=True)
class Instants:
    """What counts as new, and now: ``since`` and ``case_now`` on the case clock.

    ``waits_since`` as in ``notices_of``.
    """

    since: datetime
    case_now: datetime
    waits_since: datetime
    wire_now: datetime


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """Who works on a referral, and until when; wire clock."""

    referral_id: bytes
    claimed_by: str
    claimed_until: datetime


@dataclass(frozen=True, slots=True)
class UnderRow:
    """A referral under an alias."""

    referral_id: bytes
    case_id: bytes | None


async def work_of(
    connection: Connection,
    turns: Sequence[Turn],
    *,
    cases: bool,
    limit: int,
    offset: int,
    deep: bool = False,
) -> list[WorkRow]:
    """The earliest due first; ``cases`` adds the clocks of cases themselves.

    ``deep`` finds the same page without walking to it.
    """
    sides, kinds, states = _columns(turns)
    if deep:
        return await fetch(
            connection,
            "work_of_deep",
            WorkRow,
            sides,
            kinds,
            states,
            cases,
            limit,
            offset,
        )
    return await fetch(
        connection, "work_of", WorkRow, sides, kinds, states, cases, limit, offset
    )


async def count_work(
    connection: Connection, turns: Sequence[Turn], *, cases: bool
) -> int:
    """How many there are."""
    sides, kinds, states = _columns(turns)
    count: int = await connection.fetchval(
        query("count_work"), sides, kinds, states, cases
    )
    return count


async def work_of_some(
    connection: Connection,
    turns: Turns,
    some: Some,
    *,
    ours: bool,
    limit: int,
    offset: int,
    dense: int = 100,
) -> SomeWork:
    """The same of some, with how many there are; ``ours`` with the clocks of cases.

    Where there is ``dense`` times as much as up to the end of the page, it is found by
    a walk: the same page.
    """
    both = (*turns.ours, *turns.theirs)
    sides, kinds, states = _columns(both)
    records = await connection.fetch(
        query("work_of_some"),
        sides,
        kinds,
        states,
        [each in turns.ours for each in both],
        ours,
        limit,
        offset,
        some.peer,
        some.unit,
        some.officer,
        some.own,
        some.now,
        dense,
    )
    rows = [
        WorkRow(*(record[name] for name in _OF_WORK))
        for record in records
        # The counts come even where the page is empty.
        if record["referral_id"] or record["case_id"]
    ]
    first = records[0]
    return SomeWork(rows, first["needs_me"], first["waiting_on_others"])


async def corridors(
    connection: Connection,
    ours: Sequence[Turn],
    theirs: Sequence[Turn],
    now: datetime,
) -> list[CorridorRow]:
    """What is open with every other member; ``now`` on the case clock."""
    sides, kinds, states = _columns((*ours, *theirs))
    mine = [*([True] * len(ours)), *([False] * len(theirs))]
    return await fetch(
        connection, "corridors", CorridorRow, sides, kinds, states, mine, now
    )


async def notices_of(
    connection: Connection, since: datetime, limit: int, waits_since: datetime
) -> list[NoticeRow]:
    """What needs attention since then, the newest first.

    ``waits_since``: what waits longer for a member that is not reached; wire clock.
    """
    return await fetch(connection, "notices_of", NoticeRow, since, limit, waits_since)


async def count_attention(
    connection: Connection, by: MayAnswer, at: Instants, *, admits: bool
) -> AttentionRow:
    """What there is for an officer beside the work of the day.

    ``admits``: whether the officer may be the second who lets somebody in.
    """
    (found,) = await fetch(
        connection,
        "count_attention",
        AttentionRow,
        at.since,
        by.officer,
        at.case_now,
        at.waits_since,
        at.wire_now,
        list(by.anywhere),
        list(by.in_unit),
        by.unit,
        admits,
    )
    return found


async def offers_of(
    connection: Connection, referral_ids: list[bytes]
) -> dict[bytes, EventRow]:
    """The offers of referrals, as stored."""
    rows = await fetch(connection, "offers_of", EventRow, referral_ids)
    return {row.referral_id: row for row in rows if row.referral_id is not None}


async def claims_of(
    connection: Connection, referral_ids: list[bytes], now: datetime
) -> dict[bytes, ClaimRow]:
    """Who works on these referrals."""
    rows = await fetch(connection, "claims_of", ClaimRow, referral_ids, now)
    return {row.referral_id: row for row in rows}


async def referrals_under(connection: Connection, alias: str) -> list[UnderRow]:
    """The referrals that are known by an alias, the newest first."""
    return await fetch(connection, "referrals_under", UnderRow, alias)


async def take_claim(
    connection: Connection,
    referral_id: bytes,
    officer: str,
    until: datetime,
    now: datetime,
) -> bool:
    """Claim it, or claim it on; False if another officer holds it."""
    held = await connection.fetchval(
        query("take_claim"), referral_id, officer, until, now
    )
    return held is not None


async def drop_claim(connection: Connection, referral_id: bytes, officer: str) -> None:
    """Give a claim back; that of another stays."""
    await execute(connection, "drop_claim", referral_id, officer)


def _columns(turns: Sequence[Turn]) -> tuple[list[str], list[str], list[str]]:
    sides, kinds, states = zip(*turns, strict=True) if turns else ((), (), ())
    return list(sides), list(kinds), list(states)


async def answer_times(
    connection: Connection, since: datetime, now: datetime, answers: Sequence[str]
) -> list[AnswerTimesRow]:
    """How others answered this member's offers since then; both on the case clock."""
    return await fetch(
        connection, "answer_times", AnswerTimesRow, since, now, list(answers)
    )
