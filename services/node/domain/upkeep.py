"""Upkeep: what a node needs to go on, and when somebody should see to it.

Promises pure rules over instants of the wire clock: how long a key lasts, when a
backup is late, when room is low, when two clocks differ too much. The limits are this
project's own, but for those of keys and clocks (protocol.md §1 and §3).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SKEW_NOTICED = timedelta(minutes=2)
"""From here on two clocks differ too much (protocol.md §3)."""
SEALING_AHEAD = timedelta(days=56)
"""Eight weeks of sealing keys always lie ahead (protocol.md §1)."""
TLS_AHEAD = timedelta(days=21)
"""A certificate lasts 90 days and is replaced with an overlap (protocol.md §1)."""
UNREACHED = timedelta(minutes=15)
"""What waits longer for a member that is not reached is told to those who sent it."""
_LEAST_SHARE = 10
_LEAST_MEBIBYTES = 1024
_DAY = timedelta(days=1)


class KeyUse(StrEnum):
    """What a key of a member is for (protocol.md §1)."""

    IDENTITY = "identity"
    LEDGER = "ledger"
    WITNESS = "witness"
    SEALING = "sealing"
    TLS = "tls"
    AT_REST = "at_rest"


class KeyState(StrEnum):
    """Whether a key serves."""

    IN_USE = "in_use"
    TO_COME = "to_come"
    ENDS_SOON = "ends_soon"
    OVER = "over"
    RETIRED = "retired"


class Upkept(StrEnum):
    """What somebody does for a node and says so."""

    BACKUP = "backup"
    RESTORE_TEST = "restore_test"


class Lying(StrEnum):
    """What lies in a folder of this machine."""

    GUARD = "guard"
    KEYS = "keys"


class KeptThing(StrEnum):
    """What a node deletes by itself after a time."""

    LOOKS = "looks"
    NOTICES = "notices"
    LETTERS = "letters"


class Worry(StrEnum):
    """What an administrator should see to."""

    TLS_ENDS_SOON = "tls_ends_soon"
    TLS_OVER = "tls_over"
    SEALING_ENDS_SOON = "sealing_ends_soon"
    SEALING_OVER = "sealing_over"
    BACKUP_LATE = "backup_late"
    RESTORE_TEST_LATE = "restore_test_late"
    ROOM_LOW = "room_low"
    PEER_UNREACHABLE = "peer_unreachable"
    PEER_SKEWED = "peer_skewed"
    PEER_ROOM_LOW = "peer_room_low"
    STATEMENT_DIFFERS = "statement_differs"


EVERY = {Upkept.BACKUP: timedelta(days=1), Upkept.RESTORE_TEST: timedelta(days=92)}
"""How often each should be done; a quarter of a day's grace is given."""
LATE = {
    Upkept.BACKUP: Worry.BACKUP_LATE,
    Upkept.RESTORE_TEST: Worry.RESTORE_TEST_LATE,
}


@dataclass(frozen=True, slots=True)
class KeySpan:
    """From when to when a key serves; None where no time ends it."""

    begins_at: datetime | None
    ends_at: datetime | None

    def state(self, now: datetime, ahead: timedelta = timedelta()) -> KeyState:
        """Whether it serves at ``now``; ``ahead`` of its end it ends soon."""
        if self.begins_at is not None and now < self.begins_at:
            return KeyState.TO_COME
        if self.ends_at is None:
            return KeyState.IN_USE
        if now >= self.ends_at:
            return KeyState.OVER
        soon = now >= self.ends_at - ahead
        return KeyState.ENDS_SOON if soon and ahead else KeyState.IN_USE


def days_left(ends_at: datetime | None, now: datetime) -> int:
    """Whole days until then; 0 if it has ended or nothing ends it."""
    return 0 if ends_at is None else max((ends_at - now) // _DAY, 0)


def is_late(what: Upkept, done_at: datetime | None, now: datetime) -> bool:
    """Whether it should have been done again; what never was is late."""
    return done_at is None or now - done_at > EVERY[what] + _DAY / 4


def is_low(free: int, total: int) -> bool:
    """Whether so many free MiB of so many are too few; 0 of 0 is not known."""
    few = free < _LEAST_MEBIBYTES or free * _LEAST_SHARE < total
    return bool(total) and few


def is_skewed(skew: timedelta | None) -> bool:
    """Whether two clocks differ too much; None if nobody measured it."""
    return skew is not None and abs(skew) >= SKEW_NOTICED
