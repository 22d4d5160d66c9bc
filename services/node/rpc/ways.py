"""The way to each member: it is dialled, or it comes and collects.

A member without an address in the directory only dials out. To the relay both ways
are one: the same batches, the same answers.
"""

from __future__ import annotations

from services.node.flows.exchange import Delivery, DeliveryAnswer
from services.node.flows.own import OwnMember
from services.node.rpc.collecting import Collectors
from services.node.rpc.peer_client import PeerClient


class Ways:
    """Brings batches to members by what the directory says of them."""

    def __init__(
        self, own: OwnMember, client: PeerClient, collectors: Collectors
    ) -> None:
        self._own = own
        self._client = client
        self._collectors = collectors

    async def deliver(self, member: str, delivery: Delivery) -> DeliveryAnswer:
        """Bring one batch and wait for its answers; raises RelaisError."""
        peer = self._own.adopted.directory.active_member(member)
        way = self._client if peer.peers_address else self._collectors
        return await way.deliver(member, delivery)
