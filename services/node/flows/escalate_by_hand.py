"""An officer tells the national desk that the other member is silent.

It is the same escalation that a clock offers (``fire``): a referral of the type
escalation, in codes, without identity and without parts. What is told is the policy's
row for that desk; only the hour and the reason are the officer's. Nothing is closed,
no clock is met, and responsibility stays where it is. One silence is told one desk
once: while that escalation is open, the officer is led to it.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.errors import NotLawfulError
from services.node.domain.escalating import (
    EscalationReason,
    read_codes,
    write_codes,
    written,
)
from services.node.domain.escalations import Channel, EscalationRow, Level
from services.node.domain.functions import Function
from services.node.domain.handoff import Actor, Step
from services.node.domain.referrals import Priority, ReferralType
from services.node.domain.steps import Side
from services.node.domain.tables import day_of
from services.node.domain.turns import UNDER_WAY
from services.node.flows.escalate import who_to_tell
from services.node.flows.fire import escalation_offer
from services.node.flows.make_offer import MakeOffer
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision
from services.node.flows.said import said_in_each
from services.node.flows.take_step import already_taken
from services.node.flows.views import ReferralView, unknown_referral, views_of
from services.node.store import referrals as referral_store
from services.node.store.pool import Connection
from services.node.store.rows import ReferralRow


@dataclass(frozen=True, slots=True)
class Escalation:
    """Whom an officer may tell now, or the escalation that tells it already.

    ``told`` is empty if nobody is to be told, ``open_id`` if nobody was.
    """

    told: str = ""
    open_id: bytes = b""


@dataclass(frozen=True, slots=True)
class EscalateByHand:
    """The act; its result is that of the offer it makes."""

    own: OwnMember
    actor: Actor
    event_id: bytes
    referral_id: bytes
    reason: EscalationReason
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Raises NotLawfulError ``escalation.…`` and what an offer raises."""
        own, at = self.own, self.moment.case
        done = await already_taken(connection, self.event_id, Step.OFFER, None)
        if done is not None:
            return done
        row = await referral_store.referral_by_id(connection, self.referral_id)
        if row is None:
            raise unknown_referral()
        (view,) = await views_of(own, connection, [row], day_of(at))
        if not _waits(view):
            raise NotLawfulError(
                "escalation.nothing_waits",
                "Nothing in this referral waits for the other member, or it has no case"
                " here yet.",
                remedy="Look whose turn it is.",
            )
        rule = _rule(own, row, self.moment)
        told = None if rule is None else who_to_tell(own, row, rule, day_of(at))
        if rule is None or told is None:
            raise NotLawfulError(
                "escalation.nobody",
                "The policy names no other desk to tell this.",
                remedy="Ring the ministry.",
            )
        if await _open_about(own, connection, row, told):
            raise NotLawfulError(
                "escalation.told",
                "That desk is told already, and has not answered yet.",
                remedy="Open that escalation, and ring the desk.",
            )
        need = write_codes(
            {
                "level": rule.level.value,
                "reason": self.reason.value,
                "state": row.state,
                "since": written(row.updated_at),
                "priority": row.priority,
                "referral_type": row.referral_type,
                "member": row.peer,
            }
        )
        offer = MakeOffer(
            own=own,
            actor=self.actor,
            event_id=self.event_id,
            case_pseudonym=view.case_pseudonym,
            recipient=told,
            offer=escalation_offer(need, rule.priority),
            categories=(),
            happened_at=at,
            moment=self.moment,
        )
        return await offer.decide(connection)


async def escalation_of(
    own: OwnMember, connection: Connection, view: ReferralView, moment: Moment
) -> Escalation:
    """What an officer may do about a silence; two queries where there is one."""
    row = view.referral
    if not _waits(view):
        return Escalation()
    rule = _rule(own, row, moment)
    told = None if rule is None else who_to_tell(own, row, rule, day_of(moment.case))
    if told is None:
        return Escalation()
    known = await _open_about(own, connection, row, told)
    return Escalation(open_id=known) if known else Escalation(told=told)


def _waits(view: ReferralView) -> bool:
    """Whether the other member has to act, in a referral that has a case here."""
    turn = view.must_act
    return bool(view.case_pseudonym and turn and turn != view.referral.side)


def _rule(own: OwnMember, row: ReferralRow, moment: Moment) -> EscalationRow | None:
    """The policy's row by which the national desk is told; None if it has none.

    Which clock it was written for does not matter to what the desk is told.
    """
    on, priority = day_of(moment.case), Priority(row.priority)
    held = (
        each
        for each in own.adopted.policy.escalations.rows
        if each.channel is Channel.HANDOFF
        and each.level is Level.L4
        and each.to is Function.FOCAL_MINISTRY
        and priority in each.priorities
        and each.rule.in_force(on)
    )
    return min(held, key=lambda each: each.deadlines is not None, default=None)


async def _open_about(
    own: OwnMember, connection: Connection, row: ReferralRow, told: str
) -> bytes:
    """The open escalation that tells this desk of this silence; empty if none does.

    It does not matter whether a clock or an officer told it.
    """
    case_id = row.case_id or b""
    asked = [
        each.referral_id
        for each in await referral_store.referrals_of_case(connection, case_id)
        if each.referral_type == ReferralType.ESCALATION
        and each.side == Side.GIVER
        and each.peer == told
        and each.state in UNDER_WAY
    ]
    if not asked:
        return b""
    said = await said_in_each(own, connection, asked, (Step.OFFER,))
    for referral_id, steps in said.items():
        for each in steps:
            codes = read_codes(getattr(each.handoff.body, "need", ""))
            about = (codes.get("referral_type"), codes.get("member"))
            if about == (row.referral_type, row.peer):
                return referral_id
    return b""
