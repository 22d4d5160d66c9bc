"""Whoever says nothing at a console's door makes room for whoever comes.

Here and not among the console's tests: there a browser's loop runs already.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import ExitStack

import pytest

from gateway.web import handshakes as listener

FEW = 4


@pytest.mark.parametrize("bound", ["MOST_SILENT", "MOST_OF_ADDRESS"])
def test_whoever_was_silent_longest_makes_room_for_whoever_comes(monkeypatch, bound):
    monkeypatch.setattr(listener, bound, FEW)
    of_many = bound == "MOST_SILENT"

    async def come() -> list[bool]:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            asyncio.Protocol,
            "127.0.0.1",
            ssl=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
        )
        where, lines = server.sockets[0].getsockname(), []
        with ExitStack() as held:
            for each in range(FEW + 2):
                source = f"127.0.0.{2 + each * of_many}"
                line = held.enter_context(
                    socket.create_connection(where, source_address=(source, 0))
                )
                line.setblocking(False)
                lines.append(line)
            await asyncio.sleep(0.1)
            over = [_is_over(each) for each in lines]
            server.close()
            await server.wait_closed()
        return over

    with asyncio.Runner(loop_factory=listener.PunctualLoop) as runner:
        over = runner.run(come())
    assert over == [True] * 2 + [False] * FEW


def _is_over(line: socket.socket) -> bool:
    try:
        return line.recv(1) == b""
    except BlockingIOError:
        return False
