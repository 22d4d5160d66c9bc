"""The connections to this member's own database.

Every failure of the line or the server becomes ``UnavailableError``
(``store.unreachable``): what was asked may be asked again. A row that is there
already, a row that is missing and a deadlock become ``ConflictError``: somebody
else acted first. A value that no row can hold becomes ``InvalidInputError``. None
of them repeats a value or is chained to an error that does. Anything else that the
server refuses stays asyncpg's own error: it is a fault of this program.

A server that may forget what it has confirmed (no checksums, no fsync) is refused
at once, and a commit that comes with a warning counts as unknown (protocol.md §5).
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import asyncpg

from services.node.domain.errors import (
    ConflictError,
    InvalidInputError,
    UnavailableError,
)
from services.node.store.together import Together

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
    asyncpg.InternalServerError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.StatementCompletionUnknownError,
)
_ACTED_FIRST = (
    asyncpg.ForeignKeyViolationError,
    asyncpg.TransactionRollbackError,
    asyncpg.UniqueViolationError,
)
_UNFIT = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    # A value longer than an index takes.
    asyncpg.ProgramLimitExceededError,
)

_WAIT_SECONDS = 10.0
"""How long to wait for a free connection."""

_DURABLE = {
    "data_checksums": {"on"},
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "remote_apply", "remote_write", "local"},
}


_SETTINGS = {
    "application_name": "relais",
    "timezone": "UTC",
    # What is asked for all day is in memory: else a table that is still small is read
    # whole, by a plan that is kept while the table grows.
    "random_page_cost": "1.1",
    # No query is worth planning anew at every call: for all of them the plan for
    # any arguments is proved to be a good one (tests/store/test_indexes.py).
    "plan_cache_mode": "force_generic_plan",
}


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
        # Reads like a connection, and does nothing else.
        self.reads = cast("Connection", Together(self.connection))
        """For acts that only read: what many ask at once is asked together."""

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection for reads; raises UnavailableError if the line fails.

        What the server refuses inside becomes ConflictError or InvalidInputError.
        """
        try:
            async with self._pool.acquire(timeout=_WAIT_SECONDS) as connection:
                yield connection
        except _LINE_FAILURES as error:
            raise unreachable(error) from error
        except _ACTED_FIRST as error:
            raise ConflictError(
                "store.conflict",
                "A row with one of these numbers is there already, or one is missing.",
                where=error.constraint_name or "",
            ) from None
        except _UNFIT as error:
            raise InvalidInputError(
                "store.unfit",
                "A value is not one that its column can hold.",
                where=getattr(error, "constraint_name", None) or "",
            ) from None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One transaction; an UnavailableError leaves open whether it committed."""
        warned: list[str] = []

        def listen(_: object, message: asyncpg.PostgresLogMessage) -> None:
            if getattr(message, "severity_en", None) == "WARNING":
                warned.append(str(getattr(message, "sqlstate", "")))

        async with self.connection() as connection:
            connection.add_log_listener(listen)
            try:
                async with connection.transaction(isolation="read_committed"):
                    yield connection
                # What came with the commit is told in the loop's next round.
                await asyncio.sleep(0)
            finally:
                connection.remove_log_listener(listen)
        if warned:
            raise UnavailableError(
                "store.warned",
                f"The database warned while it committed ({', '.join(warned)}).",
                remedy="The head is read again; what was written is found there.",
            )

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
    """Connect with ``size`` connections at most.

    Raises UnavailableError, and InvalidInputError ``store.forgetful``.
    """
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
            reset=_nothing_to_reset,
            server_settings=_SETTINGS,
        )
    except (asyncpg.PostgresError, *_LINE_FAILURES) as error:
        raise unreachable(error) from error
    database = Database(pool)
    try:
        await _refuse_forgetful(database)
    except BaseException:
        await database.close()
        raise
    return database


async def _nothing_to_reset(_: object) -> None:
    """Spare a round trip each time: no query leaves anything in its session.

    asyncpg itself rolls an open transaction back and drops listeners.
    """


async def _refuse_forgetful(database: Database) -> None:
    async with database.connection() as connection:
        for name, safe in _DURABLE.items():
            value = await connection.fetchval("SELECT current_setting($1)", name)
            if value not in safe:
                raise InvalidInputError(
                    "store.forgetful",
                    f"The database server has {name} = {value}: it may forget what "
                    "it has confirmed.",
                    where=name,
                    remedy="Turn it on; a ledger that forgets would contradict itself.",
                )
