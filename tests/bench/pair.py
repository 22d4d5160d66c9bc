"""Two nodes of the Vietnamese network, and referrals between them to act on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from relais.envelope.v1 import body_pb2
from services.cli.cluster import PORT
from services.cli.network import Network
from services.node.keys.files import read_secret
from tests.fault.desks import ACCEPT, Desk

GIVER, RECEIVER = "lao-cai", "nha-hoa-ban"
FOUNDERS = ("ministry", "hotline-hanoi")
"""A network is founded by three: these have no part in what is measured."""
CLOCK = "2018-03-05T08:00:00+07:00"
_AT_ONCE = 16
_WAITING = "SELECT count(*) FROM outbox WHERE state = 'waiting'"
_RECEIPTED = "SELECT digest FROM receipt WHERE digest = ANY ($1)"
_BETWEEN_LOOKS = 0.05
"""Seconds."""
_BETWEEN_RECEIPTS = 0.005
"""Seconds: a latency that is measured is at most so much too long."""


@dataclass(frozen=True, slots=True)
class Pair:
    """The desks of giver and receiver; ``referrals`` in service between them.

    The handoff that is measured is the receiver's word about how it goes: a step
    that it may take again and again, sealed, signed, logged and receipted like any.
    """

    network: Network
    giver: Desk
    receiver: Desk
    referrals: tuple[bytes, ...]

    async def act(self, number: int) -> bytes:
        """One handoff, durable at its sender; the digest of its envelope."""
        referral = self.referrals[number % len(self.referrals)]
        return bytes((await self.receiver.step(referral, **_word())).digest)

    async def settled(self) -> None:
        """Wait until the receiver's node has a receipt for all that it sent."""
        async with self.connected() as connection:
            while await connection.fetchval(_WAITING):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(_BETWEEN_LOOKS)

    async def waiting(self) -> int:
        """How many handoffs of the receiver's have no receipt."""
        async with self.connected() as connection:
            found: int = await connection.fetchval(_WAITING)
            return found

    @asynccontextmanager
    async def receipts(self) -> AsyncIterator[Receipts]:
        """What waits for receipts, looking until the end of the block."""
        async with self.connected() as connection:
            receipts = Receipts(connection)
            looking = asyncio.create_task(receipts.look())
            try:
                yield receipts
            finally:
                looking.cancel()
                await asyncio.wait([looking])

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection to the receiver's database, as its node."""
        section = self.network.config(RECEIVER).database
        password = await asyncio.to_thread(read_secret, section.password_file)
        connection = await asyncpg.connect(
            host=section.host,
            port=PORT,
            database=section.name,
            user=section.user,
            password=password.decode().strip(),
        )
        try:
            yield connection
        finally:
            await connection.close()


class Receipts:
    """Tells when a receipt is durable in the sender's database.

    One question for all that are awaited: an officer's program that waits for each
    handoff by a call of its own would be the larger half of what is measured.
    """

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._awaited: dict[bytes, asyncio.Future[None]] = {}

    async def of(self, digest: bytes) -> None:
        """Return as soon as the envelope of this digest has its receipt."""
        future = asyncio.get_running_loop().create_future()
        self._awaited[digest] = future
        await future

    async def look(self) -> None:
        """Ask for ever."""
        while True:
            if self._awaited:
                rows = await self._connection.fetch(_RECEIPTED, list(self._awaited))
                for row in rows:
                    self._awaited.pop(row["digest"]).set_result(None)
            await asyncio.sleep(_BETWEEN_RECEIPTS)


@asynccontextmanager
async def pair(network: Network, referrals: int) -> AsyncIterator[Pair]:
    """Desks with an officer each and ``referrals`` that are in service."""
    async with AsyncExitStack() as stack:
        giver, receiver = [
            await stack.enter_async_context(Desk(each, network.local_socket(each)))
            for each in (GIVER, RECEIVER)
        ]
        for desk in (giver, receiver):
            await desk.keep_officer()
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one() -> bytes:
            async with gate:
                return await _refer(giver, receiver)

        made = await asyncio.gather(*(one() for _ in range(referrals)))
        yield Pair(network, giver, receiver, tuple(made))


async def _refer(giver: Desk, receiver: Desk) -> bytes:
    case = await giver.open_case()
    await giver.agree(case, "reception_shelter", receiver.name)
    made = await giver.offer(case, receiver.name)
    await receiver.see(made, "offered")
    await receiver.step(made, **ACCEPT)
    for desk in (giver, receiver):
        await desk.see(made, "in_service", settled=True)
    return made


def _word() -> dict[str, Any]:
    return {"feedback": body_pb2.Feedback(result="in_process")}
