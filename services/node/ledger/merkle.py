"""The Merkle tree of RFC 6962, kept as its complete subtrees.

Promises: appending, roots and proofs from stored nodes give what a tree built
from scratch gives. A stored node is the hash of a *complete* subtree, addressed
(level, index): it covers the 2^level leaves from index * 2^level on; level 0 is
the leaf hashes. Such a node never changes once written. Everything here is pure:
the ``needed_for_*`` functions name the nodes, the caller fetches them at once and
hands a ``ReadNode`` (``reader`` makes one from a mapping). Leaves storage and
verification (``proof``) to others. Follows RFC 6962 §2.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from services.node.domain.errors import InvalidInputError, VerificationError

#: (level, index) of a complete subtree.
Address = tuple[int, int]
#: Gives the hash of a stored node; raises if it is not there.
ReadNode = Callable[[int, int], bytes]

#: Root of the tree without leaves.
EMPTY_ROOT = hashlib.sha256(b"").digest()
#: Largest tree: sizes fit PostgreSQL's bigint.
MAX_SIZE = (1 << 63) - 1


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a leaf: SHA-256(0x00 ‖ leaf), 32 bytes."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256(0x01 ‖ left ‖ right), 32 bytes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaf_hashes: Sequence[bytes]) -> bytes:
    """Root over all the leaf hashes, from scratch."""
    nodes = {(0, index): each for index, each in enumerate(leaf_hashes)}
    fresh = {
        (level, index): each
        for level, index, each in appended_nodes(0, reader({}), leaf_hashes)
    }
    return root_from(len(leaf_hashes), reader(nodes | fresh))


def reader(nodes: Mapping[Address, bytes]) -> ReadNode:
    """A ``ReadNode`` over fetched nodes; says which one is missing.

    It raises ``VerificationError`` (``ledger.missing_node``).
    """

    def read(level: int, index: int) -> bytes:
        node = nodes.get((level, index))
        if node is None:
            raise VerificationError(
                "ledger.missing_node",
                "A node of the tree is not stored.",
                where=f"level {level}, index {index}",
            )
        return node

    return read


def nodes_for_root(size: int) -> list[Address]:
    """The complete subtrees of a tree of ``size`` leaves, from left to right.

    Folded from the right they give its root; none for the empty tree.
    """
    _check_size(size)
    return _cover(0, size)


def root_from(size: int, read_node: ReadNode) -> bytes:
    """Root of the tree of the first ``size`` leaves, from stored nodes."""
    nodes = nodes_for_root(size)
    return _fold(nodes, read_node) if nodes else EMPTY_ROOT


def needed_for_append(size: int) -> set[Address]:
    """The stored nodes that ``appended_nodes`` reads when ``size`` leaves stand."""
    return set(nodes_for_root(size))


def appended_nodes(
    size: int, read_node: ReadNode, new_leaf_hashes: Iterable[bytes]
) -> list[tuple[int, int, bytes]]:
    """Every node that becomes complete when leaves join a tree of ``size``.

    Each as (level, index, hash), leaf hashes included, in the order in which they
    complete. Raises what ``read_node`` raises.
    """
    frontier = [(address, read_node(*address)) for address in nodes_for_root(size)]
    added: list[tuple[int, int, bytes]] = []
    for offset, leaf in enumerate(new_leaf_hashes):
        level, index, node = 0, size + offset, leaf
        added.append((level, index, node))
        while index & 1:
            _, left = frontier.pop()
            level, index, node = level + 1, index >> 1, node_hash(left, node)
            added.append((level, index, node))
        frontier.append(((level, index), node))
    return added


def inclusion_nodes(index: int, size: int) -> list[list[Address]]:
    """What an audit path is made of, from the leaf's sibling up.

    For each element of PATH(index, D[size]) (RFC 6962 §2.1.1) the stored nodes
    that fold to it: one, or several for the ragged right edge. Raises
    ``InvalidInputError`` (``ledger.bad_index``) unless 0 <= index < size.
    """
    _check_size(size)
    if not 0 <= index < size:
        raise InvalidInputError(
            "ledger.bad_index", f"A tree of {size} leaves has no leaf {index}."
        )
    return [_cover(*each) for each in _siblings(index, 0, size)]


def needed_for_inclusion(index: int, size: int) -> set[Address]:
    """The stored nodes that ``inclusion_path`` reads."""
    return {node for nodes in inclusion_nodes(index, size) for node in nodes}


def inclusion_path(index: int, size: int, read_node: ReadNode) -> tuple[bytes, ...]:
    """The RFC 6962 audit path of leaf ``index`` in the tree of ``size`` leaves."""
    return tuple(_fold(nodes, read_node) for nodes in inclusion_nodes(index, size))


def consistency_nodes(m: int, n: int) -> list[list[Address]]:
    """What a consistency proof from ``m`` to ``n`` leaves is made of, in its order.

    As ``inclusion_nodes``, for PROOF(m, D[n]) of RFC 6962 §2.1.2; empty if m = n.
    Raises ``InvalidInputError`` (``ledger.bad_size``) unless 1 <= m <= n.
    """
    _check_size(n)
    if not 1 <= m <= n:
        raise InvalidInputError(
            "ledger.bad_size", f"No consistency proof leads from {m} to {n} leaves."
        )
    if m == n:
        return []
    level = (m & -m).bit_length() - 1
    start = m - (1 << level)
    # The largest complete subtree that ends at m; the verifier knows it if it is
    # the whole of the old tree.
    own = [] if start == 0 else [[(level, start >> level)]]
    return own + [_cover(*each) for each in _siblings(start, level, n)]


def needed_for_consistency(m: int, n: int) -> set[Address]:
    """The stored nodes that ``consistency_path`` reads."""
    return {node for nodes in consistency_nodes(m, n) for node in nodes}


def consistency_path(m: int, n: int, read_node: ReadNode) -> tuple[bytes, ...]:
    """The RFC 6962 proof that the tree of ``n`` leaves extends that of ``m``."""
    return tuple(_fold(nodes, read_node) for nodes in consistency_nodes(m, n))


def _siblings(start: int, level: int, size: int) -> list[tuple[int, int]]:
    """Ranges beside the way from the complete node at ``start`` up to the root."""
    siblings = []
    while (1 << level) < size:
        width = 1 << level
        if start & width:
            start -= width
            siblings.append((start, start + width))
        elif start + width < size:
            siblings.append((start + width, min(start + 2 * width, size)))
        level += 1
    return siblings


def _cover(start: int, end: int) -> list[Address]:
    """The complete subtrees of the leaves start to end - 1, from left to right.

    ``start`` is a multiple of a power of two that is no less than their number.
    """
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def _fold(nodes: Sequence[Address], read_node: ReadNode) -> bytes:
    root = read_node(*nodes[-1])
    for address in reversed(nodes[:-1]):
        root = node_hash(read_node(*address), root)
    return root


def _check_size(size: int) -> None:
    if not 0 <= size <= MAX_SIZE:
        raise InvalidInputError(
            "ledger.bad_size", f"A tree of {size} leaves is outside its bounds."
        )
