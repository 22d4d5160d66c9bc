"""Looks that are too old are deleted, a little at a time, and it is kept how many.

The database does it itself (``prune_access``): this node has no right to delete a
look in any other way, and no look that is younger than five years, whatever its
configuration says. Every run is chained to the one before, for the auditor.
"""

from __future__ import annotations

import asyncio

import structlog

from services.node.domain.access import keeps_since
from services.node.domain.errors import RelaisError
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.store import access as access_store

_SLEEP = 3600.0
_AT_ONCE = 1000
_PAUSE = 0.1
"""Between two runs, so that others are not kept waiting."""


async def prune_looks(own: OwnMember, clocks: Clocks) -> None:
    """Delete what is too old, every hour, for ever."""
    log = structlog.get_logger()
    while True:
        try:
            gone = await prune_once(own, clocks)
        except RelaisError as error:
            log.warning("access.not_pruned", code=error.code)
        else:
            if gone:
                log.info("access.pruned", looks=gone)
        await asyncio.sleep(_SLEEP)


async def prune_once(own: OwnMember, clocks: Clocks, at_once: int = _AT_ONCE) -> int:
    """Delete everything that is too old now, in runs; how many looks went."""
    older_than = keeps_since(clocks.now().wire, own.keep_looks_years)
    total = 0
    while True:
        async with own.database.transaction() as connection:
            gone = await access_store.prune_looks(connection, older_than, at_once)
        total += gone
        if gone < at_once:
            return total
        await asyncio.sleep(_PAUSE)
