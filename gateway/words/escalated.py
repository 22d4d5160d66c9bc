"""What an escalation says, ready to be shown: codes, a member, and instants."""

from __future__ import annotations

from datetime import datetime

from services.node.domain.bodies import Offer
from services.node.domain.escalating import read_codes
from services.node.domain.referrals import ReferralType

_INSTANTS = ("due", "since")


def codes_said(offer: object) -> dict[str, str | datetime]:
    """The codes of an escalation, in order; empty for what is somebody's own text.

    It came from another member: an instant that is none is no code either.
    """
    if not isinstance(offer, Offer) or offer.referral_type != ReferralType.ESCALATION:
        return {}
    said: dict[str, str | datetime] = dict(read_codes(offer.need))
    for key in _INSTANTS:
        if key in said:
            try:
                instant = datetime.fromisoformat(str(said[key]))
            except ValueError:
                return {}
            if instant.tzinfo is None:
                return {}
            said[key] = instant
    return said
