"""What ConsentService answers: the person's answers, and emergency overrides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.domain.records import ConsentCopy


@dataclass(frozen=True, slots=True)
class OverrideRead:
    """An emergency override; ``review`` and what follows it say who reviewed it.

    They are empty, and ``reviewed_at`` in 1970, while nobody did.
    """

    override_id: bytes
    recipient: str
    purpose: str
    category: str
    law: str
    first_officer: str
    second_officer: str
    review_by: datetime
    review: str
    reason: str = field(repr=False)
    recorded_at: datetime
    reviewed_by: str
    reviewed_at: datetime


@dataclass(frozen=True, slots=True)
class StandingRead:
    """How the person's latest word on one question stands now."""

    purpose: str
    recipient: str
    category: str
    standing: str
    expiring: bool
    consent_id: bytes
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class AnswersRead:
    """The person's answers, overrides, and what the family may be told."""

    consents: tuple[ConsentCopy, ...]
    overrides: tuple[OverrideRead, ...]
    family_may_be_told: tuple[str, ...]
    standings: tuple[StandingRead, ...]
