"""Heads, leaves and stored hashes of an audited log against one another.

Promises: every signed head is verified with the keys that the directory gave the
member then, and has the root of the leaves below it; the newest that holds
decides which leaves and stored hashes are right.
"""

from __future__ import annotations

from services.cli.audit_checks_leaves import LeafBook
from services.cli.audit_directory import AuditedDirectory
from services.cli.audit_faults import FaultKind, Faults
from services.cli.audit_tree import Hashes, Tree, settle
from services.node.domain.errors import RelaisError, VerificationError
from services.node.ledger.checkpoint import Checkpoint, verify_checkpoint
from services.node.ledger.note import parse_note
from services.node.wire.audit import (
    LogHead,
    LogIdentity,
    StoredCheckpoint,
    StoredNode,
)

_LEVELS = 63


class HeadBook:
    """The signed heads and stored hashes of one log."""

    def __init__(
        self,
        identity: LogIdentity,
        directory: AuditedDirectory,
        leaves: LeafBook,
        faults: Faults,
    ) -> None:
        self._member = identity.member
        self._origin = f"{identity.network}/{identity.member}"
        self._directory = directory
        self._leaves = leaves
        self._faults = faults
        self._roots = Hashes()
        self._unstored: int | None = None
        """The size of the head, if no checkpoint is stored under it."""
        self._refused: set[int] = set()
        """Sizes whose stored checkpoint does not hold."""
        self._stored: list[Hashes] = []

    def take_node(self, item: StoredNode) -> None:
        """One stored hash."""
        kept = 0 <= item.level < _LEVELS
        if kept:
            while len(self._stored) <= item.level:
                self._stored.append(Hashes())
            kept = self._stored[item.level].put(item.index, item.hash)
        if not kept:
            detail = f"Level {item.level}: its place is taken or outside the tree."
            self._faults.add(FaultKind.NODE_EXTRA, item.index, detail)

    def take_checkpoint(self, item: StoredCheckpoint) -> None:
        """One signed head."""
        try:
            checkpoint = self._verified(item.note)
            if checkpoint.size != item.size:
                raise _not_as_stored(f"It was signed for {checkpoint.size} leaves.")
            if self.stores(item.size):
                raise _not_as_stored("Two checkpoints are stored under one size.")
        except RelaisError as error:
            self._refused.add(item.size)
            self._faults.add(FaultKind.CHECKPOINT_ALTERED, item.size, error.message)
            return
        self._note(checkpoint)

    def stores(self, size: int) -> bool:
        """Whether a checkpoint is stored under this size, rightly or not."""
        if size in self._refused:
            return True
        return size != self._unstored and self._roots.get(size) is not None

    def take_head(self, item: LogHead) -> None:
        """The head as it stands, after every checkpoint."""
        try:
            checkpoint = self._verified(item.checkpoint)
        except RelaisError as error:
            self._faults.add(FaultKind.HEAD_ALTERED, None, error.message)
            return
        stated = Checkpoint(item.origin, item.size, item.root)
        if stated != checkpoint:
            detail = f"Its origin, size or root is not as signed at {checkpoint.size}."
            self._faults.add(FaultKind.HEAD_ALTERED, None, detail)
        if not self.stores(checkpoint.size):
            self._unstored = checkpoint.size
            detail = "The head's own checkpoint is not among those stored."
            self._faults.add(FaultKind.CHECKPOINT_MISSING, checkpoint.size, detail)
        self._note(checkpoint)
        newest = len(self._roots) - 1
        if newest > checkpoint.size:
            detail = f"It was signed at {checkpoint.size}; the log was at {newest}."
            self._faults.add(FaultKind.HEAD_ALTERED, None, detail)

    def close(self) -> tuple[Tree, set[int]]:
        """Check everything against the newest head that holds.

        Returns the tree that the member signed, and the leaves that are not what
        was signed or are at fault themselves.
        """
        size, root = self._anchor()
        tree = Tree(self._leaves.hashes, size)
        settled = root is not None and settle(tree, self._stored, root)
        if root is not None and not settled:
            detail = f"Neither leaves nor stored hashes make the root signed at {size}."
            self._faults.add(FaultKind.ROOT_UNEXPLAINED, None, detail)
        changed = self._report_leaves(tree)
        self._report_nodes(tree)
        if settled:
            self._report_roots(tree)
        self._stored.clear()
        return tree, changed | self._leaves.report(changed)

    def _verified(self, note: bytes) -> Checkpoint:
        # Which keys count depends on the size, which only the note itself states.
        claimed = Checkpoint.parse(parse_note(note).text)
        then = self._leaves.directory_size_at(claimed.size)
        keys = self._directory.ledger_keys(self._member, [then])
        return verify_checkpoint(note, self._origin, keys)

    def _note(self, checkpoint: Checkpoint) -> None:
        size = checkpoint.size
        kept = self._roots.put(size, checkpoint.root)
        if kept or self._roots.get(size) == checkpoint.root:
            return
        if self._roots.get(size) is None:
            detail = f"It was signed for {size} leaves, far beyond every checkpoint."
            self._faults.add(FaultKind.HEAD_ALTERED, None, detail)
        else:
            detail = "Two signed heads of this size have different roots."
            self._faults.add(FaultKind.FORK, size, detail)

    def _anchor(self) -> tuple[int, bytes | None]:
        """The size to check at, and the root that was signed there if one holds."""
        here = len(self._leaves.hashes)
        size = len(self._roots) - 1
        return (here, None) if size < 0 else (size, self._roots.get(size))

    def _report_leaves(self, tree: Tree) -> set[int]:
        given = self._leaves.hashes
        belongs = {tree.read(0, index): index for index in sorted(tree.wrong)}
        absent = set()
        if not given.complete(tree.size):
            absent = {each for each in range(tree.size) if given.get(each) is None}
        extra = {each for each in range(tree.size, len(given)) if given.get(each)}
        for index in sorted(tree.wrong | absent):
            found = given.get(index)
            if found is None:
                kind, detail = FaultKind.LEAF_MISSING, "No leaf is stored there."
            elif found in belongs:
                kind = FaultKind.LEAF_MISPLACED
                detail = f"The leaf that was signed at {belongs[found]} stands there."
            else:
                kind = FaultKind.LEAF_ALTERED
                detail = "The stored leaf is not the one that was signed."
            self._faults.add(kind, index, detail)
        for index in sorted(extra):
            detail = f"The log was signed with {tree.size} leaves."
            self._faults.add(FaultKind.LEAF_EXTRA, index, detail)
        if tree.size == 0:
            detail = "A log begins with the directory that was adopted."
            self._faults.add(FaultKind.LEAF_MISSING, 0, detail)
        return tree.wrong | absent | extra

    def _report_nodes(self, tree: Tree) -> None:
        for level in range(max(tree.height, len(self._stored))):
            stored = self._stored[level] if level < len(self._stored) else Hashes()
            count = tree.size >> level
            if count and tree.equals(level, stored):
                continue
            for index in range(max(count, len(stored))):
                found = stored.get(index)
                kind = None
                if index >= count:
                    kind = None if found is None else FaultKind.NODE_EXTRA
                elif found is None:
                    kind = FaultKind.NODE_MISSING
                elif found != tree.read(level, index):
                    kind = FaultKind.NODE_ALTERED
                if kind is not None:
                    detail = f"Level {level} of the tree of {tree.size} leaves."
                    self._faults.add(kind, index, detail)

    def _report_roots(self, tree: Tree) -> None:
        for size in range(len(self._roots)):
            root = self._roots.get(size)
            if root not in {None, tree.root_at(size)}:
                detail = f"What was signed at {size} is no beginning of this log."
                self._faults.add(FaultKind.FORK, size, detail)


def _not_as_stored(message: str) -> VerificationError:
    return VerificationError("audit.not_as_stored", message)
