"""Attachments as a server: what the recipient of a released offer may fetch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from relais.exchange.v1 import attachment_pb2, attachment_pb2_grpc
from services.node.flows.fetching import serve_window
from services.node.flows.own import OwnMember
from services.node.rpc.calls import calling_member


class FetchServicer(attachment_pb2_grpc.AttachmentServiceServicer):
    """Serves sealed chunks, as many as were asked for and no more ahead."""

    def __init__(self, own: OwnMember) -> None:
        self._own = own

    async def Fetch(
        self, request_iterator: Any, context: Any
    ) -> AsyncIterator[attachment_pb2.FetchResponse]:
        """Answer each request with its chunks, in order."""
        member = calling_member()
        async for request in request_iterator:
            chunks = await serve_window(
                self._own, member, request.attachment_id, request.first, request.count
            )
            for number, sealed in chunks:
                yield attachment_pb2.FetchResponse(number=number, sealed=sealed)
