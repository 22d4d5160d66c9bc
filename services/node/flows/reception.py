"""The door for batches of other members, whichever side dialled.

Promises: one batch of a member at a time, so that its envelopes come in order;
nothing is taken while too much waits to be written; a node that learns from a peer
that its own database is older than what it has published stops.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable

from services.node.domain.errors import UnavailableError
from services.node.flows.exchange import Delivery, DeliveryAnswer
from services.node.flows.growth import BehindPeerError
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.plan import Submit
from services.node.flows.published import Published
from services.node.flows.receive import receive_batch


class Reception:
    """Takes batches; ``is_full`` tells whether peers must come later."""

    def __init__(
        self,
        own: OwnMember,
        published: Published,
        submit: Submit,
        clocks: Clocks,
        is_full: Callable[[], bool],
    ) -> None:
        self._own = own
        self._published = published
        self._submit = submit
        self._clocks = clocks
        self._is_full = is_full
        self._turn: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def check_room(self) -> None:
        """Raise UnavailableError ``inbox.full`` if nothing more is taken now."""
        if self._is_full():
            raise UnavailableError(
                "inbox.full",
                "So much waits to be written here that nothing more is taken.",
                remedy="Come again; nothing was dropped.",
            )

    async def take(self, sender: str, delivery: Delivery) -> DeliveryAnswer:
        """The answers to one batch; raises RelaisError for the whole of it."""
        self.check_room()
        try:
            async with self._turn[sender]:
                return await receive_batch(
                    self._own,
                    self._published,
                    sender,
                    delivery,
                    self._submit,
                    self._clocks.now(),
                )
        except BehindPeerError as error:
            self._published.halt(error)
            raise
