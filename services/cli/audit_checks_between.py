"""Several audited logs against one another: both ends of every handoff.

Promises: a head that one member holds of another is a beginning of that other's
log, is stored there, and the handoff that it proves stands there as well. A log
whose end was cut off, or that was written anew, is told by what peers hold of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.cli.audit_checks_envelopes import Claim, EnvelopeBook
from services.cli.audit_checks_heads import HeadBook
from services.cli.audit_checks_leaves import LeafBook
from services.cli.audit_directory import AuditedDirectory
from services.cli.audit_faults import FaultKind, Faults
from services.cli.audit_tree import Tree


@dataclass(frozen=True, slots=True)
class CheckedLog:
    """One log after it was checked by itself."""

    member: str
    directory: AuditedDirectory
    tree: Tree
    leaves: LeafBook
    heads: HeadBook
    envelopes: EnvelopeBook
    faulty: set[int]
    """Leaves at fault already: nothing is said about them again."""
    faults: Faults


def check_between(logs: Mapping[str, CheckedLog]) -> None:
    """Compare every log with what the others hold of it."""
    _check_directories(logs)
    for holder in logs.values():
        newest: dict[str, int] = {}
        for claim in holder.envelopes.claims:
            owner = logs.get(claim.about)
            if owner is not None:
                newest[claim.about] = max(claim.size, newest.get(claim.about, 0))
                _check_claim(claim, holder.member, owner)
        for about, size in newest.items():
            _check_reach(logs[about], holder.member, size)
    for log in logs.values():
        # Many proofs under one head say the same thing many times.
        log.faults.found[:] = dict.fromkeys(log.faults.found)


def _check_directories(logs: Mapping[str, CheckedLog]) -> None:
    longest = max(
        (log.directory for log in logs.values()),
        key=lambda each: each.state.size,
        default=None,
    )
    for log in logs.values():
        roots = log.directory.roots
        if longest is not None and longest.roots[len(roots) - 1] != roots[-1]:
            detail = "This log's directory is no beginning of the newest one."
            log.faults.add(FaultKind.DIRECTORY_FORK, None, detail)


def _check_reach(owner: CheckedLog, holder: str, size: int) -> None:
    if size > owner.tree.size:
        detail = (
            f"{holder} holds a signed head of {size} leaves; this log has "
            f"{owner.tree.size}. Export it again if its node was at work meanwhile."
        )
        owner.faults.add(FaultKind.LOG_BEHIND, None, detail)


def _check_claim(claim: Claim, holder: str, owner: CheckedLog) -> None:
    """Say what is wrong with the owner's log, if anything."""
    if claim.size > owner.tree.size:
        return
    if owner.tree.root_at(claim.size) != claim.root:
        detail = f"{holder} holds a signed head that is no beginning of this log."
        owner.faults.add(FaultKind.FORK, claim.size, detail)
        return
    if not owner.heads.stores(claim.size):
        detail = f"{holder} holds it; it is not stored here."
        owner.faults.add(FaultKind.CHECKPOINT_MISSING, claim.size, detail)
    entry = owner.leaves.entries.get(claim.digest)
    here = entry is not None and entry.index == claim.index
    if not here and claim.index not in owner.faulty:
        detail = f"{holder} proves with leaf {claim.own_index} that another event is."
        owner.faults.add(FaultKind.HANDOFF_DIFFERS, claim.index, detail)
