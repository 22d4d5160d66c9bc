"""What time it is at a partner's, for whoever is about to call there.

Promises an hour only where the whole country has one: whoever is not sure is told
nothing. Zones of a country are CLDR's, their rules the time zone database's.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import get_global

_OFFICIAL = {"CN": "Asia/Shanghai"}
"""Where all offices keep one time by law, whatever a region tells."""


def local_time(country: str, instant: datetime) -> datetime | None:
    """An instant in the time of a country (ISO 3166-1); None for several times."""
    zones = _OFFICIAL.get(country)
    named = (
        get_global("territory_zones").get(country, ()) if zones is None else (zones,)
    )
    try:
        times = [instant.astimezone(ZoneInfo(each)) for each in named]
    except (ZoneInfoNotFoundError, OSError):
        return None
    offsets = {each.utcoffset() for each in times}
    return times[0] if len(offsets) == 1 else None
