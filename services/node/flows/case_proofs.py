"""Whether what happened in a case still stands as it was written and receipted.

The same check as that of one entry for the auditor, over the entries of one case:
each leaf under the signed head, what opens it, and the other members' proofs. Reads
only; what the whole ledger alone can prove is left to ``verify_ledger``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.node.domain.concerns import ReceiptState
from services.node.domain.errors import VerificationError
from services.node.flows.entries import ABSENT, HOLDS, ProvedEntry, prove_entries
from services.node.flows.footing import case_named
from services.node.flows.own import OwnMember
from services.node.flows.verify_ledger import LedgerFault
from services.node.store import entries as entry_store
from services.node.store.rows import HeadRow

MOST = 500
"""Entries that one look verifies, the newest; a case that has more is rare."""


@dataclass(frozen=True, slots=True)
class CaseFault:
    """What does not hold of a case; ``step`` is what the event says it was."""

    fault: LedgerFault
    step: str


@dataclass(frozen=True, slots=True)
class CaseProved:
    """What was verified of a case; ``receipted`` are entries whose receipt holds."""

    checked: int
    size: int
    faults: tuple[CaseFault, ...]
    receipted: tuple[int, ...]


async def prove_case(own: OwnMember, head: HeadRow, pseudonym: str) -> CaseProved:
    """The newest entries of a case, verified now; raises NotFoundError."""
    async with own.database.connection() as connection:
        case = await case_named(connection, pseudonym)
        places = await entry_store.places_of_case(connection, case.case_id, MOST)
    faults = [
        CaseFault(LedgerFault("leaf", 0, _no_leaf().code), row.step)
        for row in places
        if row.index is None
    ]
    # What is not under the published head yet is no entry.
    indexes = [
        row.index for row in places if row.index is not None and row.index < head.size
    ]
    proved = await prove_entries(own, head, indexes) if indexes else []
    faults += [fault for each in proved for fault in _faults(each)]
    return CaseProved(
        checked=len(proved),
        size=head.size,
        faults=tuple(faults),
        receipted=tuple(
            each.row.index
            for each in proved
            if each.receipt.state is ReceiptState.VERIFIED
        ),
    )


def _faults(proved: ProvedEntry) -> Iterator[CaseFault]:
    found = [
        ("leaf", proved.inclusion),
        ("signature", proved.signature),
        ("opening", HOLDS if proved.opening == ABSENT else proved.opening),
        ("receipt", _broken(proved.receipt.state, proved.receipt.code)),
        ("evidence", _broken(proved.evidence.state, proved.evidence.code)),
    ]
    for what, word in found:
        if word != HOLDS:
            fault = LedgerFault(what, proved.row.index, word)
            yield CaseFault(fault, proved.row.kind)


def _broken(state: ReceiptState, code: str) -> str:
    return code if state is ReceiptState.BROKEN else HOLDS


def _no_leaf() -> VerificationError:
    return VerificationError(
        "ledger.no_leaf", "What happened in the case stands nowhere in the ledger."
    )
