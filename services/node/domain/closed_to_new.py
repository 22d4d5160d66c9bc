"""Closed to new: a member says that it receives nobody new, until an instant.

Promises what may be said and for how long, what it is about at an instant, and when
a word of another member is too old to rest on. It forbids nothing: an offer may be
sent all the same, and accepted; what is open already is never touched.
Source: console.md section 7, S5 (sets *closed to new*). Instants on the wire clock.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.node.domain.errors import InvalidInputError
from services.node.domain.referrals import ReferralType

LONGEST = timedelta(days=90)
"""A word ends by itself: what nobody says anew for a season is forgotten (proposal)."""
FRESH = timedelta(hours=3)
"""Three rounds in which every member is asked: older, it may not hold any more."""


class ClosedReason(StrEnum):
    """Why a member receives nobody new; nothing about a person."""

    FULL = "full"
    """No free place."""
    TOO_FEW_STAFF = "too_few_staff"
    """Not enough people to accompany more."""
    ILLNESS = "illness"
    """An illness in the house that others would catch."""
    REPAIRS = "repairs"
    """The house is being repaired, or has no water or power."""
    PAUSED = "paused"
    """The service rests for a time."""
    OTHER = "other"
    """None of these."""


@dataclass(frozen=True, slots=True)
class ClosedToNew:
    """What a member says; ``referral_types`` empty for everything."""

    since: datetime
    until: datetime
    referral_types: tuple[str, ...]
    reason: str

    def holds(self, now: datetime) -> bool:
        """Whether it holds still; whoever waits for its begin is told, too."""
        return now < self.until

    def is_about(self, referral_type: str) -> bool:
        """Whether it is said of referrals of this type."""
        return not self.referral_types or referral_type in self.referral_types


def check_closed(word: ClosedToNew, asked_for: Collection[str], now: datetime) -> None:
    """Raise InvalidInputError ``closed.malformed``, naming what is wrong.

    ``asked_for`` are the types of referrals that others may send here by the rules.
    """
    if word.reason not in set(ClosedReason):
        raise _malformed("reason")
    if not now < word.until <= now + LONGEST:
        raise _malformed("until")
    if not set(word.referral_types) <= set(asked_for):
        raise _malformed("referral_types")


def heard(word: ClosedToNew, now: datetime) -> ClosedToNew | None:
    """What another member says, as far as this version knows its codes.

    A reason of a newer version is some other reason; types of referrals that nobody
    here can send are left out, and a word about none but these is none. Raises
    InvalidInputError ``closed.malformed`` for one without end.
    """
    if word.until > now + 2 * LONGEST:
        raise _malformed("until")
    known = tuple(each for each in ReferralType if each in word.referral_types)
    if word.referral_types and not known:
        return None
    reason = word.reason if word.reason in set(ClosedReason) else ClosedReason.OTHER
    types = tuple(each.value for each in known)
    return ClosedToNew(word.since, word.until, types, str(reason))


def is_stale(heard_at: datetime, now: datetime) -> bool:
    """Whether a word is so old that it may not hold any more."""
    return now - heard_at > FRESH


def _malformed(where: str) -> InvalidInputError:
    return InvalidInputError(
        "closed.malformed",
        "Who receives nobody new says a reason of the list, until when, and of which"
        " referrals.",
        where=where,
        remedy=f"It ends in the future, within {LONGEST.days} days, and is about types"
        " that others may send here; name none for all.",
    )
