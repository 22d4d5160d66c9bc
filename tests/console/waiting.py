"""Minutes that an officer let go by, without a test that waits for them.

What a session remembers is set back in the database of its node, with that node's
own rights; the node and its clock are left alone.
"""

from __future__ import annotations

from datetime import timedelta

import asyncpg

from services.cli.cluster import PORT
from services.node.keys.files import read_secret
from tests.console.aside import aside
from tests.console.consoles import Consoles

_SET_BACK = """
UPDATE officer_session SET {column} = {column} - $2::interval WHERE pseudonym = $1
"""


def proven_ago(consoles: Consoles, member: str, officer: str, ago: timedelta) -> None:
    """The officer's last proof is that much older."""
    aside(_set_back(consoles, member, "reauthenticated_at", officer, ago))


def idle_for(consoles: Consoles, member: str, officer: str, ago: timedelta) -> None:
    """The officer's last act is that much longer ago."""
    aside(_set_back(consoles, member, "last_seen", officer, ago))


async def _set_back(
    consoles: Consoles, member: str, column: str, officer: str, ago: timedelta
) -> None:
    section = consoles.network.config(member).database
    connection = await asyncpg.connect(
        host=section.host,
        port=PORT,
        database=section.name,
        user=section.user,
        password=read_secret(section.password_file).decode().strip(),
    )
    try:
        await connection.execute(_SET_BACK.format(column=column), officer, ago)
    finally:
        await connection.close()
