"""What a running node tells about itself on its local listener."""

from __future__ import annotations

from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from services.cli.network import Network


@pytest.fixture
def channel(vietnam: Network):
    with grpc.insecure_channel(f"unix:{vietnam.local_socket('ministry')}") as channel:
        yield channel


def test_a_running_node_says_that_it_serves(channel):
    stub: Any = health_pb2_grpc.HealthStub(channel)
    answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=10)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_a_node_lists_the_services_of_its_kind_and_no_others(channel):
    stub: Any = reflection_pb2_grpc.ServerReflectionStub(channel)
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    (answer,) = stub.ServerReflectionInfo(iter([request]), timeout=10)
    listed = {each.name for each in answer.list_services_response.service}
    assert {name for name in listed if name.startswith("relais.")} == {
        "relais.desk.v1.NodeService",
        "relais.desk.v1.SignInService",
        "relais.desk.v1.ClientService",
        "relais.desk.v1.AccessService",
        "relais.desk.v1.LedgerService",
        "relais.desk.v1.WebhookService",
        "relais.desk.v1.UpkeepService",
        "relais.audit.v1.AuditService",
        # It coordinates what is escalated to it.
        "relais.desk.v1.CaseService",
        "relais.desk.v1.ClockService",
        "relais.desk.v1.PolicyService",
        "relais.desk.v1.ReferralService",
        "relais.desk.v1.FormService",
        "relais.desk.v1.WorkService",
        "relais.desk.v1.ApprovalService",
        "relais.desk.v1.DocumentService",
        "relais.desk.v1.AttachmentService",
    }


def test_the_ministry_asks_nobody_for_consent(channel):
    ask = channel.unary_unary(
        "/relais.desk.v1.ConsentService/ListConsents",
        request_serializer=bytes,
        response_deserializer=bytes,
    )
    with pytest.raises(grpc.RpcError) as refused:
        ask(b"", timeout=10)
    assert refused.value.code() is grpc.StatusCode.UNIMPLEMENTED
