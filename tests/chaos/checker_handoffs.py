"""No handoff lost, doubled or reordered between any two members.

What one wrote for another is there exactly once, with the same bytes, in the order
in which it was written; and the sender's receipt is a proof that holds: of the very
leaf that the recipient's ledger has, under a head that the recipient signed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from relais.ledger.v1 import leaf_pb2
from tests.chaos.checker_ledger import (
    hashed,
    ledger_keys,
    opened_note,
    packed,
    root_by_path,
)
from tests.chaos.findings import Finding
from tests.chaos.reading import Member, Members, Row

_OUTCOMES = {
    leaf_pb2.OUTCOME_SENT: "sent",
    leaf_pb2.OUTCOME_RECEIVED: "received",
    leaf_pb2.OUTCOME_DUPLICATE: "duplicate",
    leaf_pb2.OUTCOME_REFUSED: "refused",
}


_SAME = ("author", "author_seq", "step", "referral_id")
"""What of an event is the same at both ends."""
_Events = dict[str, dict[bytes, tuple[Any, ...]]]


def handoffs(members: Members) -> Iterator[Finding]:
    """Check every pair of members, both ways."""
    received = {
        name: {row["digest"]: row for row in member.table("received")}
        for name, member in members.by_name.items()
    }
    sent = {
        name: {row["digest"]: row for row in member.table("sent")}
        for name, member in members.by_name.items()
    }
    events = {
        name: {
            row["event_id"]: tuple(row[each] for each in _SAME)
            for row in member.table("events")
        }
        for name, member in members.by_name.items()
    }
    for name, member in members.by_name.items():
        keys = ledger_keys(member)
        yield from _enveloped(member)
        for row in member.table("sent"):
            yield from _arrived(member, row, received[row["recipient"]], events)
        yield from _receipts(members, member, sent[name], received, keys)
        yield from _received_once(members, member, sent, keys)
        yield from _in_order(members, member)


def _enveloped(member: Member) -> Iterator[Finding]:
    """Each event of its own in a referral went into exactly one envelope."""
    times = Counter(row["event_id"] for row in member.table("sent"))
    for event in member.table("events"):
        due = event["author"] == member.name and event["author_seq"] is not None
        if due and times[event["event_id"]] == 0:
            yield Finding("handoff.never_sent", member.name, event["event_id"].hex())
        if times[event["event_id"]] > 1:
            yield Finding("handoff.doubled", member.name, event["event_id"].hex())


def _arrived(
    member: Member, row: Row, there: dict[bytes, Row], events: _Events
) -> Iterator[Finding]:
    event = row["event_id"].hex()
    told = f"{event} to {row['recipient']}"
    if digest_of(row) != row["digest"]:
        yield Finding("envelope.altered", member.name, told)
    if row["state"] not in {"received", "refused"}:
        yield Finding("handoff.unsettled", member.name, f"{told}: {row['state']}")
        return
    found = there.get(row["digest"])
    if found is None:
        yield Finding("handoff.lost", row["recipient"], f"{event} of {member.name}")
        return
    if any(found[part] != row[part] for part in ("header", "stanza", "ciphertext")):
        yield Finding("envelope.altered", row["recipient"], told)
    refused = found["outcome"] == "refused"
    if refused != (row["state"] == "refused") or found["sender"] != member.name:
        yield Finding("handoff.other_answer", member.name, told)
    if refused and not row["refusal_applied"]:
        yield Finding("handoff.half_applied", member.name, f"{told}: refusal")
    if not refused:
        yield from _same_event(member, row, events)


def _same_event(member: Member, row: Row, events: _Events) -> Iterator[Finding]:
    """Both ends hold the event, with the same step and number."""
    told = f"{row['event_id'].hex()} of {member.name}"
    here = events[member.name].get(row["event_id"])
    there = events[row["recipient"]].get(row["event_id"])
    if there is None:
        yield Finding("handoff.half_applied", row["recipient"], told)
    elif here != there:
        yield Finding("handoff.other_event", row["recipient"], told)


def _receipts(
    members: Members,
    member: Member,
    sent: dict[bytes, Row],
    received: dict[str, dict[bytes, Row]],
    keys: dict[str, list[bytes]],
) -> Iterator[Finding]:
    """A receipt for each envelope, and each receipt holds."""
    receipts = {row["digest"]: row for row in member.table("receipts")}
    for digest in sent.keys() - receipts.keys():
        yield Finding("receipt.missing", member.name, digest.hex())
    for digest, row in receipts.items():
        recipient = sent[digest]["recipient"]
        other = members.by_name[recipient]
        there = received[recipient].get(digest)
        leaf = other.leaf_of.get(digest)
        if there is None or leaf is None:
            yield Finding("receipt.for_nothing", member.name, digest.hex())
            continue
        evidence = leaf_pb2.Evidence.FromString(row["evidence"])
        wrong = _why_not(evidence, other, keys[recipient], digest)
        stands = (leaf["index"], leaf["leaf"]) == (evidence.index, evidence.leaf)
        pers = leaf_pb2.Pers.FromString(evidence.pers.value)
        if wrong or not stands or row["index"] != evidence.index:
            wrong = wrong or "the recipient's ledger has another leaf there"
            yield Finding("receipt.false", member.name, f"{digest.hex()}: {wrong}")
        elif _OUTCOMES.get(pers.outcome) != there["outcome"]:
            yield Finding("receipt.other_outcome", member.name, digest.hex())
        elif (
            there["outcome"] == "received"
            and evidence.link.value != sent[digest]["event_id"]
        ):
            yield Finding("receipt.other_event", member.name, digest.hex())


def _received_once(
    members: Members,
    member: Member,
    sent: dict[str, dict[bytes, Row]],
    keys: dict[str, list[bytes]],
) -> Iterator[Finding]:
    """Nothing came from nowhere, nothing twice, and each came with its evidence."""
    times = Counter(
        (row["sender"], row["event_id"])
        for row in member.table("received")
        if row["outcome"] == "received"
    )
    for (sender, event_id), count in times.items():
        if count > 1:
            told = f"{event_id.hex()} of {sender}, {count} times"
            yield Finding("handoff.doubled", member.name, told)
    for row in member.table("received"):
        sender, digest = row["sender"], row["digest"]
        if digest not in sent[sender]:
            yield Finding("handoff.from_nowhere", member.name, digest.hex())
            continue
        if digest not in member.leaf_of:
            yield Finding("handoff.half_applied", member.name, digest.hex())
        evidence = leaf_pb2.Evidence.FromString(row["evidence"])
        wrong = _why_not(evidence, members.by_name[sender], keys[sender], digest)
        if wrong:
            yield Finding("evidence.false", member.name, f"{digest.hex()}: {wrong}")


def _in_order(members: Members, member: Member) -> Iterator[Finding]:
    """What came in each referral, in the order and without a gap of its sender's."""
    written: dict[tuple[str, bytes], list[int]] = defaultdict(list)
    for other in members.by_name.values():
        refused = {
            row["event_id"] for row in other.table("sent") if row["state"] == "refused"
        }
        to_member = {
            row["event_id"]
            for row in other.table("sent")
            if row["recipient"] == member.name
        }
        for row in other.table("events"):
            # A statement is of no referral, and in no order.
            if row["referral_id"] and row["event_id"] in to_member - refused:
                written[other.name, row["referral_id"]].append(row["author_seq"])
    came: dict[tuple[str, bytes], list[tuple[int, int]]] = defaultdict(list)
    digests = {
        row["digest"]
        for row in member.table("received")
        if row["outcome"] == "received"
    }
    for row in member.table("events"):
        leaf = member.leaf_of.get(row["subject"])
        if row["referral_id"] and row["subject"] in digests and leaf is not None:
            key = row["author"], row["referral_id"]
            came[key].append((leaf["index"], row["author_seq"]))
    for key in written.keys() | came.keys():
        here = [seq for _, seq in sorted(came[key])]
        there = sorted(written[key])
        told = f"of {key[0]} in {key[1].hex()}: wrote {there}, came {here}"
        if here != sorted(here):
            yield Finding("handoff.swapped", member.name, told)
        elif here != there:
            yield Finding("handoff.gap", member.name, told)


def digest_of(row: Row) -> bytes:
    """The digest of an envelope (protocol.md §3)."""
    parts = (row["header"], row["stanza"], row["ciphertext"])
    return hashed(packed(b"relais/v1/env/digest", *parts))


def _why_not(
    evidence: leaf_pb2.Evidence, owner: Member, keys: list[bytes], digest: bytes
) -> str:
    """Why the evidence of an owner's leaf for a digest does not hold; empty if so."""
    (head,) = owner.table("head")
    note = opened_note(evidence.checkpoint, head["origin"], keys)
    if note is None:
        return "its head is not signed"
    path = list(evidence.path)
    if root_by_path(evidence.leaf, evidence.index, note.size, path) != note.root:
        return "its path leads to another root"
    for at, slot, opening in (
        (34, b"relais/v1/c-pers", evidence.pers),
        (66, b"relais/v1/c-link", evidence.link),
    ):
        value = packed(slot, opening.salt, opening.value)
        if evidence.leaf[at : at + 32] != hashed(value):
            return "a commitment opens to something else"
    if leaf_pb2.Pers.FromString(evidence.pers.value).digest != digest:
        return "it is for another envelope"
    return ""
