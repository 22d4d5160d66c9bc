"""A channel to a member's own node, over its local socket.

Promises: what the node refuses arrives as the node's own error, and a node that
is not there as one sentence that says so. Who may open the socket is who may act
for the member, so there is no other credential.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc

from services.node.domain.errors import UnavailableError
from services.node.rpc.errors import from_rpc_error

_LONGEST_MESSAGE = 64 << 20


@asynccontextmanager
async def local_channel(socket: Path) -> AsyncIterator[grpc.aio.Channel]:
    """A channel for calls to the node behind ``socket``.

    Calls inside raise the errors of the node (``RelaisError``), and
    ``UnavailableError`` (``cli.node_unreachable``) if it does not answer.
    """
    options = (("grpc.max_receive_message_length", _LONGEST_MESSAGE),)
    channel = grpc.aio.insecure_channel(f"unix:{socket}", options)
    try:
        yield channel
    except grpc.aio.AioRpcError as error:
        translated = from_rpc_error(error, str(socket))
        if translated.code != "peer.unreachable":
            raise translated from error
        raise UnavailableError(
            "cli.node_unreachable",
            "The member's node does not answer on its local socket.",
            where=str(socket),
            remedy="Start it with: relais network up",
        ) from error
    finally:
        await channel.close()
