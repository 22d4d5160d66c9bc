"""How many handoffs a second, how long each takes, how fast a backlog is made up.

Both nodes, both databases, the officers' program and the echo share the machine;
every figure is a ratio of two measures of one run.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import asyncpg

from services.cli.cluster import PORT, SUPERUSER
from services.node.keys.files import read_secret
from tests.bench.echo import Echo
from tests.bench.figures import Figure, percentile
from tests.bench.pair import GIVER, Pair

IN_FLIGHT = 64
_MOST_BEGUN = 128
"""Half of the calls that a node's socket serves at once."""
PAYLOAD = 4096
"""Bytes of the smallest content of an envelope: 2 KiB of answers are padded to it."""


async def measured(
    pair: Pair, echo: Echo, *, handoffs: int, backlog: int
) -> list[Figure]:
    """The rate, the latency at half of it, and the drain."""
    echoes = await echo.best_rate(seconds=2)
    steady = await rate(pair, handoffs)
    figures = [
        Figure(
            "handoffs a second, of the echo's",
            steady / echoes,
            0.5,
            "×",
            f"{steady:.0f} of {echoes:.0f} a second",
            at_least=True,
        )
    ]
    figures += await latency(pair, echo, steady / 2, handoffs)
    return [*figures, await drained(pair, steady, backlog)]


async def rate(pair: Pair, handoffs: int) -> float:
    """Handoffs a second, from the first act to the last receipt."""
    began = time.perf_counter()
    await _all(pair, handoffs)
    await pair.settled()
    return handoffs / (time.perf_counter() - began)


async def _all(pair: Pair, handoffs: int) -> None:
    numbers = iter(range(handoffs))

    async def one() -> None:
        for number in numbers:
            await pair.act(number)

    await asyncio.gather(*(one() for _ in range(IN_FLIGHT)))


async def latency(
    pair: Pair, echo: Echo, a_second: float, handoffs: int
) -> list[Figure]:
    """From the officer's act to the durable receipt, against echo and commit."""

    async with committing(pair) as commit:

        async def bare(_: int) -> None:
            await echo.say()
            await commit()

        usual = await paced(bare, a_second, handoffs)
    async with pair.receipts() as receipts:

        async def handoff(number: int) -> None:
            await receipts.of(await pair.act(number))

        taken = await paced(handoff, a_second, handoffs)
    return [
        Figure(
            f"send to receipt, p{percent}",
            percentile(taken, percent) / percentile(usual, percent),
            target,
            "×",
            f"{1000 * percentile(taken, percent):.1f} of "
            f"{1000 * percentile(usual, percent):.1f} ms, echo and a durable commit",
        )
        for percent, target in ((50, 4.0), (99, 12.0))
    ]


async def paced(
    act: Callable[[int], Awaitable[None]], a_second: float, times: int
) -> list[float]:
    """Seconds that each act took since it was due, so many a second due.

    No more are begun at once than a member's program may begin; an act that has to
    wait for room is late from the moment when it was due.
    """
    taken: list[float] = []
    room = asyncio.Semaphore(_MOST_BEGUN)

    async def one(number: int, due: float) -> None:
        async with room:
            await act(number)
        taken.append(time.perf_counter() - due)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(times):
            due = began + number / a_second
            await asyncio.sleep(due - time.perf_counter())
            group.create_task(one(number, due))
    return taken


async def drained(pair: Pair, steady: float, backlog: int) -> Figure:
    """How fast what waited for a member that was away is brought to it."""
    await asyncio.to_thread(pair.network.kill, GIVER)
    await _all(pair, backlog)
    waited = await pair.waiting()
    await asyncio.to_thread(pair.network.restart, GIVER)
    began = time.perf_counter()
    await pair.settled()
    a_second = waited / (time.perf_counter() - began)
    return Figure(
        "backlog drained, of the steady rate",
        a_second / steady,
        0.8,
        "×",
        f"{waited} at {a_second:.0f} of {steady:.0f} a second",
        at_least=True,
    )


@asynccontextmanager
async def committing(pair: Pair) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Makes one row durable in the nodes' PostgreSQL, each time it is called."""
    cluster = pair.network.state.cluster
    password = await asyncio.to_thread(
        read_secret, cluster.folder / "superuser.password"
    )
    await asyncio.to_thread(cluster.query, "CREATE TABLE bench (said bytea)")
    pool = await asyncpg.create_pool(
        host=str(cluster.sockets),
        port=PORT,
        database="postgres",
        user=SUPERUSER,
        password=password.decode().strip(),
    )

    async def commit() -> None:
        await pool.execute("INSERT INTO bench VALUES ($1)", bytes(PAYLOAD))

    try:
        yield commit
    finally:
        await pool.close()
