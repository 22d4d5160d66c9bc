"""ClientService on the local listener: keys of the member's own programs."""

from __future__ import annotations

from typing import Any

from relais.desk.v1 import client_pb2 as pb
from relais.desk.v1 import client_pb2_grpc
from services.node.domain.api_clients import ClientTerms
from services.node.domain.sessions import check_recent
from services.node.flows.admissions import Asking, let_in
from services.node.flows.api_clients import take_back
from services.node.flows.sessions import times_of
from services.node.rpc.calls import (
    acting_officer,
    at_host,
    calling,
    calling_client,
)
from services.node.rpc.desk.desk import Desk, limit_of
from services.node.rpc.desk.render import millis
from services.node.store import api_clients as client_store
from services.node.store.api_clients import ApiClientRow
from services.node.wire.mapping import from_millis


class ClientServicer(client_pb2_grpc.ClientServiceServicer):
    """Lets programs in and takes their keys back."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def InviteClient(
        self, request: pb.InviteClientRequest, context: Any
    ) -> pb.InviteClientResponse:
        """Make a key for a program; asks for a recent proof."""
        now, session = self._desk.now().wire, calling().session
        if session is not None:
            check_recent(times_of(session), now)
        terms = ClientTerms(
            request.name,
            request.officer,
            tuple(request.scopes),
            from_millis(request.expires_at),
            request.spki_sha256,
        )
        asking = Asking(acting_officer(), now, at_host())
        let = await let_in(self._desk.own, asking, terms)
        return pb.InviteClientResponse(
            client_id=let.client_id,
            key=let.key,
            expires_at=millis(let.expires_at),
            waits=let.waits,
        )

    async def ListClients(
        self, request: pb.ListClientsRequest, context: Any
    ) -> pb.ListClientsResponse:
        """List the programs, those that ended too."""
        async with self._desk.own.database.connection() as connection:
            rows = await client_store.list_api_clients(
                connection, limit_of(request.limit), request.offset
            )
        return pb.ListClientsResponse(clients=[_client(each) for each in rows])

    async def RevokeClient(
        self, request: pb.RevokeClientRequest, context: Any
    ) -> pb.RevokeClientResponse:
        """End a program's key at once."""
        now = self._desk.now().wire
        await take_back(self._desk.own, acting_officer(), request.client_id, now)
        return pb.RevokeClientResponse()

    async def GetClient(
        self, request: pb.GetClientRequest, context: Any
    ) -> pb.GetClientResponse:
        """Tell a program what its key opens."""
        return pb.GetClientResponse(
            client=_client(calling_client()),
            member=self._desk.own.name,
            acts=sorted(calling().acts),
        )


def _client(row: ApiClientRow) -> pb.Client:
    return pb.Client(
        client_id=row.client_id,
        name=row.name,
        officer=row.officer,
        role=row.role,
        unit=row.unit,
        scopes=row.scopes,
        created_at=millis(row.created_at),
        created_by=row.created_by,
        expires_at=millis(row.expires_at),
        revoked_at=millis(row.revoked_at),
        revoked_by=row.revoked_by,
        used_on="" if row.used_on is None else row.used_on.isoformat(),
        spki_sha256=row.spki or b"",
    )
