"""Offer a share or a transfer to one member.

An offer tells need and constraints. What else may go, policy ∩ consent or an
override, travels as sealed parts whose keys stay here until the release. Where the
table ``second_person`` names one of them, or somebody decides for the person what is
best (``best_interests``), a second officer approved exactly this.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.best_interests import (
    BestInterests,
    Decider,
    asked_for,
    check_decided,
    not_approved,
)
from services.node.domain.bodies import Offer
from services.node.domain.case_details import check_no_pressure
from services.node.domain.constraints import check_constraints
from services.node.domain.errors import NotLawfulError
from services.node.domain.handoff import Actor, MovesOn, Step
from services.node.domain.identifiers import new_alias, new_id
from services.node.domain.people import Officer
from services.node.domain.records import CategoryRecord
from services.node.domain.referrals import ReferralType
from services.node.domain.second_person import Sending
from services.node.domain.steps import Side, State
from services.node.domain.tables import day_of
from services.node.domain.terms import check_terms
from services.node.flows.case_standing import (
    CaseNow,
    Moving,
    case_now,
    check_open,
    follow_step,
)
from services.node.flows.children import check_best_interest, concern_in
from services.node.flows.compose import Said, compose
from services.node.flows.disclose import bases_for, check_texts, records_to_send
from services.node.flows.effects import Effect, Happened
from services.node.flows.enclose import Enclosed, enclosed_of
from services.node.flows.footing import CASE_SCOPE, Footing, case_named, data_key
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision
from services.node.flows.resting import Resting, approved
from services.node.flows.rules import check_offer
from services.node.flows.sending import exactly, needing, not_needed
from services.node.flows.take_step import already_taken, check_answerable, plan_of
from services.node.flows.timers import step_clocks
from services.node.flows.vault import DataKey
from services.node.store import cases as case_store
from services.node.store.pool import Connection
from services.node.store.rows import CaseRow, ReferralRow
from services.node.store.writes import (
    Write,
    insert_alias,
    insert_referral,
    update_case,
)


@dataclass(frozen=True, slots=True)
class _Ready:
    """What would be sent, and where the case stands."""

    case: CaseRow
    key: DataKey
    now: CaseNow
    referral: ReferralRow
    offer: Offer
    records: tuple[CategoryRecord, ...]
    enclosed: tuple[Enclosed, ...]
    decided: bool
    """Whether somebody decided for the person that it is best."""


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
    approval_id: bytes = b""
    best_interests: BestInterests | None = None

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotLawfulError naming the rule; NotFoundError."""
        own = self.own
        case = await case_named(connection, self.case_pseudonym)
        done = await already_taken(connection, self.event_id, Step.OFFER, None)
        if done is not None:
            return done
        ready = await self._ready(connection, case)
        used = await self._by_two(connection, ready)
        referral, key = ready.referral, ready.key
        said = Said(
            self.event_id,
            self.actor,
            Step.OFFER,
            ready.offer,
            self.happened_at,
            ready.records,
            ready.enclosed,
        )
        composed = compose(
            own, replace(referral, last_event=b""), key, said, self.moment
        )
        what = Happened(
            self.event_id,
            Step.OFFER,
            self.happened_at,
            self.moment.case,
            here=True,
            answer_by=self.offer.answer_by,
        )
        effect = self._effect(case, key, referral, ready.now, ready.offer)
        writes = (
            insert_referral(referral),
            insert_alias(case.case_id, self.recipient, referral.alias),
            *effect.writes,
            *step_clocks(own, referral, what),
            *used,
        )
        return plan_of(composed, effect, writes)

    async def check(self, connection: Connection) -> None:
        """Raise what offering it would raise, but for the want of a second officer.

        NotLawfulError ``approval.not_needed`` where one officer is enough.
        """
        case = await case_named(connection, self.case_pseudonym)
        deciders = await self._deciders(connection, case)
        if not self._takes_two(decided=bool(deciders)):
            raise not_needed()
        await self._ready(connection, case)

    async def leaving(self, connection: Connection) -> tuple[CategoryRecord, ...]:
        """What would open to the recipient; raises what ``check`` raises."""
        case = await case_named(connection, self.case_pseudonym)
        return (await self._ready(connection, case)).records

    async def _ready(self, connection: Connection, case: CaseRow) -> _Ready:
        """What would be sent, once every rule about it holds."""
        own = self.own
        key = await data_key(own, connection, case.case_id, CASE_SCOPE)
        alias = await case_store.alias_for(connection, case.case_id, self.recipient)
        now = await case_now(connection, case, key)
        check_open(now)
        referral = self.referral(case, alias or new_alias())
        referral_type = ReferralType(referral.referral_type)
        check_no_pressure(referral_type, now.clocks, self.happened_at)
        if referral.moves_on != MovesOn.NEVER:
            check_answerable(Footing(referral, case, key))
        await check_best_interest(own, connection, referral, self.happened_at)
        deciders = await self._deciders(connection, case)
        check_decided(self.best_interests, deciders)
        await check_texts(own, connection, case.case_id, self.offer)
        bases = await bases_for(
            own,
            connection,
            case,
            key,
            self.recipient,
            referral_type,
            self.categories,
            self.happened_at,
        )
        ids = [each.basis_id for each in bases]
        records = await records_to_send(
            own, connection, case.case_id, bases, self.happened_at
        )
        enclosed = await enclosed_of(
            own, connection, case.case_id, self.attachment_ids, bases
        )
        offer = replace(self.offer, basis_ids=tuple(filter(None, ids)))
        return _Ready(
            case, key, now, referral, offer, records, enclosed, bool(deciders)
        )

    async def _deciders(
        self, connection: Connection, case: CaseRow
    ) -> tuple[Decider, ...]:
        """Who may have decided that it is best; nobody where the person decides."""
        own, at = self.own, self.happened_at
        found = await concern_in(own, connection, case.case_id, at)
        concern = asked_for(found, self.offer.referral_type)
        return own.adopted.policy.best_interests.deciders(concern, day_of(at))

    def _takes_two(self, *, decided: bool) -> bool:
        # By the present day: whatever happened when, it leaves now.
        on = day_of(self.moment.case)
        by_two = needing(self.own, self.recipient, self.categories, on)
        return decided or bool(by_two)

    async def _by_two(self, connection: Connection, ready: _Ready) -> tuple[Write, ...]:
        """The row that uses the approval up; none where one officer is enough."""
        if not self._takes_two(decided=ready.decided):
            return ()
        if ready.decided and not self.approval_id:
            raise not_approved()
        asked = Sending(
            self.recipient,
            self.offer,
            self.categories,
            self.attachment_ids,
            best_interests=self.best_interests,
        )
        resting = Resting(
            self.approval_id,
            self.event_id,
            self.actor.pseudonym,
            await exactly(self.own, connection, ready.case.case_id, asked),
            self.happened_at,
            self.moment.case,
        )
        _, used = await approved(connection, ready.case, ready.key, resting)
        return (used,)

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
        check_terms(self.offer, policy.deadlines, self.happened_at)
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
        check_constraints(self.offer.constraints)
        return check_offer(self.offer)


def would_send(
    own: OwnMember, officer: Officer, case_pseudonym: str, asked: Sending, at: Moment
) -> MakeOffer:
    """The act by which this would be sent now, to be checked and not to be done."""
    return MakeOffer(
        own=own,
        actor=officer.actor(),
        event_id=new_id(),
        case_pseudonym=case_pseudonym,
        recipient=asked.recipient,
        offer=asked.offer,
        categories=asked.categories,
        happened_at=at.case,
        moment=at,
        attachment_ids=asked.attachment_ids,
        best_interests=asked.best_interests,
    )
