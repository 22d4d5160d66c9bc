"""A node's log as an auditor gets it: frozen values, and the file of a log.

Promises: every value mirrors one message of relais.audit.v1 by its field names.
A file, of a whole log or an extract, is read one item at a time, in the contract's
order, from the identity to the head, and is refused where it is cut short or is not
exactly what an export writes. Rows are carried as their database holds them: whether
they are right is the verifier's question. Integers are signed, because a changed row
may hold any.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO

from google.protobuf.message import DecodeError

from relais.audit.v1 import audit_pb2
from services.node.domain.errors import InvalidInputError
from services.node.wire.mapping import encode, from_message, to_message

LOG_VERSION = 1
"""The only version of the format."""

MAX_ITEM = 64 << 20
"""Longest item of a file, in bytes (64 MiB)."""

_VARINT_BITS = 7
_LONGEST_VARINT = 4


class OpeningState(StrEnum):
    """Why an opening is there or not; audit.proto says each."""

    OPENED = "opened"
    ABSENT = "absent"
    ERASED = "erased"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class OpenedCommitment:
    """What a commitment commits to: its salt (32 bytes) and value, as hashed."""

    salt: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class StoredEnvelope:
    """An envelope as stored."""

    header: bytes
    stanza: bytes
    ciphertext: bytes


@dataclass(frozen=True, slots=True)
class LogIdentity:
    """Whose log this is, and the head of the directory that it goes by."""

    version: int
    network: str
    member: str
    directory_checkpoint: bytes
    directory_size: int
    directory_root: bytes


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One leaf of the directory."""

    leaf: bytes


@dataclass(frozen=True, slots=True)
class LoggedLeaf:
    """One leaf with what opens it; meta and link are sealed as one."""

    index: int
    leaf: bytes
    subject: bytes
    meta: OpenedCommitment | None
    pers: OpenedCommitment | None
    link: OpenedCommitment | None
    public_state: OpeningState
    pers_state: OpeningState


@dataclass(frozen=True, slots=True)
class StoredNode:
    """The stored hash of a complete subtree."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A head that was signed, under the size it is stored with."""

    size: int
    note: bytes


@dataclass(frozen=True, slots=True)
class SentEnvelope:
    """An envelope sent; ``receipt`` is the recipient's Evidence or empty."""

    recipient: str
    envelope: StoredEnvelope
    digest: bytes
    envelope_id: bytes
    event_id: bytes
    receipt: bytes
    receipt_index: int
    state: str


@dataclass(frozen=True, slots=True)
class ReceivedEnvelope:
    """An envelope received; ``evidence`` is the sender's Evidence."""

    sender: str
    envelope: StoredEnvelope
    digest: bytes
    envelope_id: bytes
    event_id: bytes
    evidence: bytes
    outcome: str
    code: str


@dataclass(frozen=True, slots=True)
class LogHead:
    """The head as it stands."""

    origin: str
    size: int
    root: bytes
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class ExtractIdentity:
    """What an extract is of; code and instant are said and proved by nothing."""

    log: LogIdentity
    code: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ProvedLeaf:
    """A leaf with its RFC 6962 audit path, from the leaf's sibling up."""

    logged: LoggedLeaf
    path: tuple[bytes, ...]


LogItem = (
    LogIdentity
    | DirectoryEntry
    | LoggedLeaf
    | StoredNode
    | StoredCheckpoint
    | SentEnvelope
    | ReceivedEnvelope
    | LogHead
    | ExtractIdentity
    | ProvedLeaf
)
"""One item of a log or of an extract."""

_ARMS: dict[str, type[LogItem]] = {
    "identity": LogIdentity,
    "entry": DirectoryEntry,
    "leaf": LoggedLeaf,
    "node": StoredNode,
    "checkpoint": StoredCheckpoint,
    "sent": SentEnvelope,
    "received": ReceivedEnvelope,
    "head": LogHead,
    "extract": ExtractIdentity,
    "proved": ProvedLeaf,
}
_ARM_OF = {value_class: arm for arm, value_class in _ARMS.items()}
_LOG: tuple[type[LogItem], ...] = (
    LogIdentity,
    DirectoryEntry,
    LoggedLeaf,
    StoredNode,
    StoredCheckpoint,
    SentEnvelope,
    ReceivedEnvelope,
    LogHead,
)
_EXTRACT: tuple[type[LogItem], ...] = (
    ExtractIdentity,
    DirectoryEntry,
    ProvedLeaf,
    SentEnvelope,
    ReceivedEnvelope,
    LogHead,
)


@dataclass(frozen=True, slots=True)
class _Request:
    officer: str


@dataclass(frozen=True, slots=True)
class _OfSome:
    officer: str
    code: str
    indexes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _OfOwn:
    officer: str
    code: str


def encode_export_request(officer: str) -> bytes:
    """The request for a whole log, as the auditor ``officer``."""
    return encode(_Request(officer), audit_pb2.ExportRequest)


def encode_extract_request(officer: str, code: str, indexes: tuple[int, ...]) -> bytes:
    """The request for an extract, as the auditor ``officer``."""
    return encode(_OfSome(officer, code, indexes), audit_pb2.ExtractRequest)


