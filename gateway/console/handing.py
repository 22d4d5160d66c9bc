"""S8: the minutes of a handover in a referral, and the signature under them."""

from __future__ import annotations

from services.node.domain.bodies_return import Countersignature, Minutes
from services.node.rpc.desk_values import ConversationRead


def minutes_of(conversation: ConversationRead) -> Minutes | None:
    """The newest minutes of a referral."""
    for each in reversed(conversation.steps):
        if isinstance(each.body, Minutes):
            return each.body
    return None


def signed_of(conversation: ConversationRead) -> Countersignature | None:
    """The signature under the newest minutes, if there is one."""
    for each in reversed(conversation.steps):
        if isinstance(each.body, Countersignature):
            return each.body
        if isinstance(each.body, Minutes):
            return None
    return None
