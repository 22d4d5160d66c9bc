"""What a node answers about what a case is in, as frozen values.

They mirror messages of relais.desk.v1 by their field names, as ``desk_values`` do;
a field that the contract calls 0 or empty is the epoch or empty here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.domain.case_details import CaseDetails
from services.node.domain.minors import Minor
from services.node.domain.notes import Note
from services.node.domain.plans import ReintegrationPlan
from services.node.domain.records import Answer


@dataclass(frozen=True, slots=True)
class CaseClockRead:
    """A deadline of a case, by its name in the policy."""

    deadline: str
    due: datetime


@dataclass(frozen=True, slots=True)
class CaseStepTaken:
    """What an act made of a case, and the deadlines that it started."""

    phase: str
    state: str
    clocks: tuple[CaseClockRead, ...]
    ledger_index: int


@dataclass(frozen=True, slots=True)
class NoteRead:
    """An internal note, and who wrote it when (case clock)."""

    event_id: bytes
    officer: str
    role: str
    unit: str
    written_at: datetime
    note: Note = field(repr=False)


@dataclass(frozen=True, slots=True)
class FollowUpRecorded:
    """A follow-up that was noted, and the code of what its result asks for."""

    ledger_index: int
    next_step: str


@dataclass(frozen=True, slots=True)
class StandingRead:
    """What one event made of a case, with the row that decided it."""

    phase: str
    state: str
    beside: tuple[str, ...]
    act: str
    rule: str
    details: CaseDetails
    placement: str
    since: datetime


@dataclass(frozen=True, slots=True)
class EntitlementRead:
    """What the law says about one regime; ``rule`` is empty where no row does."""

    regime: str
    granted: str
    rule: str


@dataclass(frozen=True, slots=True)
class CaseStateRead:
    """What a case is in, was in, and may become; what the law grants the person."""

    phase: str
    state: str
    beside: tuple[str, ...]
    person_status: str
    is_minor: str
    legal_regime: str
    placement: str
    risk_level: str
    essential_needs_until: datetime
    recovery_pause_until: datetime
    open_acts: tuple[str, ...]
    history: tuple[StandingRead, ...]
    entitlements: tuple[EntitlementRead, ...]
    minors: tuple[MinorRead, ...]
    last_index: int
    age_band: str
    sex: str
    languages: tuple[str, ...]
    agreed_until: datetime
    """When the first agreement ends that stands now."""
    best_interests_for: str = ""
    """child or unable, where it is decided for the person what is best; else empty."""
    best_interests_deciders: tuple[str, ...] = ()
    """Who may have decided it."""
    notes: tuple[StepNoteRead, ...] = field(default=(), repr=False)
    """What steps said that the timeline tells beside them."""
    safe_contact: Answer | None = field(default=None, repr=False)
    """How the person is reached safely; None if nobody wrote it down."""


@dataclass(frozen=True, slots=True)
class StepNoteRead:
    """Beside a step: a promised arrival, a call, who signed, or how it ended."""

    event_id: bytes
    expected_at: datetime
    expected_zone: str
    giver_known_by: str
    call_function: str
    called_at: datetime
    person_known_by: str
    signed_by: str
    second_officer: str
    unsigned_reason: str
    by_code: bool
    referral_id: bytes
    outcome: str
    result: str


@dataclass(frozen=True, slots=True)
class MinorRead:
    """A minor who came along, and what the law grants them."""

    minor: Minor
    entitlements: tuple[EntitlementRead, ...]


@dataclass(frozen=True, slots=True)
class MinorKept:
    """A minor's alias, and the deadlines that started."""

    alias: str
    clocks: tuple[CaseClockRead, ...]
    ledger_index: int


@dataclass(frozen=True, slots=True)
class PlanKept:
    """The deadlines of the decisions that were applied for."""

    clocks: tuple[CaseClockRead, ...]
    ledger_index: int


@dataclass(frozen=True, slots=True)
class FollowUpRead:
    """A follow-up as it was; ``next_action`` may be empty."""

    at: datetime
    result: str
    kind: str
    mode: str
    next_action: str


@dataclass(frozen=True, slots=True)
class PlanRead:
    """The plan (without goals if there is none), and its follow-ups."""

    plan: ReintegrationPlan
    planned: tuple[CaseClockRead, ...]
    done: tuple[FollowUpRead, ...]
    version: int
