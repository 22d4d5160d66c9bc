"""What the steps of the handshake say (domain.md §6.0).

These are the values that rules speak about. How they become bytes is the
business of ``wire``; who may say them from which state is decided by ``steps``.
Instants are aware datetimes on the case clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.records import ConsentCopy


@dataclass(frozen=True, slots=True)
class Offer:
    """Need, priority and constraints; never the identity.

    ``answer_by`` is None for the policy's own limit. The contact is a function of the
    sender and its telephone, never a name; empty where the directory's will do.
    """

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
    answer_by: datetime | None = None
    contact_function: str = ""
    contact_phone: str = ""
    contact_hours: str = ""


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
    """The receiver accepts, provisionally until the release, and says what waits.

    ``expected_at`` is None where no arrival is promised; ``expected_zone`` is the
    IANA name of the zone in which it was said. The contact is a function and its
    telephone, never a name.
    """

    services: tuple[str, ...] = ()
    note_code: str = ""
    expected_at: datetime | None = None
    expected_zone: str = ""
    contact_function: str = ""
    contact_phone: str = ""
    contact_hours: str = ""


@dataclass(frozen=True, slots=True)
class Decline:
    """The receiver declines with a reason and, if possible, an alternative."""

    reason: str
    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Recall:
    """The person withdrew a consent: what rested on it is taken back."""

    reason: str
    consent_ids: tuple[bytes, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartKey:
    """The key of one part of the offer's envelope."""

    part_id: str
    key: bytes


@dataclass(frozen=True, slots=True)
class PartBasis:
    """On what one part rests, as its receiver checks it (``disclosure``).

    ``kind`` is consent, override or duty; ``basis_id`` the id of the consent, which
    travels too, or of the override; ``law`` is cited by the other two. Only an
    override has ``review_by``, and may be ``confirmed`` by its review.
    """

    category: str
    kind: str
    basis_id: bytes = b""
    law: str = ""
    review_by: datetime | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """The giver's node opens the parts of the offer named by its envelope id."""

    offer_envelope_id: bytes
    keys: tuple[PartKey, ...]
    consents: tuple[ConsentCopy, ...] = ()
    bases: tuple[PartBasis, ...] = ()


@dataclass(frozen=True, slots=True)
class Voiding:
    """The giver's node answers an acceptance that came too late."""

    offer_envelope_id: bytes
    reason: str


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
class Opening:
    """A person of the receiver has the offer."""


@dataclass(frozen=True, slots=True)
class Revocation:
    """The giver takes an offer back, for reasons of its own."""

    reason: str


@dataclass(frozen=True, slots=True)
class KeptCategory:
    """A data category that may not be deleted, and the legal ground as a code."""

    category: str
    ground: str


@dataclass(frozen=True, slots=True)
class RecallAcknowledgement:
    """What the receiver deleted after a recall, and what it may not delete."""

    deleted: tuple[str, ...]
    kept: tuple[KeptCategory, ...] = ()


@dataclass(frozen=True, slots=True)
class Expiry:
    """The giver declares that an offer found no answer in time."""


@dataclass(frozen=True, slots=True)
class Misrouting:
    """The offer was meant for somebody else; ``alternative`` may be empty."""

    alternative: str = ""


@dataclass(frozen=True, slots=True)
class Rerouting:
    """The request went on to another member; to which is not told."""


@dataclass(frozen=True, slots=True)
class ReturnToSender:
    """The receiver cannot do after all what it accepted."""

    reason: str


@dataclass(frozen=True, slots=True)
class CannotKeep:
    """The receiver cannot keep the person; it stays answerable meanwhile."""

    reason: str
