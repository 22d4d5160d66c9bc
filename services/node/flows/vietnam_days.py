"""Working days of Viet Nam: the public holidays, and what a decree made of a day.

Public holidays, Tet and the lunar ones included, and the swapped days that were
announced come from the package ``holidays`` (MIT). A row of the policy's table
``calendar`` rules its day, so that what the package does not know yet, or knows
wrongly, is corrected by a signed row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import import_module
from typing import Protocol

from services.node.domain.calendars import CalendarTable, DayKind


class _PublicDays(Protocol):
    """What the package knows of Viet Nam; it fills itself year by year as asked."""

    def is_working_day(self, day: date) -> bool:
        """Whether nobody has a holiday or a weekend."""
        ...


@dataclass(frozen=True, slots=True)
class VietnamDays:
    """The calendar of whoever does not work every day."""

    declared: CalendarTable

    def works(self, day: date) -> bool:
        """Whether ``day`` is a working day in Viet Nam."""
        kind = self.declared.declared(day)
        if kind is not None:
            return kind is DayKind.WORKING
        return _public().is_working_day(day)


@cache
def _public() -> _PublicDays:
    """Read in when the first day is asked for: 5 MiB that an idle node never needs."""
    days: _PublicDays = import_module("holidays.countries.vietnam").Vietnam()
    return days
