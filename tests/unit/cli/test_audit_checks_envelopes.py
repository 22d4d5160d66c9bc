"""Envelopes, receipts and evidence: each belongs to its leaf and to no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from services.cli.audit_verify import FaultKind
from services.node.wire.audit import ReceivedEnvelope, SentEnvelope, StoredEnvelope
from services.node.wire.leaves import Outcome
from tests.unit.cli.audit_world import Lie, unopened

K = FaultKind
MEMBER = "lao-cai"


def found(report):
    return sorted(((f.index, f.kind) for f in report.faults), key=str)


def rows(world, kind):
    return [item for item in world.items(MEMBER) if isinstance(item, kind)]


def index_of(world, row):
    subjects = [leaf.subject for leaf in world.logs[MEMBER].leaves]
    return subjects.index(row.digest)


def verdict(world, old, *new):
    """What the network is said to be with some rows in the place of one."""
    items: list[object] = []
    for item in world.items(MEMBER):
        items.extend(new if item == old else (item,))
    return found(world.verify_all(lao_cai=items))


def test_a_receipt_is_for_one_envelope_only(audit_world):
    first, second = [row for row in rows(audit_world, SentEnvelope) if row.receipt][:2]
    other = replace(first, receipt=second.receipt, receipt_index=second.receipt_index)
    assert verdict(audit_world, first, other) == [
        (index_of(audit_world, first), K.RECEIPT_ALTERED)
    ]


def test_evidence_is_for_one_envelope_only(audit_world):
    first, second = rows(audit_world, ReceivedEnvelope)[:2]
    other = replace(first, evidence=second.evidence)
    assert verdict(audit_world, first, other) == [
        (index_of(audit_world, first), K.EVIDENCE_ALTERED)
    ]


def test_the_senders_evidence_is_no_receipt(audit_world):
    """Its own evidence would prove that it sent, not that it was received."""
    row = next(r for r in rows(audit_world, SentEnvelope) if r.receipt)
    index = index_of(audit_world, row)
    own = audit_world.logs[MEMBER].evidence(index)
    other = replace(row, receipt=own, receipt_index=index)
    assert verdict(audit_world, row, other) == [(index, K.RECEIPT_ALTERED)]


@pytest.mark.parametrize("state", ["received", "refused"])
def test_a_receipt_taken_away_is_named(audit_world, state):
    row = next(r for r in rows(audit_world, SentEnvelope) if r.state == state)
    without = replace(row, receipt=b"", receipt_index=0)
    assert verdict(audit_world, row, without) == [
        (index_of(audit_world, row), K.RECEIPT_MISSING)
    ]


def test_a_delivery_state_that_its_receipt_contradicts_is_named(audit_world):
    row = next(r for r in rows(audit_world, SentEnvelope) if r.state == "refused")
    assert verdict(audit_world, row, replace(row, state="received")) == [
        (index_of(audit_world, row), K.STATE_ALTERED)
    ]


def test_a_receipt_that_another_relay_has_yet_to_settle_is_no_fault(audit_world):
    row = next(r for r in rows(audit_world, SentEnvelope) if r.state == "received")
    assert verdict(audit_world, row, replace(row, state="waiting")) == []


def test_an_envelope_that_no_leaf_is_about_is_named(audit_world):
    (row, *_) = rows(audit_world, SentEnvelope)
    foreign = next(
        item for item in audit_world.items("ministry") if isinstance(item, SentEnvelope)
    )
    assert verdict(audit_world, row, row, replace(foreign, recipient="hanoi")) != []
    assert (None, K.ENVELOPE_UNLOGGED) in verdict(
        audit_world, row, row, replace(row, digest=b"d" * 32, envelope=_other(row))
    )


def _other(row):
    return replace(row.envelope, stanza=b"another")


def test_an_envelope_stored_as_sent_that_was_received_is_named(audit_world):
    (row, *_) = rows(audit_world, ReceivedEnvelope)
    moved = SentEnvelope(
        row.sender,
        row.envelope,
        row.digest,
        row.envelope_id,
        row.event_id,
        b"",
        0,
        "waiting",
    )
    items = [each for each in audit_world.items(MEMBER) if each != row]
    at = next(n for n, each in enumerate(items) if isinstance(each, ReceivedEnvelope))
    report = audit_world.verify([*items[:at], moved, *items[at:]])
    assert (index_of(audit_world, row), K.ENVELOPE_UNLOGGED) in found(report)


def test_two_envelopes_exchanged_under_their_digests_are_both_named(audit_world):
    first, second = rows(audit_world, SentEnvelope)[:2]
    items = [
        replace(item, envelope=second.envelope)
        if item == first
        else replace(item, envelope=first.envelope)
        if item == second
        else item
        for item in audit_world.items(MEMBER)
    ]
    assert found(audit_world.verify(items)) == [
        (index_of(audit_world, first), K.ENVELOPE_ALTERED),
        (index_of(audit_world, second), K.ENVELOPE_ALTERED),
    ]


@pytest.mark.parametrize("kind", [SentEnvelope, ReceivedEnvelope])
def test_a_byte_in_every_envelope_at_once_is_named_in_each(audit_world, kind):
    items = [
        replace(
            item,
            envelope=StoredEnvelope(
                item.envelope.header, item.envelope.stanza[1:], item.envelope.ciphertext
            ),
        )
        if isinstance(item, kind)
        else item
        for item in audit_world.items(MEMBER)
    ]
    assert found(audit_world.verify_all(lao_cai=items)) == [
        (index, K.ENVELOPE_ALTERED)
        for index in sorted(
            index_of(audit_world, row) for row in rows(audit_world, kind)
        )
    ]


def test_a_refusal_of_what_was_never_opened_is_sound(empty_world):
    empty_world.handoff("hanoi", MEMBER, Outcome.REFUSED)
    report = empty_world.verify_all()
    assert report.faults == ()
    assert report.receipts == 1


LIES_OF_RECIPIENTS = {
    "unopened": Lie(taken=unopened),
    "content": Lie(taken=lambda pers: replace(pers, payload_hash=b"p" * 32)),
    "previous": Lie(taken=lambda pers: replace(pers, previous_event=b"e" * 16)),
    "digest": Lie(taken=lambda pers: replace(pers, digest=b"d" * 32)),
    "event": Lie(link=b"l" * 16),
    "outcome": Lie(taken=lambda pers: replace(pers, outcome=Outcome.SENT)),
}


@pytest.mark.parametrize("what", LIES_OF_RECIPIENTS)
def test_a_receipt_that_says_something_else_is_none(empty_world, what):
    """The recipient signed it; its own log is not asked."""
    lie = LIES_OF_RECIPIENTS[what]
    empty_world.handoff("hanoi", MEMBER, Outcome.RECEIVED, lie)
    report = empty_world.verify(empty_world.items("hanoi"))
    assert found(report) == [(1, K.RECEIPT_ALTERED)]


LIES_OF_SENDERS = {
    "content": Lie(sent=lambda pers: replace(pers, payload_hash=b"p" * 32)),
    "digest": Lie(sent=lambda pers: replace(pers, digest=b"d" * 32)),
    "event": Lie(link=b"l" * 16),
    "outcome": Lie(sent=lambda pers: replace(pers, outcome=Outcome.RECORDED)),
}


@pytest.mark.parametrize("what", LIES_OF_SENDERS)
def test_evidence_that_says_something_else_is_none(empty_world, what):
    empty_world.handoff("hanoi", MEMBER, Outcome.RECEIVED, LIES_OF_SENDERS[what])
    report = empty_world.verify(empty_world.items(MEMBER))
    assert (1, K.EVIDENCE_ALTERED) in found(report)


def test_ends_that_commit_to_different_contents_are_both_named(empty_world):
    lie = LIES_OF_RECIPIENTS["content"]
    empty_world.handoff("hanoi", MEMBER, Outcome.RECEIVED, lie)
    faults = {(f.member, f.kind) for f in empty_world.verify_all().faults}
    assert faults == {("hanoi", K.RECEIPT_ALTERED), (MEMBER, K.EVIDENCE_ALTERED)}


def test_a_leaf_that_names_another_counterparty_is_named(empty_world):
    lie = Lie(counterparty="ministry")
    empty_world.handoff("hanoi", MEMBER, Outcome.RECEIVED, lie)
    faults = [(f.member, f.index, f.kind) for f in empty_world.verify_all().faults]
    assert faults == [("hanoi", 1, K.ENVELOPE_ALTERED)]
