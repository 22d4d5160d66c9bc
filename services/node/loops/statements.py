"""Days that are over are stated to whom something was written on them.

At the beginning and every quarter of an hour: what was to be said while the node was
down, or while its database was away, is said then.
"""

from __future__ import annotations

import asyncio

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.plan import Submit
from services.node.flows.statements import StateDay, due_days

_SLEEP = 900.0


async def state_days(own: OwnMember, submit: Submit, clocks: Clocks) -> None:
    """State what is due, for ever."""
    log = structlog.get_logger()
    while True:
        try:
            made = await state_once(own, submit, clocks)
        except RelaisError as error:
            log.warning("statements.waiting", code=error.code)
        else:
            if made:
                log.info("statements.made", statements=made)
        await asyncio.sleep(_SLEEP)


async def state_once(own: OwnMember, submit: Submit, clocks: Clocks) -> int:
    """State every day that is due now; how many that were.

    A member that nothing can be sealed to holds up no other.
    """
    log, made = structlog.get_logger(), 0
    for day in await due_days(own, clocks.now()):
        try:
            await submit(StateDay(own, day, clocks.now()))
        except RelaisError as error:
            if error.transient:
                raise
            log.info("statement.put_off", peer=day.recipient, code=error.code)
        else:
            made += 1
    return made
