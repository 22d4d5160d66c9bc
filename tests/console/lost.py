"""A day of which another member stated more than is here, for the screens that tell.

What the node would have written of such a statement is written with its own rights.
"""

from __future__ import annotations

import asyncpg

from services.cli.cluster import PORT
from services.node.domain.statements import date_of
from services.node.keys.files import read_secret
from tests.console.aside import aside
from tests.console.consoles import Consoles

_DIFFERS = """
INSERT INTO statement_received (
    sender, day, number, digest, counted, here, differs, noted_at, told_at
)
SELECT sender, day, 1, digest, 12345, 12344, true, now(), now()
FROM envelope_received WHERE sender = $1 LIMIT 1
RETURNING day
"""


def differing(consoles: Consoles, member: str, sender: str) -> str:
    """The address of the page of that day at the member."""
    day = aside(_plant(consoles, member, sender))
    return f"/node/days/{sender}/{date_of(day)}"


async def _plant(consoles: Consoles, member: str, sender: str) -> int:
    section = consoles.network.config(member).database
    connection = await asyncpg.connect(
        host=section.host,
        port=PORT,
        database=section.name,
        user=section.user,
        password=read_secret(section.password_file).decode().strip(),
    )
    try:
        return int(await connection.fetchval(_DIFFERS, sender))
    finally:
        await connection.close()
