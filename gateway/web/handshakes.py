"""TLS handshakes of the gateway's listeners: few at once of one address, and soon.

A connection counts for ``connections`` when its handshake is over. Before that it
costs 300 KiB (buffers of ``asyncio.sslproto`` and OpenSSL) and, as every loop has it,
may take a minute: three thousand silent ones took a gibibyte. Here one address has no
more than ``MOST_OF_ADDRESS`` of them, of which ``AT_ONCE`` have begun; the others wait
their turn at the price of a socket. Turn and handshake have as long as a head.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from ssl import SSLContext
from typing import Any, cast

from gateway.web.connections import HEAD_SECONDS, MOST_OF_ADDRESS

AT_ONCE = 32
"""Handshakes of one address that are under way; each takes some milliseconds."""
_NO_MORE_FILES = 0.2
"""Seconds until a connection is taken again where no file was left for it."""
_LEAST = 1.0
"""Seconds for a handshake whose turn came late."""
_BACKLOG = 2048

Factory = Callable[[], asyncio.BaseProtocol]


class PunctualLoop(asyncio.SelectorEventLoop):
    """A loop whose servers with TLS take connections as this module promises."""

    async def create_server(self, *given: Any, **named: Any) -> asyncio.Server:
        """As every loop does it, where there is no TLS."""
        context = named.pop("ssl", None)
        if context is None:
            return await super().create_server(*given, **named)
        factory, *rest = given
        bound = await super().create_server(
            factory, *rest, **(named | {"start_serving": False})
        )
        # As much of a server as uvicorn asks for.
        return cast("asyncio.Server", _Listener(self, bound, factory, context))


class _Listener:
    """Accepts, counts and begins handshakes until it is closed."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        bound: asyncio.Server,
        factory: Factory,
        context: SSLContext,
    ) -> None:
        self._loop, self._bound = loop, bound
        self._factory, self._context = factory, context
        self._waiting: dict[str, tuple[asyncio.Semaphore, set[asyncio.Task[None]]]] = {}
        self._own = [each.dup() for each in bound.sockets]
        for each in self._own:
            each.setblocking(False)
            each.listen(_BACKLOG)
        self._accepting = [loop.create_task(self._accept(each)) for each in self._own]

    @property
    def sockets(self) -> tuple[Any, ...]:
        """Where it listens."""
        return tuple(self._bound.sockets)

    def is_serving(self) -> bool:
        """Whether it still listens."""
        return bool(self._own)

    def close(self) -> None:
        """Take no more; who is in a handshake is let go."""
        under_way = [each for _, tasks in self._waiting.values() for each in tasks]
        for task in (*self._accepting, *under_way):
            task.cancel()
        for each in self._own:
            each.close()
        self._own.clear()
        self._bound.close()

    async def wait_closed(self) -> None:
        """Until nothing of it is left."""
        await asyncio.gather(*self._accepting, return_exceptions=True)
        await self._bound.wait_closed()

    async def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, address = await self._loop.sock_accept(listening)
            except OSError:
                await asyncio.sleep(_NO_MORE_FILES)
                continue
            self._take(connection, str(address[0]))

    def _take(self, connection: socket.socket, address: str) -> None:
        """Begin its handshake, or hang up where its address has too many."""
        turns, tasks = self._waiting.setdefault(
            address, (asyncio.Semaphore(AT_ONCE), set())
        )
        if len(tasks) >= MOST_OF_ADDRESS:
            connection.close()
            return
        task = self._loop.create_task(self._greet(connection, turns))
        tasks.add(task)
        task.add_done_callback(lambda _: self._done(address, task))

    def _done(self, address: str, task: asyncio.Task[None]) -> None:
        _, tasks = self._waiting[address]
        tasks.discard(task)
        if not tasks:
            del self._waiting[address]

    async def _greet(self, connection: socket.socket, turns: asyncio.Semaphore) -> None:
        until = self._loop.time() + HEAD_SECONDS
        try:
            async with asyncio.timeout_at(until):
                await turns.acquire()
        except TimeoutError:
            connection.close()
            return
        except BaseException:
            connection.close()
            raise
        try:
            # From here on it is its transport's to close.
            with suppress(OSError):
                await self._loop.connect_accepted_socket(
                    self._factory,
                    connection,
                    ssl=self._context,
                    ssl_handshake_timeout=max(until - self._loop.time(), _LEAST),
                )
        finally:
            turns.release()
