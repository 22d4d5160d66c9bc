"""A step whose referral is not known here: too early, or of no offer at all.

Promises that a step which overtook its offer waits for it like any other gap in a
referral's numbers, and that one which follows what was refused here for good is
refused too, so that its sender is not kept waiting. What follows nothing that ever
comes waits until its envelope expires.
"""

from __future__ import annotations

from services.node.domain.errors import NotLawfulError, RelaisError, UnavailableError
from services.node.domain.handoff import Handoff
from services.node.store import exchange as exchange_store
from services.node.store.pool import Connection


class GapError(UnavailableError):
    """A step of ``referral_id`` came before the one numbered ``awaited``."""

    referral_id = b""
    awaited = 0


async def without_offer(connection: Connection, handoff: Handoff) -> RelaisError:
    """What to answer to a step whose referral is not known here."""
    expected = 1
    if handoff.referral_seq <= expected or await exchange_store.is_event_refused(
        connection, handoff.from_, handoff.prev_event
    ):
        return NotLawfulError(
            "referral.unknown",
            "No offer of this referral was received here.",
            remedy="Look at the list of referrals again.",
        )
    return gap(handoff, expected)


def gap(handoff: Handoff, expected: int) -> GapError:
    """What to answer to a step that came before the one numbered ``expected``."""
    error = GapError(
        "referral.gap",
        f"Number {handoff.referral_seq} came before number {expected}.",
        remedy="Send the missing one first.",
    )
    error.referral_id, error.awaited = handoff.referral_id, expected
    return error
