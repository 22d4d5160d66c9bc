"""Which node a case command talks to, and as whom.

A case command acts at one member's own node through its local socket: either the
socket named, or that of a member of a network on this machine.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from services.cli.network import open_network
from services.node.domain.errors import InvalidInputError
from services.node.rpc.desk_client import DeskClient

T = TypeVar("T")
STATE = Path(".relais/vietnam")

NodeOption = Annotated[str, typer.Option("--node", help="Member whose node it is.")]
OfficerOption = Annotated[
    str, typer.Option("--officer", help="Staff pseudonym of the officer who acts.")
]
CaseArgument = Annotated[
    str, typer.Argument(help="This member's number of the case, R-XXXX-XXXX.")
]
DraftArgument = Annotated[
    str, typer.Argument(help="The draft, or how its number begins.")
]
SocketOption = Annotated[
    Path | None, typer.Option("--socket", help="The node's local socket, if not here.")
]


def at_desk(
    node: str,
    socket: Path | None,
    state: Path,
    network: str,
    act: Callable[[DeskClient], Coroutine[Any, Any, T]],
) -> T:
    """What ``act`` gives, done at the desk of one node.

    Raises InvalidInputError ``cli.no_node`` if neither node nor socket is named,
    NotFoundError for a member that the network does not declare, and what ``act``
    raises.
    """
    if socket is None:
        if not node:
            raise InvalidInputError(
                "cli.no_node",
                "No node is named.",
                remedy="Name the member with --node, or its socket with --socket.",
            )
        socket = open_network(state, network).local_socket(node)
    path = socket.absolute()

    async def done() -> T:
        async with DeskClient(path, node) as desk:
            return await act(desk)

    return asyncio.run(done())
