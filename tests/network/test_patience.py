"""The gateway's listener waits for nobody who takes a place and says nothing.

Its connections and limits as they are, served over real sockets, with a small
application behind them that reads what it is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
import uvicorn
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from gateway.web import connections, limits
from gateway.web.connections import PunctualProtocol
from gateway.web.limits import Limits

HEAD = b"POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 4\r\n"


async def _reads(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the length of a body, or why it is not waited for."""
    length, more, told = 0, True, Response()
    try:
        while more:
            message = await receive()
            length += len(message.get("body", b""))
            more = message.get("more_body", False)
        told = PlainTextResponse(str(length))
    except HTTPException as error:
        told = Response(status_code=error.status_code)
    await told(scope, receive, send)


SHORT, LONG = 0.5, 60.0
"""Seconds that a listener waits: over soon, and not over on any busy machine."""


@asynccontextmanager
async def _listener(monkeypatch, patience: float) -> AsyncIterator[int]:
    """The port of one that waits so long for a head, and as long for a body."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", patience)
    monkeypatch.setattr(connections, "MOST_OF_ADDRESS", 8)
    monkeypatch.setattr(limits, "GRACE_SECONDS", patience)
    config = uvicorn.Config(
        Limits(_reads), http=PunctualProtocol, port=0, lifespan="off", log_config=None
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - it tells nobody
        await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await serving


@pytest.fixture
async def port(monkeypatch) -> AsyncIterator[int]:
    """A listener that waits for nobody who is slow."""
    async with _listener(monkeypatch, SHORT) as port:
        yield port


@pytest.fixture
async def patient(monkeypatch) -> AsyncIterator[int]:
    """One at which everybody is in time, however busy this machine is."""
    async with _listener(monkeypatch, LONG) as port:
        yield port


async def _said(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """What comes until the connection ends; an error if it is left open."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def send() -> None:
        for each in parts:
            writer.write(each)
            await writer.drain()
            await asyncio.sleep(pause)

    sending = asyncio.create_task(send())
    try:
        async with asyncio.timeout(LONG / 2):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        sending.cancel()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_connection_that_says_nothing_is_closed(port):
    assert await _said(port) == b""


async def test_a_head_that_comes_byte_by_byte_is_not_waited_for(port):
    head = [bytes([each]) for each in HEAD]
    assert await _said(port, *head, pause=0.05) == b""


async def test_so_is_the_second_head_of_a_connection(port):
    asked = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
    told = await _said(port, asked, *(bytes([each]) for each in asked), pause=0.05)
    assert told.count(b"HTTP/1.1 200") == 1


async def test_a_body_that_comes_too_slowly_is_answered_and_ended(port):
    told = await _said(port, HEAD + b"\r\n", b"1")
    assert told.startswith(b"HTTP/1.1 408")


async def test_whoever_is_slow_and_gets_through_in_time_is_served(patient):
    told = await _said(
        patient,
        HEAD[:20],
        HEAD[20:] + b"Connection: close\r\n\r\n",
        b"1",
        b"234",
        pause=0.1,
    )
    assert told.startswith(b"HTTP/1.1 200")
    assert told.endswith(b"4")


async def test_one_address_takes_no_more_places_than_its_share(patient):
    held = [await asyncio.open_connection("127.0.0.1", patient) for _ in range(8)]
    assert await _said(patient, HEAD + b"\r\n1234") == b""
    for _, writer in held:
        writer.close()
        await writer.wait_closed()
    served = await _said(patient, HEAD + b"Connection: close\r\n\r\n1234")
    assert served.startswith(b"HTTP/1.1 200")
