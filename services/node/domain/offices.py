"""Offices: when and how people reach a member, whom it serves, which languages it has.

Promises what a member tells about its door and its telephone, and whether it is open
at an instant. Never where a house is: an address stands in no directory.
Source: console.md section 7, S5; HSDS 3.0 (schedules, languages, eligibility).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.node.domain.errors import InvalidInputError

MINUTES_A_DAY = 24 * 60
_DAYS = 7
_MOST_HOURS = 4 * _DAYS
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ZONE = re.compile(r"[A-Z][A-Za-z_]{1,30}/[A-Z][A-Za-z_]{1,30}")
_PHONE = re.compile(r"\+?[0-9](?:[0-9 ]{1,22})[0-9]")
_SAID = re.compile(r"([1-7])(?:-([1-7]))? ([0-2]\d):([0-5]\d)-([0-2]\d):([0-5]\d)")


class Population(StrEnum):
    """Whom a member serves."""

    WOMEN = "women"
    MEN = "men"
    GIRLS = "girls"
    BOYS = "boys"
    FAMILIES = "families"
    """Parents with their children, together."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when on one day of the week, on the clock of the office."""

    weekday: int
    """1 is Monday and 7 Sunday (ISO 8601)."""
    opens: int
    """Minutes after midnight."""
    closes: int
    """Minutes after midnight, after ``opens`` and at most 1440."""


@dataclass(frozen=True, slots=True)
class Office:
    """What a member tells about its door and its telephone."""

    languages: tuple[str, ...]
    """Spoken there, BCP 47."""
    serves: tuple[str, ...]
    """Populations; empty for everybody."""
    time_zone: str
    """IANA name of the zone of its hours."""
    hours: tuple[Hours, ...]
    phone: str
    """In its hours; may be empty."""
    phone_24h: str
    """At every hour; may be empty."""


def check_office(office: Office) -> None:
    """Raise InvalidInputError ``office.malformed``, naming the field."""
    wrong = [name for name, holds in _sound(office).items() if not holds]
    if wrong:
        raise InvalidInputError(
            "office.malformed",
            "What is told about an office cannot be used.",
            where=", ".join(wrong),
            remedy="Languages are BCP 47, hours lie within one day of its time zone,"
            " telephones have digits and spaces.",
        )


def parse_hours(text: str) -> tuple[Hours, ...]:
    """Hours as they are declared: ``1-5 07:30-11:30`` is Monday to Friday.

    Raises InvalidInputError ``office.bad_hours``.
    """
    said = _SAID.fullmatch(text)
    first, last = (int(said[1]), int(said[2] or said[1])) if said else (1, 0)
    if said is None or last < first:
        raise InvalidInputError(
            "office.bad_hours",
            "Hours are said as days and times, such as 1-5 07:30-11:30.",
            where="hours",
        )
    opens, closes = (int(said[n]) * 60 + int(said[n + 1]) for n in (3, 5))
    return tuple(Hours(day, opens, closes) for day in range(first, last + 1))


def is_open(office: Office, now: datetime) -> bool | None:
    """Whether somebody answers at ``now`` (aware); None where no hours are told."""
    if office.phone_24h:
        return True
    if not office.hours:
        return None
    try:
        there = now.astimezone(ZoneInfo(office.time_zone))
    except ZoneInfoNotFoundError:
        return None
    minute = there.hour * 60 + there.minute
    return any(
        each.weekday == there.isoweekday() and each.opens <= minute < each.closes
        for each in office.hours
    )


def is_phone(text: str) -> bool:
    """Whether ``text`` is a telephone as a directory writes it: digits and spaces."""
    return _PHONE.fullmatch(text) is not None


def is_zone(name: str) -> bool:
    """Whether ``name`` has the shape of an IANA time zone with a place."""
    return _ZONE.fullmatch(name) is not None


def _sound(office: Office) -> dict[str, bool]:
    phones = [each for each in (office.phone, office.phone_24h) if each]
    return {
        "languages": all(_LANGUAGE.fullmatch(each) for each in office.languages),
        "serves": set(office.serves) <= set(Population),
        "time_zone": is_zone(office.time_zone)
        or not (office.time_zone or office.hours),
        "hours": len(office.hours) <= _MOST_HOURS
        and all(
            1 <= each.weekday <= _DAYS
            and 0 <= each.opens < each.closes <= MINUTES_A_DAY
            for each in office.hours
        ),
        "phone": all(is_phone(each) for each in phones),
    }
