"""The minimal profile that an offer states of a person: never the identity.

Promises age band, sex, citizenship and languages from an imported row and no
more. A birthdate becomes a band here; the date itself stays in its category.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.node.domain.agebands import AGE_BANDS, OLDEST_BAND
from services.node.domain.isocodes import bcp47
from services.node.domain.records import CategoryRecord


@dataclass(frozen=True, slots=True)
class MinimalProfile:
    """What an offer may say; empty where the row does not tell.

    ``sex`` is an HTCDS ``prs_Gender`` code, ``citizenship`` ISO 3166-1 alpha-2
    codes, ``languages`` BCP 47 tags, the primary language first.
    """

    age_band: str
    sex: str
    citizenship: tuple[str, ...]
    languages: tuple[str, ...]


def minimal_profile(records: Iterable[CategoryRecord], today: date) -> MinimalProfile:
    """The profile that a row's records give on ``today`` (case clock)."""
    known = {
        answer.field: answer.values for record in records for answer in record.answers
    }
    spoken = (
        *known.get("prs_PrimaryLanguage", ()),
        *known.get("prs_SecondaryLanguage", ()),
    )
    return MinimalProfile(
        age_band=_age_band(known.get("prs_Birthdate", ()), today),
        sex="".join(known.get("prs_Gender", ())),
        citizenship=known.get("prs_Citizenship", ()),
        languages=tuple(dict.fromkeys(map(bcp47, spoken))),
    )


def _age_band(birthdate: tuple[str, ...], today: date) -> str:
    """The band of the exact age; a known day of birth leaves no age in doubt."""
    if not birthdate:
        return ""
    born = date.fromisoformat(birthdate[0])
    if born > today:
        return ""
    before_birthday = (today.month, today.day) < (born.month, born.day)
    age = today.year - born.year - before_birthday
    return next((band for oldest, band in AGE_BANDS if age <= oldest), OLDEST_BAND)
