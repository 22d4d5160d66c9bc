"""What a hostile member takes away by sending much: its own turn, and nobody's else."""

from __future__ import annotations

import os
import re
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

import grpc
import psutil
import pytest

from relais.exchange.v1 import deliver_pb2, deliver_pb2_grpc
from services.cli import processes
from services.node.domain.errors import RelaisError, UnavailableError
from services.node.flows.exchange import Delivery, KnownHead
from services.node.rpc.conversions import delivery_to
from tests.network.hostile.attack import Attack
from tests.network.hostile.hostile_peer import HostilePeer
from tests.network.hostile.test_batches import consigned, offers
from tests.network.hostile.test_outages import eventually

LAO_CAI = "lao-cai"
HELD = 32 << 20
"""Bytes that a flood may make a node grow by, at most."""
SOON = 5.0
"""Seconds within which another member is served whatever goes on."""
AT_ONCE, A_SECOND = 200, 20


@pytest.fixture(scope="module")
def strict(network) -> Iterator[None]:
    """The victim takes two hundred at once, and then twenty a second."""
    config = network.place(LAO_CAI).config
    usual = config.read_text("utf-8")
    strict = re.sub("envelopes_at_once = .*", f"envelopes_at_once = {AT_ONCE}", usual)
    strict = re.sub(
        "envelopes_per_second = .*", f"envelopes_per_second = {A_SECOND}", strict
    )
    config.write_text(strict, "utf-8")
    network.restart(LAO_CAI)
    yield
    config.write_text(usual, "utf-8")
    network.restart(LAO_CAI)


@pytest.fixture
def aside(other, victim, strict) -> Attack:  # noqa: ARG001 - it limits the victim
    """Another member, which does nothing wrong."""
    return Attack(other, victim)


@contextmanager
def unharmed(aside: Attack) -> Iterator[None]:
    """The node stays small, and serves another member soon while it is attacked."""
    process = processes.find(aside.victim.network.place(LAO_CAI).process)
    assert isinstance(process, psutil.Process)
    before = process.memory_info().rss
    yield
    began = time.monotonic()
    aside.good_one_goes_through()
    assert time.monotonic() - began < SOON
    assert process.memory_info().rss - before < HELD


def flooded(attack: Attack, *batch) -> UnavailableError:
    """The batch again and again, until the node wants no more of this member."""
    for _ in range(50):
        try:
            attack.peer.deliver(LAO_CAI, *batch)
        except RelaisError as error:
            assert isinstance(error, UnavailableError)
            return error
    pytest.fail("it took everything")


def test_a_flood_of_good_envelopes_waits_its_turn_and_loses_nothing(attack, aside):
    (last,) = consigned(attack.peer, *offers(attack.peer, 1))
    with unharmed(aside):
        error = flooded(attack, *consigned(attack.peer, *offers(attack.peer, 64)))
        assert error.code == "inbox.too_fast"
        assert 0 < error.wait < SOON
        with pytest.raises(UnavailableError):
            attack.peer.deliver(LAO_CAI, last)
    eventually(attack.good_one_goes_through)
    last = attack.peer.consign(*_again(attack.peer))
    # One has just taken what the bucket held; the next waits for a drop more.
    assert eventually(lambda: attack.received(last))


def _again(peer):
    sealed = peer.seal(LAO_CAI, *offers(peer, 1))
    return sealed, peer.log(sealed)


def test_a_flood_of_bad_envelopes_costs_its_sender_as_much(attack, aside):
    (good,) = consigned(attack.peer, *offers(attack.peer, 1))
    noise = [
        replace(good, envelope=replace(good.envelope, ciphertext=os.urandom(4000)))
        for _ in range(64)
    ]
    with unharmed(aside):
        assert flooded(attack, *noise).code == "inbox.too_fast"
    eventually(attack.good_one_goes_through)


def test_a_relay_waits_as_long_as_it_is_asked_to_and_loses_nothing(
    victims,
    network,
    strict,  # noqa: ARG001 - it limits the victim
):
    """Somebody has used up the hotline's allowance, and fifty more."""
    hotline, province = victims["hotline-hanoi"], victims[LAO_CAI]
    before = asked_to_wait(network)
    in_its_name = HostilePeer("hotline-hanoi", network)
    nothing = deliver_pb2.DeliverRequest(
        consignments=[deliver_pb2.Consignment() for _ in range(AT_ONCE + 50)]
    )
    with in_its_name.channel(LAO_CAI) as channel, pytest.raises(RelaisError):
        in_its_name.call(channel, nothing)
    referral = hotline.make_offer(LAO_CAI, "reception")

    def received() -> None:
        known = province.query("SELECT encode(referral_id, 'hex') FROM referral")
        assert referral.hex() in known

    eventually(received)
    assert asked_to_wait(network) == before + 1


