"""A ledger that somebody hostile keeps: real leaves, proofs and signatures.

Nothing is checked here: it signs and proves whatever a test puts into it.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

from services.node.flows.exchange import NO_HEAD, Growth, KnownHead
from services.node.keys.signing import Ed25519Signer
from services.node.ledger.checkpoint import Checkpoint, sign_checkpoint
from services.node.ledger.evidence import Evidence, Opening
from services.node.ledger.merkle import (
    appended_nodes,
    consistency_path,
    inclusion_path,
    leaf_hash,
    reader,
    root_from,
)


@dataclass(frozen=True, slots=True)
class Logged:
    """A leaf of this ledger with what opens it."""

    leaf: bytes
    pers: Opening
    link: Opening
    index: int


class MemoryLedger:
    """Grows as told; ``fork`` gives a second history from here on."""

    def __init__(self, origin: str, signer: Ed25519Signer) -> None:
        self.origin = origin
        self.signer = signer
        self.size = 0
        self._nodes: dict[tuple[int, int], bytes] = {}

    def append(self, leaf: bytes) -> int:
        """The index of the new leaf."""
        fresh = appended_nodes(self.size, reader(self._nodes), [leaf_hash(leaf)])
        self._nodes.update({(level, index): node for level, index, node in fresh})
        self.size += 1
        return self.size - 1

    def fork(self) -> MemoryLedger:
        """The same leaves so far, another history from here on."""
        other = MemoryLedger(self.origin, self.signer)
        other.size, other._nodes = self.size, deepcopy(self._nodes)
        return other

    def root(self, size: int) -> bytes:
        """The root over the first ``size`` leaves."""
        return root_from(size, reader(self._nodes))

    def checkpoint(self, signer: Ed25519Signer | None = None) -> bytes:
        """The signed head; another's signature if asked for."""
        head = Checkpoint(self.origin, self.size, self.root(self.size))
        return sign_checkpoint(head, signer or self.signer)

    def growth(self, seen: KnownHead = NO_HEAD) -> Growth:
        """The head, with the proof that it grew from what the other saw."""
        if seen.size == 0:
            return Growth(self.checkpoint(), 0, ())
        path = consistency_path(seen.size, self.size, reader(self._nodes))
        return Growth(self.checkpoint(), seen.size, path)

    def evidence(self, logged: Logged) -> Evidence:
        """The proof of a leaf under the present head."""
        path = inclusion_path(logged.index, self.size, reader(self._nodes))
        return Evidence(logged.leaf, logged.pers, logged.link, logged.index, path, b"")
