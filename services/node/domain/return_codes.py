"""Code lists of a voluntary return (domain.md §5.e).

Promises the codes that the steps of a return carry. What the steps must agree
with is decided by the rules; by when, by ``deadlines``.
"""

from __future__ import annotations

from enum import StrEnum


class RiskTopic(StrEnum):
    """What a row of the joint risk matrix is about."""

    RETALIATION = "retaliation"
    """By traffickers or those around them."""
    DEBT = "debt"
    """Debt to traffickers."""
    FAMILY_INVOLVEMENT = "family_involvement"
    """Relatives had a part in it."""
    STIGMA = "stigma"
    """How neighbours may meet the person."""
    HEALTH = "health"
    """Health of body and mind."""
    NO_PAPERS = "no_papers"
    """Statelessness, or no papers."""
    CHILDREN_LEFT_BEHIND = "children_left_behind"
    """Children who stay in the host country."""
    CRIMINAL_PROCEEDINGS = "criminal_proceedings"
    """Proceedings on either side."""
    RETRAFFICKING = "retrafficking"
    """It may happen again."""
    SAFETY_CONTEXT = "safety_context"
    """Nature, conflict, the way."""
    OTHER = "other"
    """None of these."""


class ResidualRisk(StrEnum):
    """What remains after everything that is done about it."""

    LOW = "low"
    """Little."""
    MEDIUM = "medium"
    """Something."""
    HIGH = "high"
    """Much."""
    UNACCEPTABLE = "unacceptable"
    """Too much: nobody returns into it."""


class RiskDecision(StrEnum):
    """What both sides decide together."""

    GO = "go"
    """The return may go on."""
    GO_WITH_CONDITIONS = "go_with_conditions"
    """It may, if the mitigations stand."""
    POSTPONE = "postpone"
    """Not now."""
    NO_RETURN = "no_return"
    """Not at all."""


GO = frozenset({RiskDecision.GO, RiskDecision.GO_WITH_CONDITIONS})
"""The decisions on which a person may travel."""


class DocumentType(StrEnum):
    """With which paper somebody travels."""

    ORDINARY_PASSPORT = "ordinary_passport"
    """A passport."""
    SHORTENED_PASSPORT = "shortened_passport"
    """A passport by the shortened procedure."""
    SHORTENED_PASSPORT_READMISSION = "shortened_passport_readmission"
    """The same where the host country asks by a readmission treaty (local addition)."""
    LAISSEZ_PASSER_BORDER = "laissez_passer_border"
    """A laissez-passer for the border."""
    CERTIFICATE_OF_RETURN = "certificate_of_return"
    """A certificate of return."""
    FOREIGN_EXIT_PERMIT = "foreign_exit_permit"
    """The host country's exit permit."""
    NONE_NEEDED = "none_needed"
    """No paper is needed; it has no dates."""


LONGEST_VALID = {
    DocumentType.SHORTENED_PASSPORT: "shortened_passport_valid",
    DocumentType.SHORTENED_PASSPORT_READMISSION: "shortened_passport_valid_readmission",
    DocumentType.LAISSEZ_PASSER_BORDER: "laissez_passer_valid",
}
"""The deadline that says for how long a paper is valid at most (Law 49/2019/QH14)."""


class TravelMode(StrEnum):
    """How somebody travels."""

    LAND = "land"
    """By road or on foot."""
    AIR = "air"
    """By plane."""
    SEA = "sea"
    """By ship."""


class EscortCode(StrEnum):
    """Who comes along."""

    SOCIAL_WORKER = "social_worker"
    """A social worker."""
    MEDICAL = "medical"
    """A nurse or doctor."""
    POLICE = "police"
    """Police."""
    NGO = "ngo"
    """A non-governmental organisation."""
    CONSULAR = "consular"
    """The mission."""
    INTERPRETER = "interpreter"
    """An interpreter (a local addition)."""
    GUARDIAN = "guardian"
    """A child's guardian (a local addition)."""


class Fitness(StrEnum):
    """Whether somebody can travel."""

    FIT = "fit"
    """Yes."""
    FIT_WITH_ESCORT = "fit_with_escort"
    """With somebody along."""
    NOT_FIT = "not_fit"
    """Not now."""


class Placement(StrEnum):
    """Which place waits."""

    OWN_HOME = "own_home"
    """The person's own home."""
    RELATIVES = "relatives"
    """With relatives."""
    ESTABLISHMENT = "establishment"
    """A shelter or support establishment."""
    RENTED = "rented"
    """A rented place."""
    OTHER = "other"
    """None of these."""


class KnownBy(StrEnum):
    """How a receiver knew that whoever stood before it was the giver's own."""

    CODE = "code"
    """By the six digits of the minutes, which only the giver can show."""
    TELEPHONE = "telephone"
    """By calling the giver under the number of the directory."""
    IN_PERSON = "in_person"
    """They know each other."""


class IdentityMatch(StrEnum):
    """Whether the person at the gate is who the papers say."""

    MATCH = "match"
    """Yes."""
    MISMATCH = "mismatch"
    """No."""
    NOT_CHECKED = "not_checked"
    """Nobody looked."""


class Condition(StrEnum):
    """How somebody is, in one word."""

    WELL = "well"
    """Well."""
    TIRED = "tired"
    """In need of rest."""
    NEEDS_MEDICAL_CARE = "needs_medical_care"
    """In need of a doctor."""
    DISTRESSED = "distressed"
    """In need of somebody to talk to."""
    IN_DANGER = "in_danger"
    """In danger now."""


class Discrepancy(StrEnum):
    """In what a handover differs from its minutes."""

    IDENTITY_MISMATCH = "identity_mismatch"
    """Another person than the papers say, or nobody could tell."""
    COUNT_MISMATCH = "count_mismatch"
    """More persons, or fewer."""
    ONE_SIDED = "one_sided"
    """Minutes without a handover that the receiver saw."""
    CONDITION = "condition"
    """The person is not in the condition that they state."""
    PAPERS = "papers"
    """Papers or belongings are missing."""
    OTHER = "other"
    """None of these."""


class SuspensionReason(StrEnum):
    """Why a return is put off."""

    RECOVERY_PAUSE = "recovery_pause"
    """The person needs time."""
    HEALTH = "health"
    """The person cannot travel now."""
    SAFETY = "safety"
    """It is not safe now."""
    DOCUMENT = "document"
    """A paper is missing or runs out."""
    OTHER = "other"
    """None of these."""
