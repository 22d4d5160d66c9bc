"""Keep what grows in a case: minors who came along, and the reintegration plan.

Each version is a row of its own, sealed under the key of its category (D13 and
D11) in that case. Only who answers for the person makes a plan; a minor may be
recorded by whoever meets them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.case_details import NO_INSTANT
from services.node.domain.casesheet_profile import minimal_profile
from services.node.domain.entitlements import Claimant, claimant_of
from services.node.domain.errors import NotFoundError, NotLawfulError
from services.node.domain.handoff import Actor
from services.node.domain.identifiers import new_alias
from services.node.domain.minors import (
    CHILD_PROTECTION_REFERRAL,
    Guardian,
    Minor,
    check_minor,
)
from services.node.domain.plans import (
    DECISION,
    Footing,
    ReintegrationPlan,
    checked_plan,
)
from services.node.domain.responsibility import Answerability
from services.node.domain.tables import day_of
from services.node.flows.case_standing import CaseNow, Clock, case_now
from services.node.flows.clocks import start_clock
from services.node.flows.disclose import records_of
from services.node.flows.footing import (
    CASE_SCOPE,
    case_named,
    category_key,
    data_key,
)
from services.node.flows.inside import InsideAct, Recorded, plan_inside
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import PLAN, Decision, Settled, follows_of, id_reused
from services.node.flows.unchanged import check_follows
from services.node.flows.vietnam_days import VietnamDays
from services.node.store import case_states as state_store
from services.node.store import events as event_store
from services.node.store.case_states import (
    MinorRow,
    PlanRow,
    insert_minor,
    insert_plan,
)
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow
from services.node.store.timers import stop_case_timers
from services.node.store.writes import Write
from services.node.wire.standings import (
    decode_minor,
    decode_plan,
    encode_minor,
    encode_plan,
)

CHILD, SERVICES = "D13", "D11"
MINOR_TABLE, PLAN_TABLE = "accompanying_minor", "case_plan"
_WINDOW = "reintegration_application_window"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept: the minor's alias (empty for a plan) and clocks that started."""

    alias: str
    clocks: tuple[Clock, ...]


