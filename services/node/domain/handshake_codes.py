"""Code lists of the handshake: why something was taken back, kept or given back.

A decline, a return to sender and *cannot keep* share ``DeclineReason`` of
``referrals``; how a service ended stands in the policy table ``outcomes``.
"""

from __future__ import annotations

from enum import StrEnum


class RevocationReason(StrEnum):
    """Why a giver takes its own offer back."""

    NEED_MET = "need_met"
    """The help is no longer needed."""
    ACCEPTED_ELSEWHERE = "accepted_elsewhere"
    """Another member does it."""
    PERSON_DECLINED = "person_declined"
    """The person does not want it, and withdrew no consent."""
    SENT_IN_ERROR = "sent_in_error"
    """It should not have been sent, or not like this."""
    SAFETY_CONCERN = "safety_concern"
    """The person would not be safe."""
    DUPLICATE = "duplicate"
    """The same was asked twice."""
    OTHER = "other"
    """None of these."""


class RecallReason(StrEnum):
    """Why what rested on a consent is taken back."""

    CONSENT_WITHDRAWN = "consent_withdrawn"
    """The person withdrew it."""
    CONSENT_EXPIRED = "consent_expired"
    """It was given for a time, and the time is over."""
    TURNED_18 = "turned_18"
    """A guardian gave it for a child who is an adult now."""
    OVERRIDE_WITHDRAWN = "override_withdrawn"
    """The review of an emergency override took it back."""
    OTHER = "other"
    """None of these."""


class KeepGround(StrEnum):
    """On what legal ground a receiver keeps a category that was recalled."""

    CRIMINAL_FILE = "criminal_file"
    """It is part of a criminal file."""
    STATUTORY_RECORD = "statutory_record"
    """A law obliges the receiver to keep the record."""
    MEDICAL_RECORD = "medical_record"
    """A medical record that has to be kept."""
    FINANCIAL_RECORD = "financial_record"
    """Proof of a payment that has to be kept."""
    CHILD_PROTECTION_FILE = "child_protection_file"
    """A child protection file that has to be kept."""
    OTHER_CONSENT = "other_consent"
    """The person agreed to it for something else, and that still stands."""


class VoidReason(StrEnum):
    """Why an acceptance does not hold; the giver's node says it."""

    RECALLED = "recalled"
    """The person withdrew the consent first."""
    REVOKED = "revoked"
    """The giver took the offer back first."""
    EXPIRED = "expired"
    """It came too late."""
    WITHDRAWN = "withdrawn"
    """The person withdrew from the return first."""
    ACCEPTED_ELSEWHERE = "accepted_elsewhere"
    """Another member was first."""
    CASE_CLOSED = "case_closed"
    """The case is closed."""
    BASIS_ENDED = "basis_ended"
    """What the offer rested on does not hold any more."""
    RELEASE_REFUSED = "release_refused"
    """The receiver refused the release for good; the giver may offer anew."""
