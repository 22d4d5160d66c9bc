"""`relais node noted`: whoever made or tried a backup says so at the node."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from services.cli.case_desk import STATE, NodeOption, SocketOption
from services.cli.network_commands import NetworkOption, StateOption
from services.cli.officer_commands import socket_of
from services.node.domain.tables import VIETNAM
from services.node.rpc.upkeep_client import UpkeepClient
from services.node.rpc.upkeep_values import DoneRead


def noted(
    what: Annotated[str, typer.Argument(help="backup or restore_test.")],
    acting: Annotated[str, typer.Option("--as", help="The administrator.")],
    node: NodeOption = "",
    socket: SocketOption = None,
    state: StateOption = STATE,
    network: NetworkOption = "vietnam",
) -> None:
    """Say that a backup was made, or that one was restored to try it."""
    path = socket_of(node, socket, state, network)

    async def say() -> DoneRead:
        async with UpkeepClient(path, node) as client:
            return await client.note_upkeep(acting, what)

    done = asyncio.run(say())
    at = done.at.astimezone(VIETNAM)
    Console().print(Text(f"Noted: {done.what}, {at:%Y-%m-%d %H:%M}."))
