"""WebhookService on the local listener: where the member's programs are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relais.desk.v1 import webhook_pb2 as pb
from relais.desk.v1 import webhook_pb2_grpc
from services.node.domain.sessions import check_recent
from services.node.flows.sessions import times_of
from services.node.flows.webhooks import (
    EndpointAsked,
    endpoints,
    register,
    rotate,
    send_test,
    switch,
)
from services.node.rpc.calls import acting_officer, calling
from services.node.rpc.desk.desk import Desk, limit_of
from services.node.rpc.desk.render import millis
from services.node.store.webhooks import EndpointRow


class WebhookServicer(webhook_pb2_grpc.WebhookServiceServicer):
    """Registers endpoints and changes them; ``hosts`` are those the operator named."""

    def __init__(self, desk: Desk, hosts: Iterable[str]) -> None:
        self._desk = desk
        self._hosts = tuple(hosts)

    async def RegisterEndpoint(
        self, request: pb.RegisterEndpointRequest, context: Any
    ) -> pb.RegisterEndpointResponse:
        """Tell a program from now on; asks for a recent proof."""
        self._check_recent()
        asked = EndpointAsked(request.client_id, request.url, tuple(request.types))
        now = self._desk.now().wire
        made = await register(self._desk.own, acting_officer(), asked, self._hosts, now)
        return pb.RegisterEndpointResponse(
            endpoint_id=made.endpoint_id, secret=made.secret
        )

    async def ListEndpoints(
        self, request: pb.ListEndpointsRequest, context: Any
    ) -> pb.ListEndpointsResponse:
        """List the endpoints, those that are disabled too."""
        rows = await endpoints(
            self._desk.own,
            self._desk.now().wire,
            limit_of(request.limit),
            request.offset,
        )
        return pb.ListEndpointsResponse(endpoints=[_endpoint(each) for each in rows])

    async def RotateSecret(
        self, request: pb.RotateSecretRequest, context: Any
    ) -> pb.RotateSecretResponse:
        """Make another secret; asks for a recent proof."""
        self._check_recent()
        now = self._desk.now().wire
        made = await rotate(self._desk.own, acting_officer(), request.endpoint_id, now)
        return pb.RotateSecretResponse(
            secret=made.secret, old_until=millis(made.old_until)
        )

    async def SendTest(
        self, request: pb.SendTestRequest, context: Any
    ) -> pb.SendTestResponse:
        """Bring a test event to an endpoint."""
        now = self._desk.now().wire
        await send_test(self._desk.own, request.endpoint_id, now)
        self._desk.published.notify()
        return pb.SendTestResponse()

    async def SwitchEndpoint(
        self, request: pb.SwitchEndpointRequest, context: Any
    ) -> pb.SwitchEndpointResponse:
        """Enable an endpoint, or disable it and drop what waits."""
        await switch(
            self._desk.own,
            acting_officer(),
            request.endpoint_id,
            self._desk.now().wire,
            enabled=request.enabled,
        )
        self._desk.published.notify()
        return pb.SwitchEndpointResponse()

    def _check_recent(self) -> None:
        session = calling().session
        if session is not None:
            check_recent(times_of(session), self._desk.now().wire)


def _endpoint(row: EndpointRow) -> pb.Endpoint:
    return pb.Endpoint(
        endpoint_id=row.endpoint_id,
        client_id=row.client_id,
        name=row.name,
        url=row.url,
        types=row.types,
        created_at=millis(row.created_at),
        created_by=row.created_by,
        old_until=millis(row.old_until),
        waiting=row.waiting,
        failures=row.failures,
        succeeded_at=millis(row.succeeded_at),
        failed_at=millis(row.failed_at),
        failing_since=millis(row.failing_since),
        last_problem=row.last_problem,
        next_try_at=millis(row.next_try_at),
        given_up=row.given_up,
        disabled_at=millis(row.disabled_at),
        disabled_why=row.disabled_why,
    )
