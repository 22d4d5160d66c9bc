"""Programs that are told what happens, for the screen that shows them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from services.cli.office import ADMINISTRATOR
from services.node.rpc.api_client_values import ClientAsked
from services.node.rpc.api_clients import ApiClients
from services.node.rpc.webhooks import EndpointWanted, WebhookDesk
from tests.console.consoles import Consoles

BOTH = ("case.changed", "referral.changed")
LONGEST = "https://register.invalid/" + "a-long-path-without-an-end/" * 12


async def told(consoles: Consoles, member: str, officer: str) -> bytes:
    """One program is told at two addresses; one of them is disabled. Its id."""
    socket = consoles.network.local_socket(member)
    ends = datetime.now(UTC) + timedelta(days=90)
    asked = ClientAsked("provincial register", officer, ("read_cases",), ends)
    async with ApiClients(socket) as clients, WebhookDesk(socket) as desk:
        client = (await clients.invite_client(ADMINISTRATOR, asked)).client_id
        for url in (LONGEST, "https://register.invalid/old"):
            wanted = EndpointWanted(client, url, BOTH)
            made = await desk.register_endpoint(ADMINISTRATOR, wanted)
        await desk.switch_endpoint(ADMINISTRATOR, made.endpoint_id, enabled=False)
    return client
