"""The two clocks of a node. Nothing below reads the time by itself.

The wire clock is always the real one. The case clock is the real one too, unless
it is driven: then it stands where it was put and moves only forward.
"""

from __future__ import annotations

from datetime import UTC, datetime

from services.node.domain.errors import NotLawfulError
from services.node.flows.moment import Moment


class RealClocks:
    """Both clocks are real time."""

    def now(self) -> Moment:
        """The present moment."""
        instant = datetime.now(UTC)
        return Moment(instant, instant)

    def drive(self, case: datetime) -> Moment:
        """Refused: real time is not driven."""
        raise NotLawfulError(
            "clock.not_driven",
            f"This node's case clock is the real one; it cannot be {case:%Y-%m-%d}.",
            remedy="Only a node whose case_clock.mode is driven has a clock to drive.",
        )


class DrivenClocks:
    """The case clock stands where it was put last."""

    def __init__(self, case: datetime) -> None:
        self._case = case.astimezone(UTC)

    def now(self) -> Moment:
        """Real wire time, driven case time."""
        return Moment(datetime.now(UTC), self._case)

    def drive(self, case: datetime) -> Moment:
        """Move forward; an instant in the past is refused."""
        if case < self._case:
            raise NotLawfulError(
                "clock.backwards",
                "A case clock never goes back.",
                remedy="Name a later instant.",
            )
        self._case = case.astimezone(UTC)
        return self.now()
