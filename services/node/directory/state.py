"""Who is who: the directory after a number of leaves, as values.

Promises: immutable values that answer who a member is, which keys it had at any
size of the directory, whose certificate this is, to which key to seal. Nothing
is forgotten: what ended is kept with the leaf that ended it, so that what was
true then stays answerable. Leaves to ``directory.fold`` how entries change it.
Sizes count leaves; indexes count from 0; instants are on the wire clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from services.node.domain.errors import (
    NotFoundError,
    NotPermittedError,
    UnavailableError,
)
from services.node.keys.suites import ED25519
from services.node.ledger.merkle import EMPTY_ROOT
from services.node.wire.entries import Description, PublicKey, SigningPurpose


def _nothing() -> Mapping[Any, Any]:
    """The empty read-only mapping."""
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Life:
    """From which leaf to which leaf a key or certificate is good."""

    added_at: int
    """Index of the leaf that added it."""
    ended_at: int | None = None
    """Index of the leaf that retired it or reported it compromised."""
    compromised_since: datetime | None = None
    """Since when others may hold it; None unless reported."""

    @property
    def live(self) -> bool:
        """Nothing has ended it yet."""
        return self.ended_at is None

    def holds_at(self, size: int) -> bool:
        """Whether it was good in the directory of the first ``size`` leaves."""
        ended = self.ended_at is not None and self.ended_at < size
        return self.added_at < size and not ended


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A member's identity, ledger or witness key."""

    purpose: SigningPurpose
    algorithm: str
    raw: bytes
    key_id: bytes
    life: Life


@dataclass(frozen=True, slots=True)
class SealingEpochKey:
    """An x-wing key and the week in which others seal to it."""

    raw: bytes
    key_id: bytes
    begins_at: datetime
    ends_at: datetime
    life: Life
    stale: bool = False
    """True if it was chosen though its week is over: nothing newer is known."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A TLS certificate and the id of its key (``p256-der``)."""

    fingerprint: bytes
    """SHA-256 of the DER."""
    der: bytes
    key_id: bytes
    life: Life


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation of the network, with everything it ever listed."""

    name: str
    description: Description
    founder: bool
    joined_at: int
    """Index of the leaf that admitted it."""
    described_at: int
    """Index of the leaf that said last what it is and how it is reached."""
    identity_keys: tuple[SigningKey, ...]
    ledger_keys: tuple[SigningKey, ...]
    witness_keys: tuple[SigningKey, ...] = ()
    sealing_epochs: tuple[SealingEpochKey, ...] = ()
    certificate_history: tuple[Certificate, ...] = ()
    suspended_at: int | None = None
    closed_at: int | None = None

    @property
    def kind(self) -> str:
        """province, shelter, liaison, hotline, agency or ministry."""
        return self.description.kind

    @property
    def functions(self) -> tuple[str, ...]:
        """Function codes by which rules speak of it."""
        return self.description.functions

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2."""
        return self.description.country

    @property
    def province(self) -> str:
        """Slug of its province; may be empty."""
        return self.description.province

    @property
    def names(self) -> Mapping[str, str]:
        """Names by BCP 47 language."""
        return {each.language: each.name for each in self.description.names}

    @property
    def peers_address(self) -> str:
        """host:port of its peers listener; empty if it only dials out."""
        return self.description.peers_address

    @property
    def suspended(self) -> bool:
        """It takes no part for now."""
        return self.suspended_at is not None

    @property
    def closed(self) -> bool:
        """It takes no part any more."""
        return self.closed_at is not None

    @property
    def active(self) -> bool:
        """Neither suspended nor closed."""
        return not (self.suspended or self.closed)

    @property
    def certificates(self) -> Mapping[bytes, bytes]:
        """DER by fingerprint of the certificates that nothing has ended.

        One whose time has run out stays listed; TLS itself refuses it.
        """
        return {
            each.fingerprint: each.der
            for each in self.certificate_history
            if each.life.live
        }

    def lists(self, fingerprint: bytes) -> bool:
        """Whether it lists this certificate now; asked on every call of a peer."""
        return any(
            each.fingerprint == fingerprint and each.life.live
            for each in self.certificate_history
        )

    def signing_keys(self) -> tuple[SigningKey, ...]:
        """Identity, ledger and witness keys, ended ones too."""
        return self.identity_keys + self.ledger_keys + self.witness_keys


@dataclass(frozen=True, slots=True)
class PolicyState:
    """The policy in force."""

    version: str
    tables: Mapping[str, bytes]
    """CSV in UTF-8 by name of table."""
    approver_functions: tuple[str, ...]
    adopted_at: int
    """Index of its leaf."""


