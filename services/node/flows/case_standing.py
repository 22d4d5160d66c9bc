"""What a case is in at this member: read, moved on by a row, written.

One row of ``case_state`` for each event that moves a case: what is about the
person in it is sealed under the key of the case. A step of a referral moves the
case in its own batch, so the two never say different things; a case that such a
step does not move stays as it is. Moving a case competes for its next number.

The clocks that a row starts and meets are told by ``clocks_of``; two of them
stand with the case itself, because acts of officers set them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.bodies import Completion
from services.node.domain.bodies_return import RiskCountersignature
from services.node.domain.case_details import (
    DECIDES_AS,
    NO_CLOCKS,
    NO_DETAILS,
    CaseClocks,
    CaseDetails,
)
from services.node.domain.case_states import (
    FIRST_STATE,
    CaseState,
    Phase,
    Standing,
    Track,
)
from services.node.domain.case_step_rows import (
    AT_DOORS,
    PERIODS,
    CaseAct,
    CaseStepRow,
    End,
    Trigger,
)
from services.node.domain.case_steps import CaseTransition, triggers_of
from services.node.domain.deadlines import DeadlineTable
from services.node.domain.errors import NotFoundError, NotLawfulError
from services.node.domain.handoff import Body
from services.node.domain.policy import Policy
from services.node.domain.tables import day_of
from services.node.flows.clocks import start_clock
from services.node.flows.own import OwnMember
from services.node.flows.vault import DataKey
from services.node.store import case_states as state_store
from services.node.store.case_states import CaseStateRow, insert_case_state
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow, ReferralRow
from services.node.store.timers import stop_case_timers, stop_clocks_of_case
from services.node.store.writes import Write
from services.node.wire.standings import (
    StandingRecord,
    decode_standing,
    encode_standing,
)

STATE_TABLE = "case_state"
ASKED_BY_FOLLOW_UP = frozenset({"supervisor_decides", "unsafe_answered"})
"""Clocks that wait for a person's decision: any act in the case is one."""
ESSENTIAL_NEEDS, RECOVERY_PAUSE = "essential_needs_max", "recovery_pause"
_FROM_NOW: Mapping[str, datetime] = {}
_DECIDING = {CaseAct.DECIDE_VICTIM, CaseAct.DECIDE_NOT_VICTIM}


@dataclass(frozen=True, slots=True)
class CaseNow:
    """What a case is in, since when, where the person is placed, and its clocks."""

    standing: Standing
    since: datetime
    clocks: CaseClocks = NO_CLOCKS
    placement: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a case became by itself: its phase, and the row that says so.

    ``clocks`` are those that this met and started.
    """

    phase: Phase
    write: Write
    clocks: tuple[Write, ...] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline that an act started, and when it runs out (UTC+7)."""

    deadline: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Moving:
    """An event that moves a case: which, when, and what was said with it."""

    event_id: bytes
    at: datetime
    details: CaseDetails = NO_DETAILS


def unborn(at: datetime) -> CaseNow:
    """A case that its first event is about to make."""
    return CaseNow(Standing(Phase.RECEPTION, CaseState.NONE), at)


async def case_now(connection: Connection, case: CaseRow, key: DataKey) -> CaseNow:
    """What the case is in; a case without a row is at the beginning of its phase."""
    row = await state_store.newest_case_state(connection, case.case_id)
    if row is None:
        phase = Phase(case.phase)
        return CaseNow(Standing(phase, FIRST_STATE[phase]), case.opened_at)
    record = open_standing(row, key)
    standing = Standing(
        Phase(record.phase),
        CaseState(record.state),
        frozenset(CaseState(each) for each in record.beside),
    )
    clocks = CaseClocks(row.essential_needs_until, row.recovery_pause_until)
    return CaseNow(standing, record.since, clocks, record.placement)


def open_standing(row: CaseStateRow, key: DataKey) -> StandingRecord:
    """What one row seals."""
    return decode_standing(key.open(STATE_TABLE, row.event_id, row.nonce, row.sealed))


