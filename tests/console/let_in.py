"""What waits for a second person at the province: somebody new, and her invitation."""

from __future__ import annotations

from services.cli.office import ADMINISTRATOR
from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.node_client import NodeClient
from services.node.rpc.sign_in_client import SignInClient
from services.node.rpc.sign_in_values import ProofGiven
from tests.console.consoles import PROVINCE, Consoles

NEW = OfficerRead("officer-61", "officer", "victim-support", active=True)


async def proved(consoles: Consoles, member: str) -> None:
    """The administrator of a member proves who she is, as some acts ask for."""
    socket = consoles.network.config(member).local.gateway_socket
    token = await consoles.signed_in(member, ADMINISTRATOR)
    known = consoles.staff[member, ADMINISTRATOR]
    async with SignInClient(socket, member) as door:
        await door.acting(token).reauthenticate(ProofGiven(password=known.password))


async def asked(consoles: Consoles) -> None:
    """An administrator, who just proved who she is, asks for both."""
    await proved(consoles, PROVINCE)
    socket = consoles.network.config(PROVINCE).local.gateway_socket
    token = await consoles.signed_in(PROVINCE, ADMINISTRATOR)
    async with SignInClient(socket, PROVINCE) as door:
        at_door = door.acting(token)
        async with NodeClient(socket, PROVINCE) as node:
            await node.acting(token).keep_officer("", NEW)
        await at_door.invite_officer("", NEW.pseudonym)
