"""The node's own answers: every acceptance gets its release or void.

And after every final refusal of a step of its own it goes back. What waits stands
in the database, so nothing is forgotten by a crash. One referral that cannot be
answered holds up no other.
"""

from __future__ import annotations

import structlog

from services.node.flows.answer import AnswerAcceptance
from services.node.flows.changes import Concern
from services.node.flows.moment import Clocks
from services.node.flows.own import OwnMember
from services.node.flows.pass_on import PassOnWithdrawal
from services.node.flows.plan import Act, Submit
from services.node.flows.published import Published
from services.node.flows.refused import TakeBack
from services.node.loops.owed import do_what_is_owed
from services.node.store import exchange as exchange_store
from services.node.store import referrals as referral_store

_MOST_AT_ONCE = 512


async def answer_acceptances(
    own: OwnMember, published: Published, submit: Submit, clocks: Clocks
) -> None:
    """Answer what waits, at every change of this node's ledger, for ever."""

    async def owed(most: int) -> dict[bytes, Act]:
        async with own.database.connection() as connection:
            accepted = await referral_store.referrals_to_answer(connection, most)
            withdrawn = await referral_store.referrals_to_withdraw(connection, most)
            refused = await exchange_store.refusals_to_apply(connection, most)
        moment = clocks.now()
        return {
            **{each: AnswerAcceptance(own, each, moment) for each in accepted},
            **{each: PassOnWithdrawal(own, each, moment) for each in withdrawn},
            **{each: TakeBack(own, each, moment) for each in refused},
        }

    log = structlog.get_logger()
    await do_what_is_owed(
        owed,
        _MOST_AT_ONCE,
        published=published,
        submit=submit,
        concern=Concern.ANSWERS,
        failed=lambda code: log.warning("answer.failed", code=code),
    )
