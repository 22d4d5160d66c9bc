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
    while True:
        changed = published.next_work(Concern.RECALLS)
        failed = True
        try:
            acts = await _owed(own, clocks)
        except RelaisError as error:
            log.warning("recall.failed", code=error.code)
        else:
            outcomes = await asyncio.gather(
                *(submit(act) for act in acts), return_exceptions=True
            )
            wrong = [each for each in outcomes if isinstance(each, BaseException)]
            for each in wrong:
                code = (
                    each.code if isinstance(each, RelaisError) else type(each).__name__
                )
                log.warning("recall.failed", code=code)
            failed = bool(wrong)
        try:
            async with asyncio.timeout(_REST if failed else _LONGEST_SLEEP):
                await changed.wait()
        except TimeoutError:
            continue


async def _owed(own: OwnMember, clocks: Clocks) -> list[Act]:
    moment = clocks.now()
    async with own.database.connection() as connection:
        recalls = await recall_store.recalls_to_make(
            connection,
            lawful_from(own, Step.RECALL, Side.GIVER, moment),
            _MOST_AT_ONCE,
        )
        answers = await recall_store.recalls_to_acknowledge(
            connection,
            lawful_from(own, Step.RECALL_ACKNOWLEDGEMENT, Side.RECEIVER, moment),
            _MOST_AT_ONCE,
        )
    return [
        *(MakeRecall(own, each, moment) for each in recalls),
        *(AcknowledgeRecall(own, each, moment) for each in answers),
    ]
