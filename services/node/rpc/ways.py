"""The way to each member: it is dialled, or it comes and collects.

A member without an address in the directory only dials out. To the relay both ways
are one: the same batches, the same answers.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

from services.node.flows.exchange import Delivery, DeliveryAnswer
from services.node.flows.own import OwnMember
from services.node.rpc.collecting import Collectors
from services.node.rpc.peer_client import PeerClient
from services.node.store.attachments import Chunk


class Ways:
    """Brings batches and fetches chunks by what the directory says of a member."""

    def __init__(
        self,
        own: OwnMember,
        client: PeerClient,
        collectors: Collectors,
        heard_from: Callable[[str], None],
    ) -> None:
        """``heard_from`` learns who answered."""
        self._own = own
        self._heard_from = heard_from
        self._client = client
        self._collectors = collectors

    async def deliver(self, member: str, delivery: Delivery) -> DeliveryAnswer:
        """Bring one batch and wait for its answers; raises RelaisError."""
        answer = await self._to(member).deliver(member, delivery)
        self._heard_from(member)
        return answer

    def fetch(
        self, member: str, attachment_id: bytes, first: int, total: int
    ) -> AsyncIterator[list[Chunk]]:
        """Windows of chunks of an attachment from ``first`` on; raises RelaisError."""
        return self._to(member).fetch(member, attachment_id, first, total)

    def _to(self, member: str) -> PeerClient | Collectors:
        peer = self._own.adopted.directory.active_member(member)
        return self._client if peer.peers_address else self._collectors
