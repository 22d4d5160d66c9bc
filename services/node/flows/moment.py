"""The two clocks, read once for an act.

``wire`` is real time: created_at, expiry, retries. ``case`` is the time of the
mechanism: deadlines, working days, happened_at; it may be driven. No rule reads
both (architecture.md, I9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

#: By how much the case clocks of two members may differ (protocol.md §3): what a
#: peer dates later than that is put off, never refused for good.
CASE_SKEW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Moment:
    """Aware UTC instants of both clocks."""

    wire: datetime
    case: datetime


class Clocks(Protocol):
    """Both clocks; made in ``build`` and passed to whoever begins an act."""

    def now(self) -> Moment:
        """The present moment."""
        ...

    def drive(self, case: datetime) -> Moment:
        """Move a driven case clock forward; raises NotLawfulError otherwise."""
        ...
