"""What is kept for a time only is forgotten when its time is over, once an hour.

What acts were asked for, what officers typed and never sent, and sealing keys.
"""

from __future__ import annotations

import asyncio

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.asked import KEPT
from services.node.flows.forms import forget
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.sealing_ceremony import drop_over
from services.node.store import asked as asked_store

_SLEEP = 3600.0


async def forget_in_time(own: OwnMember, clocks: Clocks) -> None:
    """Forget, every hour, for ever."""
    log = structlog.get_logger()
    while True:
        try:
            async with own.database.transaction() as connection:
                await asked_store.forget_asked(connection, KEPT)
            gone = await forget(own, clocks.now().wire)
        except RelaisError as error:
            log.warning("forgetting.waits", code=error.code)
        else:
            if gone:
                log.info("forms.forgotten", forms=gone)
        try:
            dropped = drop_over(own, clocks.now().wire)
        except OSError as error:
            # A folder that is only read: whoever keeps it deletes what is over.
            log.warning("sealing_keys.not_dropped", problem=type(error).__name__)
        else:
            if dropped:
                log.info("sealing_keys.dropped", dropped=dropped)
        await asyncio.sleep(_SLEEP)
