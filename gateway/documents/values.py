"""What each official form says.

Promises one frozen value a document and nothing hidden: whatever stands on the
paper beside the form's own words (``wording``) is a field here. Coded answers come
as a :class:`Label`, already in both languages of the document; free text comes as
:class:`Words` with the language it was said in and is never translated here.
Instants are aware datetimes on the case clock, days are those of Viet Nam. That an
issue does not claim more than it can show is checked where it is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from gateway.documents.languages import Language
from services.node.domain.errors import InvalidInputError
from services.node.domain.identifiers import parse_alias


class Evidence(StrEnum):
    """What kind of evidence a document rests on."""

    RECEIPT = "receipt"
    """Both sides' ledgers hold it, and the other side signed that it does."""
    ATTESTED = "attested"
    """A sponsor says what a member without keys answered: no receipt."""
    ONE_SIDED = "one_sided"
    """Only the issuer recorded it; the other side's word is not here yet."""
    OWN = "own"
    """The issuer's own record; no other side is part of it."""
    STATEMENT = "statement"
    """What the person said or decided; nobody else can confirm it."""


@dataclass(frozen=True, slots=True)
class Label:
    """A coded answer in the first and in the second language of the document."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Words:
    """Free text as it was said; ``language`` names its language in both."""

    text: str
    language: Label


@dataclass(frozen=True, slots=True)
class Officer:
    """Who acted: never a name, always a pseudonym and a role."""

    pseudonym: str
    role: Label
    organisation: Label


@dataclass(frozen=True, slots=True)
class Issue:
    """What every document has: for whom, by whom, when, on which evidence.

    ``alias`` is the code of the case as the reader of this paper knows it; it is
    kept in its one written form. ``attested_by`` names the sponsor that vouches for
    an attested answer. Raises ``InvalidInputError`` with ``document.same_language``
    for a pair of one language, ``document.sponsor_unclear`` if an attested answer
    names no sponsor, or anything else names one, and what ``parse_alias`` raises.
    """

    languages: tuple[Language, Language]
    alias: str
    issuer: Label
    issued_at: datetime
    evidence: Evidence
    attested_by: Label | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "alias", parse_alias(self.alias))
        if self.languages[0] is self.languages[1]:
            raise InvalidInputError(
                "document.same_language",
                "A document stands in two languages, and these are one.",
                where="languages",
                remedy="Choose a second language.",
            )
        if (self.evidence is Evidence.ATTESTED) != (self.attested_by is not None):
            raise InvalidInputError(
                "document.sponsor_unclear",
                "An attested answer names the member that vouches for it,"
                " and nothing else does.",
                where="attested_by",
            )


@dataclass(frozen=True, slots=True)
class Print:
    """One numbered copy on paper; not part of what the document says.

    Raises ``InvalidInputError`` with ``document.bad_copy`` if the number is not one
    of the copies.
    """

    copy: int
    copies: int
    given_to: Label
    printed_by: Officer
    printed_at: datetime

    def __post_init__(self) -> None:
        if not 1 <= self.copy <= self.copies:
            raise InvalidInputError(
                "document.bad_copy",
                "A copy has a number from 1 to the number of copies.",
                where="copy",
            )


@dataclass(frozen=True, slots=True)
class Signature:
    """A place to sign, or a signature that a node has recorded.

    ``by`` may be empty: then whoever signs writes it down. ``recorded_at`` and
    ``digest`` are given together, for a signature that stands in a ledger.
    ``thumbprint`` leaves a box for somebody who does not write. Raises
    ``InvalidInputError`` with ``document.signature_half_recorded``.
    """

    place: Label
    by: str = ""
    thumbprint: bool = False
    recorded_at: datetime | None = None
    digest: bytes = b""

    def __post_init__(self) -> None:
        if (self.recorded_at is None) != (not self.digest):
            raise InvalidInputError(
                "document.signature_half_recorded",
                "A recorded signature has its time and its digest.",
                where="signatures",
            )


@dataclass(frozen=True, slots=True)
class ReferralSlip:
    """A request for services, as the person and both desks keep it on paper.

    It holds the offer's header and never the identity.
    """

    issue: Issue
    referral_type: Label
    priority: Label
    answer_by: datetime
    sender: Officer
    sender_phone: Label
    recipient: Label
    age_band: Label
    sex: Label
    languages: tuple[Label, ...]
    services: tuple[Label, ...]
    constraints: tuple[Label, ...]
    need: Words
    shared: tuple[Label, ...]
    basis: Label
    signatures: tuple[Signature, ...]


class Decision(StrEnum):
    """What the person answered to one question of consent."""

    OPEN = "open"
    """Not answered yet: both boxes are empty."""
    GIVEN = "given"
    """Yes."""
    REFUSED = "refused"
    """No."""
    WITHDRAWN = "withdrawn"
    """No longer."""


@dataclass(frozen=True, slots=True)
class ConsentScope:
    """One question: may this recipient have these categories for this purpose?"""

    purpose: Label
    recipient: Label
    categories: tuple[Label, ...]
    countries: tuple[Label, ...]
    valid_until: date
    decision: Decision = Decision.OPEN


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """What the person is asked, was told and answered."""

    issue: Issue
    person: str
    read_in: Label
    interpreter: str
    subject: Label
    capacity: Label
    method: Label
    scopes: tuple[ConsentScope, ...]
    informed_points: tuple[Label, ...]
    ask: Officer
    ask_phone: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a person says she wants, in her own words or written down for her."""

    issue: Issue
    person: str
    born: str
    language: Label
    interpreter: str
    written_by: Label
    wish: Label
    support: tuple[Label, ...]
    own_words: Words
    safe_contact: Label
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class ReceptionMinutes:
    """Where, when and how a person was received."""

    issue: Issue
    person: str
    place: str
    received_at: datetime
    received_from: Label
    received_by: Officer
    accompanying_minors: int
    language: Label
    interpreter: str
    health_check: Label
    condition: Label
    urgent_needs: tuple[Label, ...]
    given_at_once: tuple[Label, ...]
    belongings: tuple[str, ...]
    wish: Label
    next_step: Label
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class HandoverSide:
    """What one side of a handover recorded; an empty digest: nothing yet."""

    organisation: Label
    officer: Officer
    persons: int
    identity_match: Label
    at: datetime | None = None
    digest: bytes = b""


