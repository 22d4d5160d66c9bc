"""The node says by itself what a withdrawal asks for: recalls, and their answers.

At the holder every recall that is owed becomes the step *recall*, after the step
*withdrawal* where a return rested on the wish that ended. At a recipient every
recall that was taken in is answered by *recall_acknowledgement*, which says what
can no longer be read here and what the law keeps. What is owed stands in the
database, so a node that was killed in between goes on when it is back.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.bodies import KeptCategory, Recall, RecallAcknowledgement
from services.node.domain.bodies_return import Withdrawal
from services.node.domain.errors import NotFoundError, NotLawfulError
from services.node.domain.handoff import Body, Step
from services.node.domain.identifiers import ID_BYTES
from services.node.domain.people import NODE_ACTOR
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side, State, Transition
from services.node.domain.tables import day_of
from services.node.flows.compose import Said
from services.node.flows.footing import Footing, referral_footing
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision
from services.node.flows.take_step import already_taken, plan_step
from services.node.keys.encoding import sha256
from services.node.store import recalls as recall_store
from services.node.store.pool import Connection
from services.node.store.recalls import Lawful, RecallDueRow


def lawful_from(own: OwnMember, step: Step, author: Side, moment: Moment) -> Lawful:
    """Referral types with the states from which this end may take ``step`` now."""
    today = day_of(moment.case)
    return sorted(
        {
            (referral_type.value, state.value)
            for row in own.adopted.policy.steps.rows
            if row.step is step
            and row.author is author
            and not row.arrival_only
            and row.rule.in_force(today)
            for referral_type in row.referral_types
            for state in row.from_states
        }
    )


@dataclass(frozen=True, slots=True)
class MakeRecall:
    """The node's own act for one recall that is owed; its result is a Taken."""

    own: OwnMember
    recall_event: bytes
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """The recall, or the withdrawal that has to come before it."""
        due = await recall_store.recall_due_by_event(connection, self.recall_event)
        if due is None:
            raise NotFoundError(
                "recall.unknown",
                "No such recall is owed here.",
                remedy="Look at what waits for an answer here.",
            )
        done = await already_taken(
            connection, due.recall_event, Step.RECALL, due.referral_id
        )
        if done is not None:
            return done
        footing = await _footing(self.own, connection, due.referral_id)
        said = self._withdrawal(footing, due)
        if said is None:
            body = Recall(due.reason, tuple(due.consent_ids), tuple(due.categories))
            said = self._said(due.recall_event, Step.RECALL, body)
        transition = _next(self.own, footing, said, Side.GIVER)
        return plan_step(self.own, footing, said, transition, self.moment)

    def _withdrawal(self, footing: Footing, due: RecallDueRow) -> Said | None:
        """The step that ends a return whose wish ended; None where none is open."""
        if not due.ends_wish or not due.consent_ids:
            return None
        event_id = sha256(b"relais/v1/wish-ended" + due.recall_event)[:ID_BYTES]
        said = self._said(event_id, Step.WITHDRAWAL, Withdrawal(due.consent_ids[-1]))
        try:
            _next(self.own, footing, said, Side.GIVER)
        except NotLawfulError:
            return None
        return said

    def _said(self, event_id: bytes, step: Step, body: Body) -> Said:
        return Said(event_id, NODE_ACTOR, step, body, self.moment.case)


@dataclass(frozen=True, slots=True)
class AcknowledgeRecall:
    """The node's own answer to one recall that it took in; its result is a Taken."""

    own: OwnMember
    acknowledgement_event: bytes
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """What was deleted and what is kept, as it was done when it came in."""
        event_id = self.acknowledgement_event
        taken = await recall_store.recall_taken_by_event(connection, event_id)
        if taken is None:
            raise NotFoundError(
                "recall.unknown",
                "No such recall was taken in here.",
                remedy="Look at what waits for an answer here.",
            )
        done = await already_taken(
            connection, event_id, Step.RECALL_ACKNOWLEDGEMENT, taken.referral_id
        )
        if done is not None:
            return done
        footing = await _footing(self.own, connection, taken.referral_id)
        kept = zip(taken.kept, taken.grounds, strict=True)
        body = RecallAcknowledgement(
            tuple(taken.deleted), tuple(KeptCategory(*each) for each in kept)
        )
        step = Step.RECALL_ACKNOWLEDGEMENT
        said = Said(event_id, NODE_ACTOR, step, body, self.moment.case)
        transition = _next(self.own, footing, said, Side.RECEIVER)
        return plan_step(self.own, footing, said, transition, self.moment)


async def _footing(
    own: OwnMember, connection: Connection, referral_id: bytes
) -> Footing:
    footing = await referral_footing(own, connection, referral_id)
    if footing is None:
        raise NotFoundError(
            "referral.unknown",
            "No such referral stands here.",
            remedy="Look at the list of referrals again.",
        )
    return footing


def _next(own: OwnMember, footing: Footing, said: Said, side: Side) -> Transition:
    referral = footing.referral
    return own.adopted.policy.steps.next(
        ReferralType(referral.referral_type),
        said.step,
        side,
        State(referral.state),
        day_of(said.happened_at),
        arrived=False,
    )
