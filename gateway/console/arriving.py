"""S8: who is expected when and where, and whether anybody is missed."""

from __future__ import annotations

from services.node.domain.arrivals import ENDS_THE_WAIT, NOBODY_AWAITED, is_found
from services.node.domain.bodies import Acceptance
from services.node.domain.handoff import Step
from services.node.domain.steps import State
from services.node.rpc.desk_values import ConversationRead, SaidRead

TOLD_WHERE = frozenset(
    {
        *(Step.APPOINTMENT, Step.APPOINTMENT_CONFIRMATION, Step.DEPARTURE),
        *(Step.CHECK_IN, Step.GATE_ARRIVAL, Step.MINUTES, Step.COUNTERSIGNATURE),
        *(Step.WITNESS, Step.ARRIVAL, Step.NOT_ARRIVED),
    }
)
"""Forms of whoever is on the way or waits: what was promised stands above them."""


def promise_of(conversation: ConversationRead) -> Acceptance | None:
    """What the newest acceptance promises; None if it promises nothing."""
    for each in reversed(conversation.steps):
        if isinstance(each.body, Acceptance):
            told = each.body.expected_at or each.body.contact_phone
            return each.body if told else None
    return None


def lost_of(conversation: ConversationRead) -> SaidRead | None:
    """The newest word that the person did not arrive, while it stands."""
    if State(conversation.referral.state) in NOBODY_AWAITED:
        return None
    for each in reversed(conversation.steps):
        if each.step == Step.NOT_ARRIVED:
            return None if is_found(each.body) else each
        if each.step in ENDS_THE_WAIT:
            return None
    return None
