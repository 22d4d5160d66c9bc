"""Nothing is under way: what an earlier test left has come where it goes.

Nodes are killed and started anew within a moment. What they had sent by then may
arrive in the middle of the next test, which counts leaves.
"""

from __future__ import annotations

import asyncio
import time

from tests.fault.small_network import SmallNetwork

_UNDER_WAY = """
SELECT
    (SELECT count(*) FROM outbox
    WHERE state = 'waiting' OR (state = 'refused' AND NOT refusal_applied))
    + (SELECT count(*) FROM referral WHERE side = 'giver' AND state = 'accepted')
"""
_LOOK = 0.05
_PATIENCE = 10.0
"""Seconds; what some test leaves waiting for ever is in nobody's way after it."""


async def nothing_under_way(town: SmallNetwork) -> None:
    """Waits until every envelope has its receipt and every acceptance its answer."""
    until = time.monotonic() + _PATIENCE
    for member in town.members:
        async with town.database(member) as connection:
            while await connection.fetchval(_UNDER_WAY):
                if time.monotonic() > until:
                    return
                await asyncio.sleep(_LOOK)
