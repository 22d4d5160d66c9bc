"""Public holidays of a member's country, by which its door is closed or not.

Viet Nam's are corrected by the policy's table ``calendar``, as the clocks are; those
of another country come from the package ``holidays`` (MIT) alone. A country that the
package does not know has no holiday: a member that is closed then says so itself.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from functools import cache
from importlib import import_module
from typing import Any

from services.node.domain.calendars import CalendarTable, DayKind

_PACKAGE = "holidays"
_POLICY_OF = "VN"


def is_public_holiday(declared: CalendarTable, country: str, day: date) -> bool:
    """Whether ``day`` is one there; ``country`` is an ISO 3166-1 alpha-2 code."""
    if country == _POLICY_OF:
        kind = declared.declared(day)
        if kind is not None:
            return kind is DayKind.OFF
    return day in _holidays(country)


@cache
def _holidays(country: str) -> Container[date]:
    """What the package knows of a country; it fills itself year by year as asked."""
    registry: Any = import_module(f"{_PACKAGE}.registry")
    for module, (name, code, *_) in registry.COUNTRIES.items():
        if code == country:
            known = getattr(import_module(f"{_PACKAGE}.countries.{module}"), name)
            found: Container[date] = known()
            return found
    return ()
