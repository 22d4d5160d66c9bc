"""What whoever decides on a referral looks at first: possible conflicts, as hints.

Nothing is searched by name: what is known here of the same person is known by the
alias that the sender gave her at this member.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.node.domain.bodies import Offer
from services.node.domain.conflicts import Conflict, conflicts_of
from services.node.domain.handoff import Step
from services.node.domain.steps import Side, State
from services.node.domain.turns import UNDER_WAY
from services.node.flows.own import OwnMember
from services.node.flows.said import SaidStep, last_of
from services.node.store import referrals as referral_store
from services.node.store.pool import Connection
from services.node.store.rows import ReferralRow

_UNDECIDED = {State.OFFERED, State.OPENED, State.ASKED}


async def conflicts_in(
    own: OwnMember,
    connection: Connection,
    referral: ReferralRow,
    steps: Sequence[SaidStep],
) -> tuple[Conflict, ...]:
    """What to look at before this is accepted; nothing once it is answered."""
    offered = last_of(steps, Step.OFFER)
    decides = referral.side == Side.RECEIVER and State(referral.state) in _UNDECIDED
    if not decides or offered is None or not isinstance(offered.handoff.body, Offer):
        return ()
    known_here = await referral_store.asked_beside(
        connection, referral, [state.value for state in UNDER_WAY]
    )
    member = own.adopted.directory.active_member(own.name)
    office = member.description.office
    return conflicts_of(offered.handoff.body, office, known_here=known_here)
