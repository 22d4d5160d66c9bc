"""Compose one handoff: payload, sealed parts, envelope, event, leaf, rows.

What is said and whether it may be said is decided before; here it becomes the
bytes that will be hashed and sent, and the plan that logs them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from services.node.domain.categories import Category
from services.node.domain.errors import InvalidInputError
from services.node.domain.handoff import Actor, Body, Handoff, MovesOn, Part, Step
from services.node.domain.identifiers import new_id
from services.node.domain.plain_words import category_words
from services.node.domain.records import CategoryRecord
from services.node.flows.enclose import Enclosed, seal_enclosures
from services.node.flows.leaves import day_of, new_leaf
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.vault import DataKey
from services.node.sealing.envelope import (
    ContentKeys,
    SealedEnvelope,
    new_salt,
    padded_len,
    payload_hash,
    seal_envelope,
)
from services.node.sealing.parts import seal_part
from services.node.store.events import NewEvent
from services.node.store.ledger import NewLeaf
from services.node.store.rows import ReferralRow, SentEnvelopeRow
from services.node.store.writes import Write, insert_envelope_sent, insert_part_key
from services.node.wire.handoffs import (
    ENVELOPE_VERSION,
    SUITE,
    DirectoryHead,
    Header,
    encode_header,
    encode_payload,
    encode_record,
)
from services.node.wire.leaves import Meta, Outcome, Pers

#: Largest ciphertext of a part inside an offer, with its tag, in bytes.
LARGEST_PART = 64 * 1024 + 16
_LIFE = timedelta(days=30)
_NO_EVENT = bytes(16)


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be said in a referral, and by whom."""

    event_id: bytes
    actor: Actor
    step: Step
    body: Body
    happened_at: datetime
    records: tuple[CategoryRecord, ...] = ()
    enclosed: tuple[Enclosed, ...] = ()


@dataclass(frozen=True, slots=True)
class Composed:
    """An envelope with everything that logs it."""

    handoff: Handoff
    envelope_id: bytes
    digest: bytes
    event: NewEvent
    leaf: NewLeaf
    writes: tuple[Write, ...]


def compose(
    own: OwnMember, referral: ReferralRow, key: DataKey, said: Said, moment: Moment
) -> Composed:
    """Seal ``said`` to the referral's peer.

    ``referral`` is the state after the step: its referral_no and sent_seq are the
    numbers that this event takes; ``key`` is the case's or the referral's own.
    """
    envelope_id = new_id()
    parts, part_keys, part_writes = _seal_parts(
        referral, key, envelope_id, said.records
    )
    enclosures, enclosure_writes = seal_enclosures(
        envelope_id, referral.referral_id, referral.peer, said.enclosed, part_keys
    )
    handoff = replace(
        _handoff(own, referral, said, moment, parts), attachments=enclosures
    )
    payload, salt = encode_payload(handoff), new_salt()
    sealed = seal_to(own, referral.peer, envelope_id, payload, salt, moment.wire)
    size = len(sealed.header) + len(sealed.stanza) + len(sealed.ciphertext)
    if size > own.envelope_limit:
        raise InvalidInputError(
            "envelope.too_large",
            f"The sealed envelope would have {size} bytes; {own.envelope_limit} are "
            "allowed.",
            remedy="Say less at once.",
        )
    pers = Pers(
        Outcome.SENT,
        "",
        sealed.digest,
        payload_hash(salt, payload),
        handoff.prev_event or _NO_EVENT,
    )
    leaf = new_leaf(
        own.audit_key,
        key,
        sealed.digest,
        meta_of(handoff, referral.peer),
        pers,
        handoff.event_id,
    )
    row = SentEnvelopeRow(
        sealed.digest,
        envelope_id,
        handoff.event_id,
        handoff.referral_id,
        referral.peer,
        sealed.header,
        sealed.stanza,
        sealed.ciphertext,
    )
    event = new_event(handoff, referral, sealed.digest, key, salt + payload)
    sealed_rows = (*part_writes, *enclosure_writes)
    writes = (*insert_envelope_sent(row, moment.wire), *sealed_rows)
    return Composed(handoff, envelope_id, sealed.digest, event, leaf, writes)


def meta_of(handoff: Handoff, counterparty: str) -> Meta:
    """What c_meta says about a handoff: step, role, counterparty, day, policy."""
    return Meta(
        step=handoff.step.value,
        role=handoff.actor.role,
        counterparty=counterparty,
        day=day_of(handoff.happened_at),
        policy_version=handoff.policy_version,
    )