@dataclass(frozen=True, slots=True)
class VoidEntry:
    """A leaf that broke a rule and so changed nothing."""

    index: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Directory:
    """The network after ``size`` leaves."""

    network: str
    size: int = 0
    root: bytes = EMPTY_ROOT
    genesis: bytes | None = None
    """Leaf hash of the first leaf if it holds; None before."""
    time: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    """The latest ``created_at`` of any entry that holds."""
    directory_keys: tuple[PublicKey, ...] = ()
    """Keys that sign heads: one ed25519 and one ml-dsa-44."""
    members: Mapping[str, Member] = field(default_factory=_nothing)
    policy: PolicyState | None = None
    policy_versions: frozenset[str] = frozenset()
    """Every version that was ever adopted."""
    void: tuple[VoidEntry, ...] = ()
    owners: Mapping[bytes, str] = field(default_factory=_nothing, repr=False)
    """Who listed each key id first; never forgets."""
    applied: frozenset[bytes] = field(default=frozenset(), repr=False)
    """SHA-256 of every entry that holds: none is applied twice."""
    peaks: Mapping[tuple[int, int], bytes] = field(default_factory=_nothing, repr=False)
    """Hashes of the complete subtrees, by (level, index), that make the root."""

    def member(self, name: str) -> Member:
        """The member of this name; ``NotFoundError`` (directory.unknown_member)."""
        if name not in self.members:
            raise NotFoundError(
                "directory.unknown_member",
                "The directory lists no member of that name.",
            )
        return self.members[name]

    def active_member(self, name: str) -> Member:
        """The member of this name, if it takes part now.

        Raises ``NotFoundError`` (directory.unknown_member) and
        ``NotPermittedError`` (directory.suspended, directory.closed).
        """
        member = self.member(name)
        if member.closed:
            raise NotPermittedError("directory.closed", "The member has left.")
        if member.suspended:
            raise NotPermittedError("directory.suspended", "The member is suspended.")
        return member

    def member_of_certificate(self, fingerprint: bytes) -> Member | None:
        """The active member that lists this certificate, and nobody else."""
        for member in self.members.values():
            if member.active and member.lists(fingerprint):
                return member
        return None

    def members_with(self, function: str) -> tuple[Member, ...]:
        """The active members that hold a function, by name."""
        return tuple(
            member
            for _, member in sorted(self.members.items())
            if member.active and function in member.functions
        )

    @property
    def approvers(self) -> frozenset[str]:
        """Names of the active members that may approve; founders until a policy."""
        return frozenset(
            member.name
            for member in self.members.values()
            if member.active and self._may_approve(member)
        )

    def _may_approve(self, member: Member) -> bool:
        if self.policy is None:
            return member.founder
        return not set(member.functions).isdisjoint(self.policy.approver_functions)

    @property
    def head_key(self) -> bytes:
        """Raw Ed25519 key that signs the directory's heads."""
        for key in self.directory_keys:
            if key.algorithm == ED25519:
                return key.raw
        raise NotFoundError(
            "directory.no_genesis", "The directory does not begin with a genesis."
        )

    def ledger_keys_at(self, name: str, size: int) -> tuple[bytes, ...]:
        """Raw Ed25519 ledger keys good in the first ``size`` leaves, oldest first.

        Retired and compromised keys are good at sizes up to the leaf that ended
        them. Empty if the member was not there yet. Whether it takes part is
        asked of ``active_member``. Raises ``NotFoundError``
        (directory.unknown_member) and ``UnavailableError``
        (directory.newer_needed) for a size not reached here.
        """
        if not 0 <= size <= self.size:
            raise UnavailableError(
                "directory.newer_needed",
                f"The directory here has {self.size} leaves; asked at {size}.",
            )
        return tuple(
            key.raw
            for key in self.member(name).ledger_keys
            if key.algorithm == ED25519 and key.life.holds_at(size)
        )

    def sealing_key_for(self, name: str, now: datetime) -> SealingEpochKey:
        """The key to seal to at ``now`` (wire clock).

        The live epoch that holds ``now``; if there is none, the newest that has
        begun, marked stale. Raises as ``active_member``, and ``NotFoundError``
        (directory.no_sealing_key) if none has begun.
        """
        begun = [
            epoch
            for epoch in self.active_member(name).sealing_epochs
            if epoch.life.live and epoch.begins_at <= now
        ]
        if not begun:
            raise NotFoundError(
                "directory.no_sealing_key",
                "The member lists no sealing key whose week has begun.",
            )
        newest = max(begun, key=lambda epoch: epoch.begins_at)
        return newest if now < newest.ends_at else replace(newest, stale=True)