@dataclass(frozen=True, slots=True)
class KeepMinor:
    """The act of recording a minor; its result is Kept."""

    own: OwnMember
    actor: Actor
    event_id: bytes
    case_pseudonym: str
    minor: Minor
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises InvalidInputError, NotFoundError ``case.unknown_minor``."""
        own, at = self.own, self.moment.case
        check_minor(self.minor)
        case = await case_named(connection, self.case_pseudonym)
        known = await state_store.minors_of(connection, case.case_id)
        inside = InsideAct.MINOR_RECORDED
        done = await done_before(connection, self.event_id, case, inside)
        if done is not None:
            made = [row.alias for row in known if row.event_id == self.event_id]
            return replace(done, result=Kept("".join(made), ()))
        alias = self.minor.alias or new_alias()
        if self.minor.alias and alias not in {row.alias for row in known}:
            raise NotFoundError(
                "case.unknown_minor",
                "No minor of this case has that alias.",
                remedy="Leave the alias empty for a minor who is new.",
            )
        key, opening = await category_key(own, connection, case.case_id, CHILD)
        plain = encode_minor(replace(self.minor, alias=alias))
        sealed = key.seal(MINOR_TABLE, self.event_id, plain)
        row = MinorRow(
            self.event_id, case.case_id, alias, at, self.actor.pseudonym, *sealed
        )
        clocks: tuple[Clock, ...] = ()
        if self.minor.guardian == Guardian.NONE:
            due = own.adopted.policy.deadlines.due(CHILD_PROTECTION_REFERRAL, at)
            clocks = (Clock(CHILD_PROTECTION_REFERRAL, due),)
        case_key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        recorded = Recorded(self.event_id, self.actor, inside, b"", at)
        writes = (*opening, insert_minor(row))
        result = Kept(alias, clocks)
        return plan_inside(
            own, case, case_key, recorded, writes, guard=True, result=result
        )


@dataclass(frozen=True, slots=True)
class KeepPlan:
    """The act of recording a plan; its result is Kept.

    ``based_on`` is the number of the version that it was made of, 0 for none; None
    records it whatever stands.
    """

    own: OwnMember
    actor: Actor
    event_id: bytes
    case_pseudonym: str
    plan: ReintegrationPlan
    moment: Moment
    based_on: int | None = None

    async def decide(self, connection: Connection) -> Decision:
        """Raises InvalidInputError, NotLawfulError naming the row, ConflictError."""
        own, at = self.own, self.moment.case
        case = await case_named(connection, self.case_pseudonym)
        inside = InsideAct.PLAN_RECORDED
        done = await done_before(connection, self.event_id, case, inside)
        if done is not None:
            return replace(done, result=Kept("", ()))
        if case.answerable != Answerability.ANSWERABLE:
            raise NotLawfulError(
                "responsibility.not_answerable",
                "This member does not answer for the person now, so the plan is"
                " another's to make.",
                remedy="Send what you know to the member that answers.",
            )
        follows = follows_of(PLAN, self.based_on)
        await check_follows(connection, case.case_id, follows)
        case_key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        now = await case_now(connection, case, case_key)
        policy = own.adopted.policy
        claimant = await claimant_in(own, connection, case, now, at)
        footing = Footing(
            claimant,
            policy.entitlements,
            policy.deadlines,
            day_of(at),
            VietnamDays(policy.calendar),
        )
        plan = checked_plan(self.plan, footing)
        key, opening = await category_key(own, connection, case.case_id, SERVICES)
        sealed = key.seal(PLAN_TABLE, self.event_id, encode_plan(plan))
        row = PlanRow(self.event_id, case.case_id, at, self.actor.pseudonym, *sealed)
        clocks = tuple(
            Clock(DECISION, goal.decision_due)
            for goal in plan.goals
            if goal.decision_due != NO_INSTANT
        )
        recorded = Recorded(self.event_id, self.actor, inside, b"", at)
        waits = _decision_clock(own, case.case_id, plan, (self.event_id, at))
        writes = (*opening, insert_plan(row), *waits)
        result = Kept("", clocks)
        kept = plan_inside(
            own, case, case_key, recorded, writes, guard=True, result=result
        )
        return replace(kept, follows=follows)


def _decision_clock(
    own: OwnMember,
    case_id: bytes,
    plan: ReintegrationPlan,
    event: tuple[bytes, datetime],
) -> tuple[Write, ...]:
    """One clock for what was applied for and not decided, from the first of them.

    Whoever applied does not have to be reminded of the window any more.
    """
    event_id, at = event
    waiting = [
        goal.applied_at
        for goal in plan.goals
        if goal.decision_due != NO_INSTANT and not goal.outcome
    ]
    met = [DECISION, *([_WINDOW] if waiting else [])]
    stop = stop_case_timers(case_id, met, at, event_id)
    if not waiting:
        return (stop,)
    return (stop, *start_clock(own, case_id, DECISION, event_id, min(waiting)))


async def claimant_in(
    own: OwnMember, connection: Connection, case: CaseRow, now: CaseNow, at: datetime
) -> Claimant | None:
    """As whom the person of a case is entitled now."""
    records = await records_of(own, connection, case.case_id)
    profile = minimal_profile(records.values(), day_of(at))
    functions = own.functions_of(own.name)
    return claimant_of(now.standing.person_status, profile.citizenship, functions)


async def minors_in(
    own: OwnMember, connection: Connection, case_id: bytes
) -> tuple[Minor, ...]:
    """Every minor who came along, as known now."""
    rows = await state_store.minors_of(connection, case_id)
    if not rows:
        return ()
    key = await data_key(own, connection, case_id, CHILD)
    return tuple(
        decode_minor(key.open(MINOR_TABLE, row.event_id, row.nonce, row.sealed))
        for row in rows
    )


async def plan_in(
    own: OwnMember, connection: Connection, case_id: bytes
) -> tuple[ReintegrationPlan | None, int]:
    """The plan as it stands now, and the number of its version (0 for none)."""
    row = await state_store.newest_plan(connection, case_id)
    if row is None:
        return None, 0
    key = await data_key(own, connection, case_id, SERVICES)
    plain = key.open(PLAN_TABLE, row.event_id, row.nonce, row.sealed)
    return decode_plan(plain), row.number


async def done_before(
    connection: Connection, event_id: bytes, case: CaseRow, act: InsideAct
) -> Settled | None:
    """The act, if it was done before; raises InvalidInputError ``act.id_reused``."""
    event = await event_store.event_by_id(connection, event_id)
    if event is None:
        return None
    if event.case_id != case.case_id or event.step != act:
        raise id_reused()
    return Settled(event.subject)