@dataclass(frozen=True, slots=True)
class HandoverMinutes:
    """Both sides of an accompanied handover at a gate.

    Raises ``InvalidInputError`` with ``document.one_side_missing`` if it claims to
    be receipted and a side has recorded nothing.
    """

    issue: Issue
    gate: str
    planned_at: datetime
    giver: HandoverSide
    receiver: HandoverSide
    escort: tuple[Label, ...]
    condition: Label
    travel_document: Label
    items: tuple[str, ...]
    vehicle: Label
    plate: str
    escort_count: int
    papers: tuple[Label, ...]
    medicines: tuple[Label, ...]
    missing: tuple[Label, ...]
    confirmed: tuple[Label, ...]
    """How the receiver confirmed the handover, and who else signed the arrival."""
    differences: tuple[Label, ...]
    witness: Label | None
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        both = self.giver.digest and self.receiver.digest
        if self.issue.evidence is Evidence.RECEIPT and not both:
            raise InvalidInputError(
                "document.one_side_missing",
                "Minutes that only one side has recorded are no receipt.",
                where="issue",
                remedy="Print them as one-sided, or wait for the other side.",
            )


@dataclass(frozen=True, slots=True)
class CertificateLetter:
    """A letter that confirms a status and says nothing of how it came about."""

    issue: Issue
    person: str
    born: str
    citizenship: Label
    addressed_to: Label
    status: Label
    decided_by: Label
    decided_on: date
    support: tuple[Label, ...]
    valid_until: date
    signatures: tuple[Signature, ...]


Document = (
    ReferralSlip
    | ConsentForm
    | Declaration
    | ReceptionMinutes
    | HandoverMinutes
    | CertificateLetter
)
"""Any of the six."""
