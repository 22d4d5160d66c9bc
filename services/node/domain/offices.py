"""Offices: when and how people reach a member, whom it serves, which languages it has.

Promises what a member tells about its door and its telephone, whether it is open
at an instant, and when what it tells is too old to rest on. Never where a house is:
an address stands in no directory.
Source: console.md section 7, S5; HSDS 3.0 (schedules, languages, eligibility).

Leaves to others: which days are public holidays (``flows.public_days``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.node.domain.agebands import MINOR_BANDS
from services.node.domain.errors import InvalidInputError

MINUTES_A_DAY = 24 * 60
STALE_AFTER = timedelta(days=180)
"""A profile that is older is shown as one to ask about (proposal: no source found)."""
_DAYS = 7
_LOOKS_AHEAD = 2 * _DAYS
"""Days; the longest run of public holidays (Tet, Spring Festival) is shorter."""
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


class NotFor(StrEnum):
    """Whom a member cannot help, beside populations; a need, never a judgement."""

    CHILDREN_ALONE = "children_alone"
    """Children without somebody who looks after them."""
    LATE_PREGNANCY = "late_pregnancy"
    """Women close to giving birth."""
    URGENT_MEDICAL_CARE = "urgent_medical_care"
    """Who needs a hospital now."""
    MENTAL_CRISIS = "mental_crisis"
    """Who needs psychiatric care around the clock."""
    WITHDRAWAL_CARE = "withdrawal_care"
    """Who needs medical care to come off alcohol or drugs."""
    WHEELCHAIR = "wheelchair"
    """Who cannot take stairs."""
    PURSUED = "pursued"
    """Who is being looked for nearby and needs a guarded house."""


class Opening(StrEnum):
    """Whether a door is open at an instant."""

    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    """It would be open but for a public holiday of its country."""
    NOT_TOLD = "not_told"
    """It tells no hours, or a time zone that nobody knows."""


_ADULTS = (Population.WOMEN, Population.MEN)
_CHILDREN = (Population.GIRLS, Population.BOYS)
_NOT_FOR = frozenset(Population) | frozenset(NotFor)


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
    not_for: tuple[str, ...] = ()
    """Populations and limits that it cannot help; empty where it tells of none."""


def check_office(office: Office) -> None:
    """Raise InvalidInputError ``office.malformed``, naming the field."""
    wrong = [name for name, holds in _sound(office).items() if not holds]
    if wrong:
        raise InvalidInputError(
            "office.malformed",
            "What is told about an office cannot be used.",
            where=", ".join(wrong),
            remedy="Languages are BCP 47, hours lie within one day of its time zone,"
            " telephones have digits and spaces, and nobody is both served and not.",
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


def opening(
    office: Office | None, now: datetime, is_holiday: Callable[[date], bool]
) -> Opening:
    """Whether its door is open at ``now`` (aware), on the clock of the place.

    ``is_holiday`` answers for the country of the member; it is asked only of a day on
    which the hours say that the door is open.
    """
    if office is None or not office.hours:
        return Opening.NOT_TOLD
    try:
        there = now.astimezone(ZoneInfo(office.time_zone))
    except ZoneInfoNotFoundError:
        return Opening.NOT_TOLD
    minute = there.hour * 60 + there.minute
    if not any(
        each.weekday == there.isoweekday() and each.opens <= minute < each.closes
        for each in office.hours
    ):
        return Opening.CLOSED
    return Opening.HOLIDAY if is_holiday(there.date()) else Opening.OPEN


def next_opening(
    office: Office | None, now: datetime, is_holiday: Callable[[date], bool]
) -> datetime | None:
    """When its door opens next after ``now`` (aware), within two weeks; else None.

    Public holidays of the place are passed over, as in ``opening``.
    """
    if office is None or not office.hours:
        return None
    try:
        zone = ZoneInfo(office.time_zone)
    except ZoneInfoNotFoundError:
        return None
    today = now.astimezone(zone).date()
    for ahead in range(_LOOKS_AHEAD + 1):
        day = today + timedelta(days=ahead)
        opens = sorted(
            datetime.combine(day, time(each.opens // 60, each.opens % 60), zone)
            for each in office.hours
            if each.weekday == day.isoweekday()
        )
        later = [each for each in opens if each > now]
        if later and not is_holiday(day):
            return later[0]
    return None


def answers_now(office: Office | None, found: Opening) -> bool | None:
    """Whether somebody answers, at the door or by telephone; None: not told."""
    if office is not None and office.phone_24h:
        return True
    return None if found is Opening.NOT_TOLD else found is Opening.OPEN


def is_for(office: Office | None, population: str) -> bool:
    """Whether it serves ``population``; who names nobody serves everybody."""
    if office is None:
        return True
    named = not office.serves or population in office.serves
    return named and population not in office.not_for


def possible_populations(age_band: str, sex: str) -> tuple[Population, ...]:
    """Whom a person of this band of age and HTCDS ``prs_Gender`` may belong to.

    What is not known, or is neither, leaves both open: nothing is guessed of a
    person. Families are told by nobody's age or sex.
    """
    ages = {"": (_ADULTS, _CHILDREN)}.get(
        age_band, (_CHILDREN,) if age_band in MINOR_BANDS else (_ADULTS,)
    )
    places = {"Feminine": (0,), "Masculine": (1,)}.get(sex, (0, 1))
    return tuple(age[place] for age in ages for place in places)


def against(
    office: Office | None, possible: Collection[Population]
) -> tuple[Population, ...]:
    """Whom of ``possible`` it does not serve, if it serves none of them."""
    if not possible or any(is_for(office, each) for each in possible):
        return ()
    return tuple(possible)


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
        "not_for": set(office.not_for) <= _NOT_FOR
        and set(office.not_for).isdisjoint(office.serves),
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
