"""Opening hours as people read them: days with the same hours stand together."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from babel import Locale

from services.node.domain.offices import Hours


@dataclass(frozen=True, slots=True)
class OpenDays:
    """Days that follow one another and have the same hours."""

    days: str
    """*Monday*, or *Monday to Friday* as a span: ``Monday – Friday``."""
    hours: tuple[str, ...]
    """``07:30–11:30``, in order."""


def open_days(hours: tuple[Hours, ...], locale: Locale) -> tuple[OpenDays, ...]:
    """The hours of a week, Monday first."""
    of_day: dict[int, list[str]] = defaultdict(list)
    for each in sorted(hours, key=lambda each: (each.weekday, each.opens)):
        of_day[each.weekday].append(f"{_clock(each.opens)}–{_clock(each.closes)}")
    runs: list[list[int]] = []
    for before, day in pairwise((0, *of_day)):
        if runs and day == before + 1 and of_day[day] == of_day[before]:
            runs[-1].append(day)
        else:
            runs.append([day])
    return tuple(OpenDays(_span(run, locale), tuple(of_day[run[0]])) for run in runs)


def _span(run: list[int], locale: Locale) -> str:
    names = locale.days["stand-alone"]["wide"]
    first, last = names[run[0] - 1], names[run[-1] - 1]
    return str(first) if first == last else f"{first} – {last}"


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