def new_event(
    handoff: Handoff,
    referral: ReferralRow,
    subject: bytes,
    key: DataKey,
    salted_payload: bytes,
) -> NewEvent:
    """The guard row of a handoff, sent or received; case_seq is set by effects."""
    nonce, sealed = key.seal("event", handoff.event_id, salted_payload)
    return NewEvent(
        event_id=handoff.event_id,
        referral_id=handoff.referral_id,
        referral_no=referral.referral_no,
        case_id=None,
        case_seq=None,
        author=handoff.from_,
        author_seq=handoff.referral_seq,
        step=handoff.step.value,
        actor=handoff.actor.pseudonym,
        actor_role=handoff.actor.role,
        actor_unit=handoff.actor.unit,
        happened_at=handoff.happened_at,
        recorded_at=handoff.recorded_at,
        policy_version=handoff.policy_version,
        subject=subject,
        data_key_id=key.key_id or b"",
        nonce=nonce,
        sealed=sealed,
    )


def guarded(event: NewEvent, case_id: bytes | None, case_seq: int | None) -> NewEvent:
    """The event with its place in the case; a case_seq makes it a guard."""
    return replace(event, case_id=case_id, case_seq=case_seq)


def _handoff(
    own: OwnMember,
    referral: ReferralRow,
    said: Said,
    moment: Moment,
    parts: tuple[Part, ...],
) -> Handoff:
    return Handoff(
        event_id=said.event_id,
        referral_id=referral.referral_id,
        case_alias=referral.alias,
        referral_seq=referral.sent_seq,
        prev_event=referral.last_event,
        step=said.step,
        moves_on=MovesOn(referral.moves_on),
        from_=own.name,
        to=referral.peer,
        on_behalf_of="",
        actor=said.actor,
        happened_at=said.happened_at,
        recorded_at=moment.case,
        policy_version=own.policy_version,
        body=said.body,
        parts=parts,
    )


def _seal_parts(
    referral: ReferralRow,
    key: DataKey,
    envelope_id: bytes,
    records: tuple[CategoryRecord, ...],
) -> tuple[tuple[Part, ...], dict[str, tuple[str, bytes]], tuple[Write, ...]]:
    parts, writes = [], []
    keys = {}
    for number, record in enumerate(records, start=1):
        part_id = f"p{number}"
        sealed = seal_part(envelope_id, part_id, record.category, encode_record(record))
        if sealed.length > LARGEST_PART:
            raise InvalidInputError(
                "offer.part_too_large",
                f"What is recorded as {category_words(Category(record.category))} has"
                f" {sealed.length} bytes when sealed; a part that travels with an offer"
                f" has at most {LARGEST_PART}.",
                where=record.category,
                remedy="Shorten it.",
            )
        parts.append(
            Part(
                part_id,
                record.category,
                sealed.part_commit,
                sealed.ciphertext_hash,
                sealed.length,
                sealed.ciphertext,
            )
        )
        keys[record.category] = part_id, sealed.part_key
        at_rest = key.seal(f"part_key_{part_id}", envelope_id, sealed.part_key)
        writes.append(
            insert_part_key(
                referral.referral_id,
                envelope_id,
                part_id,
                record.category,
                key.key_id or b"",
                at_rest,
            )
        )
    return tuple(parts), keys, tuple(writes)


def seal_to(
    own: OwnMember,
    recipient: str,
    envelope_id: bytes,
    payload: bytes,
    salt: bytes,
    now: datetime,
) -> SealedEnvelope:
    """A payload in an envelope to ``recipient``; ``now`` on the wire clock."""
    directory = own.adopted.directory
    key = directory.sealing_key_for(recipient, now)
    keys = ContentKeys.new()
    header = Header(
        version=ENVELOPE_VERSION,
        suite=SUITE,
        envelope_id=envelope_id,
        network=own.network,
        sender=own.name,
        recipient=recipient,
        sealing_key_id=key.key_id,
        directory=DirectoryHead(directory.size, directory.root),
        created_at=now,
        expires_at=expires_at(now),
        key_commit=keys.key_commit,
        padded_len=padded_len(len(payload)),
    )
    return seal_envelope(encode_header(header), keys, key.raw, payload, salt)


def expires_at(created_at: datetime) -> datetime:
    """Midnight UTC of the created day and 30 days (protocol.md §3)."""
    day = created_at.astimezone(UTC).date()
    return datetime.combine(day, time.min, UTC) + _LIFE


def expired_before(now: datetime) -> datetime:
    """What was made before this instant has expired by ``now``; wire clock."""
    midnight = datetime.combine(now.astimezone(UTC).date(), time.min, UTC)
    return midnight - _LIFE + timedelta(days=1)
