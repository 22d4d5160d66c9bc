"""WebhookService as a client: where the member's programs are told.

Promises and leaves to others what ``node_client`` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from relais.desk.v1 import webhook_pb2 as pb
from relais.desk.v1 import webhook_pb2_grpc
from services.node.rpc.node_client import NodeClient, all_of
from services.node.wire.mapping import from_message


@dataclass(frozen=True, slots=True)
class EndpointWanted:
    """Where a program wants to be told of what."""

    client_id: bytes
    url: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndpointRegistered:
    """An endpoint's secret, which is told once."""

    endpoint_id: bytes
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SecretRotated:
    """Another secret, which is told once; until ``old_until`` both sign."""

    secret: str = field(repr=False)
    old_until: datetime


@dataclass(frozen=True, slots=True)
class EndpointRead:
    """An endpoint and how it does."""

    endpoint_id: bytes
    client_id: bytes
    name: str
    url: str
    types: tuple[str, ...]
    created_at: datetime
    created_by: str
    old_until: datetime
    waiting: int
    failures: int
    succeeded_at: datetime
    failed_at: datetime
    failing_since: datetime
    last_problem: str
    next_try_at: datetime
    given_up: int
    disabled_at: datetime
    disabled_why: str


class WebhookDesk(NodeClient):
    """One node's local listener, for endpoints; use with ``async with``."""

    async def register_endpoint(
        self, acting_officer: str, wanted: EndpointWanted
    ) -> EndpointRegistered:
        """Tell a program from now on; asks for a recent proof."""
        request = pb.RegisterEndpointRequest(
            acting_officer=acting_officer,
            client_id=wanted.client_id,
            url=wanted.url,
            types=wanted.types,
        )
        answer = await self.ask(self._webhooks.RegisterEndpoint, request)
        return from_message(answer, EndpointRegistered)

    async def list_endpoints(
        self, acting_officer: str, limit: int = 0, *, offset: int = 0
    ) -> tuple[EndpointRead, ...]:
        """The endpoints, the newest first; ``limit`` 1 to 500, 0 means 50."""
        request = pb.ListEndpointsRequest(
            acting_officer=acting_officer, limit=limit, offset=offset
        )
        answer = await self.ask(self._webhooks.ListEndpoints, request)
        return all_of(answer.endpoints, EndpointRead)

    async def rotate_secret(
        self, acting_officer: str, endpoint_id: bytes
    ) -> SecretRotated:
        """Another secret; asks for a recent proof."""
        request = pb.RotateSecretRequest(
            acting_officer=acting_officer, endpoint_id=endpoint_id
        )
        answer = await self.ask(self._webhooks.RotateSecret, request)
        return from_message(answer, SecretRotated)

    async def send_test(self, acting_officer: str, endpoint_id: bytes) -> None:
        """Bring a test event to an endpoint."""
        request = pb.SendTestRequest(
            acting_officer=acting_officer, endpoint_id=endpoint_id
        )
        await self.ask(self._webhooks.SendTest, request)

    async def switch_endpoint(
        self, acting_officer: str, endpoint_id: bytes, *, enabled: bool
    ) -> None:
        """Enable an endpoint, or disable it and drop what waits."""
        request = pb.SwitchEndpointRequest(
            acting_officer=acting_officer, endpoint_id=endpoint_id, enabled=enabled
        )
        await self.ask(self._webhooks.SwitchEndpoint, request)

    @property
    def _webhooks(self) -> webhook_pb2_grpc.WebhookServiceAsyncStub:
        return webhook_pb2_grpc.WebhookServiceStub(self.channel)
