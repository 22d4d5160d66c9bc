"""Batches: one bad envelope holds up no good one, and limits say so clearly."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from dataclasses import replace

import grpc
import pytest

from relais.exchange.v1 import deliver_pb2_grpc, probe_pb2, probe_pb2_grpc
from services.node.domain.errors import RelaisError
from services.node.flows.exchange import MOST_CONSIGNMENTS, Delivery, KnownHead
from services.node.rpc.conversions import delivery_to
from tests.network.hostile.attack import Attack
from tests.network.hostile.hostile_peer import an_offer_of, refusal_in
from tests.network.hostile.test_envelopes import poisoned
from tests.network.hostile.test_outages import eventually

LAO_CAI = "lao-cai"
PATIENCE = 30.0
"""Seconds within which a call that is refused has ended."""


def consigned(peer, *handoffs):
    """All sealed and logged first: one head proves them all."""
    sealed = [peer.seal(LAO_CAI, each) for each in handoffs]
    logged = [peer.log(each) for each in sealed]
    return [peer.consign(*both) for both in zip(sealed, logged, strict=True)]


def offers(peer, number: int):
    return [an_offer_of(peer, LAO_CAI) for _ in range(number)]


@pytest.mark.parametrize("bad", ["nul in an alias", "end of the calendar", "flipped"])
def test_a_bad_envelope_between_two_good_ones_holds_up_neither(attack, bad):
    peer, size = attack.peer, attack.victim.size()
    first, spoilt, last = offers(peer, 3)
    if bad == "flipped":
        batch = consigned(peer, first, spoilt, last)
        noise = os.urandom(5000)
        batch[1] = replace(
            batch[1], envelope=replace(batch[1].envelope, ciphertext=noise)
        )
    else:
        batch = consigned(peer, first, poisoned(spoilt)[bad], last)
    answers = peer.deliver(LAO_CAI, *batch).answers
    assert [each.position for each in answers] == [0, 1, 2]
    assert [each.refusal is None for each in answers] == [True, False, True]
    assert answers[0].receipt is not None
    assert answers[2].receipt is not None
    assert attack.victim.size() == size + (2 if bad == "flipped" else 3)
    attack.good_one_goes_through()


def test_one_envelope_twice_in_a_batch_is_one_leaf_and_one_receipt(attack):
    (once,) = consigned(attack.peer, *offers(attack.peer, 1))
    size = attack.victim.size()
    first, second = attack.peer.deliver(LAO_CAI, once, once).answers
    assert attack.victim.size() == size + 1
    assert (first.refusal, first.receipt) == (None, second.receipt)


def test_one_event_in_two_envelopes_of_a_batch_is_one_step(attack):
    (same,) = offers(attack.peer, 1)
    batch = consigned(attack.peer, same, same)
    size = attack.victim.size()
    answers = attack.peer.deliver(LAO_CAI, *batch).answers
    assert [each.refusal for each in answers] == [None, None]
    assert attack.victim.size() == size + 2
    events = attack.victim.query("SELECT encode(event_id, 'hex') FROM event")
    assert events.split().count(same.event_id.hex()) == 1


def test_a_batch_above_the_limit_is_refused_whole_and_a_full_one_received(attack):
    size = attack.victim.size()
    batch = consigned(attack.peer, *offers(attack.peer, MOST_CONSIGNMENTS + 1))
    with pytest.raises(RelaisError) as refused:
        attack.peer.deliver(LAO_CAI, *batch)
    assert refused.value.code == "deliver.too_many"
    assert attack.victim.size() == size
    answers = attack.peer.deliver(LAO_CAI, *batch[1:]).answers
    assert [each.refusal for each in answers] == [None] * MOST_CONSIGNMENTS
    assert attack.victim.size() == size + MOST_CONSIGNMENTS
    indexes = {each.receipt.index for each in answers if each.receipt}
    assert len(indexes) == MOST_CONSIGNMENTS


def test_a_request_above_the_message_limit_is_refused_clearly(attack):
    peer = attack.peer
    (good,) = consigned(peer, *offers(peer, 1))
    huge = replace(good, envelope=replace(good.envelope, ciphertext=bytes(7_000_000)))
    message = delivery_to(
        Delivery(KnownHead(0, b"", b""), peer.ledger.growth(), (huge,))
    )
    size = attack.victim.size()
    with peer.channel(LAO_CAI) as channel, pytest.raises(grpc.RpcError) as refused:
        next(deliver_pb2_grpc.DeliverServiceStub(channel).Deliver(iter([message])))
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert attack.victim.size() == size
    attack.good_one_goes_through()


@pytest.mark.parametrize("raw", [b"\xff\xff", os.urandom(500)], ids=["two", "noise"])
def test_bytes_that_are_no_request_are_refused(attack, raw):
    size = attack.victim.size()
    with attack.peer.channel(LAO_CAI) as channel:
        call = channel.stream_stream("/relais.exchange.v1.DeliverService/Deliver")
        with pytest.raises(grpc.RpcError):
            next(call(iter([raw]), timeout=10))
    assert attack.victim.size() == size
    attack.good_one_goes_through()


def test_a_request_without_anything_in_it_is_refused(attack):
    with attack.peer.channel(LAO_CAI) as channel:
        call = channel.stream_stream("/relais.exchange.v1.DeliverService/Deliver")
        with pytest.raises(grpc.RpcError) as refused:
            next(call(iter([b""]), timeout=10))
    assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT
    attack.good_one_goes_through()


def test_a_stream_that_says_nothing_ends_without_an_answer(attack):
    with attack.peer.channel(LAO_CAI) as channel:
        stub = deliver_pb2_grpc.DeliverServiceStub(channel)
        assert list(stub.Deliver(iter([]), timeout=10)) == []
    attack.good_one_goes_through()


@pytest.mark.parametrize(
    "method",
    [
        "/relais.exchange.v1.DeliverService/Deliver",
        "/relais.exchange.v1.ProbeService/Probe",
    ],
)
def test_silent_calls_of_one_member_shut_nobody_out(attack, other, method):
    """More than the listener serves: four stay, and the others find room."""
    aside = Attack(other, attack.victim)
    with attack.peer.channel(LAO_CAI) as channel:
        grpc.channel_ready_future(channel).result(timeout=10)
        silent = threading.Event()

        def nothing():
            silent.wait()
            yield from ()

        start = channel.stream_stream(method)
        calls = [start(nothing(), timeout=60) for _ in range(300)]
        codes = Counter(ended(calls, 4))
        # Some that come all at once the library turns away unread: no room is taken.
        assert codes.keys() <= {"inbox.full", "peer.unreachable"}
        assert codes.total() == 300 - 4
        assert codes["inbox.full"] > codes["peer.unreachable"]
        aside.good_one_goes_through()
        (posted,) = consigned(attack.peer, *offers(attack.peer, 1))
        with pytest.raises(RelaisError) as full:
            attack.peer.deliver(LAO_CAI, posted)
        assert full.value.code == "inbox.full"
        assert sum(each.is_active() for each in calls) == 4
        for each in calls:
            each.cancel()
        silent.set()
    eventually(attack.good_one_goes_through)


def ended(calls, left: int) -> list[str]:
    """The codes that calls ended with, once no more than ``left`` go on."""
    deadline = time.monotonic() + PATIENCE
    while sum(each.is_active() for each in calls) > left:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return [refusal_in(each).code for each in calls if not each.is_active()]


def test_a_stream_broken_off_in_the_middle_loses_nothing(attack):
    """The envelope was written; asked again, it is answered as before."""
    peer = attack.peer
    (good,) = consigned(peer, *offers(peer, 1))
    growth = peer.ledger.growth(peer.seen[LAO_CAI])
    message = delivery_to(Delivery(KnownHead(0, b"", b""), growth, (good,)))
    channel = peer.channel(LAO_CAI)
    grpc.channel_ready_future(channel).result(timeout=10)
    call = deliver_pb2_grpc.DeliverServiceStub(channel).Deliver(iter([message]))
    call.cancel()
    channel.close()
    answer = attack.answer(good)
    assert answer.refusal is None
    attack.good_one_goes_through()


@pytest.mark.parametrize(
    "sealed", [b"", os.urandom(40), os.urandom(1200)], ids=["none", "short", "long"]
)
def test_a_probe_of_noise_opens_nothing(attack, sealed):
    request = probe_pb2.ProbeRequest(sealing_key_id=os.urandom(32), sealed=sealed)
    known = next(iter(attack.peer.directory.member(LAO_CAI).sealing_epochs)).key_id
    with attack.peer.channel(LAO_CAI) as channel:
        stub = probe_pb2_grpc.ProbeServiceStub(channel)
        for key_id in (request.sealing_key_id, known):
            request.sealing_key_id = key_id
            assert stub.Probe(request, timeout=10).opened_hash == b""
