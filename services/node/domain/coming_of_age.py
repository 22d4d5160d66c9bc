"""Who is a child now, when that ends, and whose yes counts for it.

Promises one reading of what a case file says about age. Under 18 is a child (Law
53/2024/QH15), and a person whose age is in doubt is presumed to be one. For a
child a yes needs the guardian's consent *and* the child's own assent. On the
eighteenth birthday, midnight in Viet Nam, what a guardian agreed to is suspended
until the adult answers; after the deadline ``consent_turning_18`` it has lapsed.

Leaves to others: which answer stands (``consent``), and reading sealed records.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from services.node.domain.case_states import CaseState
from services.node.domain.consent_codes import Capacity, Subject
from services.node.domain.deadlines import DeadlineTable
from services.node.domain.errors import NotFoundError
from services.node.domain.records import CategoryRecord, ConsentCopy
from services.node.domain.tables import VIETNAM

ADULT_YEARS = 18
"""Below it a person is a child."""

BIRTHDATE_FIELD = "prs_Birthdate"
BIRTH_YEAR_FIELD = "local_birth_year"
MINOR_FIELD = "local_is_minor"
AGE_BAND_FIELD = "local_age_band"
BEST_INTEREST_FIELD = "local_best_interest"

AGE_CATEGORIES = ("D1", "D2")
"""Where a case file speaks of age."""

_CHILD_BANDS = frozenset({"0_8", "9_17"})


@dataclass(frozen=True, slots=True)
class Age:
    """What is known of a person's age, on the case clock.

    ``adult_at`` is the eighteenth birthday, or None if nothing tells it;
    ``confirm_by`` until when the adult may confirm what a guardian agreed to.
    ``minor`` is what was written down instead: True also for an age in doubt.
    """

    adult_at: datetime | None = None
    confirm_by: datetime | None = None
    minor: bool | None = None

    def is_child(self, now: datetime) -> bool:
        """Whether a yes needs a guardian now; nothing known is no doubt."""
        if self.minor is not None:
            return self.minor
        return self.adult_at is not None and now < self.adult_at


UNKNOWN_AGE = Age()
"""Nothing was written down about it: each answer counts as it was recorded."""


def age_of(records: Iterable[CategoryRecord], deadlines: DeadlineTable) -> Age:
    """What these records say; the day of birth goes before a year or a band.

    ``local_is_minor`` with ``presumed`` goes before everything: the age is in
    doubt. Of a birth year the last day counts, so that the younger age is assumed.
    """
    known = {
        answer.field: answer.values[0]
        for record in records
        for answer in record.answers
        if answer.values
    }
    said = known.get(MINOR_FIELD, "")
    if said == "presumed":
        return Age(minor=True)
    adult_on = _adult_on(known)
    if adult_on is not None:
        adult_at = datetime.combine(adult_on, time.min, VIETNAM)
        return Age(adult_at, _confirm_by(adult_at, deadlines))
    if said in {"yes", "no"}:
        return Age(minor=said == "yes")
    band = known.get(AGE_BAND_FIELD, "")
    return Age(minor=band in _CHILD_BANDS) if band else UNKNOWN_AGE


def age_after(age: Age, found: CaseState) -> Age:
    """``age`` with what the case found about it (the track of age).

    A doubt goes before every record: who may be a child is treated as one. A minor
    who is confirmed comes of age on the birthday that is known, if one is.
    """
    if found is CaseState.MINOR_AGE_DOUBT:
        return Age(minor=True)
    if found is CaseState.MINOR_CONFIRMED:
        return age if age.adult_at is not None else Age(minor=True)
    if found is CaseState.ADULT_CONFIRMED:
        return Age(minor=False)
    return age


def is_complete(record: ConsentCopy, age: Age, now: datetime) -> bool:
    """Whether everybody whose word is needed has spoken in this yes."""
    together = (record.subject, record.capacity) == (
        Subject.BOTH,
        Capacity.CHILD_ASSENT_PLUS_GUARDIAN,
    )
    return together or not age.is_child(now)


def waits_for_adult(record: ConsentCopy, age: Age, now: datetime) -> bool:
    """Whether a guardian's yes waits for the word of who has come of age."""
    if record.subject == Subject.SELF or age == UNKNOWN_AGE or age.is_child(now):
        return False
    as_child = record.capacity == Capacity.CHILD_ASSENT_PLUS_GUARDIAN
    before = age.adult_at is not None and record.given_at < age.adult_at
    return as_child or before


def best_interest_determined(records: Iterable[CategoryRecord]) -> bool:
    """Whether D13 holds a best-interest determination that speaks for a return."""
    return any(
        answer.field == BEST_INTEREST_FIELD and answer.values == ("return",)
        for record in records
        if record.category == "D13"
        for answer in record.answers
    )


def _confirm_by(adult_at: datetime, deadlines: DeadlineTable) -> datetime | None:
    """None for who came of age before any policy: nothing lapses by itself then."""
    try:
        return deadlines.due("consent_turning_18", adult_at)
    except NotFoundError:
        return None


def _adult_on(known: dict[str, str]) -> date | None:
    born = _day(known.get(BIRTHDATE_FIELD, ""))
    if born is None:
        year = known.get(BIRTH_YEAR_FIELD, "")
        born = _day(f"{year}-12-31") if year else None
    if born is None:
        return None
    try:
        return born.replace(year=born.year + ADULT_YEARS)
    except ValueError:  # Born on 29 February: the day after the 28th.
        return date(born.year + ADULT_YEARS, 3, 1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
