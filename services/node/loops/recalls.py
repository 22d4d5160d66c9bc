"""The node's own recalls, and its answers to those of others.

What is owed stands in the database, so nothing is forgotten by a crash; a referral
whose state does not allow the step yet is looked at again later. One that cannot
be served holds up no other.
"""

from __future__ import annotations

import structlog

from services.node.domain.handoff import Step
from services.node.domain.steps import Side
from services.node.flows.changes import Concern
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.plan import Act, Submit
from services.node.flows.published import Published
from services.node.flows.recall import AcknowledgeRecall, MakeRecall, lawful_from
from services.node.loops.owed import do_what_is_owed
from services.node.store import recalls as recall_store

_MOST_AT_ONCE = 128


async def answer_recalls(
    own: OwnMember, published: Published, submit: Submit, clocks: Clocks
) -> None:
    """Say what is owed, at every change of this node's ledger, for ever."""

    async def owed(most: int) -> dict[bytes, Act]:
        moment = clocks.now()
        to_make = lawful_from(own, Step.RECALL, Side.GIVER, moment)
        to_answer = lawful_from(own, Step.RECALL_ACKNOWLEDGEMENT, Side.RECEIVER, moment)
        async with own.database.connection() as connection:
            recalls = await recall_store.recalls_to_make(connection, to_make, most)
            answers = await recall_store.recalls_to_acknowledge(
                connection, to_answer, most
            )
        return {
            **{each: MakeRecall(own, each, moment) for each in recalls},
            **{each: AcknowledgeRecall(own, each, moment) for each in answers},
        }

    log = structlog.get_logger()
    await do_what_is_owed(
        owed,
        _MOST_AT_ONCE,
        published=published,
        submit=submit,
        concern=Concern.RECALLS,
        failed=lambda code: log.warning("recall.failed", code=code),
    )
