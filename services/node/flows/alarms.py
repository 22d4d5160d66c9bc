"""What is wrong with other members' nodes, for whoever looks after this one.

Promises: each is logged once when it begins and stands in the status while it lasts;
however often a peer causes it, it takes the room of one. Kept in memory only: what
lasts is noted again. Leaves heads that contradict each other to growth.py, which
stores them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from services.node.store.directory import PeerAlarmRow

GAP = "referral.gap"
"""A step came before the one that it follows, which is waited for."""

CLOCK = "clock_ahead"
"""An envelope was made later than this node's clock shows, by two minutes or more."""

_LASTS = timedelta(hours=1)
_MOST_HOLES = 64
"""Kept of one member, the newest: one that makes thousands fills no memory."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A step of a referral that ``member`` sent and that did not come.

    ``awaited`` is its number; ``noted_at`` is on the case clock, ``last_at`` on the
    wire clock.
    """

    referral_id: bytes
    member: str
    awaited: int
    noted_at: datetime
    last_at: datetime


class PeerAlarms:
    """By member and code; instants are of the wire clock."""

    def __init__(self) -> None:
        self._noted: dict[tuple[str, str], PeerAlarmRow] = {}
        self._holes: dict[tuple[str, bytes], Hole] = {}

    def note(self, member: str, code: str, now: datetime) -> None:
        """It happened (again); after an hour without it, it begins anew."""
        known = self._noted.get((member, code))
        if known is None or now - known.last_at > _LASTS:
            structlog.get_logger().warning("peer.alarmed", peer=member, code=code)
            known = PeerAlarmRow(member, code, 0, now, now)
        self._noted[member, code] = replace(known, times=known.times + 1, last_at=now)

    def note_hole(self, hole: Hole) -> None:
        """What came waits for a step that did not; told by referral while it lasts."""
        key = (hole.member, hole.referral_id)
        known = self._holes.pop(key, None)
        if known is not None and known.awaited == hole.awaited:
            hole = replace(hole, noted_at=known.noted_at)
        self._holes[key] = hole
        of_member = [each for each in self._holes if each[0] == hole.member]
        if len(of_member) > _MOST_HOLES:
            del self._holes[of_member[0]]

    def holes(self, now: datetime) -> list[Hole]:
        """Those of the last hour; ``now`` on the wire clock."""
        return [each for each in self._holes.values() if now - each.last_at <= _LASTS]

    def lately(self, now: datetime) -> list[PeerAlarmRow]:
        """Those of the last hour, by member and code."""
        noted = [self._noted[each] for each in sorted(self._noted)]
        return [each for each in noted if now - each.last_at <= _LASTS]
