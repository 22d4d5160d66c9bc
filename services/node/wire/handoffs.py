"""Headers and payloads of envelopes: bytes to values and back.

Header and payload are hashed as the bytes that travel; nobody ever encodes a
value again to check a hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from relais.casefile.v1 import attachment_pb2, record_pb2
from relais.envelope.v1 import header_pb2, payload_pb2
from services.node.domain.attachments import Description
from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import BODY_OF, Handoff
from services.node.domain.records import CategoryRecord, ConsentCopy
from services.node.wire.mapping import decode, encode

ENVELOPE_VERSION = 1
_ID_BYTES, _HASH_BYTES = 16, 32
SUITE = 1


@dataclass(frozen=True, slots=True)
class DirectoryHead:
    """A state of the directory: number of entries and 32-byte root."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """The header of an envelope; instants on the wire clock."""

    version: int
    suite: int
    envelope_id: bytes
    network: str
    sender: str
    recipient: str
    sealing_key_id: bytes
    directory: DirectoryHead
    created_at: datetime
    expires_at: datetime
    key_commit: bytes
    padded_len: int


def encode_header(header: Header) -> bytes:
    """The bytes that are hashed and sent."""
    return encode(header, header_pb2.Header)


def decode_header(raw: bytes) -> Header:
    """A header; raises InvalidInputError for bytes that are none."""
    header = decode(raw, header_pb2.Header, Header)
    if (len(header.envelope_id), len(header.key_commit)) != (_ID_BYTES, _HASH_BYTES):
        raise InvalidInputError(
            "envelope.malformed", "The header's envelope_id or key_commit is short."
        )
    return header


def encode_payload(handoff: Handoff) -> bytes:
    """The bytes that are hashed and sealed."""
    return encode(handoff, payload_pb2.Payload)


def decode_payload(raw: bytes) -> Handoff:
    """A handoff; raises InvalidInputError unless body and step agree."""
    handoff = decode(raw, payload_pb2.Payload, Handoff)
    if not isinstance(handoff.body, BODY_OF[handoff.step]):
        raise InvalidInputError(
            "envelope.body_mismatch",
            f"The body is no body of the step {handoff.step}.",
        )
    if (len(handoff.event_id), len(handoff.referral_id)) != (_ID_BYTES, _ID_BYTES):
        raise InvalidInputError(
            "envelope.malformed", "The payload's event_id or referral_id is short."
        )
    return handoff


def encode_record(record: CategoryRecord) -> bytes:
    """One data category as it is sealed, at rest and in parts."""
    return encode(record, record_pb2.CategoryRecord)


def decode_record(raw: bytes) -> CategoryRecord:
    """One data category; raises InvalidInputError for bytes that are none."""
    return decode(raw, record_pb2.CategoryRecord, CategoryRecord)


def encode_consent(consent: ConsentCopy) -> bytes:
    """A consent record as it is sealed at rest."""
    return encode(consent, record_pb2.ConsentCopy)


def decode_consent(raw: bytes) -> ConsentCopy:
    """A consent record; raises InvalidInputError for bytes that are none."""
    return decode(raw, record_pb2.ConsentCopy, ConsentCopy)


def encode_description(description: Description) -> bytes:
    """What an attachment is, as it is sealed."""
    return encode(description, attachment_pb2.Description)


def decode_description(raw: bytes) -> Description:
    """The same; raises InvalidInputError for bytes that are none."""
    return decode(raw, attachment_pb2.Description, Description)
