"""Take the next step of a referral: an officer's act, or the node's own.

The step table decides whether it is lawful now; the rules whether its content
agrees with what was said; the effects what it changes here. A receiver's first
acceptance opens its case.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.node.domain.arrivals import check_promised, expected_in, is_found
from services.node.domain.bodies import Acceptance
from services.node.domain.bodies_return import Countersignature, Reconsent
from services.node.domain.both_sign import check_call, word_of
from services.node.domain.errors import NotFoundError, NotLawfulError
from services.node.domain.handoff import BODY_OF, Actor, Body, Step
from services.node.domain.referrals import ReferralType
from services.node.domain.responsibility import Answerability
from services.node.domain.steps import Side, State, Transition
from services.node.domain.tables import day_of
from services.node.flows.both_sign import Signing, signed
from services.node.flows.case_standing import (
    Moving,
    case_now,
    unborn,
)
from services.node.flows.children import check_whose_word
from services.node.flows.compose import Composed, Said, compose, guarded
from services.node.flows.consent_clocks import consent_clocks
from services.node.flows.consents import consents_of
from services.node.flows.disclose import age_in, check_texts
from services.node.flows.effects import PHASE_OF_TYPE, Effect, Happened, effect_of
from services.node.flows.feedback import check_feedback
from services.node.flows.footing import (
    CASE_SCOPE,
    Footing,
    data_key,
    followed_by,
    new_case,
    referral_footing,
)
from services.node.flows.ground import Ground
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.person_said import check_person_said
from services.node.flows.plan import Decision, Plan, Settled, id_reused
from services.node.flows.release import consent_row
from services.node.flows.rules import check_content
from services.node.flows.said import SaidStep, said_for_rules
from services.node.flows.timers import step_clocks
from services.node.store import cases as case_store
from services.node.store import events as event_store
from services.node.store import referrals as referral_store
from services.node.store.arrivals import expect_arrival
from services.node.store.pool import Connection
from services.node.store.writes import Write, insert_alias

STEP_OF: dict[type[Body], Step] = {body: step for step, body in BODY_OF.items()}


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a step: the state after it and the envelope's digest."""

    event_id: bytes
    referral_id: bytes
    state: str
    digest: bytes


