"""A withdrawal that crosses a countersignature waits until the other is there.

Promises: a member that countersigned the minutes takes a withdrawal in, and so
gives its receipt, only when the giver holds the countersignature. For the giver
that receipt then settles the question that its withdrawal left open: if no
countersignature is here by then, there is none and there will be none, because the
withdrawal was taken in first. Until it has it, the giver hands the person to nobody
else (``referrals.minutes_outstanding``); otherwise two members could come to answer
for one person (protocol.md §4).

To wait is no refusal: nothing is logged, and the giver's node tries again. Both
directions go on by themselves, so neither waits for ever.
"""

from __future__ import annotations

from services.node.domain.errors import UnavailableError
from services.node.domain.handoff import Step
from services.node.domain.steps import Transition
from services.node.store import exchange as exchange_store
from services.node.store.pool import Connection


async def check_countersignature_there(
    connection: Connection, referral_id: bytes, transition: Transition
) -> None:
    """Raise UnavailableError for a withdrawal that overtook a countersignature."""
    if transition.row.step is Step.WITHDRAWAL and await exchange_store.is_step_waiting(
        connection, referral_id, Step.COUNTERSIGNATURE.value
    ):
        raise UnavailableError(
            "return.countersignature_first",
            "This member countersigned the minutes; the withdrawal is taken in when "
            "its countersignature has arrived.",
            remedy="Nothing to do: both nodes try again by themselves.",
        )
