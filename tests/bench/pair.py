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
from tests.fault.desks import Desk

GIVER, RECEIVER = "lao-cai", "nha-hoa-ban"
FOUNDERS = ("ministry", "hotline-hanoi")
"""A network is founded by three: these have no part in what is measured."""
CLOCK = "2018-03-05T08:00:00+07:00"
_AT_ONCE = 16
_WAITING = "SELECT count(*) FROM outbox WHERE state = 'waiting'"
_BETWEEN_LOOKS = 0.05
"""Seconds."""


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
        """One handoff, durable at its sender; the referral it was made in."""
        referral = self.referrals[number % len(self.referrals)]
        await self.receiver.step(referral, **_word())
        return referral

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
    await receiver.step(made, acceptance=body_pb2.Acceptance())
    for desk in (giver, receiver):
        await desk.see(made, "in_service", settled=True)
    return made


def _word() -> dict[str, Any]:
    return {"feedback": body_pb2.Feedback(result="in_process")}