@dataclass(frozen=True, slots=True)
class TakeStep:
    """The act of taking one step; its result is a Taken.

    Of what is this member's own, all is demanded that a form asks for, through
    whichever door it comes; what another member sends is judged by ``rules`` alone.
    """

    own: OwnMember
    actor: Actor
    referral_id: bytes
    event_id: bytes
    body: Body
    happened_at: datetime
    moment: Moment
    approval_id: bytes = b""
    """Of an arrival that a second officer signs."""
    attachment_id: bytes = b""
    """Of an arrival that the person signs by a thumbprint: its scan."""

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotLawfulError naming the rule; NotFoundError."""
        step = STEP_OF[type(self.body)]
        footing = await referral_footing(self.own, connection, self.referral_id)
        # After the state, so that an act that was done meanwhile is never judged
        # by the state that it made itself.
        done = await already_taken(connection, self.event_id, step, self.referral_id)
        if done is not None:
            return done
        if footing is None:
            raise NotFoundError(
                "referral.unknown",
                "No referral of this member has that id.",
                remedy="Look at the list of referrals again.",
            )
        transition = self._next(footing)
        if transition.row.step is Step.ACCEPT:
            footing = await self._in_known_case(connection, footing)
        body, used = await signed(
            self.own, connection, footing, self.body, self._signing()
        )
        plan = await replace(self, body=body).planned(connection, footing, transition)
        return replace(plan, writes=(*plan.writes, *used))

    async def planned(
        self, connection: Connection, footing: Footing, transition: Transition
    ) -> Plan:
        """The plan of the step as its body is now; raises as ``decide``."""
        await self._check(connection, footing)
        plan = plan_step(self.own, footing, self._said(), transition, self.moment)
        clocks = await self._clocks_of_answer(connection, footing)
        return replace(plan, writes=(*plan.writes, *clocks))

    def _signing(self) -> Signing:
        return Signing(
            self.event_id,
            self.actor.pseudonym,
            self.approval_id,
            self.attachment_id,
            self.happened_at,
            self.moment.case,
        )

    async def _clocks_of_answer(
        self, connection: Connection, footing: Footing
    ) -> tuple[Write, ...]:
        """A wish that is confirmed is a newer yes to the same question."""
        if not isinstance(self.body, Reconsent) or footing.case is None:
            return ()
        case_id = footing.case.case_id
        before = await consents_of(connection, case_id, footing.key)
        age = await age_in(self.own, connection, case_id)
        event = (self.event_id, self.moment.case)
        return consent_clocks(self.own, case_id, before, self.body.consent, age, event)

    def _said(self) -> Said:
        return Said(
            self.event_id,
            self.actor,
            STEP_OF[type(self.body)],
            self.body,
            self.happened_at,
        )

    def _next(self, footing: Footing) -> Transition:
        return self.own.adopted.policy.steps.next(
            ReferralType(footing.referral.referral_type),
            STEP_OF[type(self.body)],
            Side(footing.referral.side),
            State(footing.referral.state),
            day_of(self.happened_at),
            arrived=False,
        )

    async def _in_known_case(self, connection: Connection, footing: Footing) -> Footing:
        """The footing in the case that the giver's alias has come to name here.

        Two offers may wait under one alias: the second acceptance opens no second
        case for the same person.
        """
        referral = footing.referral
        if referral.case_id is not None:
            return footing
        case_id = await case_store.case_of_alias(
            connection, referral.peer, referral.alias
        )
        if case_id is None:
            return footing
        case = await case_store.case_by_id(connection, case_id)
        key = await data_key(self.own, connection, case_id, CASE_SCOPE)
        now = None if case is None else await case_now(connection, case, key)
        return Footing(replace(referral, case_id=case_id), case, key, now)

    async def _check(self, connection: Connection, footing: Footing) -> None:
        if self.happened_at > self.moment.case:
            raise NotLawfulError(
                "step.in_the_future",
                "A step cannot have happened later than now.",
                where="happened_at",
                remedy="Correct the instant, or record it when it has happened.",
            )
        if isinstance(self.body, Acceptance):
            check_promised(ReferralType(footing.referral.referral_type), self.body)
        if isinstance(self.body, Countersignature):
            check_call(self.body, demanded=True)
        if STEP_OF[type(self.body)] is Step.MINUTES:
            check_answerable(footing)
            referral = footing.referral
            await check_no_minutes(
                connection, referral.case_id or b"", but=referral.referral_id
            )
        if footing.case is not None:
            case_id = footing.case.case_id
            await check_texts(self.own, connection, case_id, self.body)
        await check_feedback(self.own, connection, footing, self.body, self.moment.case)
        said = await said_for_rules(self.own, connection, self.referral_id)
        check_content(self._ground(footing, said), self.body)
        await check_whose_word(
            self.own, connection, footing, self.body, self.happened_at
        )
        await check_person_said(connection, footing, self.body)

    def _ground(self, footing: Footing, said: list[SaidStep]) -> Ground:
        return Ground(
            policy=self.own.adopted.policy,
            members=self.own.adopted.directory.members,
            referral_type=ReferralType(footing.referral.referral_type),
            author=self.own.name,
            peer=footing.referral.peer,
            happened_at=self.happened_at,
            steps=said,
            arrived=False,
        )


def check_answerable(footing: Footing) -> None:
    """Raise NotLawfulError unless this member answers for the case now."""
    case = footing.case
    if case is None or case.answerable != Answerability.ANSWERABLE:
        raise NotLawfulError(
            "responsibility.not_answerable",
            "This member does not answer for the person now, so it cannot hand over.",
            remedy="Look at the chain of responsibility of the case.",
        )


async def check_no_minutes(
    connection: Connection, case_id: bytes, but: bytes = b""
) -> None:
    """Raise NotLawfulError while minutes of this case may still be countersigned.

    ``but`` is a referral whose own minutes do not count.
    """
    if await referral_store.minutes_outstanding(connection, case_id, but):
        raise NotLawfulError(
            "responsibility.minutes_outstanding",
            "Minutes of this case wait for the other side, which may have "
            "countersigned them, so it is open who answers for the person.",
            remedy="Wait for its countersignature, or for its receipt of the "
            "withdrawal; or settle the dispute.",
        )


def plan_step(
    own: OwnMember,
    footing: Footing,
    said: Said,
    transition: Transition,
    moment: Moment,
) -> Plan:
    """The plan of a step that is lawful and agrees."""
    opening: tuple[Write, ...] = ()
    if said.step is Step.ACCEPT and footing.case is None:
        footing, opening = _open_case(own, footing, said, moment)
    what = Happened(
        *(said.event_id, said.step, said.happened_at, moment.case),
        here=True,
        found=is_found(said.body),
        word=word_of(said.body),
    )
    moving = Moving(said.event_id, said.happened_at)
    followed = followed_by(
        own, footing, transition.to_state, (said.step.value, said.body), moving
    )
    effect = effect_of(footing.referral, footing.case, transition, what, followed)
    # The envelope names the event before this one; the row then names this one.
    before = replace(effect.referral, last_event=footing.referral.last_event)
    composed = compose(own, before, footing.key, said, moment)
    extra: tuple[Write, ...] = ()
    if isinstance(said.body, Reconsent) and footing.case is not None:
        case_id = footing.case.case_id
        extra = (consent_row(case_id, footing.key, own.name, said.body.consent),)
    expected = expected_in(said.body)
    if expected is not None:
        extra = (*extra, expect_arrival(effect.referral.referral_id, expected))
    clocks = step_clocks(own, effect.referral, what)
    return plan_of(composed, effect, (*opening, *effect.writes, *extra, *clocks))


def plan_of(composed: Composed, effect: Effect, writes: tuple[Write, ...]) -> Plan:
    """Event, leaf, envelope and effects as one plan."""
    event = guarded(composed.event, effect.referral.case_id, effect.case_seq)
    taken = Taken(
        event.event_id,
        effect.referral.referral_id,
        effect.referral.state,
        composed.digest,
    )
    return Plan(event, composed.leaf, (*writes, *composed.writes), taken)


async def already_taken(
    connection: Connection, event_id: bytes, step: Step, referral_id: bytes | None
) -> Settled | None:
    """The first result of an act that was done before, or None.

    Raises InvalidInputError ``act.id_reused`` if the id is another act's.
    """
    row = await event_store.event_by_id(connection, event_id)
    if row is None:
        return None
    if row.step != step or referral_id not in {None, row.referral_id}:
        raise id_reused()
    taken = Taken(row.event_id, row.referral_id or b"", "", row.subject)
    return Settled(row.subject, taken)


def _open_case(
    own: OwnMember, footing: Footing, said: Said, moment: Moment
) -> tuple[Footing, tuple[Write, ...]]:
    referral = footing.referral
    opened = new_case(
        own,
        door="partner",
        phase=PHASE_OF_TYPE[referral.referral_type],
        answerable=Answerability.NOT_ANSWERABLE.value,
        by=said.actor.pseudonym,
        moment=moment,
    )
    alias = insert_alias(opened.case.case_id, referral.peer, referral.alias)
    linked = replace(referral, case_id=opened.case.case_id)
    now = unborn(said.happened_at)
    return Footing(linked, opened.case, opened.key, now), (*opened.writes, alias)