def asked_to_wait(network) -> int:
    """How often the hotline's relay was told that it hands in too fast."""
    log = network.place("hotline-hanoi").log.read_text("utf-8")
    return sum(
        "relay.failed" in line and "inbox.too_fast" in line for line in log.splitlines()
    )


def a_batch(attack: Attack) -> deliver_pb2.DeliverRequest:
    batch = consigned(attack.peer, *offers(attack.peer, 1))
    growth = attack.peer.ledger.growth()
    return delivery_to(Delivery(KnownHead(0, b"", b""), growth, tuple(batch)))


def test_a_compressed_message_is_refused_before_it_is_made_large(attack, aside):
    """A bomb of five mebibytes that travels as five kibibytes."""
    bomb = deliver_pb2.DeliverRequest()
    consignment = bomb.consignments.add()
    consignment.envelope.ciphertext = bytes(5 << 20)
    with unharmed(aside), attack.peer.channel(LAO_CAI) as channel:
        stub = deliver_pb2_grpc.DeliverServiceStub(channel)
        for _ in range(20):
            packed = grpc.Compression.Gzip
            with pytest.raises(grpc.RpcError) as refused:
                next(stub.Deliver(iter([bomb]), compression=packed, timeout=10))
            assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
    eventually(attack.good_one_goes_through)


def test_giant_metadata_is_refused(attack, aside):
    request = a_batch(attack)
    with unharmed(aside), attack.peer.channel(LAO_CAI) as channel:
        stub = deliver_pb2_grpc.DeliverServiceStub(channel)
        for size in (64 << 10, 1 << 20):
            said = (("x-much", "a" * size),)
            with pytest.raises(grpc.RpcError) as refused:
                next(stub.Deliver(iter([request]), metadata=said, timeout=10))
            assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    eventually(attack.good_one_goes_through)


def test_answers_that_nobody_reads_hold_up_their_own_calls_only(attack, aside):
    request = a_batch(attack)
    with unharmed(aside), attack.peer.channel(LAO_CAI) as channel:
        stub = deliver_pb2_grpc.DeliverServiceStub(channel)
        over = threading.Event()

        def much():
            for _ in range(2000):
                yield request
            over.wait()

        unread = [stub.Deliver(much(), timeout=60) for _ in range(4)]
        aside.good_one_goes_through()
        over.set()
        for each in unread:
            each.cancel()
    eventually(attack.good_one_goes_through)


def test_many_connections_that_say_nothing_are_closed_and_shut_nobody_out(
    attack, aside, network
):
    """Three hundred strangers: some silent, some in the middle of a handshake.

    A third of them says a byte now and then: of the handshake, or, as a member, of
    what HTTP/2 begins with (RFC 9113, section 3.4). It wins them no time.
    """
    dripping: list[tuple[socket.socket, bytearray]] = []
    host, _, port = network.peers_address(LAO_CAI).rpartition(":")
    with ExitStack() as held, selectors.DefaultSelector() as selector:
        with unharmed(aside):
            for number in range(300):
                line = held.enter_context(socket.create_connection((host, int(port))))
                if number % 2:
                    line.sendall(b"\x16\x03\x01\x02")
                if number % 3 == 0:
                    said = hello() if number % 2 == 0 else bytearray(8192)
                    dripping.append((line, said))
                selector.register(line, selectors.EVENT_READ)
            for _ in range(8):
                line = held.enter_context(as_member(attack.peer, host, int(port)))
                line.setblocking(False)
                dripping.append((line, bytearray(PREFACE)))
                selector.register(line, selectors.EVENT_READ)
        began = time.monotonic()
        while selector.get_map() and time.monotonic() - began < 30:
            drip(dripping)
            for key, _ in selector.select(0.5):
                assert isinstance(key.fileobj, socket.socket)
                if closed(key.fileobj):
                    selector.unregister(key.fileobj)
        assert not selector.get_map()


PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(64)


def hello() -> bytearray:
    """What a TLS client says first."""
    heard, said = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = ssl.create_default_context()
    with suppress(ssl.SSLWantReadError):
        context.wrap_bio(heard, said, server_hostname=LAO_CAI).do_handshake()
    return bytearray(said.read())


def as_member(peer: HostilePeer, host: str, port: int) -> ssl.SSLSocket:
    """A connection with the certificate of a member."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    folder = peer.network.place(peer.name).keys
    context.load_cert_chain(folder / "tls.crt", folder / "tls.key")
    line = socket.create_connection((host, port))
    return context.wrap_socket(line, server_hostname=LAO_CAI)


def drip(lines: list[tuple[socket.socket, bytearray]]) -> None:
    """One byte more of what each of them has to say."""
    for line, said in lines:
        with suppress(OSError):
            line.send(said[:1])
        del said[:1]


def closed(line: socket.socket) -> bool:
    """The other end gave it up; what it said before counts for nothing."""
    try:
        return line.recv(4096) == b""
    except (ssl.SSLWantReadError, BlockingIOError):
        return False
    except OSError:
        return True
