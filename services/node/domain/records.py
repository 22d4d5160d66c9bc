"""What a case file holds: answers by category, and consent records.

These are the values that travel and are stored; what makes a consent a good one
is decided by ``consent``, which fields belong to which category by ``casesheet``.
Instants are aware datetimes on the case clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
    """A consent record as its holder shares it with a recipient.

    ``countries`` are ISO 3166-1 alpha-2 codes of where the data may be used;
    ``evidence_hash`` is the SHA-256 of the paper or recording, or empty.
    """

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
    capacity: str = "adult"
    witness: str = ""
    countries: tuple[str, ...] = ()
    evidence_hash: bytes = b""
