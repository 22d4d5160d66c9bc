"""The connections to this member's own database.

Every failure of the line or the server becomes ``UnavailableError`` with the
code ``store.unreachable``: what was asked may be asked again. What the server
refuses for good (a broken rule of a table) stays asyncpg's own error: it is a
fault of this program, not of the line.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias

import asyncpg

from services.node.domain.errors import ConflictError, UnavailableError

# A string: asyncpg's classes take their parameters in stubs only.
Connection: TypeAlias = (
    "asyncpg.Connection[Any] | asyncpg.pool.PoolConnectionProxy[Any]"
)

_LINE_FAILURES = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InternalClientError,
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is: ``host`` is a host name or a socket folder."""

    host: str
    port: int
    name: str
    user: str
    password: str


class Database:
    """A pool of connections; ``open_database`` makes one."""

    def __init__(self, pool: asyncpg.Pool[Any]) -> None:
        self._pool = pool

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection for reads; raises UnavailableError if the line fails."""
        try:
            async with self._pool.acquire(timeout=10) as connection:
                yield connection
        except _LINE_FAILURES as error:
            raise unreachable(error) from error
        except asyncpg.IntegrityConstraintViolationError as error:
            raise ConflictError(
                "store.conflict", "A row with one of these numbers is there already."
            ) from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction; an UnavailableError leaves open whether it committed."""
        async with self.connection() as connection, connection.transaction():
            yield connection

    async def close(self) -> None:
        """Close every connection; those in use are given five seconds."""
        try:
            async with asyncio.timeout(5):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()


def unreachable(error: BaseException) -> UnavailableError:
    """The error that says that the database is away, without its address."""
    return UnavailableError(
        "store.unreachable",
        f"This member's database does not answer ({type(error).__name__}).",
        remedy="Nothing was lost; it is tried again. Start the database if it is down.",
    )


async def open_database(address: Address, size: int) -> Database:
    """Connect with ``size`` connections at most; raises UnavailableError."""
    try:
        pool = await asyncpg.create_pool(
            host=address.host,
            port=address.port,
            database=address.name,
            user=address.user,
            password=address.password,
            min_size=1,
            max_size=size,
            command_timeout=30,
            server_settings={"application_name": "relais", "timezone": "UTC"},
        )
    except (asyncpg.InvalidPasswordError, *_LINE_FAILURES) as error:
        raise unreachable(error) from error
    except asyncpg.PostgresError as error:
        raise unreachable(error) from error
    return Database(pool)
