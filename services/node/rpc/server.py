"""The two listeners of a node: *peers* on pinned mutual TLS, *local* on a socket.

A listener serves only the services that it is given; the call gate in front of it
asks the callers table. A port that is taken is a clear error before anything is
served.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.node.config.limits import LimitsSection
from services.node.domain.errors import UnavailableError
from services.node.flows.own import OwnMember
from services.node.keys.tls import to_pem
from services.node.rpc.allowance import Allowances
from services.node.rpc.callers import Listener
from services.node.rpc.calls import CallGate
from services.node.rpc.local_calls import LocalCalls

#: Adds one servicer to a server.
Mount = Callable[[grpc.aio.Server], None]

#: Calls served at once on one listener; more are told to come again.
_MOST_CALLS = 256

_BASE_OPTIONS: tuple[tuple[str, Any], ...] = (
    # Without this a second node on the same port would share its connections.
    ("grpc.so_reuseport", 0),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.max_metadata_size", 16 * 1024),
    ("grpc.absolute_max_metadata_size", 32 * 1024),
)

#: What any connection may take, and for how long: also one of our own programs that
#: went wrong must not take the files that connections of others need.
_BOUNDS: tuple[tuple[str, Any], ...] = (
    # Until it has said that it speaks HTTP/2.
    ("grpc.server_handshake_timeout_ms", 10_000),
    # Nothing compressed is taken: sealed bytes gain nothing, a bomb would.
    ("grpc.compression_enabled_algorithms_bitset", 1),
    # A connection whose other end is gone is not kept.
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.max_connection_idle_ms", 600_000),
)

#: What a stranger's or a hostile member's connection may take beside, and how long.
_PEERS_OPTIONS: tuple[tuple[str, Any], ...] = (
    # Once a day each connection is made anew, and with it its certificate is looked
    # at anew; what is under way has ten minutes to end. A stream that collects comes
    # again by itself. gRPC spreads this by a tenth, so that not all come at once.
    ("grpc.max_connection_age_ms", 86_400_000),
    ("grpc.max_connection_age_grace_ms", 600_000),
    # No more streams than calls are served at all: what a member opens beyond waits
    # at its own end. Four of them are served (turnstile), the rest refused at once.
    ("grpc.max_concurrent_streams", _MOST_CALLS),
    # Who asks for a sign of life more often than every five minutes, while nothing
    # is said, is hung up on the third time: an answer costs as much as a question.
    ("grpc.http2.min_ping_interval_without_data_ms", 300_000),
    ("grpc.http2.max_ping_strikes", 2),
)


def peers_server(
    own: OwnMember,
    address: str,
    message_limit: int,
    limits: LimitsSection,
    mounts: Iterable[Mount],
) -> grpc.aio.Server:
    """The listener for other members; raises UnavailableError for a taken port."""
    certificates = [
        certificate
        for member in own.adopted.directory.members.values()
        for certificate in member.certificates.values()
    ]
    gate = CallGate(own, Listener.PEERS, allowances=Allowances(limits))
    server = _server(gate, message_limit, mounts, _PEERS_OPTIONS)
    credentials = grpc.ssl_server_credentials(
        [(own.keys.tls_key_pem, own.keys.tls_cert_pem)],
        root_certificates=b"".join(to_pem(each) for each in certificates),
        require_client_auth=True,
    )
    _bind(lambda: server.add_secure_port(address, credentials), address)
    return server


def local_server(
    own: OwnMember,
    socket: Path,
    message_limit: int,
    mounts: Iterable[Mount],
    service_names: Iterable[str],
    servicer: health.aio.HealthServicer,
    calls: LocalCalls,
) -> grpc.aio.Server:
    """A listener for the member's own people, with health and reflection.

    The socket's folder has mode 0700 and the socket 0600: who may open it is who
    may act for this member, as far as ``calls`` admits.
    """
    socket.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    gate = CallGate(own, Listener.LOCAL, calls)
    server = _server(gate, message_limit, mounts)
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    reflection.enable_server_reflection(
        (*service_names, health.SERVICE_NAME, reflection.SERVICE_NAME), server
    )
    _bind(lambda: server.add_insecure_port(f"unix:{socket}"), str(socket))
    return server


async def set_serving(servicer: health.aio.HealthServicer, *, serving: bool) -> None:
    """What health says about the whole node."""
    status = health_pb2.HealthCheckResponse
    await servicer.set("", status.SERVING if serving else status.NOT_SERVING)


def _server(
    gate: CallGate,
    message_limit: int,
    mounts: Iterable[Mount],
    options: Iterable[tuple[str, Any]] = (),
) -> grpc.aio.Server:
    server = grpc.aio.server(
        maximum_concurrent_rpcs=_MOST_CALLS,
        interceptors=(gate,),
        options=(
            *_BASE_OPTIONS,
            *_BOUNDS,
            *options,
            ("grpc.max_receive_message_length", message_limit),
            ("grpc.max_send_message_length", message_limit),
        ),
    )
    for mount in mounts:
        mount(server)
    return server


def _bind(bind: Callable[[], int], address: str) -> None:
    try:
        bound = bind()
    except RuntimeError:
        bound = 0
    if not bound and not address.startswith("/"):
        raise UnavailableError(
            "node.port_in_use",
            "The node cannot listen there: the port is in use or not ours.",
            where=address,
            remedy="Stop what listens there, or give this node another port.",
        )
