"""A directory leaf: LP(entry, proofs, approvals), and what is signed in it.

Promises: one byte string for one signed entry and back; whatever is not exactly
three items in their one encoding is refused. The entry's bytes are kept as
carried, for they are what proofs and approvals sign. Leaves to others whether
the signatures hold (``directory.vouching``). Follows protocol.md §2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.node.domain.errors import InvalidInputError
from services.node.keys.encoding import lp
from services.node.wire.entries import (
    Approval,
    Approvals,
    Entry,
    Proof,
    Proofs,
    decode_approvals,
    decode_entry,
    decode_proofs,
    encode_approvals,
    encode_proofs,
)
from services.node.wire.mapping import to_millis

MAX_LEAF = 1 << 20
"""Longest leaf accepted, in bytes (1 MiB): a policy with all its tables fits."""

_WORD = 8
_ITEMS = 3


@dataclass(frozen=True, slots=True)
class SignedEntry:
    """An entry with everything that was signed about it."""

    raw: bytes
    """The entry as carried."""
    entry: Entry
    proofs: tuple[Proof, ...]
    approvals: tuple[Approval, ...]


def proof_text(entry_raw: bytes) -> bytes:
    """What a key signs to show that its owner holds it and means this entry."""
    return lp("relais/v1/dir/proof", entry_raw)


def approval_text(entry_raw: bytes, base_size: int, not_after: datetime) -> bytes:
    """What an approver's identity keys sign.

    ``base_size`` is a number of leaves; ``not_after`` is on the wire clock, to
    the millisecond. Raises ``InvalidInputError`` (``keys.not_encodable``) for a
    negative number or an instant before 1970.
    """
    return lp("relais/v1/dir/approve", entry_raw, base_size, to_millis(not_after))


def join_leaf(
    entry_raw: bytes,
    proofs: Iterable[Proof] = (),
    approvals: Iterable[Approval] = (),
) -> bytes:
    """The leaf of a signed entry."""
    return lp(
        entry_raw,
        encode_proofs(Proofs(tuple(proofs))),
        encode_approvals(Approvals(tuple(approvals))),
    )


def split_leaf(leaf: bytes) -> SignedEntry:
    """The signed entry that ``leaf`` holds; no signature is checked.

    Raises ``InvalidInputError``: ``directory.leaf_too_large``,
    ``directory.malformed_leaf`` and what ``wire.entries`` refuses.
    """
    if len(leaf) > MAX_LEAF:
        raise InvalidInputError(
            "directory.leaf_too_large",
            f"A directory leaf has {len(leaf)} bytes; at most {MAX_LEAF}.",
        )
    raw, proofs, approvals = _items(leaf)
    return SignedEntry(
        raw=raw,
        entry=decode_entry(raw),
        proofs=decode_proofs(proofs).proofs,
        approvals=decode_approvals(approvals).approvals,
    )


def _items(leaf: bytes) -> tuple[bytes, bytes, bytes]:
    items: list[bytes] = []
    start = 0
    while start < len(leaf) and len(items) < _ITEMS:
        end = start + _WORD + int.from_bytes(leaf[start : start + _WORD], "big")
        items.append(leaf[start + _WORD : end])
        start = end
    # Encoding again catches what a slice forgives: a last item cut short.
    if len(items) != _ITEMS or lp(*items) != leaf:
        raise InvalidInputError(
            "directory.malformed_leaf",
            "A directory leaf is not LP(entry, proofs, approvals).",
        )
    return items[0], items[1], items[2]
