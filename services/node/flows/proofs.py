"""Other members' proofs about what stands in this ledger, verified anew.

A receipt is the recipient's own evidence for the digest that was sent, and evidence
the sender's for what was received. Both are judged by the directory that is adopted
now, and by nothing that was noted about them when they came.
"""

from __future__ import annotations

from dataclasses import dataclass

from services.node.domain.errors import VerificationError
from services.node.flows.growth import verify_member_checkpoint
from services.node.flows.own import OwnMember
from services.node.ledger.checkpoint import Checkpoint
from services.node.ledger.evidence import Evidence, verify_evidence
from services.node.store.rows import HeadRow
from services.node.wire.leaves import Outcome, decode_evidence, decode_pers

_TAKEN = frozenset({Outcome.RECEIVED, Outcome.DUPLICATE, Outcome.REFUSED})
_MOST_KNOWN = 4096
WRONG_HEAD = "ledger.wrong_head"


@dataclass(frozen=True, slots=True)
class Proved:
    """A proof that holds: ``code`` is of a refusal, else empty."""

    index: int
    size: int
    refused: bool
    code: str


class ProofReader:
    """Verifies proofs; a signed head that comes again is not verified again."""

    def __init__(self, own: OwnMember) -> None:
        self._own = own
        self._heads: dict[tuple[str, bytes], Checkpoint] = {}

    def receipt(self, member: str, digest: bytes, index: int, raw: bytes) -> Proved:
        """What a receipt proves; raises RelaisError if it proves nothing."""
        proved, outcome = self._proof(member, digest, raw)
        if outcome not in _TAKEN:
            raise _another(f"It says {outcome}, which is no answer.")
        if proved.index != index:
            raise _another(f"It is about entry {proved.index} there, not {index}.")
        return proved

    def evidence(self, member: str, digest: bytes, raw: bytes) -> Proved:
        """What a sender's evidence proves; raises RelaisError likewise."""
        proved, outcome = self._proof(member, digest, raw)
        if outcome is not Outcome.SENT:
            raise _another(f"It says {outcome}, not that it was sent.")
        return proved

    def _proof(self, member: str, digest: bytes, raw: bytes) -> tuple[Proved, Outcome]:
        evidence = decode_evidence(raw, Evidence)
        head = self._head(member, evidence.checkpoint)
        verify_evidence(evidence, head)
        pers = decode_pers(evidence.pers.value)
        if pers.digest != digest:
            raise _another("It is about another envelope.")
        refused = pers.outcome is Outcome.REFUSED
        found = Proved(evidence.index, head.size, refused, pers.code if refused else "")
        return found, pers.outcome

    def _head(self, member: str, note: bytes) -> Checkpoint:
        known = self._heads.get((member, note))
        if known is None:
            own = self._own
            directory = own.adopted.directory
            known = verify_member_checkpoint(directory, own.network, member, note)
            if len(self._heads) >= _MOST_KNOWN:
                self._heads.clear()
            self._heads[member, note] = known
        return known


def check_own_head(own: OwnMember, head: HeadRow) -> None:
    """Raise RelaisError unless this member signed the head just as it is stored."""
    signed = verify_member_checkpoint(
        own.adopted.directory, own.network, own.name, head.checkpoint
    )
    if signed != Checkpoint(head.origin, head.size, head.root):
        raise VerificationError(
            "ledger.wrong_head",
            "The head is stored with another size or root than was signed.",
        )


def _another(message: str) -> VerificationError:
    return VerificationError("audit.other_subject", message)
