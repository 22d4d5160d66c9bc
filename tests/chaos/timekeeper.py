"""The case clocks of all members, which are driven here and would agree in life.

A node that starts anew goes on from its newest act, and one whose clock jumped is
ahead; within a moment all are put to the same time, as clocks of a network are.
"""

from __future__ import annotations

import asyncio

import grpc

from relais.desk.v1 import node_pb2
from tests.fault.desks import Desk

_PAUSE = 0.3


class Timekeeper:
    """``now`` is the time of the network, Unix milliseconds; it only grows."""

    def __init__(self, desks: dict[str, Desk]) -> None:
        self._desks = desks
        self.now = 0

    async def begin(self) -> None:
        """What the clocks show."""
        self.now = max([await desk.case_now() for desk in self._desks.values()])

    async def put(self, member: str, millis: int) -> bool:
        """Put one clock there; False if it is beyond, or the node does not answer."""
        request = node_pb2.SetCaseClockRequest(now=millis, acting_officer="admin")
        try:
            await self._desks[member].node.SetCaseClock(request, timeout=5)
        except grpc.aio.AioRpcError:
            return False
        return True

    async def keep(self) -> None:
        """Put every clock to the time of the network, for ever."""
        while True:
            await asyncio.gather(*(self._keep(member) for member in self._desks))
            await asyncio.sleep(_PAUSE)

    async def _keep(self, member: str) -> None:
        try:
            status = await self._desks[member].node.GetStatus(
                node_pb2.GetStatusRequest(), timeout=5
            )
        except grpc.aio.AioRpcError:
            return
        if status.case_now < self.now:
            await self.put(member, self.now)
