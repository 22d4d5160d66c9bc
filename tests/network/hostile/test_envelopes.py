"""Envelopes that are not what they should be, before anybody proved to have sent
them: refused with a stable code and without a leaf; and those whose sender logged
them all the same: refused for good, with a leaf and a receipt."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from relais.envelope.v1 import payload_pb2
from services.node.domain.bodies import Acceptance
from services.node.domain.errors import RelaisError
from services.node.domain.handoff import Step
from services.node.domain.identifiers import new_id
from services.node.flows.compose import expires_at
from services.node.sealing.envelope import ContentKeys, new_salt
from services.node.sealing.padding import pad
from services.node.wire.handoffs import DirectoryHead, encode_payload
from services.node.wire.leaves import Outcome
from tests.network.hostile.hostile_peer import Talk, an_offer_of

LAO_CAI = "lao-cai"
FAR = datetime(8999, 12, 31, 23, 59, tzinfo=UTC)
BEYOND = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)


@pytest.fixture
def offer(hostile):
    """A good offer to the province."""
    return an_offer_of(hostile, LAO_CAI)


def test_a_good_offer_is_received_with_a_receipt(attack, offer):
    pers = attack.received(attack.peer.post(attack.peer.seal(LAO_CAI, offer)))
    assert pers.outcome is Outcome.RECEIVED


# --- nobody has proved that it was sent: an error and no leaf


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (b"", "envelope.malformed"),
        (b"\xff\xff\xff", "wire.malformed"),
        (os.urandom(300), "wire.malformed"),
        (b"\x1a\x03abc", "envelope.malformed"),
    ],
    ids=["empty", "no message", "noise", "short id"],
)
def test_a_malformed_header_is_refused(attack, offer, header, code):
    good = attack.peer.post(attack.peer.seal(LAO_CAI, offer))
    bad = replace(good, envelope=replace(good.envelope, header=header))
    attack.refused(bad, code, logged=False)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"version": 2}, "envelope.unknown_version"),
        ({"suite": 9}, "envelope.unknown_version"),
        ({"network": "elsewhere.relais.invalid"}, "envelope.misaddressed"),
        ({"recipient": "hotline-hanoi"}, "envelope.misaddressed"),
        ({"recipient": "lao-cai\0"}, "wire.bad_text"),
        ({"sender": "yen-bai"}, "envelope.not_the_peer"),
        ({"sender": LAO_CAI}, "envelope.not_the_peer"),
        ({"envelope_id": b"short"}, "envelope.malformed"),
        ({"key_commit": bytes(31)}, "envelope.malformed"),
    ],
    ids=str,
)
def test_a_header_that_is_not_for_here_or_not_the_peers_is_refused(
    attack, offer, header, code
):
    sealed = attack.peer.seal(LAO_CAI, offer, **header)
    attack.refused(attack.peer.post(sealed), code, logged=False)


def test_a_header_in_another_members_name_is_refused_with_its_own_certificate(
    attack, other, offer
):
    """Even though that other member logged it."""
    sealed = attack.peer.seal(LAO_CAI, offer, sender=other.name)
    theirs = other.consign(sealed, other.log(sealed))
    attack.refused(theirs, "envelope.not_the_peer", logged=False)


def test_an_envelope_over_the_configured_limit_is_refused(attack, offer):
    limit = attack.victim.network.config(LAO_CAI).limits.envelope_bytes
    good = attack.peer.seal(LAO_CAI, offer)
    large = replace(good.envelope, ciphertext=bytes(limit))
    attack.refused(
        attack.peer.post(replace(good, envelope=large)),
        "envelope.too_large",
        logged=False,
    )


def test_an_envelope_from_the_future_is_held_off_until_its_time(attack, offer):
    ahead = datetime.now(UTC) + timedelta(minutes=20)
    sealed = attack.peer.seal(LAO_CAI, offer, created_at=ahead)
    code = "envelope.from_the_future"
    attack.refused(attack.peer.post(sealed), code, logged=False, again=True)


@pytest.mark.parametrize(("minutes", "more"), [(1, 0), (3, 1)])
def test_a_clock_that_is_minutes_ahead_is_alarmed_and_holds_up_nothing(
    attack, offer, minutes, more
):
    before = alarmed(attack, "clock_ahead")
    ahead = datetime.now(UTC) + timedelta(minutes=minutes)
    sealed = attack.peer.seal(LAO_CAI, offer, created_at=ahead)
    assert attack.received(attack.peer.post(sealed)).outcome is Outcome.RECEIVED
    assert alarmed(attack, "clock_ahead") == before + more


def alarmed(attack, code: str) -> int:
    """How often the victim's status says that of the peer."""
    return sum(
        each.times
        for each in attack.victim.status().alarms
        if (each.member, each.code) == (attack.peer.name, code)
    )


def test_an_envelope_of_a_newer_directory_waits_for_it(attack, offer):
    head = attack.peer.directory
    newer = DirectoryHead(head.size + 1, os.urandom(32))
    sealed = attack.peer.seal(LAO_CAI, offer, directory=newer)
    code = "directory.newer_needed"
    attack.refused(attack.peer.post(sealed), code, logged=False, again=True)


