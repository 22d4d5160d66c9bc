"""Working days of Viet Nam: the public holidays, and what a decree made of a day.

Public holidays, Tet and the lunar ones included, and the swapped days that were
announced come from the package ``holidays`` (MIT). A row of the policy's table
``calendar`` rules its day, so that what the package does not know yet, or knows
wrongly, is corrected by a signed row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from holidays.countries.vietnam import Vietnam

from services.node.domain.calendars import CalendarTable, DayKind

#: Fills itself year by year as it is asked.
_PUBLIC = Vietnam()  # type: ignore[no-untyped-call] # the package types its results


@dataclass(frozen=True, slots=True)
class VietnamDays:
    """The calendar of whoever does not work every day."""

    declared: CalendarTable

    def works(self, day: date) -> bool:
        """Whether ``day`` is a working day in Viet Nam."""
        kind = self.declared.declared(day)
        if kind is not None:
            return kind is DayKind.WORKING
        return _PUBLIC.is_working_day(day)
