"""The ledger recomputed by its own node: leaves, stored hashes, head, proofs held.

Promises: one check at a time, at one instant of the database, in pages, hashed and
verified in a thread so that the node goes on serving. All leaves are always hashed;
receipts and evidence are verified as long as the time for one check lasts, and the
numbers say how many of how many. A fault is counted, never raised.

Leaves to ``relais audit verify`` what only other members' logs can prove: that the
end was not cut off, and that everybody was shown the same ledger.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.node.domain.errors import (
    RelaisError,
    UnavailableError,
    VerificationError,
)
from services.node.flows.own import OwnMember
from services.node.flows.proofs import WRONG_HEAD, ProofReader, check_own_head
from services.node.ledger.leaf import Leaf
from services.node.ledger.merkle import (
    Address,
    appended_nodes,
    leaf_hash,
    nodes_for_root,
    reader,
    root_from,
)
from services.node.store import entries as entry_store
from services.node.store import ledger as ledger_store
from services.node.store.entries import HeldProofRow
from services.node.store.pool import Database
from services.node.store.rows import HeadRow
from services.node.store.snapshot import snapshot

PROOF_SECONDS = 20.0
"""How long receipts and evidence are verified in one check."""

_LEAVES_AT_ONCE = 1000
_MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """Something that does not hold; ``index`` is 0 where it is about no entry."""

    what: str
    index: int
    code: str


@dataclass(frozen=True, slots=True)
class ProofCount:
    """Proofs of one sort: how many are here, verified, and still to come."""

    held: int = 0
    verified: int = 0
    missing: int = 0


@dataclass(frozen=True, slots=True)
class LedgerCheck:
    """What was recomputed and what came of it."""

    leaves: int
    nodes: int
    receipts: ProofCount
    evidence: ProofCount
    checkpoint: bytes
    faults: tuple[LedgerFault, ...]
    faults_found: int
    checked_at: datetime
    took_ms: int


@dataclass(slots=True)
class _Faults:
    """Those found, of which the first few are kept."""

    kept: list[LedgerFault] = field(default_factory=list)
    found: int = 0

    def add(self, what: str, index: int, error: RelaisError) -> None:
        self.found += 1
        if len(self.kept) < _MOST_FAULTS:
            self.kept.append(LedgerFault(what, index, error.code))


class LedgerChecks:
    """Checks of one member's ledger, one at a time."""

    def __init__(self, own: OwnMember, proof_seconds: float = PROOF_SECONDS) -> None:
        self._own = own
        self._seconds = proof_seconds
        self._one = asyncio.Lock()

    async def check(self, now: datetime) -> LedgerCheck:
        """Recompute; raises UnavailableError ``ledger.being_verified``."""
        if self._one.locked():
            raise UnavailableError(
                "ledger.being_verified",
                "Somebody has the ledger verified at this moment.",
                remedy="Ask again in a minute.",
            )
        async with self._one:
            return await self._check(now)

    async def _check(self, now: datetime) -> LedgerCheck:
        began, faults = time.monotonic(), _Faults()
        async with snapshot(self._own.database) as database:
            async with database.connection() as connection:
                head = await ledger_store.read_head(connection)
            leaves, nodes = await _recompute(database, head, faults)
            _check_signature(self._own, head, faults)
            until = time.monotonic() + self._seconds
            receipts = await self._proofs(
                entry_store.held_receipts(database), "receipt", until, faults
            )
            evidence = await self._proofs(
                entry_store.held_evidence(database), "evidence", until, faults
            )
        return LedgerCheck(
            leaves=leaves,
            nodes=nodes,
            receipts=receipts,
            evidence=evidence,
            checkpoint=head.checkpoint,
            faults=tuple(faults.kept),
            faults_found=faults.found,
            checked_at=now,
            took_ms=round((time.monotonic() - began) * 1000),
        )

    async def _proofs(
        self,
        pages: AsyncGenerator[list[HeldProofRow], None],
        what: str,
        until: float,
        faults: _Faults,
    ) -> ProofCount:
        proofs, count = ProofReader(self._own), ProofCount()
        async with aclosing(pages) as rows:
            async for page in rows:
                here = [each for each in page if each.evidence is not None]
                count = replace(
                    count,
                    held=count.held + len(here),
                    missing=count.missing + len(page) - len(here),
                )
                if time.monotonic() >= until:
                    continue
                found = await asyncio.to_thread(_verified, proofs, here)
                for index, error in found:
                    faults.add(what, index, error)
                count = replace(count, verified=count.verified + len(here))
        return count


def _verified(
    proofs: ProofReader, rows: list[HeldProofRow]
) -> list[tuple[int, RelaisError]]:
    """Which of these proofs do not hold, by entry."""
    faults: list[tuple[int, RelaisError]] = []
    for row in rows:
        raw = row.evidence or b""
        try:
            if row.receipt:
                proofs.receipt(row.member, row.digest, row.index or 0, raw)
            else:
                proofs.evidence(row.member, row.digest, raw)
        except RelaisError as error:
            faults.append((row.own_index, error))
    return faults


async def _recompute(
    database: Database, head: HeadRow, faults: _Faults
) -> tuple[int, int]:
    """Hash every leaf anew, compare what is stored, and the root; how many."""
    size, compared = 0, 0
    edge: dict[Address, bytes] = {}
    while True:
        async with database.connection() as connection:
            page = await entry_store.leaf_bytes(connection, size, _LEAVES_AT_ONCE)
            if not page:
                break
            added = await asyncio.to_thread(_appended, size, edge, page, faults)
            stored = await ledger_store.read_nodes(connection, added)
        for (level, index), digest in added.items():
            if stored.get((level, index)) != digest:
                faults.add("node", index << level, _other_node())
        compared += len(added)
        size += len(page)
        known = edge | added
        edge = {address: known[address] for address in nodes_for_root(size)}
    if size != head.size:
        faults.add(
            "leaf",
            min(size, head.size),
            VerificationError(
                "ledger.other_size", "There are not as many leaves as were signed."
            ),
        )
    elif root_from(size, reader(edge)) != head.root:
        faults.add(
            "head",
            0,
            VerificationError(
                "ledger.other_root", "The leaves do not make the root of the head."
            ),
        )
    return size, compared


def _appended(
    size: int, edge: Mapping[Address, bytes], leaves: list[bytes], faults: _Faults
) -> dict[Address, bytes]:
    """The hashes of every subtree that these leaves complete."""
    for offset, leaf in enumerate(leaves):
        try:
            Leaf.from_bytes(leaf)
        except RelaisError as error:
            faults.add("leaf", size + offset, error)
    hashes = [leaf_hash(each) for each in leaves]
    return {
        (level, index): digest
        for level, index, digest in appended_nodes(size, reader(edge), hashes)
    }


def _check_signature(own: OwnMember, head: HeadRow, faults: _Faults) -> None:
    try:
        check_own_head(own, head)
    except RelaisError as error:
        what = "head" if error.code == WRONG_HEAD else "signature"
        faults.add(what, 0, error)


def _other_node() -> VerificationError:
    return VerificationError(
        "ledger.other_node", "A stored hash is not what its leaves make it."
    )
