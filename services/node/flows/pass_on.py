"""A withdrawal stops the witness too, without anybody having to think of it.

Promises: when a person withdrew from a return, this node tells each member that it
asked to witness the crossing, in a step of its own. What other members were asked
for the return (a paper, a search for relatives) is for an officer to end: it may
serve the person all the same; the view of the return names it.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.bodies_return import Withdrawal
from services.node.domain.errors import NotFoundError
from services.node.domain.handoff import Step
from services.node.domain.identifiers import new_id
from services.node.domain.people import NODE_ACTOR
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side, State
from services.node.domain.tables import day_of
from services.node.flows.compose import Said
from services.node.flows.footing import referral_footing
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Settled
from services.node.flows.said import open_event
from services.node.flows.take_step import plan_step
from services.node.store import events as event_store
from services.node.store import referrals as referral_store
from services.node.store.pool import Connection


@dataclass(frozen=True, slots=True)
class PassOnWithdrawal:
    """The node's own act towards a witness; its result is a Taken."""

    own: OwnMember
    referral_id: bytes
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotFoundError if there is no such witness, or no withdrawal."""
        own = self.own
        footing = await referral_footing(own, connection, self.referral_id)
        if footing is None or footing.case is None:
            raise NotFoundError(
                "referral.unknown",
                "No such referral stands here.",
                remedy="Look at the list of referrals again.",
            )
        if footing.referral.state == State.WITHDRAWN:
            rows = await event_store.newest_of_steps(
                connection, self.referral_id, [Step.WITHDRAWAL.value]
            )
            return Settled(rows[0].subject)
        transition = own.adopted.policy.steps.next(
            ReferralType(footing.referral.referral_type),
            Step.WITHDRAWAL,
            Side.GIVER,
            State(footing.referral.state),
            day_of(self.moment.case),
            arrived=False,
        )
        body = await self._withdrawal(connection, footing.case.case_id)
        said = Said(new_id(), NODE_ACTOR, Step.WITHDRAWAL, body, self.moment.case)
        return plan_step(own, footing, said, transition, self.moment)

    async def _withdrawal(self, connection: Connection, case_id: bytes) -> Withdrawal:
        """What was said in the newest return of this case that was withdrawn."""
        returns = [
            row.referral_id
            for row in await referral_store.referrals_of_case(connection, case_id)
            if row.referral_type == ReferralType.VOLUNTARY_RETURN
            and row.state == State.WITHDRAWN
        ]
        for referral_id in reversed(returns):
            for row in await event_store.newest_of_steps(
                connection, referral_id, [Step.WITHDRAWAL.value]
            ):
                body = open_event(self.own, row).body
                if isinstance(body, Withdrawal):
                    return body
        raise NotFoundError(
            "referral.step_missing",
            "Nobody withdrew in this case.",
            remedy="Read the referral again: another step comes first.",
        )
