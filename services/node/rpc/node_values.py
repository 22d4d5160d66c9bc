"""What a node tells about itself and its peers, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.domain.errors import RelaisError
from services.node.rpc.desk_values import OfficerRead


@dataclass(frozen=True, slots=True)
class HeldRead:
    """A case, or a referral without one, that is assigned to an officer."""

    code: str
    is_case: bool
    assigned_by: str
    assigned_at: datetime


@dataclass(frozen=True, slots=True)
class HeldWorkRead:
    """What is assigned to an officer, and who may take all of it over."""

    held: tuple[HeldRead, ...]
    successors: tuple[OfficerRead, ...]


@dataclass(frozen=True, slots=True)
class WaitingRead:
    """What waits for one recipient."""

    recipient: str
    waiting: int
    attempts: int
    last_problem: str


@dataclass(frozen=True, slots=True)
class PeerAlarmRead:
    """Something wrong with another member's node, and from when to when."""

    member: str
    code: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class StatusRead:
    """How a node is."""

    member: str
    kind: str
    network: str
    case_now: datetime
    ledger_size: int
    directory_size: int
    policy_version: str
    waiting: tuple[WaitingRead, ...]
    alarms: tuple[PeerAlarmRead, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class ProbeRead:
    """One part of an exchange with a peer."""

    part: str
    works: bool
    detail: str
    """What was found; why it fails, if it does."""
    code: str
    remedy: str

    @property
    def error(self) -> RelaisError | None:
        """Why it fails; None if it works."""
        if self.works:
            return None
        return RelaisError(self.code, self.detail, remedy=self.remedy)
