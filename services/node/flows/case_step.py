"""Take an act in a case: an officer moves it on within this member.

The table ``case_steps`` decides whether the act follows now and is this member's
to take; the details whether what is said with it may stand. Whoever moves the
course of a case answers for the person, but for closing a file here. Closing ends
the time for which this member answers, opening again begins another.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.approvals import check_names_nobody
from services.node.domain.case_details import (
    CaseDetails,
    check_details,
    check_pressure,
    clocks_after,
)
from services.node.domain.case_states import Track
from services.node.domain.case_step_rows import CaseAct, CaseStepRow
from services.node.domain.closure import DISPOSITION, check_reopening
from services.node.domain.errors import NotLawfulError
from services.node.domain.people import Officer
from services.node.domain.plain_words import plain
from services.node.domain.responsibility import (
    Answerability,
    AnswerabilityEvent,
    after,
)
from services.node.domain.tables import day_of
from services.node.flows.case_contact import check_contact_lost
from services.node.flows.case_standing import (
    ESSENTIAL_NEEDS,
    CaseNow,
    Clock,
    Moving,
    case_now,
    clocks_of,
    course_clocks,
    moved,
    state_write,
)
from services.node.flows.clocks import start_clock
from services.node.flows.closing import check_closable
from services.node.flows.footing import CASE_SCOPE, case_named, data_key
from services.node.flows.inside import InsideAct, Recorded, plan_inside
from services.node.flows.longer import counted_since
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Settled, id_reused
from services.node.flows.resting import Resting, approved
from services.node.flows.vault import DataKey
from services.node.store import events as event_store
from services.node.store.case_states import close_answerability
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow
from services.node.store.writes import Write, begin_answerability
from services.node.wire.standings import encode_details

_INSIDE = {
    CaseAct.CLOSE: InsideAct.CASE_CLOSED,
    CaseAct.REOPEN: InsideAct.CASE_REOPENED,
}


@dataclass(frozen=True, slots=True)
class CaseStepTaken:
    """What became of an act: phase and state after it, and the clocks it started."""

    phase: str
    state: str
    clocks: tuple[Clock, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeCaseStep:
    """The act of moving a case; its result is a CaseStepTaken.

    ``approval_id`` names a second officer's approval of exactly this, where the
    act needs one; else it is empty.
    """

    own: OwnMember
    officer: Officer
    event_id: bytes
    case_pseudonym: str
    act: CaseAct
    details: CaseDetails
    approval_id: bytes
    happened_at: datetime
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotLawfulError naming the rule; InvalidInputError; NotFoundError."""
        case = await case_named(connection, self.case_pseudonym)
        key = await data_key(self.own, connection, case.case_id, CASE_SCOPE)
        now = await case_now(connection, case, key)
        done = await self._done(connection, case, now)
        if done is not None:
            return done
        if not now.since <= self.happened_at <= self.moment.case:
            raise _bad_time()
        policy = self.own.adopted.policy
        functions = self.own.functions_of(self.own.name)
        on = day_of(self.happened_at)
        transition = policy.case_steps.next(now.standing, self.act, functions, on)
        check_details(self.act, self.details, functions)
        check_names_nobody(self.details)
        check_pressure(self.act, now.standing, now.clocks, self.happened_at)
        footing = await self._answering(connection, case, key, now, transition.row)
        case, details, writes = footing.case, footing.details, footing.writes
        if self.act is CaseAct.LOSE_CONTACT:
            await check_contact_lost(self.own, connection, case, now, self.happened_at)
        moving = Moving(self.event_id, self.happened_at, details)
        made = moved(policy, now, transition, moving)
        until = clocks_after(self.act, self.details, made.clocks, self.happened_at)
        made = replace(made, clocks=until)
        row = state_write(case.case_id, key, made, transition.row, moving)
        since = await counted_since(connection, case.case_id, transition.row)
        clocks = course_clocks(
            self.own, case.case_id, now, transition.row, moving, since
        )
        clocks += self._ordered(case)
        deadlines = self.own.adopted.policy.deadlines
        shown = clocks_of(deadlines, transition.row, self.happened_at, since)
        footing = replace(footing, writes=(*writes, row, *clocks))
        return self._plan(footing, key, made, shown)

    def _ordered(self, case: CaseRow) -> tuple[Write, ...]:
        """The clock whose end was decided with the act itself."""
        ends = {
            CaseAct.EXTEND_ESSENTIAL_NEEDS: (ESSENTIAL_NEEDS, self.details.until),
            CaseAct.CLOSE: (DISPOSITION, self.details.delete_at),
        }
        if self.act not in ends:
            return ()
        deadline, until = ends[self.act]
        return start_clock(
            self.own, case.case_id, deadline, self.event_id, self.happened_at, until
        )

    async def _done(
        self, connection: Connection, case: CaseRow, now: CaseNow
    ) -> Settled | None:
        event = await event_store.event_by_id(connection, self.event_id)
        if event is None:
            return None
        if event.case_id != case.case_id or event.step != self._inside():
            raise id_reused()
        standing = now.standing
        taken = CaseStepTaken(standing.phase.value, standing.state.value)
        return Settled(event.subject, taken)

    def _inside(self) -> InsideAct:
        return _INSIDE.get(self.act, InsideAct.CASE_STEP)

    async def _answering(
        self,
        connection: Connection,
        case: CaseRow,
        key: DataKey,
        now: CaseNow,
        row: CaseStepRow,
    ) -> _After:
        """The case with who answers after the act, and the rows that say so."""
        if self.act is CaseAct.CLOSE:
            return await self._close(connection, case, key, now)
        if self.act is CaseAct.REOPEN:
            return self._reopen(case, now)
        moves_course = row.track is Track.COURSE and row.to_state is not None
        if moves_course and case.answerable != Answerability.ANSWERABLE:
            raise NotLawfulError(
                "responsibility.not_answerable",
                f"This member is {plain(case.answerable)} for the person, so it does"
                " not move the case on.",
                remedy="Ask the member that answers for the person.",
            )
        return _After(case, self.details)

    async def _close(
        self, connection: Connection, case: CaseRow, key: DataKey, now: CaseNow
    ) -> _After:
        """By two: the details say from here on who the second was."""
        await check_closable(
            self.own, connection, case, now, self.details, self.happened_at
        )
        second, used = await approved(
            connection,
            case,
            key,
            Resting(
                self.approval_id,
                self.event_id,
                self.officer.pseudonym,
                self.details,
                self.happened_at,
                self.moment.case,
            ),
        )
        details = replace(self.details, second_officer=second.pseudonym)
        answerable = Answerability(case.answerable)
        ended = after(answerable, AnswerabilityEvent.CASE_CLOSED)
        writes: tuple[Write, ...] = (used,)
        if ended is not answerable:
            writes += (close_answerability(case.case_id, self.happened_at),)
        return _After(replace(case, answerable=ended.value), details, writes)

    def _reopen(self, case: CaseRow, now: CaseNow) -> _After:
        deadlines = self.own.adopted.policy.deadlines
        until = deadlines.due("reopen_allowed", now.since)
        check_reopening(now.since, until, self.happened_at)
        state = after(Answerability(case.answerable), AnswerabilityEvent.CASE_REOPENED)
        begins = begin_answerability(
            case.case_id,
            self.event_id,
            self.happened_at,
            InsideAct.CASE_REOPENED.value,
            "",
        )
        return _After(replace(case, answerable=state.value), self.details, (begins,))

    def _plan(
        self,
        footing: _After,
        key: DataKey,
        made: CaseNow,
        clocks: tuple[Clock, ...],
    ) -> Decision:
        standing = made.standing
        recorded = Recorded(
            self.event_id,
            self.officer.actor(),
            self._inside(),
            encode_details(footing.details),
            self.happened_at,
        )
        return plan_inside(
            self.own,
            replace(footing.case, phase=standing.phase.value),
            key,
            recorded,
            footing.writes,
            guard=True,
            result=CaseStepTaken(standing.phase.value, standing.state.value, clocks),
        )


@dataclass(frozen=True, slots=True)
class _After:
    """The case after an act, what is said with it, and the rows that go with it."""

    case: CaseRow
    details: CaseDetails
    writes: tuple[Write, ...] = ()


def _bad_time() -> NotLawfulError:
    return NotLawfulError(
        "case.step_out_of_time",
        "An act happens after what the case is in began, and not later than now.",
        where="happened_at",
        remedy="Correct the instant.",
    )
