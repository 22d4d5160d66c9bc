"""Acts about a clock: on what it stands here, and the plan of such an act."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.node.domain.errors import NotFoundError
from services.node.flows.footing import CASE_SCOPE, data_key, referral_footing
from services.node.flows.inside import Recorded, plan_in_referral, plan_inside
from services.node.flows.own import OwnMember
from services.node.flows.plan import Plan
from services.node.flows.vault import DataKey
from services.node.store import cases as case_store
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow, ReferralRow
from services.node.store.timers import TimerRow
from services.node.store.writes import Write, update_referral


@dataclass(frozen=True, slots=True)
class ClockFooting:
    """A clock's referral, or None for a case's own; its case, once there is one."""

    referral: ReferralRow | None
    case: CaseRow | None
    key: DataKey


def unknown_clock() -> NotFoundError:
    """The error for a clock that is not this member's."""
    return NotFoundError(
        "clock.unknown",
        "No clock of this member has that id.",
        remedy="Copy it from: relais case clocks",
    )


async def clock_footing(
    own: OwnMember, connection: Connection, timer: TimerRow
) -> ClockFooting:
    """On what an act about the clock stands; raises NotFoundError."""
    if timer.referral_id is not None:
        footing = await referral_footing(own, connection, timer.referral_id)
        if footing is not None:
            return ClockFooting(footing.referral, footing.case, footing.key)
    case = None
    if timer.case_id is not None:
        case = await case_store.case_by_id(connection, timer.case_id)
    if case is None:
        raise unknown_clock()
    key = await data_key(own, connection, case.case_id, CASE_SCOPE)
    return ClockFooting(None, case, key)


def plan_clock_act(
    own: OwnMember, footing: ClockFooting, recorded: Recorded, writes: tuple[Write, ...]
) -> Plan:
    """The act in the clock's referral or case.

    In a referral it takes the next number, so that a step that meets the clock at
    the same moment and the act decide one after the other.
    """
    if footing.referral is not None:
        number = footing.referral.referral_no + 1
        moved = replace(footing.referral, referral_no=number)
        writes = (*writes, update_referral(moved))
        return plan_in_referral(own, moved, footing.key, recorded, writes)
    if footing.case is None:
        raise unknown_clock()
    return plan_inside(own, footing.case, footing.key, recorded, writes, guard=False)
