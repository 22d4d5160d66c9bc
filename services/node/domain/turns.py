"""Whose turn it is in a referral, and what a stopped return leaves open.

Promises: one answer to *who has to act next*, out of what the step table leaves
open to either side. Steps that stop, take back, put off or only tell something are
nobody's turn: they are always possible and never owed.
"""

from __future__ import annotations

from datetime import date

from services.node.domain.handoff import Step
from services.node.domain.referrals import ReferralType
from services.node.domain.steps import Side, State, StepTable

NEVER_OWED = frozenset(
    {
        Step.RECALL,
        Step.RECALL_ACKNOWLEDGEMENT,
        Step.REVOCATION,
        # Open to the node after an ending; while one is owed, so is a release.
        Step.VOID,
        Step.EXPIRY,
        Step.DECLINE,
        Step.MISROUTED,
        Step.RETURN_TO_SENDER,
        Step.CANNOT_KEEP,
        Step.SUSPENSION,
        Step.WITHDRAWAL,
        Step.FEEDBACK,
        Step.NOT_ARRIVED,
    }
)
"""What either side may do and nobody waits for; a recall's answer apart."""

STOPPED = frozenset({State.WITHDRAWN, State.SUSPENDED, State.NO_RETURN, State.RETURNED})
"""States in which a return does not go on."""

SERVES_A_RETURN = frozenset(
    {
        ReferralType.BORDER_HANDOVER,
        ReferralType.TRAVEL_DOCUMENT,
        ReferralType.FAMILY_TRACING,
        ReferralType.IDENTITY_VERIFICATION,
    }
)
"""What members are asked on the way to a return."""

UNDER_WAY = frozenset(
    {
        State.OFFERED,
        State.OPENED,
        State.ASKED,
        State.ACCEPTED,
        State.IN_SERVICE,
    }
)
"""States in which somebody still works on a share, or may begin to."""

ENDED = frozenset(
    {
        *(State.DECLINED, State.EXPIRED, State.REVOKED, State.REROUTED),
        *(State.RECALLED, State.VOID, State.ENDED_BY_RECALL, State.NO_RETURN),
        *(State.RETURNED, State.WITHDRAWN, State.SUSPENDED, State.DONE),
    }
)
"""States in which it is nobody's turn any more, whatever the type."""


def must_act(
    table: StepTable,
    referral_type: ReferralType,
    state: State,
    on: date,
    *,
    recall_open: bool,
) -> Side | None:
    """The side that has to act next, or None.

    ``recall_open`` is true while a recall waits for its acknowledgement. Whoever
    cannot keep a person has to hand over, by a new offer, and so has to act too.
    A step that leaves the state as it is moves nothing on.
    """
    if recall_open or state is State.CANNOT_KEEP:
        return Side.RECEIVER
    for side in Side:
        for step in table.open_steps(referral_type, state, side, on):
            after = table.next(referral_type, step, side, state, on, arrived=False)
            if step not in NEVER_OWED and after.to_state is not state:
                return side
    return None
