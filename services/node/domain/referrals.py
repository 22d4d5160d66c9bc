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
    TIP = "tip"
    """Pass a report on that somebody may be in danger: a share."""
    IDENTITY_VERIFICATION = "identity_verification"
    """Verify who somebody is: a share."""
    STATUS_DECISION = "status_decision"
    """Decide whether somebody is a victim by law: a share."""
    FAMILY_TRACING = "family_tracing"
    """Look for a person's relatives, and how safe a return to them is: a share."""
    TRAVEL_DOCUMENT = "travel_document"
    """Issue a travel document: a share."""
    MEDICAL_CARE = "medical_care"
    """Give medical care: a share."""
    PSYCHOSOCIAL_CARE = "psychosocial_care"
    """Give counselling: a share."""
    LEGAL_AID = "legal_aid"
    """Give legal aid: a share."""
    EDUCATION = "education"
    """Give school or training: a share."""
    LIVELIHOOD = "livelihood"
    """Give an allowance or a loan: a share."""
    CRIMINAL_JUSTICE = "criminal_justice"
    """Take up a criminal case that the person agreed to support: a share."""
    ESCALATION = "escalation"
    """Help where a deadline was missed or a life is in danger: a share."""


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


TRANSFERS = frozenset(
    {
        ReferralType.RECEPTION,
        ReferralType.PROTECTION_ABROAD,
        ReferralType.REINTEGRATION,
    }
)
"""Responsibility moves on the release."""

SHARES = frozenset(ReferralType) - TRANSFERS - {ReferralType.VOLUNTARY_RETURN}
"""Responsibility never moves."""


PURPOSE_OF: dict[ReferralType, Purpose] = {
    ReferralType.RECEPTION: Purpose.RECEPTION_SHELTER,
    # Somebody missing cannot be asked: the search rests on an emergency.
    ReferralType.TRACING: Purpose.EMERGENCY_PROTECTION,
    ReferralType.PROTECTION_ABROAD: Purpose.EMERGENCY_PROTECTION,
    ReferralType.VOLUNTARY_RETURN: Purpose.VOLUNTARY_RETURN,
    ReferralType.BORDER_HANDOVER: Purpose.BORDER_HANDOVER,
    ReferralType.REINTEGRATION: Purpose.REINTEGRATION_SERVICES,
    # Nobody was asked yet: a tip and an escalation carry no identity.
    ReferralType.TIP: Purpose.EMERGENCY_PROTECTION,
    ReferralType.ESCALATION: Purpose.EMERGENCY_PROTECTION,
    ReferralType.IDENTITY_VERIFICATION: Purpose.IDENTIFICATION_VERIFICATION,
    ReferralType.STATUS_DECISION: Purpose.IDENTIFICATION_VERIFICATION,
    ReferralType.FAMILY_TRACING: Purpose.FAMILY_TRACING,
    ReferralType.TRAVEL_DOCUMENT: Purpose.TRAVEL_DOCUMENT,
    ReferralType.MEDICAL_CARE: Purpose.MEDICAL_CARE,
    ReferralType.PSYCHOSOCIAL_CARE: Purpose.PSYCHOSOCIAL_CARE,
    ReferralType.LEGAL_AID: Purpose.LEGAL_AID,
    ReferralType.EDUCATION: Purpose.EDUCATION,
    ReferralType.LIVELIHOOD: Purpose.LIVELIHOOD_FINANCE,
    ReferralType.CRIMINAL_JUSTICE: Purpose.CRIMINAL_JUSTICE_COOPERATION,
}
"""The consent purpose that a referral of each type serves."""
