"""The two officers that every node of a network on one machine needs.

An administrator, who can open no case, and an auditor, who can read none. A
member on a machine of its own enters its own people: `relais node officer`.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.node.rpc.desk_values import OfficerRead
from services.node.rpc.node_client import NodeClient

ADMINISTRATOR = "administrator"
AUDITOR = "auditor"

OFFICE = (
    OfficerRead(ADMINISTRATOR, "administrator", "office", active=True),
    OfficerRead(AUDITOR, "auditor", "office", active=True),
)


async def enter(client: NodeClient, officers: Iterable[OfficerRead]) -> None:
    """Enter officers at one node as its administrator; those there already stay."""
    known = {each.pseudonym for each in await client.list_officers()}
    for officer in officers:
        if officer.pseudonym not in known:
            await client.keep_officer(ADMINISTRATOR if known else "", officer)
            known.add(officer.pseudonym)
