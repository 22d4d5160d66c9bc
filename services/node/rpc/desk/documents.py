"""DocumentService on the local listener: copies that were printed, and verifying."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import document_pb2, document_pb2_grpc
from services.node.domain.documents import check_prefix
from services.node.domain.identifiers import parse_alias
from services.node.flows.documents import (
    copies_of,
    keep_copy,
    keep_file,
    known_document,
    known_file,
)
from services.node.rpc.calls import acting_officer
from services.node.rpc.desk.desk import Desk
from services.node.rpc.desk.render import millis
from services.node.rpc.pace import VERIFIED, VERIFIED_BY_ALL, Paces


class DocumentServicer(document_pb2_grpc.DocumentServiceServicer):
    """Keeps which copies of which documents were printed."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._by_source = Paces("verify", VERIFIED)
        self._by_all = Paces("verify_all", VERIFIED_BY_ALL)

    async def KeepCopy(
        self, request: document_pb2.KeepCopyRequest, context: Any
    ) -> document_pb2.KeepCopyResponse:
        """Number a copy before it is printed."""
        now = self._desk.now().case
        copy = await keep_copy(
            self._desk.own,
            acting_officer().pseudonym,
            parse_alias(request.case_pseudonym),
            request.kind,
            request.alias,
            request.digest,
            request.given_to,
            now,
        )
        return document_pb2.KeepCopyResponse(copy=copy, printed_at=millis(now))

    async def KeepFile(
        self, request: document_pb2.KeepFileRequest, context: Any
    ) -> document_pb2.KeepFileResponse:
        """Keep by which hash the file of a numbered copy is known."""
        await keep_file(
            self._desk.own,
            acting_officer().pseudonym,
            request.digest,
            request.copy,
            request.file_digest,
        )
        return document_pb2.KeepFileResponse()

    async def ListCopies(
        self, request: document_pb2.ListCopiesRequest, context: Any
    ) -> document_pb2.ListCopiesResponse:
        """List the copies of a case, the newest first."""
        rows = await copies_of(self._desk.own, parse_alias(request.case_pseudonym))
        return document_pb2.ListCopiesResponse(
            copies=[
                document_pb2.PrintedCopy(
                    kind=row.kind,
                    alias=row.alias,
                    digest=row.digest,
                    copy=row.copy,
                    given_to=row.given_to,
                    printed_by=row.printed_by,
                    printed_at=millis(row.printed_at),
                )
                for row in rows
            ]
        )

    async def VerifyDocument(
        self, request: document_pb2.VerifyDocumentRequest, context: Any
    ) -> document_pb2.VerifyDocumentResponse:
        """Say whether this member issued a document; nothing personal."""
        self._by_source.take(request.source)
        self._by_all.take("")
        if request.file_digest:
            found = await known_file(self._desk.own, request.file_digest)
        else:
            check_prefix(request.digest_prefix)
            found = await known_document(
                self._desk.own, request.alias, request.digest_prefix
            )
        if found is None:
            return document_pb2.VerifyDocumentResponse()
        return document_pb2.VerifyDocumentResponse(
            issued=True,
            kind=found.kind,
            issued_at=millis(found.issued_at),
            copies=found.copies,
        )