def clocks_of(
    deadlines: DeadlineTable,
    row: CaseStepRow,
    at: datetime,
    since: Mapping[str, datetime] = _FROM_NOW,
) -> tuple[Clock, ...]:
    """What a row starts when it is taken at ``at``, the soonest first.

    A deadline without a row in force on that day is no deadline of that law. What
    the row ``meets`` stands in the row itself. ``since`` names the clocks that
    count from before ``at``.
    """
    started = []
    for name in row.starts:
        try:
            started.append(Clock(name, deadlines.due(name, since.get(name, at))))
        except NotFoundError:
            continue
    return tuple(sorted(started, key=lambda each: (each.due, each.deadline)))


def moved(
    policy: Policy, now: CaseNow, transition: CaseTransition, moving: Moving
) -> CaseNow:
    """The case after a row; essential needs once given do not begin anew."""
    row, clocks = transition.row, now.clocks
    started = clocks_of(policy.deadlines, row, moving.at)
    due = {each.deadline: each.due for each in started}
    if clocks.essential_needs_until is None and ESSENTIAL_NEEDS in due:
        clocks = replace(clocks, essential_needs_until=due[ESSENTIAL_NEEDS])
    if RECOVERY_PAUSE in due:
        clocks = replace(clocks, recovery_pause_until=due[RECOVERY_PAUSE])
    # Placed anew is placed from then on: follow-ups count from it.
    enters = row.track is Track.COURSE and row.to_state is not None
    return CaseNow(
        transition.standing,
        moving.at if enters else now.since,
        clocks,
        moving.details.placement or now.placement,
    )


def state_write(
    case_id: bytes,
    key: DataKey,
    after: CaseNow,
    row: CaseStepRow,
    moving: Moving,
) -> Write:
    """The row that says what an event made of a case."""
    standing = after.standing
    record = StandingRecord(
        standing.phase.value,
        standing.state.value,
        tuple(sorted(each.value for each in standing.beside)),
        row.act.value,
        str(row.rule),
        moving.details,
        after.placement,
        after.since,
    )
    nonce, sealed = key.seal(STATE_TABLE, moving.event_id, encode_standing(record))
    return insert_case_state(
        CaseStateRow(
            moving.event_id,
            case_id,
            standing.phase.value,
            standing.state.value,
            after.clocks.essential_needs_until,
            after.clocks.recovery_pause_until,
            moving.at,
            nonce,
            sealed,
        )
    )


def begun(
    own: OwnMember,
    case_id: bytes,
    key: DataKey,
    act: CaseAct,
    moving: Moving,
    door: str = "",
) -> Followed:
    """A case as an officer's act opens it for who came by ``door``.

    Raises NotLawfulError ``case.wrong_function`` for a member that opens none.
    """
    policy, now = own.adopted.policy, unborn(moving.at)
    transition = policy.case_steps.next(
        now.standing, act, own.functions_of(own.name), day_of(moving.at)
    )
    after = moved(policy, now, transition, moving)
    write = state_write(case_id, key, after, transition.row, moving)
    at_door = transition.row.starts - {
        clock for clock, doors in AT_DOORS.items() if door not in doors
    }
    row = replace(transition.row, starts=at_door)
    clocks = course_clocks(own, case_id, now, row, moving)
    return Followed(after.standing.phase, write, clocks)


def follow_step(
    own: OwnMember,
    now: CaseNow,
    key: DataKey,
    referral: ReferralRow,
    said: tuple[str, Body],
    moving: Moving,
) -> Followed | None:
    """What the case becomes by a step of one of its referrals, if anything.

    ``referral`` is as the step left it; ``said`` the step and its content.
    """
    step, body = said
    triggers = triggers_of(
        referral.referral_type,
        End(referral.side),
        step,
        (referral.state, *_codes_of(body)),
    )
    return follow(own, (now, referral.case_id or b"", key), triggers, moving, referral)


def follow(
    own: OwnMember,
    case: tuple[CaseNow, bytes, DataKey],
    triggers: Iterable[Trigger],
    moving: Moving,
    referral: ReferralRow | None = None,
) -> Followed | None:
    """What the case (what it is in, its id and key) becomes when this happened."""
    now, case_id, key = case
    policy = own.adopted.policy
    transition = policy.case_steps.follow(
        now.standing, triggers, own.functions_of(own.name), day_of(moving.at)
    )
    if transition is None:
        return None
    if transition.row.act in _DECIDING and referral is not None:
        moving = replace(moving, details=_decided(own, referral))
    if transition.row.act is CaseAct.PLACE:
        details = replace(moving.details, placement="establishment")
        moving = replace(moving, details=details)
    after = moved(policy, now, transition, moving)
    clocks = course_clocks(own, case_id, now, transition.row, moving)
    if after.standing == now.standing and after.clocks == now.clocks and not clocks:
        return None
    write = state_write(case_id, key, after, transition.row, moving)
    return Followed(after.standing.phase, write, clocks)


