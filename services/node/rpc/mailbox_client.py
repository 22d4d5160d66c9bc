"""The mailbox as a client: letters left there, and those that wait for this member."""

from __future__ import annotations

from collections.abc import Sequence

from relais.exchange.v1 import deliver_pb2
from relais.mailbox.v1 import mailbox_pb2, mailbox_pb2_grpc
from services.node.flows.exchange import KnownHead
from services.node.flows.letters import Bundle
from services.node.flows.mailbox import Deposited
from services.node.rpc.peer_client import PeerClient, translated
from services.node.wire.mapping import from_message, to_message

#: Seconds in which a mailbox answers.
_TIMEOUT = 30.0


class MailboxClient:
    """Asks mailboxes through the channels of ``peers``."""

    def __init__(self, peers: PeerClient) -> None:
        self._peers = peers

    async def deposit(self, box: str, seen: KnownHead, bundle: Bundle) -> Deposited:
        """Leave a letter; raises RelaisError."""
        stub = mailbox_pb2_grpc.MailboxServiceStub(await self._peers.channel(box))
        request = mailbox_pb2.DepositRequest(
            your_head=to_message(seen, deliver_pb2.KnownHead),
            bundle=to_message(bundle, mailbox_pb2.Bundle),
        )
        with translated(box):
            kept = await stub.Deposit(request, timeout=_TIMEOUT)
        return from_message(kept, Deposited)

    async def collect(self, box: str, acknowledged: Sequence[bytes]) -> list[Bundle]:
        """The next letters, once those named are dealt with; raises RelaisError."""
        stub = mailbox_pb2_grpc.MailboxServiceStub(await self._peers.channel(box))
        request = mailbox_pb2.CollectRequest(acknowledged=acknowledged)
        with translated(box):
            answer = await stub.Collect(request, timeout=_TIMEOUT)
        return [from_message(each, Bundle) for each in answer.bundles]
