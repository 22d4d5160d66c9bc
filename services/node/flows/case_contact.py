"""What follow-ups found: read from the records, noted, and followed by the case.

A follow-up is a record of D11 that stands beside the versions of what is planned
and given, and replaces none of them. A setback moves the plan by itself; somebody who
is not safe, or whom nobody reaches, needs a person's decision, which the answer
names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.case_states import CaseState
from services.node.domain.case_step_rows import FOLLOW_UP, RECORDED, End
from services.node.domain.case_steps import triggers_of
from services.node.domain.errors import NotLawfulError
from services.node.domain.follow_ups import (
    FollowUp,
    NextStep,
    check_lost,
    follow_up_of,
    next_step,
    result_of,
    schedule,
)
from services.node.domain.handoff import Actor
from services.node.domain.identifiers import new_id
from services.node.domain.records import CategoryRecord
from services.node.flows.case_standing import (
    ASKED_BY_FOLLOW_UP,
    CaseNow,
    Moving,
    case_now,
    check_open,
    follow,
    open_standing,
    placed_at,
)
from services.node.flows.clocks import start_clock
from services.node.flows.footing import (
    CASE_SCOPE,
    case_named,
    category_key,
    data_key,
)
from services.node.flows.inside import InsideAct, Recorded, plan_inside
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Settled, id_reused
from services.node.flows.release import RECORD_TABLE
from services.node.flows.vault import row_number
from services.node.store import case_states as state_store
from services.node.store import events as event_store
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow
from services.node.store.timers import stop_case_timers
from services.node.store.writes import Write
from services.node.wire.handoffs import decode_record, encode_record

PLAN_CATEGORY = "D11"

_DECIDED_WITHIN = {
    NextStep.SUPERVISOR: "supervisor_decides",
    NextStep.EMERGENCY_REFERRAL: "unsafe_answered",
}
"""What a follow-up asks of a person, and the clock that waits for it."""


async def follow_ups_of(
    own: OwnMember, connection: Connection, case_id: bytes
) -> tuple[FollowUp, ...]:
    """Every follow-up of this member in a case, oldest first.

    What a referral brought may be another's follow-up: it counts for none here.
    """
    rows = await state_store.records_of_category(connection, case_id, PLAN_CATEGORY)
    found = []
    for row in rows:
        if row.source != own.name or not row.follow_up:
            continue
        key = own.vault.open_key(None, row.epoch, row.wrapped)
        plain = key.open_numbered(RECORD_TABLE, row.record_id, row.nonce, row.sealed)
        follow_up = follow_up_of(decode_record(plain), row.recorded_at)
        if follow_up is not None:
            found.append(follow_up)
    return tuple(found)


async def check_contact_lost(
    own: OwnMember,
    connection: Connection,
    case: CaseRow,
    now: CaseNow,
    at: datetime,
) -> None:
    """Raise NotLawfulError ``case.contact_not_lost`` while there is hope.

    Somebody who left without notice is looked for through the safety procedure
    first (deadline ``left_without_notice``).
    """
    deadlines = own.adopted.policy.deadlines
    if now.standing.state is not CaseState.LEFT_WITHOUT_NOTICE:
        tried = await follow_ups_of(own, connection, case.case_id)
        check_lost(deadlines, tried, at)
    elif at < deadlines.due("left_without_notice", now.since):
        raise NotLawfulError(
            "case.contact_not_lost",
            "The safety procedure of 72 hours is not over.",
            remedy="Go on looking for the person, safely.",
        )


@dataclass(frozen=True, slots=True)
class RecordFollowUp:
    """The act of noting a follow-up; its result is the NextStep."""

    own: OwnMember
    actor: Actor
    event_id: bytes
    case_pseudonym: str
    record: CategoryRecord
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotFoundError for an unknown case, NotLawfulError for a closed one."""
        own, at = self.own, self.moment.case
        case = await case_named(connection, self.case_pseudonym)
        before = await follow_ups_of(own, connection, case.case_id)
        latest = FollowUp(at, result_of(self.record) or "")
        asked = next_step(own.adopted.policy.deadlines, before, latest)
        done = await self._done(connection, case, before)
        if done is not None:
            return done
        key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        now = await case_now(connection, case, key)
        check_open(now)
        triggers = triggers_of(FOLLOW_UP, End.OWN, RECORDED, (latest.result,))
        moving = Moving(self.event_id, at)
        followed = follow(own, (now, case.case_id, key), triggers, moving)
        writes = await self._record(connection, case)
        if followed is not None:
            writes = (*writes, followed.write, *followed.clocks)
        writes = (*writes, *await self._met(connection, case, at))
        answered = sorted(ASKED_BY_FOLLOW_UP)
        writes += (stop_case_timers(case.case_id, answered, at, self.event_id),)
        if asked in _DECIDED_WITHIN:
            clock = _DECIDED_WITHIN[asked]
            writes += start_clock(own, case.case_id, clock, self.event_id, at)
        recorded = Recorded(
            self.event_id, self.actor, InsideAct.FOLLOW_UP_RECORDED, b"", at
        )
        return plan_inside(own, case, key, recorded, writes, guard=True, result=asked)

    async def _done(
        self, connection: Connection, case: CaseRow, noted: tuple[FollowUp, ...]
    ) -> Settled | None:
        event = await event_store.event_by_id(connection, self.event_id)
        if event is None:
            return None
        same = event.case_id == case.case_id
        if not same or event.step != InsideAct.FOLLOW_UP_RECORDED:
            raise id_reused()
        before = tuple(each for each in noted if each.at < event.happened_at)
        latest = FollowUp(event.happened_at, result_of(self.record) or "")
        deadlines = self.own.adopted.policy.deadlines
        return Settled(event.subject, next_step(deadlines, before, latest))

    async def _met(
        self, connection: Connection, case: CaseRow, at: datetime
    ) -> tuple[Write, ...]:
        """What stops the clocks of the follow-ups that this one is, or makes up for.

        The first since the placement meets the first of the schedule, and so on;
        whatever was due by now is met too, so that one late visit ends the alarm.
        """
        rows = await state_store.case_states_of(connection, case.case_id)
        key = await data_key(self.own, connection, case.case_id, CASE_SCOPE)
        placed = placed_at(tuple(open_standing(row, key) for row in rows))
        if placed is None:
            return ()
        done = await follow_ups_of(self.own, connection, case.case_id)
        number = sum(each.at >= placed for each in done) + 1
        planned = schedule(self.own.adopted.policy.deadlines, placed)
        met = [
            each.deadline
            for place, each in enumerate(planned, start=1)
            if place <= number or each.at <= at
        ]
        return (stop_case_timers(case.case_id, met, at, self.event_id),)

    async def _record(self, connection: Connection, case: CaseRow) -> tuple[Write, ...]:
        own, category = self.own, self.record.category
        key, opening = await category_key(own, connection, case.case_id, category)
        origin = (own.name, self.moment.case, self.actor.pseudonym)
        plain = encode_record(self.record)
        identifier = new_id()
        sealed = key.seal(RECORD_TABLE, identifier, plain)
        number = row_number(identifier)
        return (
            *opening,
            state_store.insert_follow_up(
                number, case.case_id, category, origin, sealed
            ),
        )
