"""Statements of a day as they travel: a payload that is of no referral."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from google.protobuf.message import DecodeError

from relais.envelope.v1 import payload_pb2
from services.node.domain.errors import InvalidInputError
from services.node.domain.statements import Statement
from services.node.wire.mapping import encode, from_message

_ID_BYTES = 16
_OF_STATEMENTS = {"event_id", "from", "to", "recorded_at", "policy_version"}
_OF_STATEMENTS |= {"statement"}


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement with who makes it to whom; ``recorded_at`` on the case clock."""

    event_id: bytes
    from_: str
    to: str
    recorded_at: datetime
    policy_version: str
    statement: Statement


def encode_stated(stated: Stated) -> bytes:
    """The bytes that are hashed and sealed."""
    return encode(stated, payload_pb2.Payload)


def decode_stated(raw: bytes) -> Stated | None:
    """The statement that a payload is, or None for another payload.

    Raises InvalidInputError ``wire.malformed`` for bytes that are no payload, and
    ``statement.with_a_step`` for a statement that is a handoff, too.
    """
    message = payload_pb2.Payload()
    try:
        message.ParseFromString(raw)
    except DecodeError as error:
        raise InvalidInputError(
            "wire.malformed", "These bytes are no relais.envelope.v1.Payload."
        ) from error
    if not message.HasField("statement"):
        return None
    set_here = {field.name for field, _ in message.ListFields()}
    if set_here - _OF_STATEMENTS or len(message.event_id) != _ID_BYTES:
        raise InvalidInputError(
            "statement.with_a_step",
            "A statement about a day is of no referral and carries no step.",
        )
    return from_message(message, Stated)
