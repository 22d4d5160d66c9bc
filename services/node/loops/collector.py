"""The collector of a member that nobody can dial: it keeps a stream to each peer.

Promises: one stream to every member of the directory that can be dialled, opened
anew when it ends, after a wait that grows with each failure and is never quite as
long as another's (jitter). What comes on it goes through the same door as what is
delivered to others.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.deliver import pause
from services.node.flows.exchange import Delivery, DeliveryAnswer
from services.node.flows.own import OwnMember
from services.node.flows.reception import Reception

#: The directory is looked at anew so often, in seconds.
_LOOK_AGAIN = 30.0
#: What waits at a peer waits at most so long for this member once it can be dialled.
_LONGEST_PAUSE = 30.0


class Streams(Protocol):
    """How a stream to another member is kept."""

    async def collect(
        self,
        member: str,
        take: Callable[[Delivery], Awaitable[DeliveryAnswer]],
        begun: Callable[[], None],
    ) -> None:
        """Take what is handed over until the stream ends; raises RelaisError."""
        ...


class Collector:
    """Collects; ``heard_from`` learns that a member is there."""

    def __init__(
        self,
        own: OwnMember,
        streams: Streams,
        reception: Reception,
        heard_from: Callable[[str], None],
    ) -> None:
        self._own = own
        self._streams = streams
        self._reception = reception
        self._heard_from = heard_from
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._log = structlog.get_logger()

    async def run(self) -> None:
        """Keep one stream to every member that can be dialled, for ever."""
        try:
            while True:
                wanted = self._dialled()
                for gone in set(self._tasks) - wanted:
                    self._tasks.pop(gone).cancel()
                for new in sorted(wanted - set(self._tasks)):
                    self._tasks[new] = asyncio.create_task(self._keep(new))
                await asyncio.sleep(_LOOK_AGAIN)
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _dialled(self) -> set[str]:
        return {
            each.name
            for each in self._own.adopted.directory.members.values()
            if each.active and each.peers_address and each.name != self._own.name
        }

    async def _keep(self, member: str) -> None:
        """A stream to one member, opened anew for ever."""
        failures = 0
        take = partial(self._reception.take, member)
        while True:
            begun = asyncio.Event()
            code = "ended"
            try:
                await self._streams.collect(
                    member, take, partial(self._here, member, begun)
                )
            except RelaisError as error:
                code = error.code
            except Exception:  # noqa: BLE001 - logged, and opened anew
                # A fault of this program at one stream must not end the others.
                self._log.exception("collect.fault", peer=member)
            failures = 1 if begun.is_set() else failures + 1
            self._log.info("collect.ended", peer=member, code=code, failures=failures)
            longest = min(pause(failures).total_seconds(), _LONGEST_PAUSE)
            # Jitter, so that those who collect from a node that comes back do not all
            # call it in the same instant; nothing secret hangs on it.
            await asyncio.sleep(longest * random.uniform(0.5, 1.0))  # noqa: S311

    def _here(self, member: str, begun: asyncio.Event) -> None:
        if not begun.is_set():
            begun.set()
            self._heard_from(member)
            self._log.info("collect.begun", peer=member)