# --- it was sent: refused for good, with a leaf and a receipt


def test_an_expired_envelope_is_refused_for_good(attack, offer):
    made = datetime.now(UTC) - timedelta(days=31)
    sealed = attack.peer.seal(
        LAO_CAI, offer, created_at=made, expires_at=expires_at(made)
    )
    attack.refused(attack.peer.post(sealed), "envelope.expired", logged=True)


def test_an_envelope_that_would_never_expire_is_refused_for_good(attack, offer):
    sealed = attack.peer.seal(LAO_CAI, offer, expires_at=FAR)
    attack.refused(attack.peer.post(sealed), "envelope.other_expiry", logged=True)


def test_an_envelope_sealed_to_an_unknown_key_is_refused_for_good(attack, offer):
    sealed = attack.peer.seal(LAO_CAI, offer, sealing_key_id=os.urandom(32))
    attack.refused(attack.peer.post(sealed), "envelope.unknown_key", logged=True)


def test_an_envelope_sealed_for_somebody_else_is_refused_for_good(attack, offer):
    elsewhere = attack.peer.seal("hotline-hanoi", offer).envelope
    sealed = attack.peer.seal(LAO_CAI, offer)
    moved = replace(sealed.envelope, stanza=elsewhere.stanza)
    attack.refused(
        attack.peer.post(replace(sealed, envelope=moved)),
        "envelope.bad_stanza",
        logged=True,
    )


def test_one_ciphertext_with_two_keys_is_refused_for_good(attack, offer):
    commit = ContentKeys.new().key_commit
    sealed = attack.peer.seal(LAO_CAI, offer, key_commit=commit)
    attack.refused(attack.peer.post(sealed), "envelope.bad_key_commit", logged=True)


def test_a_flipped_ciphertext_is_refused_for_good(attack, offer):
    sealed = attack.peer.seal(LAO_CAI, offer)
    content = bytearray(sealed.envelope.ciphertext)
    content[100] ^= 1
    flipped = replace(sealed.envelope, ciphertext=bytes(content))
    attack.refused(
        attack.peer.post(replace(sealed, envelope=flipped)),
        "envelope.bad_ciphertext",
        logged=True,
    )


@pytest.mark.parametrize("spoil", ["last byte", "too long a length", "no bucket"])
def test_padding_that_is_not_zero_or_no_bucket_is_refused_for_good(
    attack, offer, spoil
):
    plain = bytearray(pad(encode_payload(offer), new_salt()))
    header = {"padded_len": len(plain)}
    if spoil == "last byte":
        plain[-1] = 1
    elif spoil == "too long a length":
        plain[0] = 0xFF
    else:
        plain.append(0)
        header["padded_len"] += 1
    sealed = attack.peer.seal(LAO_CAI, offer, plain=bytes(plain), **header)
    attack.refused(attack.peer.post(sealed), "envelope.bad_padding", logged=True)


def test_a_padded_length_that_is_not_the_contents_is_refused_for_good(attack, offer):
    sealed = attack.peer.seal(LAO_CAI, offer, padded_len=16384)
    attack.refused(attack.peer.post(sealed), "envelope.bad_padding", logged=True)


def a_payload(**said) -> bytes:
    """The bytes of a payload of which only this is set."""
    return payload_pb2.Payload(**said).SerializeToString()


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"\xff\xff\xff", "wire.malformed"),
        (b"", "wire.unknown_code"),
        (a_payload(step=99), "wire.unknown_code"),
        (a_payload(step=4, moves_on=1), "wire.unknown_content"),
        (
            a_payload(step=4, moves_on=1, happened_at=2**62, body={"acceptance": {}}),
            "wire.bad_instant",
        ),
    ],
    ids=["no message", "empty", "unknown step", "no body", "no date holds it"],
)
def test_a_malformed_payload_is_refused_for_good(attack, payload, code):
    sealed = attack.peer.seal(LAO_CAI, payload)
    attack.refused(attack.peer.post(sealed), code, logged=True)


def test_a_body_that_does_not_fit_its_step_is_refused_for_good(attack):
    said = Talk(attack.peer, LAO_CAI).handoff(Acceptance(), step=Step.OFFER)
    sealed = attack.peer.seal(LAO_CAI, said)
    attack.refused(attack.peer.post(sealed), "envelope.body_mismatch", logged=True)


@pytest.mark.parametrize("field", ["event_id", "referral_id"])
def test_ids_of_another_length_are_refused_for_good(attack, offer, field):
    sealed = attack.peer.seal(LAO_CAI, replace(offer, **{field: b"short"}))
    attack.refused(attack.peer.post(sealed), "envelope.malformed", logged=True)


