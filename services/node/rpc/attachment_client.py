"""AttachmentService as a client: files of a case, in and out in pieces.

Promises and leaves to others what ``desk_client`` does, which builds on it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import grpc

from relais.desk.v1 import attachment_pb2, attachment_pb2_grpc
from services.node.rpc import attachment_values as values
from services.node.rpc.errors import from_rpc_error
from services.node.rpc.node_client import NodeClient, all_of, own_node
from services.node.wire.mapping import from_message

#: Longest piece of a file, in bytes.
PIECE = 1024 * 1024
#: Cleaning 200 MiB takes its time.
_FINISH_SECONDS = 300.0
_READ_SECONDS = 600.0


class AttachmentClient(NodeClient):
    """One node's local listener, for files; use with ``async with``."""

    def __init__(
        self, socket: Path, member: str = "", *, session: str = "", reason: str = ""
    ) -> None:
        """``member`` names the node in errors."""
        super().__init__(socket, member, session=session, reason=reason)
        self._attachments = attachment_pb2_grpc.AttachmentServiceStub(self.channel)

    async def begin_upload(
        self, officer: str, upload_id: bytes, case: str, category: str, size: int
    ) -> int:
        """Announce a file, or go on with it; how many bytes are there."""
        request = attachment_pb2.BeginUploadRequest(
            officer=officer,
            upload_id=upload_id,
            case_pseudonym=case,
            category=category,
            size=size,
        )
        answer = await self.ask(self._attachments.BeginUpload, request)
        return int(answer.held)

    async def keep_piece(
        self, officer: str, upload_id: bytes, offset: int, data: bytes
    ) -> int:
        """Send the next piece; how many bytes are there. An empty one only asks."""
        request = attachment_pb2.KeepPieceRequest(
            officer=officer, upload_id=upload_id, offset=offset, data=data
        )
        answer = await self.ask(self._attachments.KeepPiece, request)
        return int(answer.held)

    async def finish_upload(
        self, officer: str, upload_id: bytes, digest: bytes = b""
    ) -> values.AttachmentAdded:
        """Have the file cleaned and added, if its SHA-256 is ``digest``."""
        request = attachment_pb2.FinishUploadRequest(
            officer=officer, upload_id=upload_id, digest=digest
        )
        answer = await self.ask(
            self._attachments.FinishUpload, request, _FINISH_SECONDS
        )
        return from_message(answer, values.AttachmentAdded)

    async def list_attachments(
        self, officer: str, case: str
    ) -> tuple[values.AttachmentRead, ...]:
        """The files of a case, in the order in which they came."""
        request = attachment_pb2.ListAttachmentsRequest(
            officer=officer, case_pseudonym=case
        )
        answer = await self.ask(self._attachments.ListAttachments, request)
        return all_of(answer.attachments, values.AttachmentRead)

    async def read_attachment(
        self, officer: str, case: str, attachment_id: bytes, offset: int = 0
    ) -> AsyncIterator[bytes]:
        """The content of one file from ``offset`` on; raises RelaisError."""
        request = attachment_pb2.ReadAttachmentRequest(
            officer=officer,
            case_pseudonym=case,
            attachment_id=attachment_id,
            offset=offset,
        )
        call = self._attachments.ReadAttachment(
            request, timeout=_READ_SECONDS, metadata=self.said
        )
        try:
            async for answer in call:
                yield answer.data
        except grpc.aio.AioRpcError as error:
            raise own_node(from_rpc_error(error, self.member)) from error
        finally:
            call.cancel()
