"""What the steps of a voluntary return say (domain.md §6.2).

From the joint risk assessment to the arrival. Instants are aware datetimes on
the case clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.records import ConsentCopy


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
class Medicine:
    """One medicine that goes along; ``next_at`` is None where nobody said."""

    what: str
    dose: str
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Minutes:
    """The giver's side of a handover in person."""

    gate: str
    handed_over_at: datetime
    persons: int
    identity_match: str
    condition: str
    items: tuple[str, ...]
    handover_code: str = ""
    """Six digits that the giver's node made; its officers show them to the receiver."""
    vehicle: str = ""
    plate: str = ""
    escort: tuple[str, ...] = ()
    """Functions of those who accompany, never names; ``escort_count`` is how many."""
    escort_count: int = 0
    documents: tuple[str, ...] = ()
    medicines: tuple[Medicine, ...] = ()


@dataclass(frozen=True, slots=True)
class Countersignature:
    """The receiver's side of the minutes with this envelope digest."""

    minutes_digest: bytes
    received_at: datetime
    persons: int
    identity_match: str
    witness: str = ""
    witness_event: bytes = b""
    giver_known_by: str = ""
    """How the receiver knew that the giver stood before it; empty if it is not told."""
    handover_code: str = ""
    """The digits that the giver showed; empty unless it was known by them."""
    received: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    """What was handed on, by the names of ``handing.things_of``; both empty: untold."""
    call_function: str = ""
    called_at: datetime | None = None
    person_known_by: str = ""
    """Whom a call confirmed it with (a function), when, and how she was known."""


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
    """The person arrived; ``signed_by`` is who signed beside whoever records it.

    ``second_officer`` (a pseudonym) and ``evidence_hash`` (SHA-256 of the scan of a
    thumbprint) are the node's to write; ``handover_code`` are digits that the giver
    showed after all. Empty: it is not told.
    """

    arrived_at: datetime
    signed_by: str = ""
    second_officer: str = ""
    evidence_hash: bytes = b""
    unsigned_reason: str = ""
    handover_code: str = ""


@dataclass(frozen=True, slots=True)
class NonArrival:
    """A person who is waited for did not arrive; ``text`` says what is known."""

    noticed_at: datetime
    reason: str
    text: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The person withdrew before crossing; no reason is asked."""

    consent_id: bytes


@dataclass(frozen=True, slots=True)
class TravelDocument:
    """With which paper the person travels; ``issuer`` is a member or empty."""

    document_type: str
    issuer: str
    issued_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class ReturnPlan:
    """The plan of the return, as the giver proposes it."""

    mode: str
    gate: str
    at: datetime
    escort: tuple[str, ...]
    children: int
    fit_to_travel: str
    belongings_recovered: bool
    contact_card_given: bool


@dataclass(frozen=True, slots=True)
class PlanConfirmation:
    """The receiving side is ready for the plan with this envelope digest."""

    plan_digest: bytes
    placement: str
    placement_confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Departure:
    """The person and the escort are on their way."""

    departed_at: datetime
    persons: int


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The escort's regular word from the way."""

    at: datetime
    condition: str


@dataclass(frozen=True, slots=True)
class GateArrival:
    """The person and the escort are at the gate."""

    gate: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Suspension:
    """The return is put off; it goes on by a new offer."""

    reason: str


@dataclass(frozen=True, slots=True)
class NoReturn:
    """Both sides signed *no return* in the assessment with this digest."""

    assessment_digest: bytes
