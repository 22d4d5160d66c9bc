"""TLS handshakes of the gateway's listeners: few at once of one address, and soon.

A connection counts for ``connections`` when its handshake is over. Before that it
costs 300 KiB (buffers of ``asyncio.sslproto`` and OpenSSL) and, as every loop has it,
may take a minute: three thousand silent ones took a gibibyte. Here a handshake begins
when the other end has said a first byte; until then, at the price of a socket, it is
silent and takes no turn. One address has no more than ``MOST_OF_ADDRESS`` of both, of
which ``AT_ONCE`` have begun; where there are too many, the one that has been silent
longest is ended. Silence, turn and handshake have together as long as a head.
"""

from __future__ import annotations

import asyncio
import select
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from ssl import SSLContext
from typing import Any, cast

from gateway.web.connections import HEAD_SECONDS, MOST_OF_ADDRESS, counted_as

AT_ONCE = 32
"""Handshakes of one address that are under way; each takes some milliseconds."""
MOST_SILENT = 4096
"""Connections of all addresses that have said nothing yet."""
_NO_MORE_FILES = 0.2
"""Seconds until a connection is taken again where no file was left for it."""
_LEAST = 1.0
"""Seconds for a handshake whose turn came late."""
_BACKLOG = 2048

Factory = Callable[[], asyncio.BaseProtocol]
# Ordered: whoever has been silent longest is first.
_Silent = dict[asyncio.Task[None], None]


@dataclass(slots=True)
class _Address:
    """Who of one address is not through its handshake."""

    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    silent: _Silent = field(default_factory=dict)
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))


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


def _hung_up(connection: socket.socket) -> bool:
    """Whether the other end has closed it, though something it said is still there."""
    asked = select.poll()
    asked.register(connection, select.POLLRDHUP)
    return bool(asked.poll(0))


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
        self._waiting: dict[str, _Address] = {}
        self._silent: _Silent = {}
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
        under_way = [task for each in self._waiting.values() for task in each.tasks]
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
            self._take(connection, counted_as(str(address[0])))
            # However many come, whoever was taken is heard before the next one.
            await asyncio.sleep(0)

    def _take(self, connection: socket.socket, address: str) -> None:
        """Wait for its first word, or hang up where too many of its address speak."""
        those = self._waiting.setdefault(address, _Address())
        if len(those.tasks) >= MOST_OF_ADDRESS and not self._end_oldest(those.silent):
            connection.close()
            return
        if len(self._silent) >= MOST_SILENT:
            self._end_oldest(self._silent)
        task = self._loop.create_task(self._greet(connection, those))
        those.tasks.add(task)
        those.silent[task] = self._silent[task] = None
        task.add_done_callback(lambda _: self._done(address, task))

    def _end_oldest(self, silent: _Silent) -> bool:
        """Whether there was one to end; it is gone when its task has its turn."""
        oldest = next(iter(silent), None)
        if oldest is None:
            return False
        oldest.cancel()
        self._silent.pop(oldest, None)
        silent.pop(oldest, None)
        return True

    def _done(self, address: str, task: asyncio.Task[None]) -> None:
        those = self._waiting[address]
        those.tasks.discard(task)
        self._speaks(task, those)
        if not those.tasks:
            del self._waiting[address]

    def _speaks(self, task: asyncio.Task[Any] | None, those: _Address) -> None:
        for silent in (those.silent, self._silent):
            silent.pop(cast("asyncio.Task[None]", task), None)

    async def _greet(self, connection: socket.socket, those: _Address) -> None:
        until = self._loop.time() + HEAD_SECONDS
        try:
            async with asyncio.timeout_at(until):
                await self._turn(connection, those)
        except OSError:
            # It said nothing in time (a TimeoutError), or is gone.
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
            those.turns.release()

    async def _turn(self, connection: socket.socket, those: _Address) -> None:
        """Until it has one; raises OSError where nobody is there to take it."""
        await self._first_byte(connection)
        self._speaks(asyncio.current_task(), those)
        await those.turns.acquire()
        if _hung_up(connection):
            those.turns.release()
            raise ConnectionResetError

    async def _first_byte(self, connection: socket.socket) -> None:
        """Until there is one, which stays there; raises OSError where none comes."""
        said = asyncio.Event()
        self._loop.add_reader(connection, said.set)
        try:
            await said.wait()
        finally:
            self._loop.remove_reader(connection)
        if not connection.recv(1, socket.MSG_PEEK):
            raise ConnectionResetError
