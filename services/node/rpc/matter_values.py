"""What a node answers about the matters of a case, as frozen values.

Needs and services, people and safety. They mirror messages of relais.desk.v1 by
their field names, as ``desk_values`` do; a field that the contract calls 0 or
empty is the epoch or empty here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.domain.minors import Minor
from services.node.domain.plans import ReintegrationPlan
from services.node.domain.records import Answer
from services.node.rpc.desk_values import ReferralRead
from services.node.rpc.version_values import VersionRead


@dataclass(frozen=True, slots=True)
class KnownPart:
    """What one data category says of one matter, and who wrote it."""

    category: str
    answers: tuple[Answer, ...] = field(repr=False)
    version: VersionRead


@dataclass(frozen=True, slots=True)
class ServiceAsked:
    """One referral as a service that somebody was asked for."""

    referral: ReferralRead
    asked: tuple[str, ...]
    given: tuple[str, ...]
    need: str = field(repr=False)
    need_language: str
    answered_at: datetime
    reason: str
    expected_at: datetime
    expected_zone: str
    completed_at: datetime
    outcome: str
    result: str


@dataclass(frozen=True, slots=True)
class ServicesRead:
    """Needs, services, and the plan (without goals where there is none to show)."""

    needs: tuple[KnownPart, ...]
    services: tuple[ServiceAsked, ...]
    plan: ReintegrationPlan = field(repr=False)
    now: datetime


@dataclass(frozen=True, slots=True)
class RiskAssessed:
    """One assessment; ``basis`` is case, assessment or countersignature."""

    basis: str
    level: str
    decision: str
    assessed_at: datetime
    valid_until: datetime
    member: str
    officer: str
    role: str
    referral_id: bytes


@dataclass(frozen=True, slots=True)
class Safeguard:
    """To what one referral binds its receiver, and with whom she travels."""

    referral_id: bytes
    peer: str
    constraints: tuple[str, ...]
    escort: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SafetyRead:
    """Who stands around the person, and what keeps them safe; newest risk first."""

    people: tuple[KnownPart, ...]
    safety: tuple[KnownPart, ...]
    minors: tuple[Minor, ...]
    risks: tuple[RiskAssessed, ...]
    safeguards: tuple[Safeguard, ...]
