"""Envelopes of an audited log: against the leaves, and the proofs held for them.

Promises: every envelope is the one that a leaf commits to, every such leaf has
its envelope, and every receipt and every sender's evidence holds by itself: its
signature, its path, its openings, and that it is about this envelope. Leaves to
``audit_checks_between`` whether the other member's log says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import Struct

from services.cli.audit_checks_leaves import Entry, LeafBook, content_of, is_unopened
from services.cli.audit_directory import AuditedDirectory
from services.cli.audit_faults import FaultKind, Faults
from services.node.domain.errors import RelaisError, VerificationError
from services.node.keys.encoding import lp, sha256
from services.node.ledger.checkpoint import Checkpoint, verify_checkpoint
from services.node.ledger.evidence import Evidence, verify_evidence
from services.node.wire.audit import (
    LogIdentity,
    ReceivedEnvelope,
    SentEnvelope,
    StoredEnvelope,
)
from services.node.wire.handoffs import Header, decode_header
from services.node.wire.leaves import (
    OF_LETTERS,
    Outcome,
    Pers,
    decode_evidence,
    decode_pers,
)

_CACHED = 4096
_TAKEN = frozenset({Outcome.RECEIVED, Outcome.DUPLICATE, Outcome.REFUSED})
_SENT = frozenset({Outcome.SENT})
_ANSWERS: dict[str, frozenset[Outcome]] = {
    # A relay whose lease ran out leaves the receipt and another settles.
    "waiting": _TAKEN,
    "received": _TAKEN - {Outcome.REFUSED},
    "refused": frozenset({Outcome.REFUSED}),
}
"""What a receipt says, by the state of the delivery."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a log proves about another's: leaf ``index`` under a signed head."""

    about: str
    digest: bytes
    index: int
    size: int
    root: bytes
    own_index: int
    """The leaf of the log that holds the proof."""


@dataclass(frozen=True, slots=True)
class _Proof:
    """Evidence that holds by itself."""

    evidence: Evidence
    head: Checkpoint
    pers: Pers

    def check_about(
        self, digest: bytes, link: bytes | None, content: bytes | None
    ) -> None:
        """Raise unless it is about this envelope, link and content, where given."""
        if self.pers.digest != digest:
            raise _other("It is about another envelope.")
        if link not in {None, self.evidence.link.value}:
            raise _other("It is about another event.")
        if content not in {None, content_of(self.pers)}:
            raise _other("It is about another content.")

    def claim(self, about: str, entry: Entry) -> Claim:
        """What it proves about the log of its member."""
        return Claim(
            about,
            self.pers.digest,
            self.evidence.index,
            self.head.size,
            self.head.root,
            entry.index,
        )


class Claims:
    """Claims in the order in which they were found, at 88 bytes each."""

    _ROW = Struct(">qqq32s32s")

    def __init__(self) -> None:
        self._packed: dict[str, bytearray] = {}

    def add(self, claim: Claim) -> None:
        """One more."""
        numbers = claim.index, claim.size, claim.own_index
        row = self._ROW.pack(*numbers, claim.digest, claim.root)
        self._packed.setdefault(claim.about, bytearray()).extend(row)

    def __iter__(self) -> Iterator[Claim]:
        """All of them, those about one member together."""
        for about, packed in self._packed.items():
            for row in self._ROW.iter_unpack(packed):
                index, size, own_index, digest, root = row
                yield Claim(about, digest, index, size, root, own_index)


