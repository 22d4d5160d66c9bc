"""The tree of one log, and which of its hashes is the right one.

Leaves and stored hashes say the same thing twice, and the signed root says it a
third time. Where they differ, the root decides: ``settle`` walks from it down to
what was changed, and leaves in ``Tree`` what the member signed. One level is one
array of 32 bytes a hash (64 bytes a leaf in all), so a million leaves are small.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from services.node.keys.encoding import HASH_LENGTH
from services.node.ledger.merkle import node_hash, nodes_for_root, root_from

FURTHEST = 1 << 20
"""How far beyond the others a position may lie and still belong to the log; a
changed index must not make the auditor reserve memory for all in between."""


class Hashes:
    """Hashes by position; positions may be missing."""

    def __init__(self) -> None:
        self._raw = bytearray()
        self._there = bytearray()

    def __len__(self) -> int:
        """One more than the last position."""
        return len(self._there)

    def put(self, index: int, digest: bytes) -> bool:
        """Keep a hash; False if the position is taken or out of all proportion."""
        if not 0 <= index < len(self) + FURTHEST or len(digest) != HASH_LENGTH:
            return False
        if index >= len(self):
            more = index + 1 - len(self)
            self._raw.extend(bytes(more * HASH_LENGTH))
            self._there.extend(bytes(more))
        if self._there[index]:
            return False
        self._raw[index * HASH_LENGTH : (index + 1) * HASH_LENGTH] = digest
        self._there[index] = 1
        return True

    def get(self, index: int) -> bytes | None:
        """The hash at a position, or None."""
        if not 0 <= index < len(self) or not self._there[index]:
            return None
        return bytes(self._raw[index * HASH_LENGTH : (index + 1) * HASH_LENGTH])

    def complete(self, size: int) -> bool:
        """Whether the first ``size`` positions, and no others, are there."""
        return len(self) == size and self._there.count(0) == 0

    def level(self, size: int) -> bytearray:
        """The first ``size`` hashes in a row; zeros where one is missing."""
        raw = self._raw[: size * HASH_LENGTH]
        return raw + bytes(size * HASH_LENGTH - len(raw))


class Scattered(Hashes):
    """Hashes of some positions of a long row, of which nothing is kept but them."""

    def __init__(self) -> None:
        super().__init__()
        self._by_position: dict[int, bytes] = {}

    def __len__(self) -> int:
        """One more than the last position."""
        return max(self._by_position, default=-1) + 1

    def put(self, index: int, digest: bytes) -> bool:
        """Keep a hash; False if the position is taken or none."""
        if index < 0 or index in self._by_position or len(digest) != HASH_LENGTH:
            return False
        self._by_position[index] = digest
        return True

    def get(self, index: int) -> bytes | None:
        """The hash at a position, or None."""
        return self._by_position.get(index)


class Tree:
    """The tree over ``size`` leaves, every complete subtree of it."""

    def __init__(self, leaves: Hashes, size: int) -> None:
        self.size = size
        self._levels = [leaves.level(size)]
        while (count := size >> len(self._levels)) > 0:
            self._levels.append(_parents(self._levels[-1], count))
        self.wrong: set[int] = set()
        """Leaves whose given hash is not what was signed."""

    @property
    def height(self) -> int:
        """How many levels there are."""
        return len(self._levels)

    def read(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree."""
        return bytes(
            self._levels[level][index * HASH_LENGTH : (index + 1) * HASH_LENGTH]
        )

    def put(self, level: int, index: int, digest: bytes) -> None:
        """Replace a hash that turned out wrong."""
        self._levels[level][index * HASH_LENGTH : (index + 1) * HASH_LENGTH] = digest
        if level == 0:
            self.wrong.add(index)

    def equals(self, level: int, stored: Hashes) -> bool:
        """Whether a stored level is this one, hash for hash."""
        count = self.size >> level
        return stored.complete(count) and stored.level(count) == self._levels[level]

    def root_at(self, size: int) -> bytes:
        """The root over the first ``size`` leaves, of which there are so many."""
        return root_from(size, self.read)


def settle(tree: Tree, stored: Sequence[Hashes], root: bytes) -> bool:
    """Make ``tree`` the one that has ``root``; False if nothing given explains it.

    ``stored`` are the stored hashes by level. Afterwards ``tree.wrong`` holds the
    leaves that were changed, moved or are missing.
    """
    if tree.root_at(tree.size) == root:
        return True
    for truth in _peaks_of(tree, stored):
        if _folded(list(truth.values())) == root:
            for (level, index), digest in truth.items():
                _descend(tree, stored, level, index, digest)
            return True
    return False


def _peaks_of(
    tree: Tree, stored: Sequence[Hashes]
) -> Iterator[dict[tuple[int, int], bytes]]:
    """What the complete subtrees under the root may be, likeliest first.

    All as stored; then all but one of one source and one of the other.
    """
    peaks = nodes_for_root(tree.size)
    computed = {at: tree.read(*at) for at in peaks}
    kept = {at: _stored(stored, *at) or computed[at] for at in peaks}
    yield kept
    for at in peaks:
        yield computed | {at: kept[at]}
        yield kept | {at: computed[at]}


def _descend(
    tree: Tree, stored: Sequence[Hashes], level: int, index: int, truth: bytes
) -> None:
    """Put ``truth`` and what follows from it into the tree."""
    if tree.read(level, index) == truth:
        return
    tree.put(level, index, truth)
    if level == 0:
        return
    below = (level - 1, 2 * index), (level - 1, 2 * index + 1)
    computed = [tree.read(*at) for at in below]
    kept = [
        _stored(stored, *at) or each for at, each in zip(below, computed, strict=True)
    ]
    choice = next(
        (
            (left, right)
            for left in (computed[0], kept[0])
            for right in (computed[1], kept[1])
            if node_hash(left, right) == truth
        ),
        # Both sources are wrong below: the stored one is the nearer guess.
        (kept[0], kept[1]),
    )
    for at, digest in zip(below, choice, strict=True):
        _descend(tree, stored, *at, digest)


def _stored(stored: Sequence[Hashes], level: int, index: int) -> bytes | None:
    return stored[level].get(index) if level < len(stored) else None


def _folded(peaks: list[bytes]) -> bytes:
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def _parents(level: bytearray, count: int) -> bytearray:
    parents = bytearray()
    for start in range(0, 2 * count * HASH_LENGTH, 2 * HASH_LENGTH):
        middle = start + HASH_LENGTH
        left, right = level[start:middle], level[middle : middle + HASH_LENGTH]
        parents += node_hash(bytes(left), bytes(right))
    return parents
