"""Letters by mailbox: their labels and contents as protobuf bytes.

``Letter`` itself is a value of the flows, above this floor; its codec is told the
class.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from relais.mailbox.v1 import mailbox_pb2
from services.node.wire.mapping import decode, encode

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Label:
    """What the mailbox is told: ``bucket`` in bytes, ``day`` as 2018-03-05."""

    recipient: str
    sealing_key_id: bytes
    bucket: int
    day: str


def encode_label(label: Label) -> bytes:
    """The bytes that are hashed and sent."""
    return encode(label, mailbox_pb2.Label)


def decode_label(raw: bytes) -> Label:
    """A label; raises InvalidInputError for bytes that are none."""
    return decode(raw, mailbox_pb2.Label, Label)


def encode_letter(letter: object) -> bytes:
    """The contents that are padded and sealed."""
    return encode(letter, mailbox_pb2.Letter)


def decode_letter(raw: bytes, letter_class: type[V]) -> V:
    """What was sealed; raises InvalidInputError for bytes that are no letter."""
    return decode(raw, mailbox_pb2.Letter, letter_class)
