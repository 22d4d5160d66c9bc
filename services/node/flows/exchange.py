"""What two nodes say to each other, as values; relais.exchange.v1 field for field."""

from __future__ import annotations

from dataclasses import dataclass

from services.node.ledger.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Envelope:
    """A sealed handoff as bytes."""

    header: bytes
    stanza: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class KnownHead:
    """The newest head of the other's ledger that one has seen; size 0 if none.

    ``checkpoint`` is the note that the other signed.
    """

    size: int
    root: bytes
    checkpoint: bytes


#: Most envelopes in one batch; a longer one is refused before it is read.
MOST_CONSIGNMENTS = 256

NO_HEAD = KnownHead(0, b"", b"")


@dataclass(frozen=True, slots=True)
class Growth:
    """A signed checkpoint and the proof that it grew from ``from_size``."""

    checkpoint: bytes
    from_size: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Consignment:
    """An envelope with the evidence that its sender logged it."""

    envelope: Envelope
    evidence: Evidence

    @property
    def size(self) -> int:
        """Bytes of the envelope; its evidence is small beside it."""
        envelope = self.envelope
        return len(envelope.header) + len(envelope.stanza) + len(envelope.ciphertext)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One batch."""

    your_head: KnownHead
    my_growth: Growth
    consignments: tuple[Consignment, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an envelope was not taken."""

    code: str
    message: str
    transient: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to the consignment at ``position``."""

    position: int
    receipt: Evidence | None
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class DeliveryAnswer:
    """The answers to one batch."""

    your_head: KnownHead
    my_growth: Growth
    answers: tuple[Answer, ...]
