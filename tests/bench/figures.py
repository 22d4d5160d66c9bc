"""What was measured, beside what was to be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: ``value`` in ``unit`` against ``target``.

    ``at_least`` says which side of the target is the good one; ``how`` names what
    the value was made of.
    """

    name: str
    value: float
    target: float
    unit: str
    how: str
    at_least: bool = False

    @property
    def reached(self) -> bool:
        """Whether the value is on the good side of the target."""
        if self.at_least:
            return self.value >= self.target
        return self.value <= self.target

    def line(self) -> str:
        """The line as it is printed."""
        sign = "≥" if self.at_least else "≤"
        verdict = "reached" if self.reached else "MISSED"
        target = f"{sign} {self.target:g} {self.unit}"
        return (
            f"{self.name:<34} {target:<14} {self.value:>9.3g} {verdict:<8} {self.how}"
        )


HEADING = f"{'':<34} {'target':<14} {'figure':>9} {'verdict':<8} how"


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that ``percent`` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