class EnvelopeBook:
    """The envelopes of one log."""

    def __init__(
        self,
        identity: LogIdentity,
        directory: AuditedDirectory,
        leaves: LeafBook,
        faults: Faults,
    ) -> None:
        self.claims = Claims()
        self.sent_to: dict[str, int] = {}
        """Number of envelopes sent, by recipient; the next likewise by sender."""
        self.received_from: dict[str, int] = {}
        self.receipts = 0
        self._identity = identity
        self._directory = directory
        self._leaves = leaves
        self._faults = faults
        self._there: set[int] = set()
        self._checkpoints: dict[bytes, Checkpoint] = {}

    def take_sent(self, item: SentEnvelope) -> None:
        """One envelope sent, with its receipt."""
        self.sent_to[item.recipient] = self.sent_to.get(item.recipient, 0) + 1
        entry = self._entry(item, _SENT)
        if entry is None:
            return
        own = self._identity.member
        self._check_row(item, entry, (own, item.recipient), item.recipient)
        if entry.link is not None and item.event_id != entry.link:
            self._altered(entry, "It is stored under another event than its leaf's.")
        self._check_delivery(item, entry)

    def take_received(self, item: ReceivedEnvelope) -> None:
        """One envelope received, with its sender's evidence."""
        self.received_from[item.sender] = self.received_from.get(item.sender, 0) + 1
        entry = self._entry(item, _TAKEN)
        if entry is None:
            return
        own = self._identity.member
        self._check_row(item, entry, (item.sender, own), item.sender)
        event_id = entry.link if entry.opened else b""
        if entry.link is not None and item.event_id != event_id:
            self._altered(entry, "It is stored under another event than its leaf's.")
        if entry.outcome is not None and (
            (item.outcome, item.code) != (entry.outcome.value, entry.code)
        ):
            self._altered(entry, "Its outcome or code is not what its leaf says.")
        sizes = [self._leaves.directory_size_at(entry.index)]
        try:
            proof = self._proof(item.evidence, item.sender, sizes)
            if proof.pers.outcome is not Outcome.SENT:
                raise _other("It says that the envelope was not sent.")
            # What was never opened here has no event and no content here.
            link, content = entry.link, entry.content
            if not entry.opened:
                link = content = None
            proof.check_about(item.digest, link, content)
        except RelaisError as error:
            detail = f"The sender's evidence does not hold: {error.message}"
            self._faults.add(FaultKind.EVIDENCE_ALTERED, entry.index, detail)
            return
        self.claims.add(proof.claim(item.sender, entry))

    def close(self, changed: set[int]) -> None:
        """Say which leaves lack their envelope; ``changed`` are not believed."""
        for entry in self._leaves.entries.values():
            outcome = entry.outcome
            without = {None, Outcome.RECORDED, *OF_LETTERS}
            if outcome in without or entry.index in changed:
                continue
            if entry.index not in self._there:
                detail = f"The leaf says {outcome}; no such envelope is stored."
                self._faults.add(FaultKind.ENVELOPE_MISSING, entry.index, detail)
        self._checkpoints.clear()

    def _entry(
        self, item: SentEnvelope | ReceivedEnvelope, outcomes: frozenset[Outcome]
    ) -> Entry | None:
        """The leaf's entry, if envelope, digest and leaf agree; says if not."""
        digest = envelope_digest(item.envelope)
        entries = self._leaves.entries
        entry = entries.get(item.digest) or entries.get(digest)
        if entry is None:
            detail = "No leaf of this log is about the envelope."
            if digest != item.digest:
                detail += " It is not the one that its digest names."
            self._faults.add(FaultKind.ENVELOPE_UNLOGGED, None, detail)
            return None
        doubled = entry.index in self._there
        self._there.add(entry.index)
        if digest != item.digest:
            self._altered(
                entry, "Header, stanza and ciphertext do not make its digest."
            )
        elif doubled or (entry.outcome is not None and entry.outcome not in outcomes):
            detail = (
                f"The leaf says {entry.outcome}; the envelope is stored as another."
            )
            self._faults.add(FaultKind.ENVELOPE_UNLOGGED, entry.index, detail)
        else:
            return entry
        return None

    def _check_row(
        self,
        item: SentEnvelope | ReceivedEnvelope,
        entry: Entry,
        parties: tuple[str, str],
        peer: str,
    ) -> None:
        try:
            header: Header = decode_header(item.envelope.header)
        except RelaisError as error:
            self._altered(entry, error.message)
            return
        if (header.sender, header.recipient) != parties or (
            header.network != self._identity.network
        ):
            self._altered(entry, "It is stored for other parties than its header's.")
        if entry.counterparty not in {None, peer}:
            self._altered(entry, "It is stored for another member than its leaf's.")
        if header.envelope_id != item.envelope_id:
            self._altered(entry, "It is stored under another id than its header's.")

    def _check_delivery(self, item: SentEnvelope, entry: Entry) -> None:
        """What is stored about the recipient's answer."""
        answers = _ANSWERS.get(item.state)
        if answers is None:
            detail = f"There is no delivery state {item.state!r}."
            self._faults.add(FaultKind.STATE_ALTERED, entry.index, detail)
        elif item.state != "waiting" and not item.receipt:
            detail = f"It is stored as {item.state}, without a receipt."
            self._faults.add(FaultKind.RECEIPT_MISSING, entry.index, detail)
        if not item.receipt:
            return
        try:
            proof = self._receipt(item, entry)
        except RelaisError as error:
            detail = f"The receipt does not hold: {error.message}"
            self._faults.add(FaultKind.RECEIPT_ALTERED, entry.index, detail)
            return
        if answers is not None and proof.pers.outcome not in answers:
            detail = f"It is stored as {item.state}; there is a receipt that says "
            detail += f"{proof.pers.outcome}."
            self._faults.add(FaultKind.STATE_ALTERED, entry.index, detail)
        self.receipts += 1
        self.claims.add(proof.claim(item.recipient, entry))

    def _receipt(self, item: SentEnvelope, entry: Entry) -> _Proof:
        sizes = self._leaves.directory_sizes_since(entry.index)
        proof = self._proof(item.receipt, item.recipient, sizes)
        if proof.pers.outcome not in _TAKEN:
            raise _other(f"It says {proof.pers.outcome}, which is no answer.")
        if is_unopened(content_of(proof.pers)):
            if proof.pers.outcome is not Outcome.REFUSED:
                raise _other("It says that the envelope was taken in unopened.")
            # A refusal unopened commits to the envelope's id and to no content.
            proof.check_about(item.digest, item.envelope_id, None)
        else:
            proof.check_about(item.digest, entry.link, entry.content)
        if proof.evidence.index != item.receipt_index:
            raise _other(f"It is for index {proof.evidence.index}, not as stored.")
        return proof

    def _proof(self, raw: bytes, member: str, sizes: Sequence[int]) -> _Proof:
        """Evidence by ``member`` that holds; raises RelaisError."""
        evidence = decode_evidence(raw, Evidence)
        keys = self._directory.ledger_keys(member, sizes)
        known = sha256(lp(member, evidence.checkpoint, *keys))
        checkpoint = self._checkpoints.get(known)
        if checkpoint is None:
            origin = f"{self._identity.network}/{member}"
            checkpoint = verify_checkpoint(evidence.checkpoint, origin, keys)
            if len(self._checkpoints) >= _CACHED:
                self._checkpoints.clear()
            self._checkpoints[known] = checkpoint
        verify_evidence(evidence, checkpoint)
        return _Proof(evidence, checkpoint, decode_pers(evidence.pers.value))

    def _altered(self, entry: Entry, detail: str) -> None:
        self._faults.add(FaultKind.ENVELOPE_ALTERED, entry.index, detail)


def envelope_digest(envelope: StoredEnvelope) -> bytes:
    """What both ledgers commit to (protocol.md §3), 32 bytes."""
    items = (envelope.header, envelope.stanza, envelope.ciphertext)
    return sha256(lp("relais/v1/env/digest", *items))


def _other(message: str) -> VerificationError:
    return VerificationError("audit.other_subject", message)
