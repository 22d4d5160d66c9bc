"""Code lists of a referral: types, priorities, reasons, and what each is for.

Promises the codes that offers and declines carry. What may follow on what is
decided by ``steps``; between whom, and on what responsibility moves, by
``may_send``; by when, by ``deadlines``.
"""

from __future__ import annotations

from enum import StrEnum

from services.node.domain.consent_codes import Purpose


class ReferralType(StrEnum):
    """What one member asks of another."""

    RECEPTION = "reception"
    """Receive a person: a transfer."""
    TRACING = "tracing"
    """Look for somebody who is missing: a share."""
    PROTECTION_ABROAD = "protection_abroad"
    """Protect somebody found in another country: a transfer."""
    VOLUNTARY_RETURN = "voluntary_return"
    """Accompany somebody home who wishes it: a transfer in person, by minutes."""
    BORDER_HANDOVER = "border_handover"
    """Witness a handover at a gate: a share."""
    REINTEGRATION = "reintegration"
    """Accompany somebody's new life at the place of their choice: a transfer."""


class Priority(StrEnum):
    """How soon the service has to start (IASC inter-agency referral form)."""

    EMERGENCY = "emergency"
    """Within 24 hours."""
    URGENT = "urgent"
    """Within 72 hours."""
    NORMAL = "normal"
    """Within 14 days."""


class DeclineReason(StrEnum):
    """Why a receiver declines; one must be named."""

    NO_CAPACITY = "no_capacity"
    """No free place or no staff."""
    OUTSIDE_MANDATE = "outside_mandate"
    """Not this member's task."""
    OUTSIDE_TERRITORY = "outside_territory"
    """Not this member's area."""
    PERSON_DECLINED = "person_declined"
    """The person does not want it."""
    INSUFFICIENT_INFORMATION = "insufficient_information"
    """Not enough is known to decide."""
    CONSENT_MISSING = "consent_missing"
    """The person's consent is missing."""
    SAFETY_CONCERN = "safety_concern"
    """The person would not be safe here."""
    DUPLICATE = "duplicate"
    """The same request is already being worked on."""
    SERVICE_UNAVAILABLE = "service_unavailable"
    """The service does not exist here now."""
    NOT_ELIGIBLE_UNDER_LAW = "not_eligible_under_law"
    """The law does not allow it for this person."""
    OTHER = "other"
    """None of these."""


PURPOSE_OF: dict[ReferralType, Purpose] = {
    ReferralType.RECEPTION: Purpose.RECEPTION_SHELTER,
    # Somebody missing cannot be asked: the search rests on an emergency.
    ReferralType.TRACING: Purpose.EMERGENCY_PROTECTION,
    ReferralType.PROTECTION_ABROAD: Purpose.EMERGENCY_PROTECTION,
    ReferralType.VOLUNTARY_RETURN: Purpose.VOLUNTARY_RETURN,
    ReferralType.BORDER_HANDOVER: Purpose.BORDER_HANDOVER,
    ReferralType.REINTEGRATION: Purpose.REINTEGRATION_SERVICES,
}
"""The consent purpose that a referral of each type serves."""
