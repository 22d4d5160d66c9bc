"""Verifies that a leaf stands in a tree, and that a tree only grew.

Promises: returns only if the proof holds for hashes of exactly 32 bytes and a
path of exactly the length that index and sizes ask for. Leaves the authenticity
of the roots to ``checkpoint``. Follows RFC 6962 §2.1 and RFC 9162 §2.1.3.2 and
§2.1.4.2, in the form of inner and border nodes.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from services.node.domain.errors import VerificationError
from services.node.keys.encoding import HASH_LENGTH
from services.node.ledger.merkle import MAX_SIZE, node_hash


def verify_inclusion(
    leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root: bytes
) -> None:
    """Raise unless ``leaf_hash`` is leaf ``index`` of the tree (size, root).

    Raises ``VerificationError``: ``ledger.bad_hash_length``,
    ``ledger.bad_inclusion``.
    """
    _check_lengths("ledger.bad_hash_length", leaf_hash, root, *path)
    if not 0 <= index < size <= MAX_SIZE:
        raise VerificationError(
            "ledger.bad_inclusion", f"A tree of {size} leaves has no leaf {index}."
        )
    inner, border = _shape(index, size)
    _check_count("ledger.bad_inclusion", inner + border, len(path))
    node = _chain_inner(leaf_hash, path[:inner], index)
    node = _chain_left(node, path[inner:])
    _check_root("ledger.bad_inclusion", root, node)


def verify_consistency(
    m: int, n: int, root_m: bytes, root_n: bytes, path: Sequence[bytes]
) -> None:
    """Raise unless the tree (n, root_n) begins with the leaves of (m, root_m).

    ``m`` is at least 1: from the empty tree nothing can be proved. Raises
    ``VerificationError``: ``ledger.bad_hash_length``, ``ledger.bad_consistency``.
    """
    code = "ledger.bad_consistency"
    _check_lengths("ledger.bad_hash_length", root_m, root_n, *path)
    if not 1 <= m <= n <= MAX_SIZE:
        raise VerificationError(
            code, f"A tree of {n} leaves cannot be shown to extend one of {m}."
        )
    if m == n:
        _check_count(code, 0, len(path))
        _check_root(code, root_m, root_n)
        return
    inner, border = _shape(m - 1, n)
    # The way starts at the largest complete subtree that ends at m; if that is
    # the whole old tree, its root is known and not part of the path.
    shift = (m & -m).bit_length() - 1
    inner -= shift
    whole = m == 1 << shift
    start = 0 if whole else 1
    _check_count(code, start + inner + border, len(path))
    seed = root_m if whole else path[0]
    steps = path[start:]
    mask = (m - 1) >> shift
    old = _chain_inner_right(seed, steps[:inner], mask)
    _check_root(code, root_m, _chain_left(old, steps[inner:]))
    new = _chain_inner(seed, steps[:inner], mask)
    _check_root(code, root_n, _chain_left(new, steps[inner:]))


def _shape(index: int, size: int) -> tuple[int, int]:
    """How many path nodes lie below and along the tree's right edge."""
    inner = (index ^ (size - 1)).bit_length()
    return inner, (index >> inner).bit_count()


def _chain_inner(node: bytes, path: Sequence[bytes], index: int) -> bytes:
    for level, sibling in enumerate(path):
        if (index >> level) & 1:
            node = node_hash(sibling, node)
        else:
            node = node_hash(node, sibling)
    return node


def _chain_inner_right(node: bytes, path: Sequence[bytes], index: int) -> bytes:
    """As ``_chain_inner``, without the siblings that the old tree lacked."""
    for level, sibling in enumerate(path):
        if (index >> level) & 1:
            node = node_hash(sibling, node)
    return node


def _chain_left(node: bytes, path: Sequence[bytes]) -> bytes:
    for sibling in path:
        node = node_hash(sibling, node)
    return node


def _check_lengths(code: str, *hashes: bytes) -> None:
    for each in hashes:
        if len(each) != HASH_LENGTH:
            raise VerificationError(
                code,
                f"A hash in a proof has {len(each)} bytes; expected {HASH_LENGTH}.",
            )


def _check_count(code: str, expected: int, got: int) -> None:
    if got != expected:
        raise VerificationError(code, f"A proof has {got} nodes; expected {expected}.")


def _check_root(code: str, expected: bytes, got: bytes) -> None:
    if not hmac.compare_digest(expected, got):
        raise VerificationError(
            code,
            f"A proof leads to root {got.hex()}; expected {expected.hex()}.",
        )
