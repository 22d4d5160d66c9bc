"""The languages a form can stand in, and how each writes a date.

Promises local habit through CLDR (Babel) and one time zone, that of Viet Nam, in
which the case clock is told. A further language is a member here and a table in
``strings``.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from babel import Locale
from babel.dates import format_date

from services.node.domain.tables import VIETNAM


class Language(StrEnum):
    """A language of forms, as BCP 47 writes it."""

    VIETNAMESE = "vi"
    ENGLISH = "en"
    FRENCH = "fr"
    CHINESE = "zh-Hans"


_LOCALES = {
    Language.VIETNAMESE: Locale("vi"),
    Language.ENGLISH: Locale("en", "GB"),
    Language.FRENCH: Locale("fr"),
    Language.CHINESE: Locale("zh", script="Hans"),
}
_CLOCKS = {
    Language.VIETNAMESE: "{day}, {time}",
    Language.ENGLISH: "{day}, {time}",
    Language.FRENCH: "{day} à {time}",
    Language.CHINESE: "{day} {time}",
}


def pair_for(reader: Language) -> tuple[Language, Language]:
    """Vietnamese first, then the language of a ``reader``, or else English."""
    second = Language.ENGLISH if reader is Language.VIETNAMESE else reader
    return Language.VIETNAMESE, second


def day_in(day: date, language: Language) -> str:
    """A day as ``language`` writes it out."""
    # CLDR's Vietnamese pattern has a comma that letters of offices do not have.
    if language is Language.VIETNAMESE:
        return f"ngày {day.day} tháng {day.month} năm {day.year}"
    return format_date(day, format="long", locale=_LOCALES[language])


def instant_in(instant: datetime, language: Language) -> str:
    """Day and minute of an aware ``instant`` in Viet Nam, in ``language``.

    The zone is not repeated beside each: every form says once whose time it tells.
    """
    local = instant.astimezone(VIETNAM)
    clock = _CLOCKS[language]
    return clock.format(day=day_in(local.date(), language), time=f"{local:%H:%M}")
