"""What a node answers about clocks, as frozen values.

They mirror messages of relais.desk.v1 by their field names, as ``desk_values`` do;
the epoch stands for no instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ClockRead:
    """One limit that runs or ran; the epoch stands for no instant."""

    clock_id: bytes
    deadline: str
    case_pseudonym: str
    referral_id: bytes
    peer: str
    referral_type: str
    priority: str
    started_at: datetime
    due_at: datetime
    next_ring_at: datetime
    next_level: str
    rang: tuple[str, ...]
    paused_at: datetime
    pause_reason: str
    stopped_at: datetime
    overdue: bool
    law: str
    verified: bool
    pausable_for: tuple[str, ...] = ()
    """Why it may stand still today; empty if it may not, or does not run."""


@dataclass(frozen=True, slots=True)
class ClocksRead:
    """Clocks, the earliest due first, and what time it is at the node."""

    clocks: tuple[ClockRead, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class LimitRead:
    """One limit that runs in a referral; ``ended_by`` are the steps that end it."""

    deadline: str
    due_at: datetime
    paused_at: datetime
    ended_by: tuple[str, ...]
