"""Letters that nobody collected in time go from the mailbox, once an hour."""

from __future__ import annotations

import asyncio

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.mailbox import Mailbox

_EVERY = 3600.0


async def expire_letters(mailbox: Mailbox) -> None:
    """Sweep the mailbox, for ever."""
    log = structlog.get_logger()
    while True:
        try:
            while gone := await mailbox.sweep():
                log.info("letters.expired", letters=gone)
        except RelaisError as error:
            log.warning("letters.waiting", code=error.code)
        await asyncio.sleep(_EVERY)
