"""One envelope as it arrives: everything that can be checked without the case.

The order of checks is that of protocol.md §3. What fails before the sender's
evidence holds is refused without a leaf: nobody has proved that it was sent.
What fails afterwards for good is logged like a receipt; what may succeed later
is neither.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.node.domain.errors import (
    InvalidInputError,
    UnavailableError,
    VerificationError,
)
from services.node.domain.handoff import Handoff
from services.node.domain.statements import check_statement, utc_day
from services.node.flows.compose import expires_at
from services.node.flows.exchange import Consignment
from services.node.flows.own import OwnMember
from services.node.ledger.checkpoint import Checkpoint
from services.node.ledger.evidence import verify_evidence
from services.node.sealing.envelope import digest, open_envelope, payload_hash
from services.node.wire.handoffs import (
    ENVELOPE_VERSION,
    SUITE,
    Header,
    decode_header,
    decode_payload,
)
from services.node.wire.leaves import Outcome, Pers, decode_pers
from services.node.wire.statements import Stated, decode_stated

#: How far a peer's clock may be ahead before a warning, and before a refusal.
SKEW_WARNED = timedelta(minutes=2)
_SKEW_HELD = timedelta(minutes=15)
_NO_EVENT = bytes(16)
_TAG_BYTES = 16


@dataclass(frozen=True, slots=True)
class Arrived:
    """An envelope whose sender provably logged it."""

    consignment: Consignment
    checkpoint: bytes
    header: Header
    digest: bytes
    pers: Pers
    event_id: bytes


@dataclass(frozen=True, slots=True)
class OpenedHandoff:
    """A handoff out of an arrived envelope."""

    handoff: Handoff
    salted_payload: bytes = field(repr=False)
    payload_hash: bytes


@dataclass(frozen=True, slots=True)
class OpenedStatement:
    """A statement out of an arrived envelope."""

    stated: Stated
    salted_payload: bytes = field(repr=False)
    payload_hash: bytes


def check_arrival(
    own: OwnMember,
    sender: str,
    consignment: Consignment,
    checkpoint: Checkpoint,
    raw_checkpoint: bytes,
) -> Arrived:
    """The checks up to the sender's evidence; raises without a leaf."""
    envelope, size = consignment.envelope, consignment.size
    if size > own.envelope_limit:
        raise InvalidInputError(
            "envelope.too_large",
            f"The envelope has {size} bytes; {own.envelope_limit} are allowed.",
            remedy="Send less at once.",
        )
    header = _addressed(own, sender, decode_header(envelope.header))
    fingerprint = digest(envelope.header, envelope.stanza, envelope.ciphertext)
    verify_evidence(consignment.evidence, checkpoint)
    pers = decode_pers(consignment.evidence.pers.value)
    if pers.outcome is not Outcome.SENT or pers.digest != fingerprint:
        raise VerificationError(
            "envelope.not_logged",
            "The sender's ledger does not hold this envelope as sent.",
        )
    event_id = consignment.evidence.link.value
    return Arrived(consignment, raw_checkpoint, header, fingerprint, pers, event_id)


def _addressed(own: OwnMember, sender: str, header: Header) -> Header:
    if header.recipient != own.name or header.network != own.network:
        raise InvalidInputError(
            "envelope.misaddressed",
            "The envelope is addressed to another member or network.",
            remedy="Send it to the member that its header names.",
        )
    if header.sender != sender:
        raise VerificationError(
            "envelope.not_the_peer",
            "The envelope names another sender than the member that delivers it.",
        )
    if header.version != ENVELOPE_VERSION or header.suite != SUITE:
        raise InvalidInputError(
            "envelope.unknown_version",
            f"Version {header.version}, suite {header.suite} is not known here.",
            remedy="Update this node, or send version 1, suite 1.",
        )
    return header


def is_ahead(header: Header, now: datetime) -> bool:
    """Whether the sender's clock is so far ahead that somebody should look at it.

    One that is behind looks like an envelope that waited; its node sees ours ahead.
    """
    return header.created_at - now >= SKEW_WARNED


def check_in_time(own: OwnMember, arrived: Arrived, now: datetime) -> None:
    """Expiry, clock skew and directory state; ``now`` on the wire clock."""
    header = arrived.header
    if header.created_at - now > _SKEW_HELD:
        raise UnavailableError(
            "envelope.from_the_future",
            "The envelope was made later than this node's clock shows.",
            remedy="Set the clocks of both nodes.",
        )
    if header.expires_at != expires_at(header.created_at):
        raise InvalidInputError(
            "envelope.other_expiry",
            "An envelope expires 30 days after the day on which it was made.",
        )
    if now >= header.expires_at:
        raise InvalidInputError(
            "envelope.expired",
            "The envelope has expired.",
            remedy="Offer again if it still matters.",
        )
    if header.directory.size > own.adopted.directory.size:
        raise UnavailableError(
            "directory.newer_needed",
            f"The sender goes by directory size {header.directory.size}, this node "
            f"by {own.adopted.directory.size}.",
        )


def open_arrived(own: OwnMember, arrived: Arrived) -> OpenedHandoff | OpenedStatement:
    """Open the envelope and check it against what the sender committed to."""
    envelope, header = arrived.consignment.envelope, arrived.header
    private = own.keys.sealing.get(header.sealing_key_id)
    if private is None:
        raise VerificationError(
            "envelope.unknown_key",
            "The envelope is sealed to a key that this member does not hold.",
            remedy="Look the member's sealing key up again and send anew.",
        )
    if header.padded_len != len(envelope.ciphertext) - _TAG_BYTES:
        raise VerificationError(
            "envelope.bad_padding",
            "The content has another length than the header says.",
        )
    opened = open_envelope(
        envelope.header,
        envelope.stanza,
        envelope.ciphertext,
        private,
        header.key_commit,
    )
    hashed = payload_hash(opened.salt, opened.payload)
    salted = opened.salt + opened.payload
    stated = decode_stated(opened.payload)
    if stated is not None:
        _check_committed(arrived, (stated.event_id, hashed, _NO_EVENT))
        _check_parties(header, stated)
        check_statement(stated.statement, utc_day(header.created_at))
        return OpenedStatement(stated, salted, hashed)
    handoff = decode_payload(opened.payload)
    previous = handoff.prev_event or _NO_EVENT
    _check_committed(arrived, (handoff.event_id, hashed, previous))
    _check_parties(header, handoff)
    return OpenedHandoff(handoff, salted, hashed)


def _check_committed(arrived: Arrived, found: tuple[bytes, bytes, bytes]) -> None:
    committed = (
        arrived.event_id,
        arrived.pers.payload_hash,
        arrived.pers.previous_event,
    )
    if found != committed:
        raise VerificationError(
            "envelope.other_commitment",
            "The content is not what the sender's ledger commits to.",
        )


def _check_parties(header: Header, said: Handoff | Stated) -> None:
    if (said.from_, said.to) != (header.sender, header.recipient):
        raise VerificationError(
            "envelope.other_parties",
            "The content names other parties than the envelope.",
        )
