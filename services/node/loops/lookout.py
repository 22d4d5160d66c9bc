"""What is known of other members' nodes is kept, and each clock asked for now and then.

The first time not at once: a node that begins has better to do. What this member says
of itself goes along each time, and at once when an officer says something new.
"""

from __future__ import annotations

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.contacts import Contacts
from services.node.flows.own import OwnMember
from services.node.rpc.measuring import Measuring
from services.node.store import upkeep as upkeep_store

_SLEEP = 60.0
_MEASURED_EVERY = 60
"""Sleeps between two times that every clock is asked for: an hour."""


async def look_out(own: OwnMember, contacts: Contacts, measuring: Measuring) -> None:
    """Keep what was noted, every minute, for ever."""
    log, slept = structlog.get_logger(), 0
    while True:
        told = await contacts.to_tell(_SLEEP)
        slept += not told
        try:
            if told or slept % _MEASURED_EVERY == 0:
                await measuring.every()
            await keep(own, contacts)
        except RelaisError as error:
            log.warning("lookout.waiting", code=error.code)


async def keep(own: OwnMember, contacts: Contacts) -> None:
    """Write what was noted since the last time."""
    rows = contacts.take_changed()
    if not rows:
        return
    async with own.database.transaction() as connection:
        await upkeep_store.keep_contacts(connection, rows)
