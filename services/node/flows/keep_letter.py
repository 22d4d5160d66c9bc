"""The acts of a mailbox: keep a letter, and keep it no longer.

Promises: a letter is kept and logged, or refused and nothing was lost; a box that is
full pushes back; nobody can fill another's box alone; what was collected or has
expired stands in the ledger and is deleted. Nothing is opened: these acts go by a
letter's label and length (protocol.md §4).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from services.node.domain.errors import (
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    UnavailableError,
)
from services.node.flows.leaves import day_of, new_leaf
from services.node.flows.letters import Bundle, check_label
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Decision, Plan, Settled
from services.node.keys.encoding import lp, sha256
from services.node.store import mailbox as mailbox_store
from services.node.store.mailbox import KeptRow, NewLetter
from services.node.store.pool import Connection
from services.node.store.writes import Write
from services.node.wire.leaves import Meta, Outcome, Pers
from services.node.wire.letters import Label

#: One sender may fill one part in so many of another member's box.
_SHARE = 4
_NO_HASH, _NO_EVENT = bytes(32), bytes(16)
_LINK_BYTES = 16


@dataclass(frozen=True, slots=True)
class Quota:
    """What is kept for one member at most, and for how many days."""

    letters: int
    bytes: int
    days: int


@dataclass(frozen=True, slots=True)
class KeepLetter:
    """The act of keeping one letter; the same letter again is kept once.

    ``label`` is the bundle's own, checked by ``addressed``.
    """

    own: OwnMember
    sender: str
    bundle: Bundle
    label: Label
    quota: Quota
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Kept; raises what may succeed later, and what never will."""
        digest, label = self.bundle.digest, self.label
        if await mailbox_store.is_kept(connection, digest):
            return Settled(digest)
        kept = await mailbox_store.kept(connection, label.recipient, self.sender)
        _check_room(self.quota, kept, len(self.bundle))
        letter = NewLetter(
            digest,
            label.recipient,
            self.sender,
            self.bundle.label,
            self.bundle.sealed,
            len(self.bundle),
            self.moment.wire,
        )
        written = (mailbox_store.insert_mailbox_letter(letter),)
        noted = (Outcome.RELAYED, self.sender, digest)
        return _logged(self.own, noted, written, self.moment)


@dataclass(frozen=True, slots=True)
class EndLetter:
    """The act of keeping a letter no longer: ``outcome`` says why."""

    own: OwnMember
    member: str
    digest: bytes
    outcome: Outcome
    moment: Moment

    async def decide(self, connection: Connection) -> Decision:
        """Once, and only what waits for this member.

        Raises NotFoundError ``letter.unknown`` for what never waited for it.
        """
        subject = end_of(self.digest, self.outcome)
        if await mailbox_store.is_kept(connection, subject):
            return Settled(subject)
        recipient = await mailbox_store.recipient_of(connection, self.digest)
        if recipient != self.member:
            raise NotFoundError(
                "letter.unknown", "No such letter waits for this member here."
            )
        written = (mailbox_store.delete_mailbox_letter(self.digest),)
        noted = (self.outcome, self.member, subject)
        return _logged(self.own, noted, written, self.moment)


def end_of(digest: bytes, outcome: Outcome) -> bytes:
    """What the leaf about a letter's end is about."""
    return sha256(lp("relais/v1/mailbox/end", outcome.value, digest))


def _logged(
    own: OwnMember,
    noted: tuple[Outcome, str, bytes],
    written: tuple[Write, ...],
    moment: Moment,
) -> Plan:
    outcome, member, subject = noted
    meta = Meta("letter", "", member, day_of(moment.case), own.policy_version)
    pers = Pers(outcome, "", subject, _NO_HASH, _NO_EVENT)
    key, link = own.audit_key, subject[:_LINK_BYTES]
    leaf = new_leaf(key, key, subject, meta, pers, link)
    entry = mailbox_store.insert_mailbox_entry(
        subject, outcome.value, member, moment.wire
    )
    return Plan(None, leaf, (*written, entry))


def addressed(own: OwnMember, bundle: Bundle, now: datetime) -> Label:
    """The label of a letter that may be kept here; ``now`` on the wire clock.

    Raises what is wrong with a letter that may not.
    """
    label = check_label(bundle)
    if len(bundle.sealed) > own.envelope_limit * 2:
        raise InvalidInputError(
            "letter.too_large",
            f"The letter has {len(bundle.sealed)} bytes; {own.envelope_limit * 2} are"
            " allowed.",
            remedy="Send less at once.",
        )
    member = own.adopted.directory.active_member(label.recipient)
    if member.peers_address:
        raise NotPermittedError(
            "mailbox.not_needed",
            "The recipient can be dialled; letters for it are not kept here.",
            where=label.recipient,
            remedy="Deliver to it.",
        )
    if label.sealing_key_id not in {each.key_id for each in member.sealing_epochs}:
        raise InvalidInputError(
            "letter.unknown_key",
            "The letter is sealed to a key that the recipient never published.",
            where=label.recipient,
            remedy="Look the member's sealing key up again and seal anew.",
        )
    if abs(_date(label.day) - now.astimezone(UTC).date()) > timedelta(days=1):
        raise UnavailableError(
            "letter.other_day",
            "The letter was sealed on another day than this node's clock shows.",
            remedy="Set the clocks of both nodes, and seal anew.",
        )
    return label


def _date(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise InvalidInputError(
            "letter.malformed",
            "The letter's day is no date such as 2018-03-05.",
            remedy="Pad and seal the letter as the protocol says.",
        ) from None


def _check_room(quota: Quota, kept: KeptRow, length: int) -> None:
    if (
        kept.letters_of_sender >= quota.letters // _SHARE
        or kept.bytes_of_sender + length > quota.bytes // _SHARE
    ):
        raise UnavailableError(
            "mailbox.share_full",
            "As much waits for this member as one sender may leave.",
            remedy="Come again when the member has collected; nothing was dropped.",
        )
    if kept.letters >= quota.letters or kept.bytes + length > quota.bytes:
        raise UnavailableError(
            "mailbox.full",
            "The member's box is full: it has not collected for long.",
            remedy="Come again when the member has collected; nothing was dropped.",
        )
