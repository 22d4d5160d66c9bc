"""The node's own answers: every acceptance gets its release or void.

And after every final refusal of a step of its own it goes back. What waits stands
in the database, so nothing is forgotten by a crash. One referral that cannot be
answered holds up no other.
"""

from __future__ import annotations

import asyncio

import structlog

from services.node.domain.errors import RelaisError
from services.node.flows.answer import AnswerAcceptance
from services.node.flows.changes import Concern
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.pass_on import PassOnWithdrawal
from services.node.flows.plan import Act, Submit
from services.node.flows.published import Published
from services.node.flows.refused import TakeBack
from services.node.store import exchange as exchange_store
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
        changed = published.next_work(Concern.ANSWERS)
        try:
            async with own.database.connection() as connection:
                # What rests hides nothing that is ready.
                most = _MOST_AT_ONCE + len(resting)
                accepted = await referral_store.referrals_to_answer(connection, most)
                withdrawn = await referral_store.referrals_to_withdraw(connection, most)
                refused = await exchange_store.refusals_to_apply(connection, most)
        except RelaisError as error:
            log.warning("answer.failed", code=error.code)
            accepted = withdrawn = refused = []
        now = asyncio.get_running_loop().time()
        moment = clocks.now()
        acts: dict[bytes, Act] = {
            **{each: AnswerAcceptance(own, each, moment) for each in accepted},
            **{each: PassOnWithdrawal(own, each, moment) for each in withdrawn},
            **{each: TakeBack(own, each, moment) for each in refused},
        }
        ready = [each for each in acts if resting.get(each, 0.0) <= now]
        outcomes = await asyncio.gather(
            *(submit(acts[each]) for each in ready), return_exceptions=True
        )
        for waiting, outcome in zip(ready, outcomes, strict=True):
            resting.pop(waiting, None)
            if isinstance(outcome, BaseException):
                code = (
                    outcome.code
                    if isinstance(outcome, RelaisError)
                    else type(outcome).__name__
                )
                log.warning("answer.failed", code=code)
                resting[waiting] = now + _REST
        pause = _REST if resting else _LONGEST_SLEEP
        try:
            async with asyncio.timeout(pause):
                await changed.wait()
        except TimeoutError:
            continue
