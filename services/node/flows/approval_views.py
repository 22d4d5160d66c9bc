"""What officers see of approvals: what waits, and exactly what is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.approvals import (
    ApprovalState,
    ApprovedAct,
    answerable_by,
    may_see_leaving,
    state_of,
    unknown,
)
from services.node.domain.errors import RelaisError
from services.node.domain.people import Officer, acts_of
from services.node.domain.records import CategoryRecord
from services.node.domain.second_person import Sending
from services.node.flows.footing import CASE_SCOPE, case_named, data_key
from services.node.flows.make_offer import would_send
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.resting import act_in, approval_of, reason_in
from services.node.flows.sending import exactly
from services.node.store import approvals as approval_store
from services.node.store.approvals import ApprovalRow, MayAnswer


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """An approval in a list, without anything sealed."""

    row: ApprovalRow
    state: ApprovalState


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """An approval with exactly what it is for, and what was said to the answer.

    Of a sending that is not settled: ``leaving`` is what would open to the
    recipient, ``changed`` whether that is no longer what was asked for.
    """

    line: ApprovalLine
    act: ApprovedAct
    reason: str
    leaving: tuple[CategoryRecord, ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks for what: a case's, the officer's own, or else what waits.

    ``case_pseudonym`` may be empty; ``limit`` and ``offset`` in rows; ``now`` is on
    the case clock.
    """

    officer: Officer
    case_pseudonym: str
    asked_by_me: bool
    my_unit: bool
    limit: int
    now: datetime
    offset: int = 0


def may_answer(own: OwnMember, officer: Officer) -> MayAnswer:
    """Which approvals an officer of this member may answer."""
    found = answerable_by(officer, acts_of(officer.role, own.functions_of(own.name)))
    return MayAnswer(officer.pseudonym, found.anywhere, found.in_unit, officer.unit)


async def approvals_for(own: OwnMember, looking: Looking) -> list[ApprovalLine]:
    """The list that was asked for; raises NotFoundError for an unknown case."""
    me, span = looking.officer, (looking.limit, looking.offset)
    async with own.database.connection() as connection:
        if looking.case_pseudonym:
            case = await case_named(connection, looking.case_pseudonym)
            rows = await approval_store.approvals_of_case(
                connection, case.case_id, *span
            )
        elif looking.asked_by_me:
            rows = await approval_store.approvals_asked_by(
                connection, me.pseudonym, *span
            )
        else:
            unit = me.unit if looking.my_unit else None
            by = may_answer(own, me)
            rows = await approval_store.approvals_waiting(
                connection, by, looking.now, unit, *span
            )
    return [_line(each, looking.now) for each in rows]


_OPEN = frozenset({ApprovalState.WAITING, ApprovalState.APPROVED})


async def approval_view(
    own: OwnMember, approval_id: bytes, officer: Officer, moment: Moment
) -> ApprovalView:
    """One approval with its content, as ``officer`` reads it; raises NotFoundError."""
    async with own.database.connection() as connection:
        row = await approval_store.approval_by_id(connection, approval_id)
        if row is None:
            raise unknown()
        key = await data_key(own, connection, row.case_id, CASE_SCOPE)
        act, reason = act_in(key, row), reason_in(key, row)
        view = ApprovalView(_line(row, moment.case), act, reason)
        open_now = view.line.state in _OPEN and may_see_leaving(
            approval_of(row), officer
        )
        if not isinstance(act, Sending) or not open_now:
            return view
        would = would_send(own, officer, row.pseudonym, act, moment)
        try:
            leaving = await would.leaving(connection)
        except RelaisError:
            # What could not be sent any more is not shown either.
            return replace(view, changed=True)
        now = await exactly(own, connection, row.case_id, act)
    return replace(view, leaving=leaving, changed=now != act)


def _line(row: ApprovalRow, now: datetime) -> ApprovalLine:
    return ApprovalLine(row, state_of(approval_of(row), now))
