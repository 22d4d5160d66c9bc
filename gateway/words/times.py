"""Days, hours and waits as people say them, in the time of Viet Nam.

Promises instants in UTC+7, in the order that the reader's language is used to
(rows ``format`` of its codes), and waits in whole units that never promise more
time than there is. Which instant a deadline has is decided by the node.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale
from babel.dates import format_date, format_time

VIETNAM = timezone(timedelta(hours=7), "UTC+7")
"""The time that every screen tells; Viet Nam keeps no summer time."""

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wait:
    """A length of time as it is said: a number of ``minutes``, ``hours``, ``days``."""

    count: int
    unit: str


def wait(length: timedelta) -> Wait:
    """A length in the largest unit of which there are two at least, rounded down.

    Ninety minutes are 90 minutes, 47 hours are 47 hours, 49 hours are 2 days:
    whoever has little time is told how little.
    """
    if length >= 2 * _DAY:
        return Wait(length // _DAY, "days")
    if length >= 2 * _HOUR:
        return Wait(length // _HOUR, "hours")
    return Wait(max(length, timedelta()) // _MINUTE, "minutes")


def within(length: timedelta) -> Wait:
    """As ``wait``, rounded up: so much it was at most, and a minute at least."""
    found = wait(length)
    unit = {"minutes": _MINUTE, "hours": _HOUR, "days": _DAY}[found.unit]
    more = found.count * unit < length or not found.count
    return replace(found, count=found.count + more)


def local(instant: datetime) -> datetime:
    """An aware instant in the time of Viet Nam.

    Raises ``ValueError`` for one without a time zone.
    """
    if instant.tzinfo is None:
        raise ValueError("An instant names its time zone.")
    return instant.astimezone(VIETNAM)


def day(value: date, pattern: str, locale: Locale) -> str:
    """A day; an instant counts as its day in Viet Nam."""
    if isinstance(value, datetime):
        value = local(value).date()
    return format_date(value, pattern, locale=locale)


def hour(instant: datetime, pattern: str, locale: Locale) -> str:
    """The time of day in Viet Nam."""
    return format_time(local(instant).time(), pattern, locale=locale)


def on_clock_of(zone: str, instant: datetime) -> datetime | None:
    """An instant on the clock of a zone; None where it is Viet Nam's or unknown."""
    try:
        there = instant.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return there if there.utcoffset() != VIETNAM.utcoffset(None) else None


def hour_there(there: datetime, pattern: str, locale: Locale) -> str:
    """The time of day of an instant in its own time zone."""
    return format_time(there.time(), pattern, locale=locale)
