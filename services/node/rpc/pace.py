"""How fast one may ask what guessing could answer: so often at once, then slowly.

Promises: whoever tries out codes is slowed down long before guessing pays, others
are not, and the memory of it stays small however many ask. Told to the log when it
happens, without what was asked for.
Leaves what members may hand in to allowance.py, and passwords to flows/tries.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from services.node.domain.errors import UnavailableError
from services.node.rpc.allowance import Bucket

_MOST_KEPT = 4096
"""Askers whose pace is remembered; the one longest silent is forgotten first."""


@dataclass(frozen=True, slots=True)
class Pace:
    """So many questions at once, and then one every so many seconds.

    Time that passes between the first ones lets one more through.
    """

    at_once: int
    seconds_each: float


SEARCHES = Pace(at_once=40, seconds_each=10)
"""Codes that an officer looks up: a busy day's work, and no list of names."""
CODES_TRIED = Pace(at_once=5, seconds_each=300)
"""Codes of one handover: a slip of the hand is forgiven, a million codes are not."""
VERIFIED = Pace(at_once=20, seconds_each=6)
"""Papers that one place asks about."""
VERIFIED_BY_ALL = Pace(at_once=200, seconds_each=0.5)
"""Papers that all places together ask about: nobody has to sign in for it."""


class Paces:
    """Buckets of one pace, one for each asker."""

    def __init__(
        self, name: str, pace: Pace, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._name = name
        self._pace = pace
        self._clock = clock
        self._buckets: dict[str, Bucket] = {}

    def take(self, asker: str) -> None:
        """One question of ``asker``.

        Raises UnavailableError ``asked.too_fast`` with the seconds to wait.
        """
        now = self._clock()
        # Taken out and put back: the order of the keys is that of the last question.
        bucket = self._buckets.pop(asker, None) or Bucket(
            1 / self._pace.seconds_each, self._pace.at_once, now
        )
        self._buckets[asker] = bucket
        if len(self._buckets) > _MOST_KEPT:
            self._buckets.pop(next(iter(self._buckets)))
        wait = bucket.wait(now)
        if wait:
            structlog.get_logger().warning("asked.too_fast", what=self._name)
            raise UnavailableError(
                "asked.too_fast",
                "So many questions of this kind were asked that no more is answered"
                " for a while.",
                remedy="Wait a minute and ask again.",
                wait=wait,
            )
        bucket.take(1)
