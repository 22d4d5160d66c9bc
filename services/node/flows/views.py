"""What an officer sees of a case or referral: reads only, nothing decided."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date

from services.node.domain.errors import NotFoundError, UnavailableError
from services.node.domain.handoff import Step
from services.node.domain.reach import Reach, Standing, how_far
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side, State
from services.node.domain.turns import SERVES_A_RETURN, STOPPED, UNDER_WAY, must_act
from services.node.flows.footing import case_named
from services.node.flows.own import OwnMember
from services.node.flows.published import Published
from services.node.flows.said import SaidStep, said_in_each
from services.node.store import assignments as assignment_store
from services.node.store import cases as case_store
from services.node.store import events as event_store
from services.node.store import exchange as exchange_store
from services.node.store import referrals as referral_store
from services.node.store.assignments import AssignmentRow
from services.node.store.pool import Connection
from services.node.store.referrals import MarksRow
from services.node.store.rows import (
    AnswerabilityRow,
    CaseRow,
    ReferralRow,
    TimelineRow,
)

MESSAGES = (Step.QUESTION, Step.ANSWER)
"""What is written from one member to another for a person to read."""


@dataclass(frozen=True, slots=True)
class ReferralView:
    """A referral with what either side may do now, and who has to act.

    ``mark`` and ``reach`` say how far it came. ``still_open`` names what served a
    return that does not go on.
    """

    referral: ReferralRow
    case_pseudonym: str
    open_steps: tuple[str, ...]
    peer_steps: tuple[str, ...]
    must_act: str
    mark: MarksRow
    reach: Reach
    still_open: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case: who answered when, its referrals, its timeline, who works on it."""

    case: CaseRow
    last_index: int
    periods: list[AnswerabilityRow]
    referrals: list[ReferralView]
    timeline: list[TimelineRow]
    assignments: list[AssignmentRow]


async def case_view(own: OwnMember, pseudonym: str, on: date) -> CaseView:
    """Everything about a case that is not sealed; raises NotFoundError."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        # Read first: what comes between makes an act on this view refused, never
        # done on what its officer did not see.
        last_index = await event_store.newest_in_case(connection, case.case_id)
        rows = await referral_store.referrals_of_case(connection, case.case_id)
        marks = await _marks(connection, rows)
        return CaseView(
            case,
            last_index,
            await case_store.answerability_of(connection, case.case_id),
            [
                _view(own, row, case.pseudonym, on, marks, _still_open(row, rows))
                for row in rows
            ],
            await event_store.timeline(connection, case.case_id),
            await assignment_store.assignments_of_case(connection, case.case_id),
        )


@dataclass(frozen=True, slots=True)
class TalkView:
    """What was asked and answered in one referral, in order."""

    referral: ReferralView
    messages: list[SaidStep]


async def talks_of(own: OwnMember, pseudonym: str, on: date) -> list[TalkView]:
    """Questions and answers of a whole case, the oldest referral first.

    However many referrals it has, the queries are the same few. Raises NotFoundError.
    """
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        rows = await referral_store.referrals_of_case(connection, case.case_id)
        views = await views_of(own, connection, rows, on)
        asked = [row.referral_id for row in rows]
        said = await said_in_each(own, connection, asked, MESSAGES)
    return [TalkView(each, said[each.referral.referral_id]) for each in views]


async def referral_view(own: OwnMember, referral_id: bytes, on: date) -> ReferralView:
    """One referral; raises NotFoundError."""
    reads = own.database.reads
    row = await referral_store.referral_by_id(reads, referral_id)
    if row is None:
        raise unknown_referral()
    return await _with_case(own, reads, row, on)


def unknown_referral() -> NotFoundError:
    """The error for a referral that is not this member's."""
    return NotFoundError(
        "referral.unknown",
        "No referral of this member has that id.",
        remedy="Look at the list of referrals again.",
    )


async def newest_referrals(
    own: OwnMember, limit: int, offset: int, on: date
) -> list[ReferralView]:
    """The referrals that changed last, with their cases, in three queries."""
    async with own.database.connection() as connection:
        rows = await referral_store.list_referrals(connection, limit, offset)
        return await views_of(own, connection, rows, on)


