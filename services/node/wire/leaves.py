"""The values under a leaf's commitments, and evidence, as protobuf bytes.

``Evidence`` itself is a value of the ledger floor, above this one; its codec is
told the class.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from relais.ledger.v1 import leaf_pb2
from services.node.domain.errors import InvalidInputError
from services.node.wire.mapping import decode, encode

V = TypeVar("V")


class Outcome(StrEnum):
    """How an event came into a ledger; leaf.proto says each."""

    SENT = "sent"
    RECEIVED = "received"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    RECORDED = "recorded"
    RELAYED = "relayed"
    COLLECTED = "collected"
    EXPIRED = "expired"


#: Of the mailbox's letters: no handoff of this member's, and no envelope.
OF_LETTERS = frozenset({Outcome.RELAYED, Outcome.COLLECTED, Outcome.EXPIRED})


@dataclass(frozen=True, slots=True)
class Meta:
    """Under c_meta: ``day`` counts days since 1970-01-01 on the case clock."""

    step: str
    role: str
    counterparty: str
    day: int
    policy_version: str


@dataclass(frozen=True, slots=True)
class Pers:
    """Under c_pers: 32-byte digest and payload hash, 16-byte previous event."""

    outcome: Outcome
    code: str
    digest: bytes
    payload_hash: bytes
    previous_event: bytes


@dataclass(frozen=True, slots=True)
class DirectoryAdopted:
    """Under c_meta of a kind-2 leaf."""

    size: int
    root: bytes


def encode_meta(meta: Meta) -> bytes:
    """The bytes that c_meta commits to."""
    return encode(meta, leaf_pb2.Meta)


def decode_meta(raw: bytes) -> Meta:
    """What c_meta commits to."""
    return decode(raw, leaf_pb2.Meta, Meta)


def encode_pers(pers: Pers) -> bytes:
    """The bytes that c_pers commits to."""
    return encode(pers, leaf_pb2.Pers)


def decode_pers(raw: bytes) -> Pers:
    """What c_pers commits to."""
    return decode(raw, leaf_pb2.Pers, Pers)


def encode_adopted(adopted: DirectoryAdopted) -> bytes:
    """The bytes that a kind-2 leaf commits to."""
    return encode(adopted, leaf_pb2.DirectoryAdopted)


def encode_evidence(evidence: object) -> bytes:
    """Evidence as it is stored."""
    return encode(evidence, leaf_pb2.Evidence)


def decode_evidence(raw: bytes, evidence_class: type[V]) -> V:
    """Stored evidence; refuses bytes that are not exactly its encoding.

    Protobuf has many encodings of one value; a stored proof has one, so that a
    changed byte never goes unseen.
    """
    evidence = decode(raw, leaf_pb2.Evidence, evidence_class)
    if encode(evidence, leaf_pb2.Evidence) != raw:
        raise InvalidInputError(
            "wire.not_canonical", "The stored evidence is not in its own encoding."
        )
    return evidence
