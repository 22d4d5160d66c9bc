"""Who this member believes is answerable, for its auditor: no word about anybody.

Every case by the member's own pseudonym, its periods and referrals by event ids
that are the same at the other end, and what is missing with the instant by which
the policy wants it. Whether it all fits together over members is the checker's
question.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import TypeVar

from services.node.domain.errors import NotFoundError
from services.node.domain.handoff import Step
from services.node.domain.policy import Policy
from services.node.domain.referrals import Priority
from services.node.domain.steps import Side
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.store.answerability import EndRow, PeriodRow, all_cases
from services.node.store.snapshot import snapshot
from services.node.wire.answerability import (
    CaseAnswerability,
    Item,
    NodeNow,
    Period,
    ReferralEnd,
    Wait,
)

R = TypeVar("R", PeriodRow, EndRow)


async def list_answerability(
    own: OwnMember, moment: Moment
) -> AsyncGenerator[Item, None]:
    """The clocks, then every case; all at one instant of the database.

    Close the iterator if it is left early: it holds a snapshot of the database.
    """
    yield NodeNow(own.name, moment.case, moment.wire)
    async with snapshot(own.database) as database:
        async for cases, periods, ends in all_cases(database):
            period_of, end_of = _by_case(periods), _by_case(ends)
            for case in cases:
                yield CaseAnswerability(
                    case.pseudonym,
                    case.answerable,
                    tuple(_period(each) for each in period_of[case.case_id]),
                    tuple(
                        _end(own.adopted.policy, each) for each in end_of[case.case_id]
                    ),
                )


def _by_case(rows: Sequence[R]) -> defaultdict[bytes, list[R]]:
    found: defaultdict[bytes, list[R]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _period(row: PeriodRow) -> Period:
    return Period(**{each.name: getattr(row, each.name) for each in fields(Period)})


def _end(policy: Policy, row: EndRow) -> ReferralEnd:
    waits = tuple(_waits(policy, row))
    return ReferralEnd(row.offer_event, row.side, row.peer, row.state, waits)


def _waits(policy: Policy, row: EndRow) -> Iterator[Wait]:
    """What is missing at this end, with its deadline."""
    if row.sent_step is not None and row.sent_at is not None:
        yield _wait(policy, row, "unreachable", row.sent_step, row.sent_at)
    if row.side != Side.GIVER:
        return
    if row.accepted_at is not None:
        yield _wait(policy, row, "released", Step.ACCEPT, row.accepted_at)
    if row.minutes_at is not None:
        yield _wait(policy, row, "countersigned", Step.MINUTES, row.minutes_at)


def _wait(
    policy: Policy, row: EndRow, deadline: str, step: str, since: datetime
) -> Wait:
    priority = Priority(row.priority) if row.priority in set(Priority) else None
    try:
        due = policy.deadlines.due(
            deadline, since, priority=priority or Priority.NORMAL
        )
    except NotFoundError:
        # A policy without this deadline wants it at once.
        due = since
    return Wait(deadline, str(step), since, due)
