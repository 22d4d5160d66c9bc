"""Who needs a reason to look at a case, and what is kept of a look.

Promises one pure rule: a unit that acted in a case works on it; anybody else says
why before opening what is known about the person. The reason is kept with the
look and judged by people, never by the node.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from services.node.domain.errors import InvalidInputError, NotPermittedError

SHORTEST_REASON = 3
KEEP_YEARS, FEWEST_YEARS, MOST_YEARS = 10, 5, 100
"""For how long a look is kept: usually, at least, at most."""
LONGEST_REASON = 500
"""Characters."""

_DAYS_OF_A_YEAR = 365.25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Looked(StrEnum):
    """Looks that only a gateway sees, because no method of the node is called."""

    PRINT = "print"
    EXPORT = "export"
    SHOW_NAMES = "show_names"


class LookReason(StrEnum):
    """Why somebody looks at what another unit works on, as a console offers it."""

    COVER = "cover"
    """In the place of a colleague."""
    SUPERVISION = "supervision"
    """To supervise the work."""
    EMERGENCY = "emergency"
    """Somebody is in danger."""
    PERSON_ASKED = "person_asked"
    """The person asked for it."""
    CORRECTION = "correction"
    """Something has to be put right."""


class NamesReason(StrEnum):
    """Why somebody has names shown on a list, where codes do otherwise."""

    SOMEBODY_ASKS = "somebody_asks"
    """Whoever rings or stands at the door tells a name and no code."""
    MEETING = "meeting"
    """To greet, accompany or receive people by their names."""
    EMERGENCY = "emergency"
    """Somebody is in danger."""
    PERSON_ASKED = "person_asked"
    """The person asked for it."""
    CORRECTION = "correction"
    """Something has to be put right."""


MOST_NAMES = 100
"""Cases of which names are shown at once: a page of a list."""


@dataclass(frozen=True, slots=True)
class PrunedLooks:
    """A run in which looks were deleted because they were too old."""

    number: int
    first_number: int
    last_number: int
    looks: int
    oldest_at: datetime
    newest_at: datetime
    pruned_at: datetime
    digest: bytes


def is_chained(run: PrunedLooks, chain: bytes, before: bytes | None) -> bool:
    """Whether a run's chain is what it and the run before make it.

    The first run has none before it; any later one without is not chained.
    """
    if (before is None) != (run.number == 1):
        return False
    said = (
        run.number,
        run.first_number,
        run.last_number,
        run.looks,
        *(_micros(each) for each in (run.oldest_at, run.newest_at, run.pruned_at)),
        run.digest.hex(),
        "" if before is None else before.hex(),
    )
    return sha256(",".join(str(each) for each in said).encode()).digest() == chain


def keeps_since(now: datetime, years: int) -> datetime:
    """The instant of the oldest look that is kept."""
    return now - timedelta(days=round(years * _DAYS_OF_A_YEAR))


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1)


#: The refusal of whoever said no reason.
@dataclass(frozen=True, slots=True)
class Unusual:
    """From how many looks of a day on an auditor is to see that day."""

    cases: int
    """Different cases."""
    at_night: int
    """Looks from 22:00 to 06:00 in Viet Nam; operators of a hotline work then."""
    refused: int
    """Looks that were refused."""


UNUSUAL = Unusual(cases=40, at_night=5, refused=10)
"""Twice what a busy officer needs in a day; somebody asks, nobody is accused.
Source: console.md section 7, S14 (many opens, after hours)."""

UNUSUAL_SINCE = timedelta(days=30)
"""How far back is looked."""

REASON_NEEDED = "access.reason_needed"


def needs_reason(unit: str, units_of_case: Collection[str]) -> bool:
    """Whether an officer of ``unit`` looks beyond what the unit works on.

    A case in which no unit acted yet, such as one that only came in, is everybody's.
    """
    return bool(units_of_case) and unit not in units_of_case


def check_reason(reason: str, unit: str, units_of_case: Collection[str]) -> None:
    """Raise ``access.reason_needed`` if a reason is missing."""
    if needs_reason(unit, units_of_case) and len(reason) < SHORTEST_REASON:
        raise NotPermittedError(
            "access.reason_needed",
            "Another unit works on this case; opening it asks for a reason.",
            remedy="Say in a few words why; the reason is kept with the look.",
        )


def parse_reason(raw: bytes) -> str:
    """A reason as it came; raises ``access.bad_reason``."""
    try:
        reason = raw.decode().strip()
    except UnicodeDecodeError:
        reason = "\0"
    if len(reason) > LONGEST_REASON or "\0" in reason:
        raise InvalidInputError(
            "access.bad_reason",
            f"A reason is a text of at most {LONGEST_REASON} characters.",
            where="reason",
        )
    return reason
