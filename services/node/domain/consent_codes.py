"""Code lists of a consent record.

Promises the codes; what makes a record a good one is decided by ``consent``.
The informed points are the seven of HTCDS 2.0 (``con_Consent``) and two more.
"""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What the person is asked to agree to."""

    EMERGENCY_PROTECTION = "emergency_protection"
    """Find and protect somebody in danger."""
    RECEPTION_SHELTER = "reception_shelter"
    """Reception and a place to stay."""
    MEDICAL_CARE = "medical_care"
    """Medical care."""
    PSYCHOSOCIAL_CARE = "psychosocial_care"
    """Counselling and psychological care."""
    LEGAL_AID = "legal_aid"
    """A lawyer."""
    IDENTIFICATION_VERIFICATION = "identification_verification"
    """Verify who the person is."""
    FAMILY_TRACING = "family_tracing"
    """Look for relatives."""
    CONTACT_FAMILY = "contact_family"
    """Tell relatives something."""
    VOLUNTARY_RETURN = "voluntary_return"
    """Return home."""
    TRAVEL_DOCUMENT = "travel_document"
    """Apply for a travel document."""
    BORDER_HANDOVER = "border_handover"
    """Be accompanied across the border."""
    REINTEGRATION_SERVICES = "reintegration_services"
    """Services at the chosen place."""
    LIVELIHOOD_FINANCE = "livelihood_finance"
    """Allowance or loan."""
    EDUCATION = "education"
    """School or training."""
    FOLLOW_UP_CONTACT = "follow_up_contact"
    """Be contacted later."""
    FEEDBACK_TO_HOST_COUNTRY = "feedback_to_host_country"
    """Tell the host country how it went."""
    CRIMINAL_JUSTICE_COOPERATION = "criminal_justice_cooperation"
    """Cooperate with a criminal case; support never depends on it."""
    STATISTICS_DEIDENTIFIED = "statistics_deidentified"
    """Be counted without being recognisable."""
    RESEARCH = "research"
    """Research."""


class ConsentStatus(StrEnum):
    """The person's answer."""

    GIVEN = "given"
    """Yes."""
    REFUSED = "refused"
    """No: a result, recorded like a yes."""
    WITHDRAWN = "withdrawn"
    """No longer."""


class Subject(StrEnum):
    """Who answered."""

    SELF = "self"
    """The person."""
    GUARDIAN = "guardian"
    """A guardian for the person."""
    BOTH = "both"
    """The person and a guardian."""


class Capacity(StrEnum):
    """In what capacity somebody answered (domain words: who may decide)."""

    ADULT = "adult"
    """An adult who decides alone."""
    CHILD_ASSENT_PLUS_GUARDIAN = "child_assent_plus_guardian"
    """A child's own assent together with the guardian's consent."""
    SUPPORTED = "supported"
    """An adult who decides with somebody's support."""
    LACKING = "lacking"
    """An adult for whom a guardian decides by law."""


class Method(StrEnum):
    """How the answer was given."""

    WRITTEN = "written"
    """Signed."""
    THUMBPRINT = "thumbprint"
    """By thumbprint."""
    ORAL_WITNESSED = "oral_witnessed"
    """Spoken before a witness."""
    RECORDED_AUDIO = "recorded_audio"
    """Spoken and recorded."""


class InformedPoint(StrEnum):
    """What the person was told before answering."""

    INTERVIEW_VOLUNTARY = "interview_voluntary"
    """The interview itself needs the person's consent."""
    PURPOSE = "purpose"
    """What the data is asked for."""
    USE = "use"
    """How it is and may be used."""
    RESEARCH_USE = "research_use"
    """Non-identifying data may be used for research."""
    RIGHT_OF_ACCESS = "right_of_access"
    """The person may ask for the data at any time."""
    RETENTION = "retention"
    """How long it is kept."""
    WITHDRAWAL = "withdrawal"
    """How to withdraw."""
    CONSEQUENCES_OF_REFUSING = "consequences_of_refusing"
    """What a no changes and what it does not."""
    SERVICES_DO_NOT_DEPEND = "services_do_not_depend"
    """Support does not depend on the answer."""


INFORMED_POINTS: tuple[str, ...] = tuple(point.value for point in InformedPoint)
"""All points; a *given* needs each of them."""

FAMILY = "family"
"""The recipient of a consent to tell relatives something; no member's name."""
