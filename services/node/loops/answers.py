"""The node's own answers: every acceptance gets its release or void.

What waits stands in the database, so nothing is forgotten by a crash. One
referral that cannot be answered holds up no other.
"""

from __future__ import annotations

import asyncio

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.answer import AnswerAcceptance
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.plan import Submit
from services.node.flows.published import Published
from services.node.store import referrals as referral_store

_LONGEST_SLEEP = 5.0
_MOST_AT_ONCE = 64


async def answer_acceptances(
    own: OwnMember, published: Published, submit: Submit, clocks: Clocks
) -> None:
    """Answer what waits, at every change of this node's ledger, for ever."""
    log = structlog.get_logger()
    while True:
        changed = published.next_change()
        try:
            async with own.database.connection() as connection:
                waiting = await referral_store.referrals_to_answer(
                    connection, _MOST_AT_ONCE
                )
            outcomes = await asyncio.gather(
                *(
                    submit(AnswerAcceptance(own, referral_id, clocks.now()))
                    for referral_id in waiting
                ),
                return_exceptions=True,
            )
        except RelaisError as error:
            outcomes = [error]
        failed = [each for each in outcomes if isinstance(each, BaseException)]
        for each in failed:
            code = each.code if isinstance(each, RelaisError) else type(each).__name__
            log.warning("answer.failed", code=code)
        pause = 1.0 if failed else _LONGEST_SLEEP
        try:
            async with asyncio.timeout(pause):
                await changed.wait()
        except TimeoutError:
            continue