def course_clocks(
    own: OwnMember,
    case_id: bytes,
    now: CaseNow,
    row: CaseStepRow,
    moving: Moving,
    since: Mapping[str, datetime] = _FROM_NOW,
) -> tuple[Write, ...]:
    """What a row that is taken does to the clocks of the case.

    Essential needs once given do not begin anew. What a step of a referral starts
    by the table ``deadlines`` is that referral's clock, not one more of the case.
    An officer's act that starts one limit in the place of another ends that one in
    the referrals of the case, too. ``since`` names the clocks that count from before
    the act.
    """
    names: set[str] = set(row.meets)
    if not row.triggers:
        # Somebody decided what a follow-up had asked.
        names |= ASKED_BY_FOLLOW_UP
    begun_here: list[Write] = []
    deadlines = own.adopted.policy.deadlines
    for each in clocks_of(deadlines, row, moving.at, since):
        begins = since.get(each.deadline, moving.at)
        named = deadlines.row(each.deadline, day_of(begins))
        again = each.deadline == ESSENTIAL_NEEDS and now.clocks.essential_needs_until
        if each.deadline in PERIODS or again or (row.triggers and named.starts):
            continue
        # Placed anew is placed from then on: one clock of a name runs, never two.
        names.add(each.deadline)
        begun_here += start_clock(own, case_id, each.deadline, moving.event_id, begins)
    if not names:
        return ()
    replaces = not row.triggers and bool(begun_here)
    stop = stop_clocks_of_case if replaces else stop_case_timers
    return (stop(case_id, sorted(names), moving.at, moving.event_id), *begun_here)


async def taken_back(
    connection: Connection,
    case_id: bytes,
    key: DataKey,
    refused: bytes,
    moving: Moving,
) -> Followed | None:
    """The case as it was before an event that the other member refused for good.

    None if that event did not move it, or if it has moved on since.
    """
    rows = await state_store.case_states_of(connection, case_id)
    if len(rows) < 2 or rows[-1].event_id != refused:  # noqa: PLR2004 - one before it
        return None
    before = rows[-2]
    plain = encode_standing(open_standing(before, key))
    nonce, sealed = key.seal(STATE_TABLE, moving.event_id, plain)
    again = replace(
        before,
        event_id=moving.event_id,
        happened_at=moving.at,
        nonce=nonce,
        sealed=sealed,
    )
    return Followed(Phase(before.phase), insert_case_state(again))


def _decided(own: OwnMember, referral: ReferralRow) -> CaseDetails:
    """Who decided about the status: the member that was asked, by its function."""
    decider = own.name if referral.side == End.RECEIVER else referral.peer
    found = sorted(
        DECIDES_AS[each] for each in own.functions_of(decider) if each in DECIDES_AS
    )
    return CaseDetails(decided_by=found[0].value if found else "")


def _codes_of(body: Body) -> tuple[str, ...]:
    """What a step says in codes that a case may follow."""
    if isinstance(body, Completion):
        return (body.result,) if body.result else ()
    if isinstance(body, RiskCountersignature):
        return (body.decision,)
    return ()


def placed_at(history: tuple[StandingRecord, ...]) -> datetime | None:
    """When the person was last placed, or else when reintegration began here."""
    placed = [each.since for each in history if each.act == CaseAct.PLACE]
    begun = [each.since for each in history if each.phase == Phase.REINTEGRATION]
    return placed[-1] if placed else begun[0] if begun else None


def check_open(now: CaseNow) -> None:
    """Raise NotLawfulError ``case.closed`` for a closed case."""
    if now.standing.state is CaseState.CLOSED:
        raise NotLawfulError(
            "case.closed",
            "The case is closed.",
            remedy="Open it again, if the person wishes it.",
        )
