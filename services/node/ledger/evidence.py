"""Evidence: the proof that an event stands in a member's ledger.

Promises: evidence that verifies shows a leaf of kind 1 at its index under the
given checkpoint, whose pers and link commitments open to the values carried.
Leaves three things to the caller: the checkpoint's signature (once a batch, by
``verify_checkpoint``), the consistency of that head with the last one seen, and
whether the opened values fit the envelope. Field names are those of
relais.ledger.v1.Evidence.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from services.node.domain.errors import VerificationError
from services.node.ledger.checkpoint import Checkpoint
from services.node.ledger.leaf import Kind, Leaf, Slot, commit
from services.node.ledger.merkle import leaf_hash
from services.node.ledger.proof import verify_inclusion


@dataclass(frozen=True, slots=True)
class Opening:
    """What a commitment commits to: its salt (32 bytes) and value, as hashed."""

    salt: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """One leaf, two openings, and the way to a signed head.

    ``checkpoint`` is the signed note, or empty inside a batch that carries it
    once.
    """

    leaf: bytes
    pers: Opening
    link: Opening
    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes


def verify_evidence(evidence: Evidence, checkpoint: Checkpoint) -> None:
    """Raise unless ``evidence`` holds under the already verified ``checkpoint``.

    Raises ``VerificationError``: ``ledger.bad_leaf``, ``ledger.bad_opening``,
    ``ledger.bad_hash_length``, ``ledger.bad_inclusion``; and
    ``InvalidInputError``: ``ledger.bad_salt``.
    """
    leaf = Leaf.from_bytes(evidence.leaf)
    if leaf.kind is not Kind.EVENT:
        raise VerificationError(
            "ledger.bad_leaf", f"A leaf of kind {leaf.kind} is no evidence of an event."
        )
    _check_opening("pers", leaf.c_pers, evidence.pers)
    _check_opening("link", leaf.c_link, evidence.link)
    verify_inclusion(
        leaf_hash(evidence.leaf),
        evidence.index,
        checkpoint.size,
        evidence.path,
        checkpoint.root,
    )


def _check_opening(which: Slot, commitment: bytes, opening: Opening) -> None:
    if not hmac.compare_digest(commit(which, opening.salt, opening.value), commitment):
        raise VerificationError(
            "ledger.bad_opening", f"The opening of c_{which} does not fit the leaf."
        )
