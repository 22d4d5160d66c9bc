"""Errors on the wire: one translation each way.

A ``RelaisError`` travels as a gRPC status with a ``google.rpc.ErrorInfo``: its
reason is the stable code, its metadata the place and the remedy; how long to
wait, where that is known, travels as ``google.rpc.RetryInfo``. Any other
exception is a fault of this program: the caller learns its kind of failure and
nothing from inside.
"""

from __future__ import annotations

from typing import cast

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

from services.node.domain.errors import (
    ConfigError,
    ConflictError,
    InvalidInputError,
    NotFoundError,
    NotLawfulError,
    NotPermittedError,
    RelaisError,
    UnavailableError,
    VerificationError,
    stable_code,
)

DOMAIN = "relais"
_LONGEST = 300.0

_STATUS: dict[type[RelaisError], grpc.StatusCode] = {
    InvalidInputError: grpc.StatusCode.INVALID_ARGUMENT,
    NotFoundError: grpc.StatusCode.NOT_FOUND,
    NotLawfulError: grpc.StatusCode.FAILED_PRECONDITION,
    NotPermittedError: grpc.StatusCode.PERMISSION_DENIED,
    VerificationError: grpc.StatusCode.FAILED_PRECONDITION,
    UnavailableError: grpc.StatusCode.UNAVAILABLE,
    ConflictError: grpc.StatusCode.ABORTED,
    ConfigError: grpc.StatusCode.FAILED_PRECONDITION,
}

#: What gRPC says of a listener that serves as many calls as it may.
_BUSY = "Concurrent RPC limit exceeded"

_CLASS: dict[grpc.StatusCode, type[RelaisError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidInputError,
    grpc.StatusCode.NOT_FOUND: NotFoundError,
    grpc.StatusCode.FAILED_PRECONDITION: NotLawfulError,
    grpc.StatusCode.PERMISSION_DENIED: NotPermittedError,
    grpc.StatusCode.UNAUTHENTICATED: NotPermittedError,
    grpc.StatusCode.ABORTED: ConflictError,
}


def to_status(error: BaseException) -> status_pb2.Status:
    """The status that a caller gets."""
    if not isinstance(error, RelaisError):
        error = RelaisError(
            "node.fault",
            "This node failed at this request; nothing was changed by it.",
            remedy="Try again; if it fails again, tell the administrator.",
        )
    code = _STATUS.get(type(error), grpc.StatusCode.INTERNAL)
    info = error_details_pb2.ErrorInfo(
        reason=error.code,
        domain=DOMAIN,
        metadata={"where": error.where, "remedy": error.remedy},
    )
    status = status_pb2.Status(code=code.value[0], message=error.message)
    status.details.add().Pack(info)
    if isinstance(error, UnavailableError) and error.wait:
        status.code = grpc.StatusCode.RESOURCE_EXHAUSTED.value[0]
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromMilliseconds(round(error.wait * 1000))
        status.details.add().Pack(retry)
    return status


def from_rpc_error(error: grpc.aio.AioRpcError, peer: str = "") -> RelaisError:
    """The error that a call of ours got, as one of our own."""
    status = rpc_status.from_call(cast("grpc.Call", error))
    if status is not None:
        for detail in status.details:
            info = error_details_pb2.ErrorInfo()
            if detail.Unpack(info) and info.domain == DOMAIN:
                kind = _CLASS.get(error.code(), UnavailableError)
                found = kind(
                    stable_code(info.reason, "peer.refused"),
                    status.message,
                    where=info.metadata["where"],
                    remedy=info.metadata["remedy"],
                )
                if isinstance(found, UnavailableError):
                    found.wait = _wait_in(status)
                return found
    return _transport(error, peer)


def _wait_in(status: status_pb2.Status) -> float:
    """The seconds that a status asks to wait; never more than five minutes."""
    for detail in status.details:
        retry = error_details_pb2.RetryInfo()
        if detail.Unpack(retry):
            seconds = float(retry.retry_delay.ToMilliseconds()) / 1000
            return min(max(seconds, 0.0), _LONGEST)
    return 0.0


def _transport(error: grpc.aio.AioRpcError, peer: str) -> RelaisError:
    if error.code() is grpc.StatusCode.UNAVAILABLE:
        return UnavailableError(
            "peer.unreachable",
            "The other node cannot be reached.",
            where=peer,
            remedy="It is tried again by itself; probe it if this lasts.",
        )
    if _BUSY in (error.details() or ""):
        return UnavailableError(
            "inbox.full",
            "The other node takes no more calls at the moment.",
            where=peer,
            remedy="It is tried again by itself; nothing was dropped.",
        )
    return UnavailableError(
        "peer.failed",
        f"The other node answered {error.code().name}.",
        where=peer,
        remedy="It is tried again by itself; probe it if this lasts.",
    )
