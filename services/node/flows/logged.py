"""How an envelope that arrived is logged: its leaf, and its bytes as they came."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.node.domain.errors import RelaisError
from services.node.domain.statements import utc_day
from services.node.flows.arrival import Arrived
from services.node.flows.exchange import Refusal
from services.node.flows.leaves import day_of, new_leaf
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Plan
from services.node.flows.vault import DataKey
from services.node.store.writes import ReceivedEnvelope, insert_envelope_received
from services.node.wire.leaves import Meta, Outcome, Pers, encode_evidence

_NO_HASH, _NO_EVENT = bytes(32), bytes(16)


@dataclass(frozen=True, slots=True)
class Opened:
    """What an envelope turned out to be."""

    meta: Meta
    payload_hash: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What became of an envelope; ``opened`` is None if it never was."""

    opened: Opened | None
    outcome: Outcome
    error: RelaisError | None = None


def arrival_plan(
    own: OwnMember,
    arrived: Arrived,
    moment: Moment,
    found: Found,
    key: DataKey | None = None,
) -> Plan:
    """The leaf and the stored envelope; ``key`` None means the audit key."""
    refusal = None
    if found.error is not None:
        refusal = Refusal(found.error.code, found.error.message, transient=False)
    opened, sender = found.opened, arrived.header.sender
    pers = Pers(
        found.outcome,
        "" if refusal is None else refusal.code,
        arrived.digest,
        _NO_HASH if opened is None else opened.payload_hash,
        _NO_EVENT if opened is None else arrived.pers.previous_event,
    )
    link = arrived.header.envelope_id if opened is None else arrived.event_id
    unopened = Meta("unopened", "", sender, day_of(moment.case), "")
    meta = unopened if opened is None else opened.meta
    leaf = new_leaf(
        own.audit_key, key or own.audit_key, arrived.digest, meta, pers, link
    )
    stored = ReceivedEnvelope(
        digest=arrived.digest,
        sender=sender,
        envelope_id=arrived.header.envelope_id,
        event_id=None if opened is None else arrived.event_id,
        header=arrived.consignment.envelope.header,
        stanza=arrived.consignment.envelope.stanza,
        ciphertext=arrived.consignment.envelope.ciphertext,
        evidence=encode_evidence(
            replace(arrived.consignment.evidence, checkpoint=arrived.checkpoint)
        ),
        outcome=found.outcome.value,
        code="" if refusal is None else refusal.code,
        message="" if refusal is None else refusal.message,
        received_at=moment.wire,
        day=utc_day(arrived.header.created_at),
    )
    return Plan(None, leaf, (insert_envelope_received(stored),), refusal)
