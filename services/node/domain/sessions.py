"""When a session is open, locked or over.

Promises pure rules on the wire clock: a session locks by itself after 15 idle
minutes, which takes nothing away, and is over after 8 hours or five wrong proofs,
whatever was done in it. Leaves tokens and rows to others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.node.domain.errors import NotPermittedError

IDLE = timedelta(minutes=15)
LASTS = timedelta(hours=8)
TOUCHED_EVERY = timedelta(minutes=1)
RECENT = timedelta(minutes=5)
MOST_WRONG_PROOFS = 5


class Standing(StrEnum):
    """What may be done in a session."""

    OPEN = "open"
    LOCKED = "locked"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """When what happened in a session; ``active`` is whether its officer still is."""

    signed_in_at: datetime
    last_seen: datetime
    locked_at: datetime | None
    reauthenticated_at: datetime
    active: bool = True

    @property
    def locks_at(self) -> datetime:
        """When it locks without another act."""
        return self.locked_at or self.last_seen + IDLE

    @property
    def ends_at(self) -> datetime:
        """When it is over in any case."""
        return self.signed_in_at + LASTS


def standing(times: SessionTimes, now: datetime) -> Standing:
    """What a session is at ``now``."""
    if not times.active or now >= times.ends_at:
        return Standing.OVER
    if now >= times.locks_at:
        return Standing.LOCKED
    return Standing.OPEN


def over() -> NotPermittedError:
    """The answer to a token that opens nothing, any more or ever."""
    return NotPermittedError(
        "sign_in.over",
        "Nobody is signed in with this session any more.",
        remedy="Sign in again; what was typed and kept is still there.",
    )


def check_open(times: SessionTimes, now: datetime, *, while_locked: bool) -> None:
    """Raise ``NotPermittedError`` unless the session may be used for an act.

    Codes: ``sign_in.over``, and ``sign_in.locked`` unless ``while_locked``.
    """
    found = standing(times, now)
    if found is Standing.OVER:
        raise over()
    if found is Standing.LOCKED and not while_locked:
        raise NotPermittedError(
            "sign_in.locked",
            "The session is locked.",
            remedy="Unlock it with the password, a one-time code or a passkey.",
        )


def is_due(times: SessionTimes, now: datetime) -> bool:
    """Whether an act is worth noting: once a minute is enough."""
    return now - times.last_seen >= TOUCHED_EVERY


def check_recent(times: SessionTimes, now: datetime) -> None:
    """Raise ``sign_in.reauthenticate`` if the officer's last proof is too old."""
    if now - times.reauthenticated_at >= RECENT:
        raise NotPermittedError(
            "sign_in.reauthenticate",
            "This act asks the officer to prove who they are once more.",
            remedy="Give the password or a one-time code; it holds for five minutes.",
        )
