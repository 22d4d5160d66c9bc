"""Connections by the thousand, that come and go or hang: at the public listener, and
at the own one, where a program of this member's went wrong.

In every run some hundreds, in the long form thousands (``make test-fault-long``).
"""

from __future__ import annotations

import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

import psutil
import pytest

from services.cli import processes
from tests.fault.widely import ALL
from tests.network.hostile.attack import Attack
from tests.network.hostile.test_floods import HELD, LAO_CAI, SOON, closed

STORM = 5000 if ALL else 400
"""Handshakes that come and go."""
HANGING = 2000 if ALL else 300
"""Connections that are open at once and say nothing."""
AT_ONCE = 16
PATIENCE = 30.0
"""Seconds within which no file of theirs is open any more."""
GIVEN_UP = 10.0
"""Seconds after which a connection that says nothing is ended (``rpc.server``)."""


@pytest.fixture
def aside(other, victim) -> Attack:
    """Another member, which does nothing wrong."""
    return Attack(other, victim)


@contextmanager
def unharmed(aside: Attack) -> Iterator[Callable[[], None]]:
    """Small as before, no file is left open, and another member is served soon.

    Gives what asserts the first of it, to be asked meanwhile.
    """
    process = processes.find(aside.victim.network.place(LAO_CAI).process)
    assert isinstance(process, psutil.Process)
    aside.good_one_goes_through()
    size, files = process.memory_info().rss, process.num_fds()

    def small() -> None:
        assert process.memory_info().rss - size < HELD

    yield small
    served_soon(aside)
    small()
    deadline = time.monotonic() + PATIENCE
    # A few connections of the test itself may be under way.
    while process.num_fds() > files + 8 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.num_fds() <= files + 8


def served_soon(aside: Attack) -> None:
    """Somebody else's handoff passes, and an officer is answered."""
    began = time.monotonic()
    aside.good_one_goes_through()
    aside.victim.open_case()
    assert time.monotonic() - began < SOON


def test_handshakes_that_come_and_go_by_the_thousand_shut_nobody_out(aside, network):
    host, _, port = network.peers_address(LAO_CAI).rpartition(":")
    strange = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    strange.check_hostname, strange.verify_mode = False, ssl.CERT_NONE
    strange.set_alpn_protocols(["h2"])

    def comes_and_goes(number: int) -> None:
        with suppress(OSError), socket.create_connection((host, int(port))) as line:
            line.settimeout(10)
            if number % 3 == 0:
                # Gone in the middle of what it began to say.
                line.sendall(b"\x16\x03\x01\x02")
                return
            with strange.wrap_socket(line) as secured:
                # It has no certificate, and is told so at its first word.
                secured.recv(1)

    with unharmed(aside), ThreadPoolExecutor(AT_ONCE) as strangers:
        going = [strangers.submit(comes_and_goes, each) for each in range(STORM)]
        served_soon(aside)
        for each in going:
            each.result()


def test_connections_to_the_own_listener_that_hang_shut_nobody_out(aside, network):
    path = str(network.local_socket(LAO_CAI))
    with (
        unharmed(aside) as small,
        ExitStack() as held,
        selectors.DefaultSelector() as selector,
    ):
        for _ in range(HANGING):
            line = held.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            line.connect(path)
            line.setblocking(False)
            selector.register(line, selectors.EVENT_READ)
        until = time.monotonic() + GIVEN_UP + SOON
        served_soon(aside)
        # They hang still: each was told that HTTP/2 is spoken here, and no more.
        lines = [each.fileobj for each in selector.get_map().values()]
        assert not any(
            closed(each) for each in lines if isinstance(each, socket.socket)
        )
        small()
        while selector.get_map() and time.monotonic() < until:
            for key, _ in selector.select(0.5):
                assert isinstance(key.fileobj, socket.socket)
                if closed(key.fileobj):
                    selector.unregister(key.fileobj)
        assert not selector.get_map()
