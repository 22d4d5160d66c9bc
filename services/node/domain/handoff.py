"""A handoff: one step of a referral that crosses between two members.

These are the values that rules speak about. How they become bytes is the
business of ``wire``; who may take which step from which state is decided by
``steps``. Instants are aware datetimes on the case clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.node.domain.attachments import Enclosure
from services.node.domain.bodies import (
    Acceptance,
    CannotKeep,
    Completion,
    Decline,
    Expiry,
    Feedback,
    Misrouting,
    Offer,
    Opening,
    Question,
    Recall,
    RecallAcknowledgement,
    Release,
    Reply,
    Rerouting,
    ReturnToSender,
    Revocation,
    Voiding,
)
from services.node.domain.bodies_return import (
    Appointment,
    AppointmentConfirmation,
    Arrival,
    CheckIn,
    Countersignature,
    Departure,
    Dispute,
    GateArrival,
    Minutes,
    NonArrival,
    NoReturn,
    PlanConfirmation,
    Reconsent,
    ReturnPlan,
    RiskAssessment,
    RiskCountersignature,
    Suspension,
    TravelDocument,
    Withdrawal,
    Witness,
)


class Step(StrEnum):
    """One step of a referral; proto/relais/envelope/v1/step.proto says each."""

    OFFER = "offer"
    QUESTION = "question"
    ANSWER = "answer"
    ACCEPT = "accept"
    DECLINE = "decline"
    RECALL = "recall"
    RELEASE = "release"
    VOID = "void"
    RISK_ASSESSMENT = "risk_assessment"
    RISK_COUNTERSIGNATURE = "risk_countersignature"
    RECONSENT = "reconsent"
    APPOINTMENT = "appointment"
    APPOINTMENT_CONFIRMATION = "appointment_confirmation"
    MINUTES = "minutes"
    COUNTERSIGNATURE = "countersignature"
    DISPUTE = "dispute"
    WITNESS = "witness"
    ARRIVAL = "arrival"
    FEEDBACK = "feedback"
    COMPLETION = "completion"
    WITHDRAWAL = "withdrawal"
    OPENED = "opened"
    REVOCATION = "revocation"
    RECALL_ACKNOWLEDGEMENT = "recall_acknowledgement"
    EXPIRY = "expiry"
    MISROUTED = "misrouted"
    REROUTED = "rerouted"
    RETURN_TO_SENDER = "return_to_sender"
    CANNOT_KEEP = "cannot_keep"
    TRAVEL_DOCUMENT = "travel_document"
    RETURN_PLAN = "return_plan"
    PLAN_CONFIRMATION = "plan_confirmation"
    DEPARTURE = "departure"
    CHECK_IN = "check_in"
    GATE_ARRIVAL = "gate_arrival"
    SUSPENSION = "suspension"
    NO_RETURN = "no_return"
    NOT_ARRIVED = "not_arrived"


class MovesOn(StrEnum):
    """The event on which responsibility moves (protocol.md §4)."""

    NEVER = "never"
    RELEASE = "release"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Actor:
    """The officer who acted: staff pseudonym, role and unit, never a name."""

    pseudonym: str
    role: str
    unit: str


Body = (
    Offer
    | Question
    | Reply
    | Acceptance
    | Decline
    | Recall
    | Release
    | Voiding
    | RiskAssessment
    | RiskCountersignature
    | Reconsent
    | Appointment
    | AppointmentConfirmation
    | Minutes
    | Countersignature
    | Dispute
    | Witness
    | Arrival
    | Feedback
    | Completion
    | Withdrawal
    | Opening
    | Revocation
    | RecallAcknowledgement
    | Expiry
    | Misrouting
    | Rerouting
    | ReturnToSender
    | CannotKeep
    | TravelDocument
    | ReturnPlan
    | PlanConfirmation
    | Departure
    | CheckIn
    | GateArrival
    | Suspension
    | NoReturn
    | NonArrival
)

#: The body that each step carries; exactly one.
BODY_OF: dict[Step, type[Body]] = {
    Step.OFFER: Offer,
    Step.QUESTION: Question,
    Step.ANSWER: Reply,
    Step.ACCEPT: Acceptance,
    Step.DECLINE: Decline,
    Step.RECALL: Recall,
    Step.RELEASE: Release,
    Step.VOID: Voiding,
    Step.RISK_ASSESSMENT: RiskAssessment,
    Step.RISK_COUNTERSIGNATURE: RiskCountersignature,
    Step.RECONSENT: Reconsent,
    Step.APPOINTMENT: Appointment,
    Step.APPOINTMENT_CONFIRMATION: AppointmentConfirmation,
    Step.MINUTES: Minutes,
    Step.COUNTERSIGNATURE: Countersignature,
    Step.DISPUTE: Dispute,
    Step.WITNESS: Witness,
    Step.ARRIVAL: Arrival,
    Step.FEEDBACK: Feedback,
    Step.COMPLETION: Completion,
    Step.WITHDRAWAL: Withdrawal,
    Step.OPENED: Opening,
    Step.REVOCATION: Revocation,
    Step.RECALL_ACKNOWLEDGEMENT: RecallAcknowledgement,
    Step.EXPIRY: Expiry,
    Step.MISROUTED: Misrouting,
    Step.REROUTED: Rerouting,
    Step.RETURN_TO_SENDER: ReturnToSender,
    Step.CANNOT_KEEP: CannotKeep,
    Step.TRAVEL_DOCUMENT: TravelDocument,
    Step.RETURN_PLAN: ReturnPlan,
    Step.PLAN_CONFIRMATION: PlanConfirmation,
    Step.DEPARTURE: Departure,
    Step.CHECK_IN: CheckIn,
    Step.GATE_ARRIVAL: GateArrival,
    Step.SUSPENSION: Suspension,
    Step.NO_RETURN: NoReturn,
    Step.NOT_ARRIVED: NonArrival,
}


@dataclass(frozen=True, slots=True)
class Part:
    """One sealed data category that travels with an offer."""

    part_id: str
    category: str
    part_commit: bytes
    ciphertext_hash: bytes
    length: int
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class Handoff:
    """The payload of one envelope, readable by its two parties only.

    ``event_id`` and ``referral_id`` are 16 random bytes; ``referral_seq`` counts
    this sender's own envelopes in this referral from 1; ``prev_event`` is empty
    for the first.
    """

    event_id: bytes
    referral_id: bytes
    case_alias: str
    referral_seq: int
    prev_event: bytes
    step: Step
    moves_on: MovesOn
    from_: str
    to: str
    on_behalf_of: str
    actor: Actor
    happened_at: datetime
    recorded_at: datetime
    policy_version: str
    body: Body
    parts: tuple[Part, ...] = ()
    attachments: tuple[Enclosure, ...] = ()
