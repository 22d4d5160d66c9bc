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
_MOST_AT_ONCE = 512
#: Seconds until an acceptance that could not be answered is tried again.
_REST = 1.0


async def answer_acceptances(
    own: OwnMember, published: Published, submit: Submit, clocks: Clocks
) -> None:
    """Answer what waits, at every change of this node's ledger, for ever."""
    log = structlog.get_logger()
    resting: dict[bytes, float] = {}
    while True:
        changed = published.next_change()
        try:
            async with own.database.connection() as connection:
                waiting = await referral_store.referrals_to_answer(
                    connection, _MOST_AT_ONCE
                )
        except RelaisError as error:
            log.warning("answer.failed", code=error.code)
            waiting = []
        now = asyncio.get_running_loop().time()
        ready = [each for each in waiting if resting.get(each, 0.0) <= now]
        outcomes = await asyncio.gather(
            *(submit(AnswerAcceptance(own, each, clocks.now())) for each in ready),
            return_exceptions=True,
        )
        for referral_id, outcome in zip(ready, outcomes, strict=True):
            resting.pop(referral_id, None)
            if isinstance(outcome, BaseException):
                code = (
                    outcome.code
                    if isinstance(outcome, RelaisError)
                    else type(outcome).__name__
                )
                log.warning("answer.failed", code=code)
                resting[referral_id] = now + _REST
        pause = _REST if resting else _LONGEST_SLEEP
        try:
            async with asyncio.timeout(pause):
                await changed.wait()
        except TimeoutError:
            continue
