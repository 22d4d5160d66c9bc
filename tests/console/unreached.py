"""What did not arrive, without a member that stops: the outbox of a node set so.

A letter of one referral is made one that waits until tomorrow, and one of another
is made refused for good, with the node's own rights.
"""

from __future__ import annotations

import asyncio

import asyncpg

from services.cli.cluster import PORT
from services.node.keys.files import read_secret
from tests.console.aside import aside
from tests.console.consoles import Consoles
from tests.console.scenes import Sent

_MOST_TRIES = 400
_UNSETTLED = """
SELECT count(*) FROM outbox WHERE referral_id = $1 AND state <> 'received'
"""
_WAITS = """
UPDATE outbox SET state = 'waiting', next_try_at = now() + interval '1 day',
last_problem = 'peer.unreachable' WHERE referral_id = $1
"""
_REFUSED = """
UPDATE outbox SET state = 'refused', refusal_code = 'envelope.expired',
refusal_applied = true WHERE referral_id = $1
"""


def waits(consoles: Consoles, member: str, sent: Sent) -> Sent:
    """What was sent has no receipt yet, and is tried again tomorrow."""
    aside(_set(consoles, member, _WAITS, sent))
    return sent


def refused(consoles: Consoles, member: str, sent: Sent) -> Sent:
    """What was sent was refused by the recipient's node for good."""
    aside(_set(consoles, member, _REFUSED, sent))
    return sent


async def _set(consoles: Consoles, member: str, change: str, sent: Sent) -> None:
    section = consoles.network.config(member).database
    connection = await asyncpg.connect(
        host=section.host,
        port=PORT,
        database=section.name,
        user=section.user,
        password=read_secret(section.password_file).decode().strip(),
    )
    try:
        # The recipient may show it before this node has settled its receipt.
        for _ in range(_MOST_TRIES):
            if not await connection.fetchval(_UNSETTLED, sent.referral_id):
                break
            await asyncio.sleep(0.05)
        await connection.execute(change, sent.referral_id)
    finally:
        await connection.close()
