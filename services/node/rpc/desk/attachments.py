"""AttachmentService on the local listener: files of a case, in and out in pieces.

A file comes as one call a piece and not as a stream: whoever adds it is asked for
at every piece, the answer says where to go on, and no line has to hold.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from relais.desk.v1 import attachment_pb2, attachment_pb2_grpc
from services.node.domain.identifiers import parse_alias
from services.node.flows.attachments import (
    AttachmentView,
    attachments_of_case,
    read_attachment,
)
from services.node.flows.uploads import (
    AddAttachment,
    begin_upload,
    clean_upload,
    forget_raw,
    keep_piece,
)
from services.node.rpc.calls import acting_officer
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk.render import millis


class AttachmentServicer(attachment_pb2_grpc.AttachmentServiceServicer):
    """Takes files and gives them back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def BeginUpload(
        self, request: attachment_pb2.BeginUploadRequest, context: Any
    ) -> attachment_pb2.BeginUploadResponse:
        """Announce a file, or ask how far it came."""
        held = await begin_upload(
            self._desk.own,
            acting_officer().pseudonym,
            request.upload_id,
            parse_alias(request.case_pseudonym),
            request.category,
            request.size,
            self._desk.now().wire,
        )
        return attachment_pb2.BeginUploadResponse(held=held)

    async def KeepPiece(
        self, request: attachment_pb2.KeepPieceRequest, context: Any
    ) -> attachment_pb2.KeepPieceResponse:
        """Keep the next piece of a file."""
        held = await keep_piece(
            self._desk.own,
            acting_officer().pseudonym,
            request.upload_id,
            request.offset,
            request.data,
        )
        return attachment_pb2.KeepPieceResponse(held=held)

    async def FinishUpload(
        self, request: attachment_pb2.FinishUploadRequest, context: Any
    ) -> attachment_pb2.FinishUploadResponse:
        """Clean the file and add it to its case."""
        desk, officer = self._desk, acting_officer()
        cleaned = await clean_upload(
            desk.own, officer.pseudonym, request.upload_id, request.digest
        )
        act = AddAttachment(desk.own, officer.actor(), cleaned, desk.now())
        logged = await desk.submit(act)
        await forget_raw(desk.own, request.upload_id)
        return attachment_pb2.FinishUploadResponse(
            attachment_id=logged.result, ledger_index=logged.index
        )

    async def ListAttachments(
        self, request: attachment_pb2.ListAttachmentsRequest, context: Any
    ) -> attachment_pb2.ListAttachmentsResponse:
        """List the files of a case."""
        pseudonym = parse_alias(request.case_pseudonym)
        views = await attachments_of_case(self._desk.own, pseudonym)
        return attachment_pb2.ListAttachmentsResponse(
            attachments=[_message(each) for each in views]
        )

    async def ReadAttachment(
        self, request: attachment_pb2.ReadAttachmentRequest, context: Any
    ) -> AsyncIterator[attachment_pb2.ReadAttachmentResponse]:
        """Give the content of one file, in pieces."""
        pieces = read_attachment(
            self._desk.own,
            parse_alias(request.case_pseudonym),
            request.attachment_id,
            request.offset,
        )
        async with aclosing(pieces) as content:  # type: ignore[type-var]  # an async generator
            async for piece in content:
                yield attachment_pb2.ReadAttachmentResponse(data=piece)


def _message(view: AttachmentView) -> attachment_pb2.Attachment:
    row = view.row
    return attachment_pb2.Attachment(
        attachment_id=row.attachment_id,
        category=row.category,
        media_type=row.media_type,
        size=row.size,
        source=row.source,
        added_by=row.added_by,
        added_at=millis(row.added_at),
        state=row.state,
        held=view.held,
        problem=row.last_problem or "",
        digest_prefix=view.digest_prefix,
    )
