"""What this member does when its own step was refused for good: it goes back.

Promises: the referral goes back to where both ends last agreed, as an act with a
leaf of its own, so that neither end waits for the other for ever. What the giver
ended stays ended: whatever it recalled stays recalled (``domain/steps``). A
refused release leaves an acceptance that cannot hold: the node then answers void
(``flows/answer``), for the same release would be refused again; its part keys end
with the offer, and a new offer seals new ones. Who is answerable after a refused
release was settled with the refusal (``store/exchange``). Which refusals wait to
be applied stands in the outbox. Clocks go back with the state: what the refused
step met runs on, what it started stops.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.node.domain.errors import NotFoundError
from services.node.domain.handoff import Step
from services.node.domain.identifiers import new_id
from services.node.domain.people import NODE_ACTOR
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side, State, StepTable, TakenStep
from services.node.domain.tables import day_of
from services.node.flows.case_standing import Moving, taken_back
from services.node.flows.footing import Footing, referral_footing
from services.node.flows.inside import InsideAct, Recorded, plan_in_referral
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Plan, Settled
from services.node.store import events as event_store
from services.node.store import exchange as exchange_store
from services.node.store.pool import Connection
from services.node.store.rows import ReferralRow, StepRow
from services.node.store.timers import start_again, stop_started
from services.node.store.writes import (
    Write,
    apply_refusal,
    update_case,
    update_referral,
)

STANDS = frozenset(
    {Step.EXPIRY, Step.RECALL, Step.REVOCATION, Step.VOID, Step.WITHDRAWAL}
)
"""The giver's own endings: they hold here whatever the receiver answers."""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The node's own act after a final refusal of one of its envelopes."""

    own: OwnMember
    digest: bytes
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """The state without the refused step; raises NotFoundError."""
        refusal = await exchange_store.refusal_of(connection, self.digest)
        if refusal is None:
            raise NotFoundError("envelope.unknown", "No such envelope was refused.")
        if refusal.applied:
            return Settled(self.digest)
        footing = await referral_footing(self.own, connection, refusal.referral_id)
        if footing is None:
            raise NotFoundError(
                "referral.unknown",
                "No such referral stands here.",
                remedy="Look at the list of referrals again.",
            )
        steps = await event_store.steps_of_referral(connection, refusal.referral_id)
        state = state_without_refused(
            self.own.adopted.policy.steps, self.own.name, footing.referral, steps
        )
        moved = replace(
            footing.referral,
            state=state.value,
            referral_no=footing.referral.referral_no + 1,
            updated_at=self.moment.case,
        )
        event_id = new_id()
        recorded = Recorded(
            event_id,
            NODE_ACTOR,
            InsideAct.STEP_REFUSED,
            refusal.event_id + refusal.code.encode(),
            self.moment.case,
        )
        writes: tuple[Write, ...] = (
            update_referral(moved),
            apply_refusal(self.digest),
        )
        if moved.state != footing.referral.state:
            started = (moved.referral_id, refusal.event_id)
            writes += (
                stop_started(*started, self.moment.case, event_id),
                start_again(*started),
            )
        plan = plan_in_referral(self.own, moved, footing.key, recorded, writes)
        return await self._with_case(connection, footing, refusal.event_id, plan)

    async def _with_case(
        self, connection: Connection, footing: Footing, refused: bytes, plan: Plan
    ) -> Plan:
        """The plan with the case back too, if the refused step had moved it."""
        case, event = footing.case, plan.event
        if case is None or event is None:
            return plan
        moving = Moving(event.event_id, self.moment.case)
        back = await taken_back(connection, case.case_id, footing.key, refused, moving)
        if back is None:
            return plan
        seq = case.case_seq + 1
        case = replace(case, phase=back.phase.value, case_seq=seq)
        return replace(
            plan,
            event=replace(event, case_seq=seq),
            writes=(*plan.writes, back.write, update_case(case)),
        )


def state_without_refused(
    table: StepTable, member: str, referral: ReferralRow, steps: Iterable[StepRow]
) -> State:
    """The state that every step but the refused ones leads to at ``member``."""
    own_side = Side(referral.side)
    other_side = Side.GIVER if own_side is Side.RECEIVER else Side.RECEIVER
    taken = (
        TakenStep(
            Step(row.step),
            own_side if row.author == member else other_side,
            day_of(row.happened_at),
        )
        for row in steps
        if not row.refused or (own_side is Side.GIVER and row.step in STANDS)
    )
    return table.replay(ReferralType(referral.referral_type), taken)
