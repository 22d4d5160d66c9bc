"""The superuser of an embedded PostgreSQL, over a connection that stays open.

A psql of its own for each question, as ``Cluster.query`` starts one, costs more
processor time than most of what the tests ask or the databases that they copy.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import asyncpg

from services.cli.cluster import PORT, SUPERUSER, Cluster
from services.node.keys.files import read_secret

_SECONDS = 60


class Superuser:
    """Asks one database, from any thread and also beside a running loop.

    Close it before the cluster goes. A server that was stopped and started again
    is connected to anew at the next question.
    """

    def __init__(self, cluster: Cluster, database: str = "postgres") -> None:
        self._cluster, self._database = cluster, database
        self._one_at_a_time = threading.Lock()
        self._connection: asyncpg.Connection | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def value(self, sql: str) -> Any:
        """The first value of the first row; raises what asyncpg does."""
        return self._done(self._value(sql))

    def do(self, *statements: str) -> None:
        """Each by itself and in order, so that none is part of a transaction."""
        self._done(self._do(statements))

    def close(self) -> None:
        """Ends the connection and the thread that kept it."""
        self._done(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _done(self, work: Coroutine[Any, Any, Any]) -> Any:
        with self._one_at_a_time:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result(_SECONDS)

    async def _value(self, sql: str) -> Any:
        return await (await self._connected()).fetchval(sql)

    async def _do(self, statements: tuple[str, ...]) -> None:
        connection = await self._connected()
        for each in statements:
            await connection.execute(each)

    async def _connected(self) -> asyncpg.Connection:
        """A connection that works; a killed server recovers before it gives one."""
        until = self._loop.time() + _SECONDS / 2
        while True:
            try:
                if self._connection is None:
                    self._connection = await self._connect()
                await self._connection.execute("SELECT 1")
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                if self._connection is not None:
                    self._connection.terminate()
                    self._connection = None
                if self._loop.time() > until:
                    raise
                await asyncio.sleep(0.05)
            else:
                return self._connection

    async def _connect(self) -> asyncpg.Connection:
        secret = read_secret(self._cluster.folder / "superuser.password")
        return await asyncpg.connect(
            host=str(self._cluster.sockets),
            port=PORT,
            user=SUPERUSER,
            password=secret.decode().strip(),
            database=self._database,
        )

    async def _close(self) -> None:
        if self._connection is not None:
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await self._connection.close()
