"""Connections to a console by the thousand: some come and go, some say nothing."""

from __future__ import annotations

import selectors
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import psutil
import pytest

from tests.console.consoles import PROVINCE
from tests.console.test_files import listening
from tests.fault.widely import ALL
from tests.network.hostile.test_floods import HELD, closed

STORM, HANGING = (3000, 3000) if ALL else (150, 300)
"""Handshakes that come and go; connections that say nothing, not even of TLS."""
SILENT, BUSY = "127.0.0.2", "127.0.0.3"
"""Where they come from; whoever reads a page is at another address."""
PATIENCE = 30.0
"""Seconds within which a connection that says nothing has been given up."""
ROUNDS, A_ROUND = 6, 256
SOON = 5.0
"""Seconds within which a reader is served whatever goes on."""


@contextmanager
def unharmed(gateway: psutil.Process) -> Iterator[None]:
    """Small as before, and no file is left open."""
    size, files = gateway.memory_info().rss, gateway.num_fds()
    yield
    assert gateway.memory_info().rss - size < HELD
    deadline = time.monotonic() + PATIENCE
    while gateway.num_fds() > files + 4 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert gateway.num_fds() <= files + 4


def connected(port: int, source: str) -> socket.socket:
    """A connection from one of this machine's own addresses."""
    return socket.create_connection(("127.0.0.1", port), source_address=(source, 0))


def handshakes(port: int, number: int) -> None:
    """Whole ones and broken ones, one after the other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for each in range(number):
        line = connected(port, BUSY)
        if each % 3:
            line = context.wrap_socket(line)
        else:
            line.sendall(b"\x16\x03\x01\x02")
        line.close()


def read_beside(origin: str, source: str) -> None:
    """A page comes soon, also where others are silent at the same address."""
    where, context = urlsplit(origin), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    began = time.monotonic()
    assert where.port
    line = connected(where.port, source)
    line.settimeout(SOON)
    with context.wrap_socket(line) as secured:
        ask = f"GET /sign-in HTTP/1.1\r\nHost: {where.netloc}\r\n\r\n"
        secured.sendall(ask.encode())
        assert secured.recv(64).startswith(b"HTTP/1.1 200")
    assert time.monotonic() - began < SOON


def test_connections_that_say_nothing_of_tls_shut_nobody_out_of_a_console(
    wires, consoles
):
    port = urlsplit(consoles.origin(PROVINCE)).port
    assert wires.ask(PROVINCE, "/sign-in").status_code == 200
    with (
        unharmed(listening(port)),
        ExitStack() as held,
        selectors.DefaultSelector() as selector,
    ):
        for _ in range(HANGING):
            line = held.enter_context(connected(port, SILENT))
            line.setblocking(False)
            selector.register(line, selectors.EVENT_READ)
        handshakes(port, STORM)
        read_beside(consoles.origin(PROVINCE), SILENT)
        assert wires.ask(PROVINCE, "/sign-in").status_code == 200
        began = time.monotonic()
        # In every run it is enough that they are in nobody's way.
        while ALL and selector.get_map() and time.monotonic() - began < PATIENCE:
            for key, _ in selector.select(0.5):
                assert isinstance(key.fileobj, socket.socket)
                if closed(key.fileobj):
                    selector.unregister(key.fileobj)
        assert not (ALL and selector.get_map())


@pytest.mark.parametrize("word", [b"", b"\x16\x03\x01\x02"], ids=["none", "one"])
def test_connections_that_are_opened_and_closed_in_rounds_cost_a_console_little(
    wires, consoles, word
):
    origin = consoles.origin(PROVINCE)
    port = urlsplit(origin).port
    assert wires.ask(PROVINCE, "/sign-in").status_code == 200
    with unharmed(listening(port)):
        for _ in range(ROUNDS):
            with ExitStack() as held:
                for _ in range(A_ROUND):
                    line = held.enter_context(connected(port, SILENT))
                    # Half of what begins a handshake, or not even that.
                    line.sendall(word)
                if not word:
                    read_beside(origin, SILENT)
