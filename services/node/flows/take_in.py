"""Take one arrived envelope in: apply its step, or refuse it for good.

Either way the envelope gets a leaf, and so a receipt. The step is applied by the
same tables that governed it at its sender; a refusal names the rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.arrivals import is_found
from services.node.domain.bodies import Offer, Recall
from services.node.domain.both_sign import word_of
from services.node.domain.errors import (
    InvalidInputError,
    NotLawfulError,
    RelaisError,
    UnavailableError,
    VerificationError,
)
from services.node.domain.handoff import Handoff, Step
from services.node.domain.identifiers import parse_alias
from services.node.domain.plain_words import plain
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side, State, Transition
from services.node.domain.tables import day_of
from services.node.domain.terms import check_terms
from services.node.flows.arrival import (
    Arrived,
    OpenedHandoff,
    OpenedStatement,
    check_in_time,
    open_arrived,
)
from services.node.flows.brought import brought_rows
from services.node.flows.case_standing import Moving
from services.node.flows.children import check_whose_word
from services.node.flows.compose import guarded, meta_of, new_event
from services.node.flows.crossed_minutes import check_countersignature_there
from services.node.flows.effects import Effect, Happened, competing, effect_of
from services.node.flows.entitlement import competence_for, needs_of_offer, reports_of
from services.node.flows.exchange import Refusal
from services.node.flows.footing import (
    CASE_SCOPE,
    REFERRAL_SCOPE,
    data_key,
    followed_by,
    referral_footing,
)
from services.node.flows.ground import Ground
from services.node.flows.logged import Found, Opened, arrival_plan
from services.node.flows.moment import CASE_SKEW, Moment
from services.node.flows.overtaking import gap, without_offer
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Plan, Settled
from services.node.flows.rooms import Rooms
from services.node.flows.rules import (
    check_actor,
    check_content,
    check_offer,
    check_parts,
)
from services.node.flows.said import SaidStep, said_for_rules
from services.node.flows.take_statement import take_statement
from services.node.flows.timers import step_clocks
from services.node.flows.vault import DataKey, own_rows
from services.node.store import cases as case_store
from services.node.store import events as event_store
from services.node.store import exchange as exchange_store
from services.node.store.pool import Connection
from services.node.store.rows import ReferralRow
from services.node.store.writes import (
    Write,
    insert_data_key,
    insert_referral,
    use_up_seq,
)
from services.node.wire.leaves import Outcome


@dataclass(frozen=True, slots=True)
class TakeIn:
    """The act of receiving one envelope; its result is a Refusal or None."""

    own: OwnMember
    arrived: Arrived
    moment: Moment
    rooms: Rooms

    async def decide(self, connection: Connection) -> Decision:
        """Received, duplicate or refused; raises what may succeed later."""
        row = await exchange_store.known_envelope(
            connection, self.arrived.header.sender, self.arrived.header.envelope_id
        )
        if row is not None:
            if row.digest != self.arrived.digest:
                raise VerificationError(
                    "envelope.id_reused",
                    "Another envelope with this id was received before.",
                )
            refused = Refusal(row.code, row.message, transient=False)
            result = refused if row.outcome == "refused" else None
            return Settled(row.digest, result)
        self.rooms.take(
            self.own, self.arrived.header.sender, self.arrived.consignment.size
        )
        opened: OpenedHandoff | None = None
        try:
            check_in_time(self.own, self.arrived, self.moment.wire)
            found = open_arrived(self.own, self.arrived)
            if isinstance(found, OpenedStatement):
                return await take_statement(
                    self.own, connection, self.arrived, found, self.moment
                )
            opened = found
            if await event_store.is_event_known(connection, self.arrived.event_id):
                return self._logged(opened, None, Outcome.DUPLICATE, None)
            return await self._apply(connection, opened)
        except RelaisError as error:
            if error.transient:
                raise
            return await self._refuse(connection, opened, error)

    async def _apply(self, connection: Connection, opened: OpenedHandoff) -> Plan:
        handoff = opened.handoff
        if handoff.step is Step.OFFER:
            return await self._take_offer(connection, opened)
        with own_rows():
            footing = await referral_footing(self.own, connection, handoff.referral_id)
        if footing is None:
            raise await without_offer(connection, handoff)
        _check_party(footing.referral, handoff)
        self._check_said(handoff)
        with own_rows():
            steps = await said_for_rules(self.own, connection, handoff.referral_id)
        transition = self._next(footing.referral, handoff)
        await check_countersignature_there(connection, handoff.referral_id, transition)
        check_content(self._ground(footing.referral, handoff, steps), handoff.body)
        with own_rows():
            await check_whose_word(
                self.own, connection, footing, handoff.body, handoff.happened_at
            )
        effect = effect_of(
            footing.referral,
            footing.case,
            transition,
            _happened(handoff, self.moment.case),
            followed_by(
                self.own,
                footing,
                transition.to_state,
                (handoff.step.value, handoff.body),
                Moving(handoff.event_id, handoff.happened_at),
            ),
        )
        if isinstance(handoff.body, Recall):
            effect = competing(effect, footing.case)
        writes = effect.writes + await brought_rows(
            self.own, connection, footing, handoff, steps, self.moment.case
        )
        return self._received(opened, effect, footing.key, writes)

    def _ground(
        self, referral: ReferralRow, handoff: Handoff, steps: list[SaidStep]
    ) -> Ground:
        return Ground(
            policy=self.own.adopted.policy,
            members=self.own.adopted.directory.members,
            referral_type=ReferralType(referral.referral_type),
            author=handoff.from_,
            peer=self.own.name,
            happened_at=handoff.happened_at,
            steps=steps,
            arrived=True,
        )

    def _check_said(self, handoff: Handoff) -> None:
        """Who acted and when, as far as this end can know."""
        check_actor(handoff.actor, handoff.policy_version)
        if handoff.policy_version not in self.own.adopted.directory.policy_versions:
            raise InvalidInputError(
                "policy.unknown_version",
                "The step names a policy version that the network never adopted.",
                where="policy_version",
                remedy="Bring the sender's directory up to date; take the step again.",
            )
        now = self.moment.case
        if handoff.happened_at > handoff.recorded_at:
            raise InvalidInputError(
                "step.in_the_future",
                "A step cannot have happened after its record.",
                remedy="Correct the instant, or record it when it has happened.",
            )
        if handoff.recorded_at > now + CASE_SKEW:
            raise UnavailableError(
                "step.from_the_future",
                "The step was recorded later than this node's case clock shows.",
                remedy="Set the clocks of both nodes.",
            )

    def _next(self, referral: ReferralRow, handoff: Handoff) -> Transition:
        author = Side.RECEIVER if referral.side == Side.GIVER else Side.GIVER
        return self.own.adopted.policy.steps.next(
            ReferralType(referral.referral_type),
            handoff.step,
            author,
            State(referral.state),
            day_of(handoff.happened_at),
            arrived=True,
        )

    async def _take_offer(self, connection: Connection, opened: OpenedHandoff) -> Plan:
        own, handoff = self.own, opened.handoff
        with own_rows():
            footing = await referral_footing(own, connection, handoff.referral_id)
        if footing is not None or not isinstance(handoff.body, Offer):
            raise NotLawfulError(
                "referral.exists",
                "This referral was offered before.",
                remedy="Make a new offer instead.",
            )
        self._check_said(handoff)
        referral_type = check_offer(handoff.body)
        check_terms(handoff.body, own.adopted.policy.deadlines, handoff.happened_at)
        check_parts(handoff.parts)
        competence = competence_for(own, handoff)
        if competence.moves_on is not handoff.moves_on:
            raise NotLawfulError(
                "referral.other_moves_on",
                "The offer names another event on which responsibility moves than a"
                f" referral for {plain(referral_type)} has. ({competence.moves_on})",
            )
        needs_of_offer(own, handoff)
        case_id = await case_store.case_of_alias(
            connection, handoff.from_, handoff.case_alias
        )
        referral = _incoming(handoff, handoff.body, case_id, self.moment.case)
        writes: tuple[Write, ...] = ()
        if case_id is None:
            row, key = own.vault.new_key(handoff.referral_id, REFERRAL_SCOPE)
            writes = (insert_data_key(row),)
        else:
            with own_rows():
                key = await data_key(own, connection, case_id, CASE_SCOPE)
        transition = self._next(referral, handoff)
        referral = replace(referral, state=transition.to_state.value)
        writes += (insert_referral(referral),)
        effect = Effect(referral, None, None, writes)
        return self._received(opened, effect, key, writes)

    def _received(
        self,
        opened: OpenedHandoff,
        effect: Effect,
        key: DataKey,
        writes: tuple[Write, ...],
    ) -> Plan:
        event = new_event(
            opened.handoff,
            effect.referral,
            self.arrived.digest,
            key,
            opened.salted_payload,
        )
        case_id = effect.referral.case_id
        event = guarded(event, case_id, effect.case_seq)
        plan = self._logged(opened, key, Outcome.RECEIVED, None)
        what = _happened(opened.handoff, self.moment.case)
        clocks = step_clocks(self.own, effect.referral, what)
        return replace(plan, event=event, writes=(*writes, *clocks, *plan.writes))

    async def _refuse(
        self, connection: Connection, opened: OpenedHandoff | None, error: RelaisError
    ) -> Plan:
        if opened is None:
            return self._logged(None, None, Outcome.REFUSED, error)
        referral_id = opened.handoff.referral_id
        with own_rows():
            footing = await referral_footing(self.own, connection, referral_id)
        if footing is not None and footing.referral.peer != self.arrived.header.sender:
            footing = None
        key = None if footing is None else footing.key
        plan = self._logged(opened, key, Outcome.REFUSED, error)
        reports = reports_of(self.arrived, opened.handoff, error, self.moment.case)
        plan = replace(plan, writes=(*plan.writes, *reports))
        if footing is None:
            return plan
        if opened.handoff.referral_seq != footing.referral.received_seq + 1:
            # No number of this referral's: those that are to come stay free.
            return plan
        used = use_up_seq(referral_id, opened.handoff.referral_seq)
        return replace(plan, writes=(*plan.writes, used))

    def _logged(
        self,
        opened: OpenedHandoff | None,
        key: DataKey | None,
        outcome: Outcome,
        error: RelaisError | None,
    ) -> Plan:
        """The leaf and the stored envelope; ``key`` None means the audit key."""
        said = None
        if opened is not None:
            meta = meta_of(opened.handoff, self.arrived.header.sender)
            said = Opened(meta, opened.payload_hash)
        found = Found(said, outcome, error)
        return arrival_plan(self.own, self.arrived, self.moment, found, key)


def _check_party(referral: ReferralRow, handoff: Handoff) -> None:
    not_a_party = NotLawfulError(
        "referral.not_a_party",
        "The sender, the alias or what it moves on is not this referral's.",
    )
    if handoff.from_ != referral.peer:
        raise not_a_party
    expected = referral.received_seq + 1
    if handoff.referral_seq > expected:
        raise gap(handoff, expected)
    if handoff.referral_seq < expected:
        raise NotLawfulError(
            "referral.seq_used", f"Number {handoff.referral_seq} is used up."
        )
    if (handoff.case_alias, handoff.moves_on) != (referral.alias, referral.moves_on):
        raise not_a_party


def _incoming(
    handoff: Handoff, offer: Offer, case_id: bytes | None, now: datetime
) -> ReferralRow:
    if handoff.referral_seq != 1:
        raise NotLawfulError("referral.seq_used", "An offer has number 1.")
    if parse_alias(handoff.case_alias) != handoff.case_alias:
        raise InvalidInputError(
            "identifier.malformed", "The case's alias is not in its own spelling."
        )
    return ReferralRow(
        referral_id=handoff.referral_id,
        case_id=case_id,
        side=Side.RECEIVER.value,
        peer=handoff.from_,
        alias=handoff.case_alias,
        referral_type=offer.referral_type,
        priority=offer.priority,
        moves_on=handoff.moves_on.value,
        state=State.NONE.value,
        referral_no=1,
        sent_seq=0,
        received_seq=1,
        last_event=handoff.event_id,
        offer_event=handoff.event_id,
        offered_at=handoff.happened_at,
        updated_at=now,
    )


def _happened(handoff: Handoff, now: datetime) -> Happened:
    return Happened(
        handoff.event_id,
        handoff.step,
        handoff.happened_at,
        now,
        here=False,
        found=is_found(handoff.body),
        answer_by=handoff.body.answer_by if isinstance(handoff.body, Offer) else None,
        word=word_of(handoff.body),
    )
