"""A handoff: one step of a referral that crosses between two members.

These are the values that rules speak about. How they become bytes is the
business of ``wire``; who may take which step from which state is decided by
``steps``. Instants are aware datetimes on the case clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What one field of a case file holds (HTCDS name, values, language)."""

    field: str
    values: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class CategoryRecord:
    """One data category (D0 to D13) of one person."""

    category: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class ConsentCopy:
    """A consent record as its holder shares it with a recipient."""

    consent_id: bytes
    purpose: str
    recipient: str
    categories: tuple[str, ...]
    status: str
    subject: str
    method: str
    language: str
    interpreter: str
    informed_points: tuple[str, ...]
    given_at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """Need, priority and constraints; never the identity."""

    referral_type: str
    priority: str
    services: tuple[str, ...]
    age_band: str
    sex: str
    languages: tuple[str, ...]
    constraints: tuple[str, ...]
    need: str
    need_language: str
    basis_ids: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """The receiver asks before deciding."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The giver answers a question."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The receiver accepts, provisionally until the release."""

    services: tuple[str, ...] = ()
    note_code: str = ""


@dataclass(frozen=True, slots=True)
class Decline:
    """The receiver declines with a reason and, if possible, an alternative."""

    reason: str
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Recall:
    """The giver takes an offer back."""

    reason: str


@dataclass(frozen=True, slots=True)
class PartKey:
    """The key of one part of the offer's envelope."""

    part_id: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Release:
    """The giver's node opens the parts of the offer named by its envelope id."""

    offer_envelope_id: bytes
    keys: tuple[PartKey, ...]
    consents: tuple[ConsentCopy, ...] = ()


@dataclass(frozen=True, slots=True)
class Voiding:
    """The giver's node answers an acceptance that came too late."""

    offer_envelope_id: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class RiskFactor:
    """One row of the risk matrix; likelihood and impact are 1 to 5."""

    factor: str
    likelihood: int
    impact: int
    mitigation: str


@dataclass(frozen=True, slots=True)
class RiskAssessment:
    """The joint assessment as the host side signs it."""

    factors: tuple[RiskFactor, ...]
    residual: str
    decision: str
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class RiskCountersignature:
    """The receiving side signs the assessment with this envelope digest."""

    assessment_digest: bytes
    decision: str


@dataclass(frozen=True, slots=True)
class Reconsent:
    """The wish to return, confirmed within 24 hours before crossing."""

    consent: ConsentCopy


@dataclass(frozen=True, slots=True)
class Appointment:
    """Gate and time of a handover in person."""

    gate: str
    at: datetime
    escort: tuple[str, ...]
    persons: int


@dataclass(frozen=True, slots=True)
class AppointmentConfirmation:
    """Gate and time as the receiver confirms them, and who will witness."""

    gate: str
    at: datetime
    witness: str = ""


@dataclass(frozen=True, slots=True)
class Minutes:
    """The giver's side of a handover in person."""

    gate: str
    handed_over_at: datetime
    persons: int
    identity_match: str
    condition: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Countersignature:
    """The receiver's side of the minutes with this envelope digest."""

    minutes_digest: bytes
    received_at: datetime
    persons: int
    identity_match: str
    witness: str = ""
    witness_event: bytes = b""


@dataclass(frozen=True, slots=True)
class Dispute:
    """The receiver found something else than the minutes say."""

    minutes_digest: bytes
    discrepancies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Witness:
    """A third member attests the handover whose minutes have this digest."""

    minutes_digest: bytes
    gate: str
    seen_at: datetime
    persons: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """The person arrived."""

    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """What the giver, and through it the family, may be told."""

    result: str
    family_may_be_told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """The service is done."""

    outcome: str
    result: str


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The person withdrew before crossing; no reason is asked."""

    consent_id: bytes


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
