"""What the outbox holds, as values of one's own node's answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DestinationRead:
    """What waits for one member, and its circuit; the epoch stands for no instant."""

    recipient: str
    waiting: int
    waits_since: datetime
    next_try_at: datetime
    attempts: int
    last_problem: str
    circuit: str
    failures: int
    dead: int


@dataclass(frozen=True, slots=True)
class LetterRead:
    """One envelope that waits, expired or was refused; nothing of what is in it."""

    digest: bytes
    recipient: str
    state: str
    lane: str
    attempts: int
    waits_since: datetime
    next_try_at: datetime
    problem: str
    returned_at: datetime
    returned_by: str
