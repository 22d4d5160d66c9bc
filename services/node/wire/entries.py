"""Directory entries: frozen values to protobuf bytes and back.

Promises: every value here mirrors one message of
``proto/relais/directory/v1/entry.proto`` by its field names; what is decoded is
exactly what was carried. Protobuf lets one value be written in many ways
(fields twice or out of order, unknown fields, long varints) and readers differ
in what they make of them, so bytes that do not encode again to themselves are
refused: two readers of one directory never see two directories.

Leaves to others: which entries are lawful (``directory.fold``) and how entry,
proofs and approvals become one leaf (``directory.leaf``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from google.protobuf.message import DecodeError, Message

from relais.directory.v1 import entry_pb2
from services.node.domain.errors import InvalidInputError
from services.node.domain.offices import Office
from services.node.wire import mapping

V = TypeVar("V")

ENTRY_VERSION = 1
"""The only version of the entry format."""


class SigningPurpose(StrEnum):
    """What a signing key signs."""

    IDENTITY = "identity"
    """Directory entries and approvals."""
    LEDGER = "ledger"
    """Checkpoints of the member's ledger."""
    WITNESS = "witness"
    """Cosignatures under others' checkpoints."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key with its algorithm (protocol.md §1 lists them)."""

    algorithm: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class LocalName:
    """A member's name in one language (BCP 47)."""

    language: str
    name: str


@dataclass(frozen=True, slots=True)
class Description:
    """What a member tells about itself."""

    kind: str
    """province, shelter, liaison, hotline, agency or ministry."""
    functions: tuple[str, ...]
    """Function codes by which rules speak of the member."""
    country: str
    """ISO 3166-1 alpha-2."""
    province: str
    """Slug of the province in which it works; may be empty."""
    names: tuple[LocalName, ...]
    """At most one a language."""
    peers_address: str
    """host:port of the peers listener; empty if the member only dials out."""
    office: Office | None = None
    """When and how people reach it; None if it tells nothing of it."""


@dataclass(frozen=True, slots=True)
class MemberAdd:
    """Admits a member with its first keys."""

    description: Description
    identity_keys: tuple[PublicKey, ...]
    """One ed25519 and one ml-dsa-65."""
    ledger_keys: tuple[PublicKey, ...]
    """One ed25519 and one ml-dsa-44."""


@dataclass(frozen=True, slots=True)
class Founder:
    """A member that founds the network."""

    name: str
    member: MemberAdd


@dataclass(frozen=True, slots=True)
class Genesis:
    """Founds the network; signed by every founder."""

    directory_keys: tuple[PublicKey, ...]
    """One ed25519 and one ml-dsa-44: they sign the directory's heads."""
    founders: tuple[Founder, ...]
    """At least three."""


@dataclass(frozen=True, slots=True)
class MemberChange:
    """Replaces a member's description."""

    description: Description


@dataclass(frozen=True, slots=True)
class KeyAdd:
    """Adds a signing key."""

    purpose: SigningPurpose
    key: PublicKey


@dataclass(frozen=True, slots=True)
class SealingEpoch:
    """One sealing key (x-wing) and its seven days, on the wire clock."""

    key: PublicKey
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SealingEpochs:
    """Publishes sealing keys, consecutive epochs."""

    epochs: tuple[SealingEpoch, ...]


@dataclass(frozen=True, slots=True)
class TlsCert:
    """Publishes a TLS certificate, DER."""

    certificate: bytes


@dataclass(frozen=True, slots=True)
class KeyRetire:
    """Ends a key in good order."""

    key_id: bytes


@dataclass(frozen=True, slots=True)
class KeyCompromised:
    """Reports a key that others may hold since an instant of the wire clock."""

    key_id: bytes
    since: datetime


@dataclass(frozen=True, slots=True)
class MemberSuspend:
    """Stops a member's part in the network for now; a reason code."""

    reason: str


@dataclass(frozen=True, slots=True)
class MemberClose:
    """Ends a member's part in the network; a reason code."""

    reason: str


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """One file of the policy: its name and its CSV in UTF-8."""

    name: str
    csv: bytes


@dataclass(frozen=True, slots=True)
class Policy:
    """Replaces the policy tables."""

    version: str
    tables: tuple[PolicyTable, ...]
    approver_functions: tuple[str, ...]
    """Functions whose members may approve what needs two approvers."""


Change = (
    Genesis
    | MemberAdd
    | MemberChange
    | KeyAdd
    | SealingEpochs
    | TlsCert
    | KeyRetire
    | KeyCompromised
    | MemberSuspend
    | MemberClose
    | Policy
)
"""What one entry changes."""

