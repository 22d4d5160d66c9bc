"""The node's own recalls, and its answers to those of others.

What is owed stands in the database, so nothing is forgotten by a crash; a referral
whose state does not allow the step yet is looked at again later. One that cannot
be served holds up no other.
"""

from __future__ import annotations

import asyncio

import structlog

from services.node.domain.errors import RelaisError
from services.node.domain.handoff import Step
from services.node.domain.steps import Side
from services.node.flows.changes import Concern
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.plan import Act, Submit
from services.node.flows.published import Published
from services.node.flows.recall import AcknowledgeRecall, MakeRecall, lawful_from
from services.node.store import recalls as recall_store

_LONGEST_SLEEP = 5.0
_MOST_AT_ONCE = 128
#: Seconds until what could not be said is tried again.
_REST = 1.0


async def answer_recalls(
    own: OwnMember, published: Published, submit: Submit, clocks: Clocks
) -> None:
    """Say what is owed, at every change of this node's ledger, for ever."""
    log = structlog.get_logger()
    resting: dict[bytes, float] = {}
    while True:
        changed = published.next_work(Concern.RECALLS)
        now, failed = asyncio.get_running_loop().time(), False
        try:
            # What rests hides nothing that is ready.
            owed = await _owed(own, clocks, _MOST_AT_ONCE + len(resting))
        except RelaisError as error:
            log.warning("recall.failed", code=error.code)
            owed, failed = {}, True
        ready = [each for each in owed if resting.get(each, 0.0) <= now]
        outcomes = await asyncio.gather(
            *(submit(owed[each]) for each in ready), return_exceptions=True
        )
        for waiting, outcome in zip(ready, outcomes, strict=True):
            resting.pop(waiting, None)
            if isinstance(outcome, BaseException):
                code = (
                    outcome.code
                    if isinstance(outcome, RelaisError)
                    else type(outcome).__name__
                )
                log.warning("recall.failed", code=code)
                resting[waiting] = now + _REST
        try:
            async with asyncio.timeout(_REST if resting or failed else _LONGEST_SLEEP):
                await changed.wait()
        except TimeoutError:
            continue


async def _owed(own: OwnMember, clocks: Clocks, most: int) -> dict[bytes, Act]:
    moment = clocks.now()
    async with own.database.connection() as connection:
        recalls = await recall_store.recalls_to_make(
            connection, lawful_from(own, Step.RECALL, Side.GIVER, moment), most
        )
        answers = await recall_store.recalls_to_acknowledge(
            connection,
            lawful_from(own, Step.RECALL_ACKNOWLEDGEMENT, Side.RECEIVER, moment),
            most,
        )
    return {
        **{each: MakeRecall(own, each, moment) for each in recalls},
        **{each: AcknowledgeRecall(own, each, moment) for each in answers},
    }
