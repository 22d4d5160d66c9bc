from __future__ import annotations

import grpc
import pytest
from google.rpc import error_details_pb2

from services.node.domain.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
    NotPermittedError,
    UnavailableError,
)
from services.node.rpc.errors import from_rpc_error, to_status


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (InvalidInputError, grpc.StatusCode.INVALID_ARGUMENT),
        (NotFoundError, grpc.StatusCode.NOT_FOUND),
        (NotLawfulError, grpc.StatusCode.FAILED_PRECONDITION),
        (NotPermittedError, grpc.StatusCode.PERMISSION_DENIED),
        (UnavailableError, grpc.StatusCode.UNAVAILABLE),
        (ConflictError, grpc.StatusCode.ABORTED),
    ],
)
def test_a_refusal_keeps_code_place_and_remedy_on_the_wire(kind, code):
    status = to_status(kind("a.code", "A sentence.", where="a field", remedy="Do it."))
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert status.code == code.value[0]
    assert status.message == "A sentence."
    assert (info.reason, info.domain) == ("a.code", "relais")
    assert dict(info.metadata) == {"where": "a field", "remedy": "Do it."}


def test_a_fault_says_nothing_from_inside():
    status = to_status(KeyError("a name"))
    assert status.code == grpc.StatusCode.INTERNAL.value[0]
    assert "a name" not in str(status)
    assert "KeyError" not in str(status)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Concurrent RPC limit exceeded!", "inbox.full"),
        ("CLIENT: Sent message larger than max (2 vs. 1)", "peer.failed"),
    ],
)
def test_a_peer_that_takes_no_more_calls_is_a_full_inbox(said, code):
    nothing = grpc.aio.Metadata()
    status = grpc.StatusCode.RESOURCE_EXHAUSTED
    error = grpc.aio.AioRpcError(status, nothing, nothing, details=said)
    assert from_rpc_error(error, "yen-bai").code == code
