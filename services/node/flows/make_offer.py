"""Offer a share or a transfer to one member.

An offer tells need and constraints. What else may go, policy ∩ consent or an
override, travels as sealed parts whose keys stay here until the release.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.bodies import Offer
from services.node.domain.case_details import check_no_pressure
from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Actor, MovesOn, Step
from services.node.domain.identifiers import new_alias, new_id
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side, State
from services.node.domain.tables import day_of
from services.node.flows.case_standing import (
    CaseNow,
    Moving,
    case_now,
    check_open,
    follow_step,
)
from services.node.flows.children import check_best_interest
from services.node.flows.compose import Said, compose
from services.node.flows.disclose import bases_for, check_texts, records_to_send
from services.node.flows.effects import Effect, Happened
from services.node.flows.enclose import enclosed_of
from services.node.flows.footing import CASE_SCOPE, Footing, case_named, data_key
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision
from services.node.flows.rules import check_offer
from services.node.flows.take_step import already_taken, check_answerable, plan_of
from services.node.flows.timers import step_clocks
from services.node.flows.vault import DataKey
from services.node.store import cases as case_store
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow, ReferralRow
from services.node.store.writes import insert_alias, insert_referral, update_case


@dataclass(frozen=True, slots=True)
class MakeOffer:
    """The act of offering; its result is a Taken."""

    own: OwnMember
    actor: Actor
    event_id: bytes
    case_pseudonym: str
    recipient: str
    offer: Offer
    categories: tuple[str, ...]
    happened_at: datetime
    moment: Moment
    attachment_ids: tuple[bytes, ...] = ()

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotLawfulError naming the rule; NotFoundError."""
        own = self.own
        case = await case_named(connection, self.case_pseudonym)
        done = await already_taken(connection, self.event_id, Step.OFFER, None)
        if done is not None:
            return done
        key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        alias = await case_store.alias_for(connection, case.case_id, self.recipient)
        now = await case_now(connection, case, key)
        check_open(now)
        referral = self.referral(case, alias or new_alias())
        check_no_pressure(
            ReferralType(referral.referral_type), now.clocks, self.happened_at
        )
        if referral.moves_on != MovesOn.NEVER:
            check_answerable(Footing(referral, case, key))
        await check_best_interest(own, connection, referral, self.happened_at)
        await check_texts(own, connection, case.case_id, self.offer)
        bases = await bases_for(
            own,
            connection,
            case,
            key,
            self.recipient,
            ReferralType(referral.referral_type),
            self.categories,
            self.happened_at,
        )
        ids = [each.basis_id for each in bases]
        offer = replace(self.offer, basis_ids=tuple(filter(None, ids)))
        records = await records_to_send(
            own, connection, case.case_id, bases, self.happened_at
        )
        enclosed = await enclosed_of(
            own, connection, case.case_id, self.attachment_ids, bases
        )
        said = Said(
            self.event_id,
            self.actor,
            Step.OFFER,
            offer,
            self.happened_at,
            records,
            enclosed,
        )
        composed = compose(
            own, replace(referral, last_event=b""), key, said, self.moment
        )
        what = Happened(
            self.event_id, Step.OFFER, self.happened_at, self.moment.case, here=True
        )
        effect = self._effect(case, key, referral, now, offer)
        writes = (
            insert_referral(referral),
            insert_alias(case.case_id, self.recipient, referral.alias),
            *effect.writes,
            *step_clocks(own, referral, what),
        )
        return plan_of(composed, effect, writes)

    def _effect(
        self,
        case: CaseRow,
        key: DataKey,
        referral: ReferralRow,
        now: CaseNow,
        offer: Offer,
    ) -> Effect:
        """The referral as it begins, and what the case does by itself on the offer."""
        moving = Moving(self.event_id, self.happened_at)
        said = (Step.OFFER.value, offer)
        followed = follow_step(self.own, now, key, referral, said, moving)
        if followed is None:
            return Effect(referral, None, None, ())
        number = case.case_seq + 1
        after = replace(case, case_seq=number, phase=followed.phase.value)
        writes = (followed.write, *followed.clocks, update_case(after))
        return Effect(referral, after, number, writes)

    def referral(self, case: CaseRow, alias: str) -> ReferralRow:
        """The row that the offer begins; raises NotLawfulError naming the rule."""
        own, policy = self.own, self.own.adopted.policy
        referral_type = self._checked()
        day = day_of(self.happened_at)
        own.adopted.directory.active_member(self.recipient)
        competence = policy.may_send.competence(
            referral_type,
            own.functions_of(own.name),
            own.functions_of(self.recipient),
            day,
        )
        transition = policy.steps.next(
            referral_type, Step.OFFER, Side.GIVER, State.NONE, day, arrived=False
        )
        return ReferralRow(
            referral_id=new_id(),
            case_id=case.case_id,
            side=Side.GIVER.value,
            peer=self.recipient,
            alias=alias,
            referral_type=referral_type.value,
            priority=self.offer.priority,
            moves_on=competence.moves_on.value,
            state=transition.to_state.value,
            referral_no=1,
            sent_seq=1,
            received_seq=0,
            last_event=self.event_id,
            offer_event=self.event_id,
            offered_at=self.happened_at,
            updated_at=self.moment.case,
        )

    def _checked(self) -> ReferralType:
        if self.recipient == self.own.name:
            raise NotLawfulError(
                "referral.to_self",
                "An offer goes to another member.",
                remedy="Choose another member as the recipient.",
            )
        if self.happened_at > self.moment.case:
            raise NotLawfulError(
                "step.in_the_future",
                "A step cannot have happened later than now.",
                where="happened_at",
                remedy="Correct the instant, or record it when it has happened.",
            )
        return check_offer(self.offer)