@pytest.mark.parametrize(
    "said", [{"to": "hotline-hanoi"}, {"from_": "yen-bai"}, {"from_": LAO_CAI}], ids=str
)
def test_parties_that_differ_from_the_headers_are_refused_for_good(attack, offer, said):
    sealed = attack.peer.seal(LAO_CAI, replace(offer, **said))
    attack.refused(attack.peer.post(sealed), "envelope.other_parties", logged=True)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"payload_hash": bytes(32)},
        {"previous_event": os.urandom(16)},
        {"link": os.urandom(16)},
        {"link": b""},
    ],
    ids="-".join,
)
def test_content_other_than_the_leaf_commits_to_is_refused_for_good(
    attack, offer, spoilt
):
    sealed = attack.peer.seal(LAO_CAI, offer)
    posted = attack.peer.post(sealed, **spoilt)
    attack.refused(posted, "envelope.other_commitment", logged=True)


def poisoned(offer):
    """What a database or a calendar would choke on, each in a field of its own."""
    actor = offer.actor
    return {
        "nul in an alias": replace(offer, case_alias="a\0b"),
        "nul in a policy": replace(offer, policy_version="\0"),
        "nul in an actor": replace(offer, actor=replace(actor, pseudonym="x\0")),
        "nul in a body": replace(offer, body=replace(offer.body, priority="\0")),
        "end of the calendar": replace(offer, happened_at=BEYOND, recorded_at=BEYOND),
    }


@pytest.mark.parametrize(
    "name",
    [
        "nul in an alias",
        "nul in a policy",
        "nul in an actor",
        "nul in a body",
        "end of the calendar",
    ],
)
def test_a_poisoned_value_is_refused_for_good_and_the_node_goes_on(attack, offer, name):
    sealed = attack.peer.seal(LAO_CAI, poisoned(offer)[name])
    code = "wire.bad_instant" if name == "end of the calendar" else "wire.bad_text"
    attack.refused(attack.peer.post(sealed), code, logged=True)


# --- seen before


def test_a_replayed_envelope_gets_the_first_receipt_again(attack, offer):
    sealed = attack.peer.seal(LAO_CAI, offer)
    logged = attack.peer.log(sealed)
    first = attack.answer(attack.peer.consign(sealed, logged))
    attack.good_one_goes_through()
    before = attack.victim.size(), attack.victim.stored()
    again = attack.answer(attack.peer.consign(sealed, logged))
    assert again.refusal is None
    assert (attack.victim.size(), attack.victim.stored()) == before
    for field in ("leaf", "pers", "link", "index"):
        assert getattr(again.receipt, field) == getattr(first.receipt, field)


def test_a_replayed_refusal_is_answered_alike(attack, offer):
    sealed = attack.peer.seal(LAO_CAI, offer, sealing_key_id=os.urandom(32))
    logged = attack.peer.log(sealed)
    first = attack.answer(attack.peer.consign(sealed, logged))
    size = attack.victim.size()
    again = attack.answer(attack.peer.consign(sealed, logged))
    assert attack.victim.size() == size
    assert again.refusal == first.refusal
    assert again.receipt is not None
    assert again.receipt.leaf == first.receipt.leaf


def test_an_envelope_id_with_other_bytes_is_refused(attack, offer):
    envelope_id = new_id()
    first = attack.peer.seal(LAO_CAI, offer, envelope_id=envelope_id)
    attack.received(attack.peer.post(first))
    second = attack.peer.seal(
        LAO_CAI, an_offer_of(attack.peer, LAO_CAI), envelope_id=envelope_id
    )
    attack.refused(attack.peer.post(second), "envelope.id_reused", logged=False)


def test_a_known_event_in_a_new_envelope_is_a_duplicate_without_a_step(attack, offer):
    attack.received(attack.peer.post(attack.peer.seal(LAO_CAI, offer)))
    stored = attack.victim.stored()
    again = attack.received(attack.peer.post(attack.peer.seal(LAO_CAI, offer)))
    assert again.outcome is Outcome.DUPLICATE
    assert attack.victim.stored() == stored
    attack.good_one_goes_through()


def test_another_members_event_id_is_no_way_into_its_referral(attack, other, offer):
    """Whoever sends it: known is known, and no step is applied."""
    attack.received(attack.peer.post(attack.peer.seal(LAO_CAI, offer)))
    stored = attack.victim.stored()
    stolen = an_offer_of(other, LAO_CAI, event_id=offer.event_id)
    theirs = replace(attack, peer=other)
    pers = theirs.received(other.post(other.seal(LAO_CAI, stolen)))
    assert pers.outcome is Outcome.DUPLICATE
    assert attack.victim.stored() == stored
    theirs.good_one_goes_through()


def test_errors_tell_a_peer_nothing_from_inside(attack, offer):
    """Neither file nor table nor query stands in a refusal."""
    sealed = attack.peer.seal(LAO_CAI, replace(offer, case_alias="a\0b"))
    refusal = attack.answer(attack.peer.post(sealed)).refusal
    assert refusal is not None
    assert not isinstance(refusal, RelaisError)
    for word in ("asyncpg", "SELECT", "INSERT", ".py", "Traceback"):
        assert word not in refusal.message
