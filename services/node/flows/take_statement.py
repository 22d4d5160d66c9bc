"""Take in what another member says that it wrote on a day, and compare.

Promises: a statement changes nothing but what is known of losses. Equal is remembered;
different is recorded and logged once. What the statement leaves out is left out here
too, an older statement than the newest is not compared, and neither is a day of which
this node does not know every envelope by its day.
"""

from __future__ import annotations

from dataclasses import replace

import structlog

from services.node.domain.statements import here_of
from services.node.flows.arrival import Arrived, OpenedStatement
from services.node.flows.logged import Found, Opened, arrival_plan
from services.node.flows.moment import Moment
from services.node.flows.own import OwnMember
from services.node.flows.plan import Plan
from services.node.flows.statements import event_of, meta_of, said_day
from services.node.sealing.statements import statement_hash
from services.node.store import events as event_store
from services.node.store import statements as statement_store
from services.node.store.pool import Connection
from services.node.store.statements import Noted, insert_statement_received
from services.node.store.writes import Write
from services.node.wire.leaves import Outcome


async def take_statement(
    own: OwnMember,
    connection: Connection,
    arrived: Arrived,
    opened: OpenedStatement,
    moment: Moment,
) -> Plan:
    """Received, or known already: a duplicate is compared no more."""
    stated = opened.stated
    said = Opened(meta_of(stated, arrived.header.sender), opened.payload_hash)
    if await event_store.is_event_known(connection, stated.event_id):
        return arrival_plan(own, arrived, moment, Found(said, Outcome.DUPLICATE))
    plan = arrival_plan(own, arrived, moment, Found(said, Outcome.RECEIVED))
    event = event_of(own, stated, arrived.digest, opened.salted_payload)
    compared = await _compared(own, connection, arrived, opened, moment)
    return replace(plan, event=event, writes=(*plan.writes, *compared))


async def _compared(
    own: OwnMember,
    connection: Connection,
    arrived: Arrived,
    opened: OpenedStatement,
    moment: Moment,
) -> tuple[Write, ...]:
    sender, statement = arrived.header.sender, opened.stated.statement
    known = await statement_store.newest_stated(connection, sender, statement.day)
    if statement.number <= known.number or statement.day < known.first_day:
        return ()
    received = await statement_store.received_on_day(connection, sender, statement.day)
    here = here_of(statement, received)
    hashed = statement_hash(sender, own.name, statement.day, here)
    differs = (len(here), hashed) != (statement.count, statement.hash)
    if differs:
        structlog.get_logger().error(
            "statement.differs",
            peer=sender,
            day=said_day(statement.day),
            stated=statement.count,
            here=len(here),
        )
    noted = Noted(
        sender,
        statement.day,
        statement.number,
        arrived.digest,
        statement.count,
        len(here),
        differs,
        moment.wire,
        moment.case,
    )
    return (insert_statement_received(noted),)
