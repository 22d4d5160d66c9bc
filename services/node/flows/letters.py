"""Letters: what one node says to another where neither can be dialled.

Promises: a letter is padded to a bucket and sealed to its recipient alone, bound to
recipient and day; whoever keeps it meanwhile sees its label and its length. Leaves
to the mailbox's flows what is kept and for how long, and to the reader every check
of what the letter brings: a letter itself proves nothing about who wrote it, the
evidence in it does (protocol.md §4, *Mailbox*).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from services.node.directory.state import Directory
from services.node.domain.errors import InvalidInputError, VerificationError
from services.node.flows.exchange import Delivery, DeliveryAnswer, Growth
from services.node.flows.own import OwnMember
from services.node.keys.encoding import lp, sha256
from services.node.keys.sealing_keys import STANZA_OVERHEAD, hpke_seal
from services.node.sealing.padding import BUCKETS, bucket, pad, unpad
from services.node.wire.letters import (
    Label,
    decode_label,
    decode_letter,
    encode_label,
    encode_letter,
)

_INFO = "relais/v1/mailbox"
_KEY_ID_BYTES = 32


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said: one of ``batch`` and ``answer``.

    ``growths`` lead to one head from each that the reader may know by then.
    ``begin_again`` says that none of a letter before fitted.
    """

    sender: str
    batch: Delivery | None
    answer: DeliveryAnswer | None
    growths: tuple[Growth, ...]
    begin_again: bool = False


@dataclass(frozen=True, slots=True)
class Bundle:
    """A sealed letter with its label, as bytes."""

    label: bytes
    sealed: bytes

    @property
    def digest(self) -> bytes:
        """What names the letter, 32 bytes."""
        return sha256(self.label + self.sealed)

    def __len__(self) -> int:
        return len(self.label) + len(self.sealed)


def seal_letter(
    directory: Directory, recipient: str, letter: Letter, now: datetime
) -> Bundle:
    """A letter sealed to the recipient's current key; ``now`` on the wire clock."""
    key = directory.sealing_key_for(recipient, now)
    padded = pad(encode_letter(letter))
    day = now.astimezone(UTC).date().isoformat()
    label = Label(recipient, key.key_id, len(padded), day)
    sealed = hpke_seal(key.raw, letter_info(recipient, day), padded)
    return Bundle(encode_label(label), sealed)


def open_letter(own: OwnMember, bundle: Bundle) -> Letter:
    """What a letter to this member says; raises VerificationError or InvalidInput."""
    label = check_label(bundle)
    if label.recipient != own.name:
        raise InvalidInputError(
            "letter.misaddressed", "The letter is addressed to another member."
        )
    private = own.keys.sealing.get(label.sealing_key_id)
    if private is None:
        raise VerificationError(
            "letter.unknown_key",
            "The letter is sealed to a key that this member does not hold.",
        )
    info = letter_info(label.recipient, label.day)
    raw, _ = unpad(private.open(bundle.sealed, info))
    letter = decode_letter(raw, Letter)
    if (letter.batch is None) == (letter.answer is None):
        raise InvalidInputError(
            "letter.malformed", "The letter brings neither a batch nor an answer."
        )
    if not letter.growths:
        raise InvalidInputError("letter.malformed", "The letter has no growth.")
    return letter


def check_label(bundle: Bundle) -> Label:
    """The label, if it fits the sealed bytes; raises InvalidInputError."""
    label = decode_label(bundle.label)
    fits = (
        len(label.sealing_key_id) == _KEY_ID_BYTES
        and encode_label(label) == bundle.label
        and label.bucket >= BUCKETS[0]
        and bucket(label.bucket) == label.bucket
        and len(bundle.sealed) == label.bucket + STANZA_OVERHEAD
    )
    if not fits:
        raise InvalidInputError(
            "letter.malformed",
            "The letter's label is not in its own encoding, or its length is of no"
            " bucket.",
            remedy="Pad and seal the letter as the protocol says.",
        )
    return label


def letter_info(recipient: str, day: str) -> bytes:
    """What binds a sealed letter to its recipient and day."""
    return lp(_INFO, recipient, day)
