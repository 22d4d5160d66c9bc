"""How far what was sent came, in one word; and whether a member can be reached.

Promises: one word to the sender, always the most serious that is true. *Delivered*
is the other machine's own receipt, *opened* a person's act there. What was given
back is not called lost: the relay goes on asking until the recipient has said for
good whether it has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reach(StrEnum):
    """How far what this member sent in a referral came."""

    NONE = "none"
    """This member has sent nothing that tells how far it came."""
    WAITING = "waiting"
    """On its way: no receipt yet."""
    UNREACHABLE = "unreachable"
    """No receipt within the limit for it."""
    REFUSED = "refused"
    """The other member's node refused it for good."""
    RETURNED = "returned"
    """Given back to who sent it, as not received."""
    DELIVERED = "delivered"
    """The other member's node has it, by its own receipt."""
    OPENED = "opened"
    """A person of the other member has it."""


class Circuit(StrEnum):
    """Whether the relay calls a member."""

    CLOSED = "closed"
    """It was reached when it was called last."""
    OPEN = "open"
    """It was not; it is left alone until the next try."""
    TRYING = "trying"
    """It was not, and is due to be tried."""


class ProbePart(StrEnum):
    """The parts of an exchange with a member; each rests on those before it."""

    NAME = "name"
    """The directory has an address of it."""
    TCP = "tcp"
    """Its machine takes connections there."""
    TLS = "tls"
    """It shows a certificate that the directory lists."""
    IDENTITY = "identity"
    """It knows this member by its own certificate."""
    CLOCK = "clock"
    """Its clock agrees with this one."""
    INBOX = "inbox"
    """It takes envelopes."""
    OPEN = "open"
    """It opens what is sealed to its key."""
    RECEIPT = "receipt"
    """Its ledger is signed by its key."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of what a member sent in one referral."""

    giver: bool
    delivered: bool
    opened: bool
    waiting: int
    refused: bool
    unreachable: bool
    returned: bool


def how_far(what: Standing) -> Reach:
    """The most serious word that is true."""
    if what.returned:
        return Reach.RETURNED
    if what.refused:
        return Reach.REFUSED
    if what.waiting:
        return Reach.UNREACHABLE if what.unreachable else Reach.WAITING
    if not what.giver:
        return Reach.NONE
    if what.opened:
        return Reach.OPENED
    return Reach.DELIVERED if what.delivered else Reach.WAITING


def circuit(failures: int, next_try_at: datetime | None, now: datetime) -> Circuit:
    """The circuit to a member after so many failures in a row."""
    if not failures:
        return Circuit.CLOSED
    waits = next_try_at is not None and next_try_at > now
    return Circuit.OPEN if waits else Circuit.TRYING