async def views_of(
    own: OwnMember, connection: Connection, rows: list[ReferralRow], on: date
) -> list[ReferralView]:
    """These referrals with their cases, in two queries."""
    wanted = [row.case_id for row in rows if row.case_id is not None]
    names = await case_store.pseudonyms_of(connection, wanted)
    marks = await _marks(connection, rows)
    return [
        _view(own, row, names.get(row.case_id or b"", ""), on, marks) for row in rows
    ]


_LOOKS_AGAIN = 1.0
"""Seconds after which a referral is looked at though nobody said that it changed: what
is given back at midnight is told to nobody."""


async def await_referral(
    own: OwnMember,
    published: Published,
    referral_id: bytes,
    states: frozenset[str],
    on: date,
    *,
    settled: bool,
    seconds: float,
) -> ReferralView:
    """Wait until the referral is in one of ``states`` (any, if empty).

    With ``settled`` also until nothing of it waits in the outbox. Raises
    UnavailableError ``referral.not_yet`` after ``seconds``.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        changed = published.next_change_of(referral_id)
        reads = own.database.reads
        row = await referral_store.referral_by_id(reads, referral_id)
        if row is not None and (not states or row.state in states):
            open_ones = await exchange_store.waiting_of(reads, referral_id)
            if not settled or open_ones == 0:
                return await _with_case(own, reads, row, on)
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            raise UnavailableError(
                "referral.not_yet",
                "The referral is not in that state yet.",
                remedy="Ask again, or look at what waits for the other member.",
            )
        try:
            async with asyncio.timeout(min(left, _LOOKS_AGAIN)):
                await changed.wait()
        except TimeoutError:
            continue


async def _with_case(
    own: OwnMember, connection: Connection, row: ReferralRow, on: date
) -> ReferralView:
    case, siblings = None, [row]
    if row.case_id is not None:
        case = await case_store.case_by_id(connection, row.case_id)
        if State(row.state) in STOPPED:
            siblings = await referral_store.referrals_of_case(connection, row.case_id)
    return _view(
        own,
        row,
        "" if case is None else case.pseudonym,
        on,
        await _marks(connection, [row]),
        _still_open(row, siblings),
    )


async def _marks(
    connection: Connection, rows: list[ReferralRow]
) -> dict[bytes, MarksRow]:
    return await referral_store.marks_of(connection, [row.referral_id for row in rows])


def _still_open(row: ReferralRow, siblings: list[ReferralRow]) -> tuple[bytes, ...]:
    """What this member asked of others for a return that does not go on."""
    if row.referral_type != ReferralType.VOLUNTARY_RETURN or row.state not in STOPPED:
        return ()
    return tuple(
        each.referral_id
        for each in siblings
        if each.side == Side.GIVER
        and each.referral_type in SERVES_A_RETURN
        and each.state in UNDER_WAY
    )


def _view(
    own: OwnMember,
    row: ReferralRow,
    pseudonym: str,
    on: date,
    marks: dict[bytes, MarksRow],
    still_open: tuple[bytes, ...] = (),
) -> ReferralView:
    table, state = own.adopted.policy.steps, State(row.state)
    steps = {
        side: table.open_steps(ReferralType(row.referral_type), state, side, on)
        for side in Side
    }
    mark = marks[row.referral_id]
    turn = must_act(
        table,
        ReferralType(row.referral_type),
        state,
        on,
        recall_open=mark.recall_open,
    )
    mine = Side(row.side)
    other = Side.RECEIVER if mine is Side.GIVER else Side.GIVER
    return ReferralView(
        row,
        pseudonym,
        tuple(step.value for step in steps[mine]),
        tuple(step.value for step in steps[other]),
        "" if turn is None else turn.value,
        mark,
        how_far(
            Standing(
                giver=mine is Side.GIVER,
                delivered=mark.delivered,
                opened=mark.opened,
                waiting=mark.waiting,
                refused=mark.refused,
                unreachable=mark.unreachable,
                returned=mark.returned_at is not None,
            )
        ),
        still_open,
    )
