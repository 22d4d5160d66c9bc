"""What acts were asked for is forgotten when its time is over, once an hour."""

from __future__ import annotations

import asyncio

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.asked import KEPT
from services.node.flows.own import OwnMember
from services.node.store import asked as asked_store

_SLEEP = 3600.0


async def forget_asked_acts(own: OwnMember) -> None:
    """Forget, every hour, for ever."""
    log = structlog.get_logger()
    while True:
        try:
            async with own.database.transaction() as connection:
                await asked_store.forget_asked(connection, KEPT)
        except RelaisError as error:
            log.warning("asked.not_forgotten", code=error.code)
        await asyncio.sleep(_SLEEP)
