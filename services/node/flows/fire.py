"""A clock rings: the node's own act, once per ring.

A ring inside the member is an event of its ledger. From the province's
coordinator on it is a handoff: an escalation is offered to a member of the
directory that holds the function, told by codes alone, without identity and
without parts; where there is none to ask, the ring stays an event here. An offer
whose time is over is declared expired. Nothing is closed by any of them.

The id of the event follows from the clock and the number of the ring: a node that
was killed in between finds its own ring and settles.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.node.domain.bodies import Expiry, Offer
from services.node.domain.errors import NotLawfulError
from services.node.domain.escalating import write_codes, written
from services.node.domain.escalations import Channel, EscalationRow, Level
from services.node.domain.handoff import Step
from services.node.domain.people import NODE_ACTOR
from services.node.domain.referrals import Priority, ReferralType
from services.node.domain.steps import Side, State
from services.node.domain.tables import day_of
from services.node.flows.clock_acts import (
    ClockFooting,
    clock_footing,
    plan_clock_act,
)
from services.node.flows.compose import Said
from services.node.flows.escalate import who_to_tell
from services.node.flows.footing import Footing
from services.node.flows.inside import InsideAct, Recorded
from services.node.flows.make_offer import MakeOffer
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Plan, Settled
from services.node.flows.take_step import plan_step
from services.node.keys.encoding import sha256
from services.node.store import events as event_store
from services.node.store import referrals as referral_store
from services.node.store import timers as timer_store
from services.node.store.pool import Connection
from services.node.store.rows import ReferralRow
from services.node.store.timers import TimerRow, insert_timer_ring, ring_timer


@dataclass(frozen=True, slots=True)
class Rang:
    """What became of a ring; ``told`` names the member it went to, if any."""

    level: Level
    told: str


@dataclass(frozen=True, slots=True)
class RingTimer:
    """The act of one ring; its result is a Rang, or None if it rang before."""

    own: OwnMember
    timer_id: bytes
    number: int
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotLawfulError ``clock.not_due`` if there is nothing to ring."""
        event_id = ring_event(self.timer_id, self.number)
        timer = await timer_store.timer_by_id(connection, self.timer_id)
        # After the clock, so that its own ring is never judged by what it made.
        done = await event_store.event_by_id(connection, event_id)
        if done is not None:
            return Settled(done.subject)
        if timer is None or not self._is_due(timer):
            raise NotLawfulError(
                "clock.not_due",
                "This clock is met, paused, or not due yet.",
                remedy="Wait until it is due, or let it go on first.",
            )
        row = self._row(timer)
        standing = await clock_footing(self.own, connection, timer)
        plan = None
        if row is not None and row.channel is Channel.EXPIRY:
            plan = self._expire(standing, event_id)
        elif row is not None and row.channel is Channel.HANDOFF:
            plan = await self._hand_off(connection, timer, standing, row, event_id)
        if plan is None:
            plan = self._inside(timer, standing, event_id)
        ring = timer.rings[self.number]
        rang = (
            ring_timer(self.timer_id, self.number),
            insert_timer_ring(
                self.timer_id, self.number, ring, event_id, self.moment.case
            ),
        )
        return replace(plan, writes=(*plan.writes, *rang))

    def _is_due(self, timer: TimerRow) -> bool:
        at = timer.next_ring_at
        return timer.fired == self.number and at is not None and at <= self.moment.case

    def _row(self, timer: TimerRow) -> EscalationRow | None:
        """The row that the clock was started with, if the policy still has it."""
        name = timer.rings[self.number]
        for row in self.own.adopted.policy.escalations.rows:
            if (
                row.ring == name
                and Priority(timer.priority) in row.priorities
                and (row.deadlines is None or timer.deadline in row.deadlines)
                and row.rule.in_force(day_of(timer.started_at))
            ):
                return row
        return None

    def _expire(self, standing: ClockFooting, event_id: bytes) -> Plan | None:
        """The giver's offer found no answer; None if it is not open any more."""
        if standing.referral is None:
            return None
        own, at = self.own, self.moment.case
        try:
            transition = own.adopted.policy.steps.next(
                ReferralType(standing.referral.referral_type),
                Step.EXPIRY,
                Side(standing.referral.side),
                State(standing.referral.state),
                day_of(at),
                arrived=False,
            )
        except NotLawfulError:
            return None
        footing = Footing(standing.referral, standing.case, standing.key)
        said = Said(event_id, NODE_ACTOR, Step.EXPIRY, Expiry(), at)
        plan = plan_step(own, footing, said, transition, self.moment)
        return replace(plan, result=Rang(Level.EXPIRY, standing.referral.peer))

    async def _hand_off(
        self,
        connection: Connection,
        timer: TimerRow,
        standing: ClockFooting,
        row: EscalationRow,
        event_id: bytes,
    ) -> Plan | None:
        """The offer of an escalation; None where there is nobody to ask."""
        if standing.case is None or row.to is None or row.priority is None:
            return None
        about = standing.referral or await _began_with(connection, timer)
        told = who_to_tell(self.own, about, row, day_of(self.moment.case))
        if told is None:
            return None
        for need in _needs(timer, about, row):
            act = MakeOffer(
                own=self.own,
                actor=NODE_ACTOR,
                event_id=event_id,
                case_pseudonym=standing.case.pseudonym,
                recipient=told,
                offer=escalation_offer(need, row.priority),
                categories=(),
                happened_at=self.moment.case,
                moment=self.moment,
            )
            try:
                plan = await act.decide(connection)
            except NotLawfulError:
                # A word of it may say who the person is, by an unlucky name.
                continue
            if isinstance(plan, Plan):
                return replace(plan, result=Rang(row.level, told))
        return None

    def _inside(self, timer: TimerRow, standing: ClockFooting, event_id: bytes) -> Plan:
        name = timer.rings[self.number]
        content = f"{timer.deadline} {name}".encode()
        recorded = Recorded(
            event_id, NODE_ACTOR, InsideAct.CLOCK_RANG, content, self.moment.case
        )
        result = Rang(Level(name.partition(":")[0]), "")
        plan = plan_clock_act(self.own, standing, recorded, ())
        return replace(plan, result=result)


def ring_event(timer_id: bytes, number: int) -> bytes:
    """The id of a ring's event: the same ring is the same act, whenever it is tried."""
    return sha256(b"relais-ring" + timer_id + number.to_bytes(4, "big"))[:16]


async def _began_with(connection: Connection, timer: TimerRow) -> ReferralRow | None:
    """The referral whose step started a clock of the case, if one did."""
    event = await event_store.event_by_id(connection, timer.started_by)
    if event is None or event.referral_id is None:
        return None
    return await referral_store.referral_by_id(connection, event.referral_id)


def _needs(
    timer: TimerRow, about: ReferralRow | None, row: EscalationRow
) -> tuple[str, str]:
    """What is told, codes only: since when, of what, with whom; or the least."""
    least = {"level": row.level.value, "deadline": timer.deadline}
    said = {**least, "due": written(timer.due_at), "priority": timer.priority}
    if about is not None:
        said |= {"referral_type": about.referral_type, "member": about.peer}
    return write_codes(said), write_codes(least)


def escalation_offer(need: str, priority: Priority | None) -> Offer:
    """What a desk is told: codes, how soon, and nothing else."""
    return Offer(
        referral_type=ReferralType.ESCALATION.value,
        priority=(priority or Priority.URGENT).value,
        services=(),
        age_band="",
        sex="",
        languages=(),
        constraints=(),
        need=need,
        need_language="",
        basis_ids=(),
    )
