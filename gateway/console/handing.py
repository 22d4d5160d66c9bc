"""S8: the minutes of a handover in a referral, and the signature under them."""

from __future__ import annotations

from services.node.domain.bodies_return import Arrival, Countersignature, Minutes
from services.node.domain.both_sign import SignedBy
from services.node.domain.return_codes import KnownBy
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


def is_called_only(conversation: ConversationRead) -> bool:
    """Whether nothing but a call has confirmed the newest handover yet."""
    for each in reversed(conversation.steps):
        if isinstance(each.body, Arrival) and (
            each.body.handover_code
            or each.body.signed_by in {SignedBy.SECOND_OFFICER, SignedBy.THUMBPRINT}
        ):
            return False
        if isinstance(each.body, Countersignature):
            return each.body.giver_known_by == KnownBy.TELEPHONE
    return False
