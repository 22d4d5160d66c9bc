"""What the node answers about its ledger, as frozen values.

They mirror messages of relais.desk.v1 by their field names, as ``desk_values`` do.
The epoch stands for no instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.node.rpc.sign_in_values import ALWAYS, Period


@dataclass(frozen=True, slots=True)
class EntrySought:
    """Which entries: whatever is empty is no condition; ``before`` an index."""

    code: str = ""
    kind: str = ""
    member: str = ""
    period: Period = ALWAYS
    before: int = 0
    role: str = ""


@dataclass(frozen=True, slots=True)
class EntryRead:
    """What a list shows of one entry of the ledger."""

    index: int
    kind: str
    at: datetime
    outcome: str
    code: str
    member: str
    role: str
    policy_version: str
    receipt: str


@dataclass(frozen=True, slots=True)
class EntriesRead:
    """A page of entries, the newest first, and how many the ledger has."""

    entries: tuple[EntryRead, ...]
    size: int


@dataclass(frozen=True, slots=True)
class EntryProofRead:
    """Whether another member's proof about an entry holds."""

    state: str
    code: str
    member: str
    index: int
    size: int


@dataclass(frozen=True, slots=True)
class ProvedEntryRead:
    """An entry with what proves it; each word is ``holds`` or what does not."""

    entry: EntryRead
    leaf: bytes
    leaf_hash: bytes
    path: tuple[bytes, ...]
    inclusion: str
    checkpoint: str
    size: int
    signature: str
    opening: str
    receipt: EntryProofRead
    evidence: EntryProofRead


@dataclass(frozen=True, slots=True)
class LedgerFaultRead:
    """Something that does not hold; ``index`` is 0 where it is about no entry."""

    what: str
    index: int
    code: str


@dataclass(frozen=True, slots=True)
class LedgerCheckRead:
    """What the node recomputed and what came of it; ``took`` in milliseconds."""

    sound: bool
    leaves: int
    nodes: int
    receipts_held: int
    receipts_verified: int
    receipts_missing: int
    evidence_held: int
    evidence_verified: int
    checkpoint: str
    faults: tuple[LedgerFaultRead, ...]
    faults_found: int
    checked_at: datetime
    took: int


@dataclass(frozen=True, slots=True)
class CaseFaultRead:
    """Something of a case that does not hold; ``step`` is what the event says."""

    what: str
    index: int
    code: str
    step: str


@dataclass(frozen=True, slots=True)
class CaseProvedRead:
    """What was verified of a case; ``receipted`` are entries whose receipt holds."""

    checked: int
    size: int
    faults: tuple[CaseFaultRead, ...]
    receipted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PartyNameRead:
    """An organisation's name in one language."""

    language: str
    name: str


@dataclass(frozen=True, slots=True)
class PartyRead:
    """A member of the directory by its names."""

    name: str
    names: tuple[PartyNameRead, ...]


@dataclass(frozen=True, slots=True)
class ConcernRead:
    """One thing that needs an auditor's eye."""

    code: str
    member: str
    reason: str
    since: datetime
    due: datetime
    answerable: str
    answerable_since: datetime


@dataclass(frozen=True, slots=True)
class ConcernGroupRead:
    """Everything of one kind: how many, and a part of them, the oldest first."""

    kind: str
    count: int
    rows: tuple[ConcernRead, ...]


@dataclass(frozen=True, slots=True)
class ConcernsRead:
    """Every kind, and the case clock."""

    groups: tuple[ConcernGroupRead, ...]
    now: datetime
