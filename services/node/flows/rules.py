"""What a step's content must agree with, beyond the step table.

The same rules stand at both ends: before a step is taken, and when it arrives.
Here stands which rule is whose, and what an offer and every actor must be; the
rules themselves stand in ``rules_handshake``, ``rules_return`` and ``rules_gate``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from services.node.domain import bodies, bodies_return
from services.node.domain.bodies import Offer
from services.node.domain.categories import Category
from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import Actor, Body, Part
from services.node.domain.people import Role, is_pseudonym
from services.node.domain.referrals import Priority, ReferralType
from services.node.flows import rules_gate, rules_handshake, rules_return
from services.node.flows.ground import Ground, check_code

_LONGEST_UNIT = 64

#: Of a body that is not here nothing can be wrong that the step table does not see:
#: an opening and a rerouting are empty; offers and releases are checked where their
#: parts are.
RULES: dict[type[Body], Callable[[Ground, Any], None]] = {
    bodies.Question: rules_handshake.words,
    bodies.Reply: rules_handshake.words,
    bodies.Acceptance: rules_handshake.acceptance,
    bodies.Decline: rules_handshake.decline,
    bodies.Misrouting: rules_handshake.misrouting,
    bodies.Revocation: rules_handshake.revocation,
    bodies.Voiding: rules_handshake.voiding,
    bodies.Expiry: rules_handshake.expiry,
    bodies.Recall: rules_handshake.recall,
    bodies.RecallAcknowledgement: rules_handshake.recall_acknowledgement,
    bodies.ReturnToSender: rules_handshake.given_back,
    bodies.CannotKeep: rules_handshake.given_back,
    bodies.Feedback: rules_handshake.feedback,
    bodies.Completion: rules_handshake.completion,
    bodies_return.RiskAssessment: rules_return.risk_assessment,
    bodies_return.RiskCountersignature: rules_return.risk_countersignature,
    bodies_return.NoReturn: rules_return.no_return,
    bodies_return.TravelDocument: rules_return.travel_document,
    bodies_return.ReturnPlan: rules_return.return_plan,
    bodies_return.PlanConfirmation: rules_return.plan_confirmation,
    bodies_return.Reconsent: rules_return.reconsent,
    bodies_return.Appointment: rules_return.appointment,
    bodies_return.AppointmentConfirmation: rules_return.appointment_confirmation,
    bodies_return.Suspension: rules_return.suspension,
    bodies_return.Withdrawal: rules_return.withdrawal,
    bodies_return.Departure: rules_gate.departure,
    bodies_return.CheckIn: rules_gate.check_in,
    bodies_return.GateArrival: rules_gate.gate_arrival,
    bodies_return.Minutes: rules_gate.minutes,
    bodies_return.Countersignature: rules_gate.countersignature,
    bodies_return.Dispute: rules_gate.dispute,
    bodies_return.Witness: rules_gate.witness,
    bodies_return.Arrival: rules_gate.arrival,
    bodies_return.NonArrival: rules_gate.not_arrived,
}


def check_content(ground: Ground, body: Body) -> None:
    """Raise NotLawfulError if the body does not fit what was said before.

    InvalidInputError for a code outside its list, NotFoundError
    ``referral.step_missing`` for a step on which it rests and that nobody took.
    """
    rule = RULES.get(type(body))
    if rule is not None:
        rule(ground, body)


def check_offer(offer: Offer) -> ReferralType:
    """The type of a referral whose codes are all known; raises InvalidInputError."""
    check_code("referral_type", offer.referral_type, ReferralType)
    check_code("priority", offer.priority, Priority)
    return ReferralType(offer.referral_type)


def check_parts(parts: Sequence[Part]) -> None:
    """Raise InvalidInputError unless each part is a data category of its own."""
    categories = [part.category for part in parts]
    distinct = min(len({part.part_id for part in parts}), len(set(categories)))
    if distinct < len(parts) or not set(categories) <= set(Category):
        raise InvalidInputError(
            "offer.bad_parts",
            "Each part of an offer is one data category, D0 to D13, sent once.",
            where="parts",
        )


def check_actor(actor: Actor, policy_version: str) -> None:
    """Raise InvalidInputError unless a peer's officer and policy are short codes.

    They stand in clear beside the event: no free text may ride on them.
    """
    short = len(actor.unit) <= _LONGEST_UNIT and actor.unit.isprintable()
    version = policy_version.isascii() and is_pseudonym(policy_version)
    known = actor.role in set(Role) and is_pseudonym(actor.pseudonym)
    if not (short and version and known):
        raise InvalidInputError(
            "step.bad_actor",
            "Officer, role, unit or policy version is no short code.",
            where="actor",
        )
