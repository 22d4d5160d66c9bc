"""What a node answers about approvals, as frozen values.

They mirror messages of relais.desk.v1 by their field names, as ``desk_values`` do;
a field that the contract calls 0 or empty is the epoch or empty here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from services.node.domain.both_sign import ArrivalAsked
from services.node.domain.case_details import CaseDetails
from services.node.domain.override import OverrideAsked
from services.node.domain.records import CategoryRecord
from services.node.domain.second_person import Sending


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """An approval that waits for a second officer until ``expires_at``."""

    approval_id: bytes
    expires_at: datetime
    ledger_index: int


@dataclass(frozen=True, slots=True)
class ApprovalRead:
    """Where an approval stands: waiting, approved, refused, used or expired."""

    approval_id: bytes
    kind: str
    case_pseudonym: str
    state: str
    asked_by: str
    asked_unit: str
    asked_at: datetime
    expires_at: datetime
    answered_by: str
    answered_at: datetime
    used_at: datetime
    used_by_event: bytes


@dataclass(frozen=True, slots=True)
class ApprovalOpened:
    """An approval with exactly what it is for, and what was said to the answer.

    Of a sending that is not settled: what would leave, and whether that is no
    longer what was asked for.
    """

    approval: ApprovalRead
    act: CaseDetails | OverrideAsked | Sending | ArrivalAsked = field(repr=False)
    reason: str = field(repr=False)
    leaving: tuple[CategoryRecord, ...] = field(default=(), repr=False)
    changed: bool = False
