"""What an audit finds: faults with node, place and kind, and the report.

Promises: plain values. A fault names the member whose log is at fault, the place
in it, and one kind out of a fixed list, so that programs can tell faults apart;
the detail is for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """What is wrong; the value is how a report calls it."""

    DIRECTORY_ALTERED = "directory altered"
    """The stored directory does not hold; index counts its entries."""
    DIRECTORY_FORK = "directories differ"
    """Two members go by directories of which neither extends the other."""
    LEAF_ALTERED = "leaf altered"
    LEAF_MISSING = "leaf missing"
    LEAF_MISPLACED = "leaf misplaced"
    """A leaf stands where another belongs: swapped, or moved up by a deletion."""
    LEAF_EXTRA = "leaf too many"
    LEAF_UNLAWFUL = "leaf unlawful"
    """The member signed a leaf that no rule allows there."""
    SUBJECT_ALTERED = "leaf's subject altered"
    OPENING_MISSING = "opening missing"
    OPENING_UNREADABLE = "opening unreadable"
    OPENING_MISMATCH = "opening does not fit its commitment"
    NODE_ALTERED = "stored hash altered"
    """Index counts within the level that the detail names; so the next two."""
    NODE_MISSING = "stored hash missing"
    NODE_EXTRA = "stored hash too many"
    CHECKPOINT_ALTERED = "checkpoint altered"
    """Index is the size under which it is stored; so the next one."""
    CHECKPOINT_MISSING = "checkpoint missing"
    HEAD_ALTERED = "head altered"
    ROOT_UNEXPLAINED = "root unexplained"
    """Neither leaves nor stored hashes make the root that was signed."""
    FORK = "fork"
    """The member signed two heads that contradict each other; index is the size."""
    LOG_BEHIND = "log behind"
    """A peer holds a newer head of this log than the log itself."""
    ENVELOPE_ALTERED = "envelope altered"
    ENVELOPE_MISSING = "envelope missing"
    ENVELOPE_UNLOGGED = "envelope without its leaf"
    STATE_ALTERED = "delivery state altered"
    RECEIPT_ALTERED = "receipt altered"
    RECEIPT_MISSING = "receipt missing"
    EVIDENCE_ALTERED = "evidence altered"
    HANDOFF_DIFFERS = "handoff differs at its two ends"


_UNITS = {
    FaultKind.DIRECTORY_ALTERED: "directory entry",
    FaultKind.NODE_ALTERED: "hash",
    FaultKind.NODE_MISSING: "hash",
    FaultKind.NODE_EXTRA: "hash",
    FaultKind.CHECKPOINT_ALTERED: "checkpoint of size",
    FaultKind.CHECKPOINT_MISSING: "checkpoint of size",
    FaultKind.FORK: "size",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in the log of ``member``.

    ``index`` is the leaf's unless the kind says what else it counts; None where
    there is no leaf to name.
    """

    member: str
    index: int | None
    kind: FaultKind
    detail: str

    @property
    def place(self) -> str:
        """Where it is, for people."""
        if self.index is None:
            return "whole log"
        return f"{_UNITS.get(self.kind, 'leaf')} {self.index}"


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What was checked, and everything that is wrong.

    ``handoffs`` counts envelopes, once for both ends; ``receipts`` those receipts
    that hold; ``erased`` leaves whose person-related opening was erased.
    """

    members: tuple[str, ...]
    leaves: int
    handoffs: int
    receipts: int
    erased: int
    fingerprint: str
    """Short words of the directory that every log goes by; empty if none holds."""
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Nothing is wrong."""
        return not self.faults


class Faults:
    """Collects the faults of one member's log."""

    def __init__(self, member: str) -> None:
        self.member = member
        self.found: list[Fault] = []

    def add(self, kind: FaultKind, index: int | None, detail: str) -> None:
        """One more."""
        self.found.append(Fault(self.member, index, kind, detail))
