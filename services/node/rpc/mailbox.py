"""The mailbox as a server; mounted by the kind that keeps letters."""

from __future__ import annotations

from typing import Any

from relais.mailbox.v1 import mailbox_pb2, mailbox_pb2_grpc
from services.node.flows.exchange import KnownHead
from services.node.flows.growth import BehindPeerError
from services.node.flows.letters import Bundle
from services.node.flows.mailbox import Mailbox
from services.node.flows.published import Published
from services.node.rpc.calls import calling_member
from services.node.wire.mapping import from_message, to_message


class MailboxServicer(mailbox_pb2_grpc.MailboxServiceServicer):
    """Keeps letters and hands them out."""

    def __init__(self, mailbox: Mailbox, published: Published) -> None:
        self._mailbox = mailbox
        self._published = published

    async def Deposit(
        self, request: mailbox_pb2.DepositRequest, context: Any
    ) -> mailbox_pb2.DepositResponse:
        """Keep one letter and prove it."""
        bundle = from_message(request.bundle, Bundle)
        seen = from_message(request.your_head, KnownHead)
        try:
            kept = await self._mailbox.deposit(calling_member(), seen, bundle)
        except BehindPeerError as error:
            self._published.halt(error)
            raise
        response: mailbox_pb2.DepositResponse = to_message(
            kept, mailbox_pb2.DepositResponse
        )
        return response

    async def Collect(
        self, request: mailbox_pb2.CollectRequest, context: Any
    ) -> mailbox_pb2.CollectResponse:
        """The next letters of the caller."""
        letters = await self._mailbox.collect(
            calling_member(), tuple(request.acknowledged)
        )
        return mailbox_pb2.CollectResponse(
            bundles=[to_message(each, mailbox_pb2.Bundle) for each in letters]
        )