def encode_own_extract_request(officer: str, code: str) -> bytes:
    """The request for an extract of what the unit of ``officer`` works on."""
    return encode(_OfOwn(officer, code), audit_pb2.ExtractOwnRequest)


def extracted_item(raw: bytes) -> bytes:
    """The item that an ExtractResponse or ExtractOwnResponse carries."""
    found: bytes = audit_pb2.ExtractResponse.FromString(raw).item
    return found


def item_to_message(item: LogItem) -> audit_pb2.ExportResponse:
    """An item as it is streamed."""
    message = audit_pb2.ExportResponse()
    arm: Any = getattr(message, _ARM_OF[type(item)])
    arm.CopyFrom(to_message(item, type(arm)))
    arm.SetInParent()
    return message


def encode_item(item: LogItem) -> bytes:
    """The bytes of an item."""
    raw: bytes = item_to_message(item).SerializeToString(deterministic=True)
    return raw


def decode_item(raw: bytes) -> LogItem:
    """The item that ``raw`` carries.

    Raises ``InvalidInputError``: ``wire.malformed``, ``wire.unknown_content``,
    ``wire.unknown_code``, and ``wire.not_canonical`` for bytes that no export
    writes.
    """
    message = audit_pb2.ExportResponse()
    try:
        message.ParseFromString(raw)
    except DecodeError as error:
        raise InvalidInputError(
            "wire.malformed", "These bytes are no item of a log."
        ) from error
    arm = message.WhichOneof("item")
    if arm is None:
        raise InvalidInputError(
            "wire.unknown_content", "An item holds nothing that this version knows."
        )
    item = from_message(getattr(message, arm), _ARMS[arm])
    if encode_item(item) != raw:
        raise InvalidInputError(
            "wire.not_canonical", "An item of a log is not in its own encoding."
        )
    return item


def framed(raw: bytes) -> bytes:
    """An item's bytes after their length, as they stand in a file."""
    length, prefix = len(raw), bytearray()
    while length >> _VARINT_BITS:
        prefix.append(length & 0x7F | 0x80)
        length >>= _VARINT_BITS
    prefix.append(length)
    return bytes(prefix) + raw


def read_log(stream: BinaryIO, where: str) -> Iterator[LogItem]:
    """The items of a file in order, one in memory at a time.

    ``where`` names the file in errors. Raises ``InvalidInputError``:
    ``audit.truncated_file`` if it ends before the head, ``audit.corrupt_file``
    for anything that is no item, stands out of order or follows the head.
    """
    return _in_order(stream, where, _LOG)


def read_extract(stream: BinaryIO, where: str) -> Iterator[LogItem]:
    """The items of an extract's file; otherwise as ``read_log``."""
    return _in_order(stream, where, _EXTRACT)


def is_extract(stream: BinaryIO, where: str) -> bool:
    """Whether a file is an extract; it is read from its beginning afterwards.

    Raises ``InvalidInputError`` as ``read_log`` does if it does not begin as either.
    """
    found = _item_at(stream, where, stream.tell())
    stream.seek(0)
    return isinstance(found, ExtractIdentity)


def _in_order(
    stream: BinaryIO, where: str, order: tuple[type[LogItem], ...]
) -> Iterator[LogItem]:
    places = {value_class: place for place, value_class in enumerate(order)}
    last = len(order) - 1
    place = -1
    while (start := _tell(stream)) is not None and place < last:
        item = _item_at(stream, where, start)
        new_place = places.get(type(item), -1)
        single = new_place in {0, last}
        if place < 0 != new_place or new_place < place + single:
            raise _corrupt(where, start, "its items are out of order")
        place = new_place
        yield item
    if place < last:
        raise _truncated(where)
    if stream.read(1):
        raise _corrupt(where, stream.tell() - 1, "something follows the head")


def _tell(stream: BinaryIO) -> int | None:
    """Where the next item begins, or None at the end."""
    start = stream.tell()
    if not stream.read(1):
        return None
    stream.seek(start)
    return start


def _item_at(stream: BinaryIO, where: str, start: int) -> LogItem:
    length = _length(stream, where, start)
    raw = stream.read(length)
    if len(raw) < length:
        raise _truncated(where)
    try:
        return decode_item(raw)
    except InvalidInputError as error:
        raise _corrupt(where, start, error.message) from error


def _length(stream: BinaryIO, where: str, start: int) -> int:
    length = 0
    for position in range(_LONGEST_VARINT):
        byte = stream.read(1)
        if not byte:
            raise _truncated(where)
        length |= (byte[0] & 0x7F) << (_VARINT_BITS * position)
        if byte[0] < 0x80:  # noqa: PLR2004 - the varint's continuation bit
            if byte[0] == 0 or length > MAX_ITEM:
                break
            return length
    raise _corrupt(where, start, "no item has such a length")


def _truncated(where: str) -> InvalidInputError:
    return InvalidInputError(
        "audit.truncated_file",
        "The file ends before the head of its log.",
        where=where,
        remedy="Export the log again.",
    )


def _corrupt(where: str, position: int, why: str) -> InvalidInputError:
    return InvalidInputError(
        "audit.corrupt_file",
        f"The file is not what an export writes: {why}",
        where=f"{where}, byte {position}",
        remedy="Export the log again.",
    )
