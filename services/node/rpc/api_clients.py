"""ClientService as a client: programs of the member's own and their keys.

Promises and leaves to others what ``node_client`` does.
"""

from __future__ import annotations

from pathlib import Path

from relais.desk.v1 import client_pb2 as pb
from relais.desk.v1 import client_pb2_grpc
from services.node.rpc import api_client_values as values
from services.node.rpc.node_client import NodeClient, all_of
from services.node.wire.mapping import from_message, to_millis


class ApiClients(NodeClient):
    """One node's local listener, for programs; use with ``async with``."""

    def __init__(
        self, socket: Path, member: str = "", *, session: str = "", reason: str = ""
    ) -> None:
        """``member`` names the node in errors."""
        super().__init__(socket, member, session=session, reason=reason)
        self._clients = client_pb2_grpc.ClientServiceStub(self.channel)

    async def invite_client(
        self, acting_officer: str, asked: values.ClientAsked
    ) -> values.ClientInvited:
        """A key for a program; asks for a recent proof."""
        request = pb.InviteClientRequest(
            acting_officer=acting_officer,
            name=asked.name,
            officer=asked.officer,
            scopes=asked.scopes,
            expires_at=to_millis(asked.expires_at),
            spki_sha256=asked.spki_sha256,
        )
        answer = await self.ask(self._clients.InviteClient, request)
        return from_message(answer, values.ClientInvited)

    async def list_clients(
        self, acting_officer: str, limit: int = 0, *, offset: int = 0
    ) -> tuple[values.ClientRead, ...]:
        """The programs, the newest first; ``limit`` 1 to 500, 0 means 50."""
        request = pb.ListClientsRequest(
            acting_officer=acting_officer, limit=limit, offset=offset
        )
        answer = await self.ask(self._clients.ListClients, request)
        return all_of(answer.clients, values.ClientRead)

    async def revoke_client(self, acting_officer: str, client_id: bytes) -> None:
        """End a program's key at once."""
        request = pb.RevokeClientRequest(
            acting_officer=acting_officer, client_id=client_id
        )
        await self.ask(self._clients.RevokeClient, request)

    async def get_client(self) -> values.ClientSeen:
        """What the key opens with which this is asked."""
        answer = await self.ask(self._clients.GetClient, pb.GetClientRequest())
        return from_message(answer, values.ClientSeen)
