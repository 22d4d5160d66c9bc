"""How fast one member may hand things in: so much at once, then so much a second.

Promises: a member that floods this node uses up its own allowance and nobody
else's; it is told how long to wait, and nothing that it had handed in is dropped.
Both allowances are token buckets; a request is taken while there is anything left
and may leave a debt, so that the largest one passes too.
Leaves how many calls may be open at once to turnstile.py.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from services.node.config.limits import LimitsSection
from services.node.domain.errors import UnavailableError


class Sized(Protocol):
    """A request as protobuf knows it."""

    def ByteSize(self) -> int:
        """Its size on the wire, in bytes."""
        ...


class Bucket:
    """``burst`` at once and ``rate`` a second; ``now`` in seconds, monotonic."""

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until anything is taken again; 0 if it is now."""
        self._level = min(self._burst, self._level + (now - self._at) * self._rate)
        self._at = now
        return 0.0 if self._level > 0 else (1 - self._level) / self._rate

    def take(self, amount: float) -> None:
        """What was taken in; the bucket may fall below nothing."""
        self._level -= amount


class Allowances:
    """Two buckets a member: envelopes and bytes. Members are few; none is dropped."""

    def __init__(
        self, limits: LimitsSection, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._buckets: dict[str, tuple[Bucket, Bucket]] = {}

    def take(self, member: str, request: Sized) -> None:
        """One request of ``member``, before anything is done about it.

        A request without envelopes counts as one. Raises UnavailableError
        ``inbox.too_fast`` with the seconds to wait.
        """
        now = self._clock()
        envelopes, size = self._of(member, now)
        wait = max(envelopes.wait(now), size.wait(now))
        if wait:
            raise UnavailableError(
                "inbox.too_fast",
                "This member hands in more than it may at once.",
                remedy="Come again after the time that is told; nothing was dropped.",
                wait=wait,
            )
        envelopes.take(max(1, len(getattr(request, "consignments", ()))))
        size.take(request.ByteSize())

    def _of(self, member: str, now: float) -> tuple[Bucket, Bucket]:
        if member not in self._buckets:
            said = self._limits
            self._buckets[member] = (
                Bucket(said.envelopes_per_second, said.envelopes_at_once, now),
                Bucket(said.bytes_per_second, said.bytes_at_once, now),
            )
        return self._buckets[member]
