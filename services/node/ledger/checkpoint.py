"""Checkpoints: the signed heads of ledgers.

Promises: a verified checkpoint states origin, size and root exactly as its ledger
signed them. Leaves freshness and growth (consistency with the last head seen) to
the caller. Follows C2SP tlog-checkpoint, without extension lines.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.encoding import HASH_LENGTH
from services.node.keys.signing import Ed25519Signer
from services.node.ledger.merkle import MAX_SIZE
from services.node.ledger.note import check_name, sign_note, verify_note_by_any

_TEXT = re.compile(r"([^\n]+)\n(0|[1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a ledger: ``<network>/<member>``, leaves, root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """The checkpoint that ``text`` states.

        Raises ``InvalidInputError`` (``ledger.bad_checkpoint``) for anything but
        the one spelling of three lines; extension lines are refused.
        """
        match = _TEXT.fullmatch(text)
        if match is None:
            raise _bad_checkpoint()
        # The pattern admits base64 of 32 bytes only; its last character may still
        # be one of four spellings, of which the comparison below leaves one.
        checkpoint = cls(match[1], int(match[2]), base64.b64decode(match[3]))
        checkpoint.check()
        if checkpoint.text() != text:
            raise _bad_checkpoint()
        return checkpoint

    def check(self) -> None:
        """Raise ``InvalidInputError`` unless name, size and root are in bounds."""
        check_name(self.origin)
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_LENGTH:
            raise _bad_checkpoint()


def sign_checkpoint(checkpoint: Checkpoint, signer: Ed25519Signer) -> bytes:
    """The signed note of ``checkpoint``; its key name is the origin."""
    checkpoint.check()
    return sign_note(checkpoint.text(), checkpoint.origin, signer)


def verify_checkpoint(
    raw: bytes, origin: str, public_raws: Sequence[bytes]
) -> Checkpoint:
    """The checkpoint of ``origin`` that one of its Ed25519 keys signed.

    Raises ``VerificationError`` (``ledger.unsigned_note``,
    ``keys.bad_signature``, ``ledger.wrong_origin``) and ``InvalidInputError``
    (``ledger.bad_note``, ``ledger.bad_checkpoint``).
    """
    checkpoint = Checkpoint.parse(verify_note_by_any(raw, origin, public_raws))
    if checkpoint.origin != origin:
        raise VerificationError(
            "ledger.wrong_origin", "A checkpoint states another ledger's origin."
        )
    return checkpoint


def _bad_checkpoint() -> InvalidInputError:
    return InvalidInputError(
        "ledger.bad_checkpoint",
        "A checkpoint is not origin, size and root on three lines.",
    )
