"""A certificate whose successor was made at the node's own host, and waits."""

from __future__ import annotations

from services.cli.office import ADMINISTRATOR
from services.node.rpc.upkeep_client import UpkeepClient
from tests.console.aside import aside
from tests.console.consoles import Consoles


def followed(consoles: Consoles, member: str) -> str:
    """Where that is shown."""

    async def ask() -> None:
        socket = consoles.network.config(member).local.socket
        async with UpkeepClient(socket, member) as client:
            if (await client.list_keys(ADMINISTRATOR)).successor is None:
                await client.ask_key(ADMINISTRATOR)

    aside(ask())
    return "/node/keys"