_ARMS: dict[str, type[Change]] = {
    "genesis": Genesis,
    "member_add": MemberAdd,
    "member_change": MemberChange,
    "key_add": KeyAdd,
    "sealing_epochs": SealingEpochs,
    "tls_cert": TlsCert,
    "key_retire": KeyRetire,
    "key_compromised": KeyCompromised,
    "member_suspend": MemberSuspend,
    "member_close": MemberClose,
    "policy": Policy,
}
_ARM_OF = {value_class: arm for arm, value_class in _ARMS.items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of the directory, as its author wrote it."""

    version: int
    network: str
    subject: str
    """The member that the entry is about; empty for genesis and policy."""
    created_at: datetime
    """Wire clock."""
    change: Change


@dataclass(frozen=True, slots=True)
class Proof:
    """Possession of a signing key: its id and its signature over the entry."""

    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Proofs:
    """The second element of a directory leaf."""

    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Approval:
    """Another member's consent to an entry."""

    approver: str
    base_size: int
    """Directory size at which the approver saw the network."""
    not_after: datetime
    """Wire clock: not valid from then on."""
    ed25519_signature: bytes
    ml_dsa_65_signature: bytes


@dataclass(frozen=True, slots=True)
class Approvals:
    """The third element of a directory leaf."""

    approvals: tuple[Approval, ...]


@dataclass(frozen=True, slots=True)
class DirectoryFile:
    """A whole directory as handed to a node: leaves and signed checkpoint."""

    leaves: tuple[bytes, ...]
    checkpoint: bytes


def encode_entry(entry: Entry) -> bytes:
    """The bytes that proofs and approvals sign."""
    message = entry_pb2.Entry(
        version=entry.version,
        network=entry.network,
        subject=entry.subject,
        created_at=mapping.to_millis(entry.created_at),
    )
    arm: Any = getattr(message, _ARM_OF[type(entry.change)])
    arm.CopyFrom(mapping.to_message(entry.change, type(arm)))
    arm.SetInParent()
    return message.SerializeToString(deterministic=True)


def decode_entry(raw: bytes) -> Entry:
    """The entry that ``raw`` carries.

    Raises ``InvalidInputError``: ``wire.malformed``, ``wire.unknown_version``,
    ``wire.unknown_content`` (no change, or one that this version does not
    know), ``wire.unknown_code``, ``wire.bad_instant``, ``wire.not_canonical``.
    """
    message = entry_pb2.Entry()
    try:
        message.ParseFromString(raw)
    except DecodeError as error:
        raise InvalidInputError(
            "wire.malformed", "These bytes are no directory entry."
        ) from error
    if message.version != ENTRY_VERSION:
        raise InvalidInputError(
            "wire.unknown_version",
            f"A directory entry of version {message.version}; expected 1.",
        )
    arm = message.WhichOneof("change")
    if arm is None:
        raise InvalidInputError(
            "wire.unknown_content",
            "The entry holds no change that this version knows.",
        )
    entry = Entry(
        version=message.version,
        network=message.network,
        subject=message.subject,
        created_at=mapping.from_millis(message.created_at),
        change=mapping.from_message(getattr(message, arm), _ARMS[arm]),
    )
    _require_canonical(raw, encode_entry(entry), "entry")
    return entry


def encode_proofs(proofs: Proofs) -> bytes:
    """The second element of a directory leaf."""
    return mapping.encode(proofs, entry_pb2.Proofs)


def decode_proofs(raw: bytes) -> Proofs:
    """The proofs that ``raw`` carries; raises like :func:`decode_entry`."""
    return _decode(raw, entry_pb2.Proofs, Proofs)


def encode_approvals(approvals: Approvals) -> bytes:
    """The third element of a directory leaf."""
    return mapping.encode(approvals, entry_pb2.Approvals)


def decode_approvals(raw: bytes) -> Approvals:
    """The approvals that ``raw`` carries; raises like :func:`decode_entry`."""
    return _decode(raw, entry_pb2.Approvals, Approvals)


def encode_directory_file(file: DirectoryFile) -> bytes:
    """The bytes of a whole directory."""
    return mapping.encode(file, entry_pb2.DirectoryFile)


def decode_directory_file(raw: bytes) -> DirectoryFile:
    """The directory that ``raw`` carries; raises like :func:`decode_entry`."""
    return _decode(raw, entry_pb2.DirectoryFile, DirectoryFile)


def _decode(raw: bytes, message_class: type[Message], value_class: type[V]) -> V:
    value = mapping.decode(raw, message_class, value_class)
    name = message_class.DESCRIPTOR.name
    _require_canonical(raw, mapping.encode(value, message_class), name)
    return value


def _require_canonical(raw: bytes, again: bytes, what: str) -> None:
    if raw != again:
        raise InvalidInputError(
            "wire.not_canonical",
            f"These bytes are not the one encoding of their {what}: a field "
            "stands twice, out of order, or is not known to this version.",
        )
