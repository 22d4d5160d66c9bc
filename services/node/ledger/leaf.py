"""Leaves: 98 bytes that commit to an event and say nothing about a person.

Promises: leaves, commitments and salts exactly as protocol.md §5 writes them.
Leaves what is committed to (protobuf bytes, as carried) to ``wire``, and the life
of the keys to ``store``. Commitments are SHA-256 over LP with a secret salt.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.keys.encoding import HASH_LENGTH, hkdf, lp, sha256

#: Length of every leaf, in bytes.
LEAF_LENGTH = 98

_VERSION = 0x01
_ZERO = bytes(HASH_LENGTH)
_SLOTS = 3

#: The three things a leaf commits to.
Slot = Literal["meta", "pers", "link"]


class Kind(IntEnum):
    """What a leaf records."""

    #: An event, or a dummy that looks like one.
    EVENT = 1
    #: The directory head that was adopted.
    DIRECTORY = 2
    #: The ledger moves to another origin.
    ROTATION = 5


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf taken apart; the commitments are 32 bytes each."""

    kind: Kind
    c_meta: bytes
    c_pers: bytes
    c_link: bytes

    def to_bytes(self) -> bytes:
        """The 98 bytes of the leaf."""
        return bytes((_VERSION, self.kind)) + self.c_meta + self.c_pers + self.c_link

    @classmethod
    def from_bytes(cls, raw: bytes) -> Leaf:
        """Take a leaf apart.

        Raises ``VerificationError`` (``ledger.bad_leaf``) for another length,
        version or kind, and for a leaf of kind 2 or 5 that holds more than its
        head.
        """
        if len(raw) != LEAF_LENGTH or raw[0] != _VERSION:
            raise VerificationError(
                "ledger.bad_leaf",
                f"A leaf has {len(raw)} bytes; expected {LEAF_LENGTH} of version "
                f"{_VERSION}.",
            )
        try:
            kind = Kind(raw[1])
        except ValueError as error:
            raise VerificationError(
                "ledger.bad_leaf", f"A leaf has kind {raw[1]}, which is not known."
            ) from error
        leaf = cls(kind, raw[2:34], raw[34:66], raw[66:98])
        if kind is not Kind.EVENT and (leaf.c_pers != _ZERO or leaf.c_link != _ZERO):
            raise VerificationError(
                "ledger.bad_leaf", f"A leaf of kind {kind} holds more than a head."
            )
        return leaf


def commit(which: Slot, salt: bytes, value: bytes) -> bytes:
    """The commitment SHA-256(LP("relais/v1/c-" which, salt, value)), 32 bytes.

    Raises ``InvalidInputError`` (``ledger.bad_salt``) unless the salt has 32 bytes.
    """
    if len(salt) != HASH_LENGTH:
        raise InvalidInputError(
            "ledger.bad_salt", f"A salt has {len(salt)} bytes; expected {HASH_LENGTH}."
        )
    return sha256(lp(f"relais/v1/c-{which}", salt, value))


def salt_pers(key: bytes, digest_or_event_id: bytes) -> bytes:
    """The salt of c_pers, 32 bytes; dies with ``key``.

    ``key`` is the case key, or the referral key where there is no case, or the
    audit key where the envelope was never opened. The context is the envelope's
    digest, or the event id where there is no envelope.
    """
    return hkdf(key, "relais/v1/salt-pers", digest_or_event_id)


def salt_meta(audit_key: bytes, digest_or_event_id: bytes) -> bytes:
    """The salt of c_meta, 32 bytes; dies with the retention year's audit key."""
    return hkdf(audit_key, "relais/v1/salt-meta", digest_or_event_id)


def salt_link(audit_key: bytes, digest_or_event_id: bytes) -> bytes:
    """The salt of c_link, 32 bytes; dies with the retention year's audit key."""
    return hkdf(audit_key, "relais/v1/salt-link", digest_or_event_id)


def event_leaf(c_meta: bytes, c_pers: bytes, c_link: bytes) -> bytes:
    """The leaf of an event, from its three commitments of 32 bytes."""
    return _leaf(Kind.EVENT, c_meta, c_pers, c_link)


def directory_leaf(head: bytes) -> bytes:
    """The kind-2 leaf for an adopted directory head (DirectoryAdopted bytes)."""
    return _leaf(Kind.DIRECTORY, commit("meta", _ZERO, head), _ZERO, _ZERO)


def rotation_leaf(head: bytes) -> bytes:
    """The kind-5 leaf that holds the last good head of the closed origin."""
    return _leaf(Kind.ROTATION, commit("meta", _ZERO, head), _ZERO, _ZERO)


def dummy_leaf(audit_key: bytes, index: int) -> bytes:
    """The dummy at ``index``: provable by its derivation, an event to strangers."""
    drawn = hkdf(audit_key, "relais/v1/dummy", index, length=_SLOTS * HASH_LENGTH)
    return bytes((_VERSION, Kind.EVENT)) + drawn


def _leaf(kind: Kind, *commitments: bytes) -> bytes:
    if any(len(each) != HASH_LENGTH for each in commitments):
        raise InvalidInputError(
            "ledger.bad_commitment", f"A commitment has {HASH_LENGTH} bytes."
        )
    return Leaf(kind, *commitments).to_bytes()
