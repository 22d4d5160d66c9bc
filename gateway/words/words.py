"""Words: everything that one reader is told, in that reader's language.

Promises sentences (``gettext``), coded answers by list and code, dates, waits,
numbers and lists. A code without a word is shown as it is, because a newer
policy may bring one and no page may break of it; the tests see to it that none
of this version lacks its words. Which language it is, ``languages`` decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from gettext import NullTranslations
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from babel.dates import get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal

from gateway.words import times
from gateway.words.catalogues import (
    CODES,
    CONSOLE,
    LOCALE,
    REFUSALS,
    Lookup,
    folders,
    read_catalogue,
)
from gateway.words.gates import gate
from gateway.words.hours import OpenDays, open_days
from gateway.words.languages import (
    Language,
    in_order,
    locale_of,
    negotiate,
    tag_of,
)
from gateway.words.names import Names
from gateway.words.refusals import Refusals, Refused
from gateway.words.zones import local_time
from services.node.domain import htcds
from services.node.domain.coded_fields import CODED_FIELDS
from services.node.domain.errors import RelaisError
from services.node.domain.htcds import Kind
from services.node.domain.offices import Hours

_SOURCE = "en"
_NUMBERED = re.compile(r"_(\d+)_")
"""In the name of a field that a form has several times."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; ``lang`` is what HTML calls it."""

    language: Language
    sentences: NullTranslations
    codes: NullTranslations
    refusals: Refusals

    @property
    def lang(self) -> str:
        """The value of a ``lang`` attribute: vi, en, fr, zh-Hans."""
        return self.language.tag

    # sentences, as jinja2's i18n extension asks for them

    def gettext(self, message: str) -> str:
        """The sentence ``message`` of the source in this language."""
        return self.sentences.gettext(message)

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The sentence that fits ``count``."""
        return self.sentences.ngettext(one, many, count)

    def pgettext(self, context: str, message: str) -> str:
        """A sentence that means something else elsewhere."""
        return self.sentences.pgettext(context, message)

    def npgettext(self, context: str, one: str, many: str, count: int) -> str:
        """The sentence that fits ``count``, as said in this context."""
        return self.sentences.npgettext(context, one, many, count)

    # coded answers

    def code(self, name: str, code: str) -> str:
        """What a code of the list ``name`` is called; the code itself if nothing."""
        return self.codes.pgettext(name, code) if code else ""

    def has(self, name: str, code: str) -> bool:
        """Whether a code has a word here or in English."""
        return bool(code) and self.codes.pgettext(name, code) != code

    def said(self, name: str, code: str, **values: str) -> str:
        """A coded sentence with its places filled: ``said("step_done", …, actor=…)``.

        Raises ``KeyError`` if the sentence has a place that no value fills.
        """
        return self.code(name, code).format_map(values)

    def label(self, name: str, field: str) -> str:
        """What a field is called; one of many (``medicine_4_what``) with its number."""
        number = _NUMBERED.search(field)
        if number is None:
            return self.code(name, field)
        place = self.number(int(number[1]))
        return self.said(name, numbered(field), number=place)

    def step(self, code: str) -> str:
        """A step of a referral."""
        return self.code("step", code)

    def step_do(self, code: str) -> str:
        """A button: *Accept*, where the step is an *Acceptance*."""
        return self.code("step_do", code)

    def step_done(self, code: str, actor: str) -> str:
        """A line of the timeline: *Lào Cai has accepted the referral*."""
        return self.said("step_done", code, actor=actor)

    def act(self, code: str) -> str:
        """What an officer can do in a case."""
        return self.code("act", code)

    def act_done(self, code: str, actor: str) -> str:
        """A line of the timeline for something done in a case."""
        return self.said("act_done", code, actor=actor)

    def state(self, code: str) -> str:
        """The state of a referral."""
        return self.code("state", code)

    def case_state(self, code: str) -> str:
        """The state of a case."""
        return self.code("case_state", code)

    def category(self, code: str) -> str:
        """A data category, such as *Identity* for D2."""
        return self.code("category", code)

    def category_holds(self, code: str) -> str:
        """One sentence on what a data category holds."""
        return self.code("category_holds", code)

    def referral_type(self, code: str) -> str:
        """What one member asks of another."""
        return self.code("referral_type", code)

    def priority(self, code: str) -> str:
        """How soon something has to start."""
        return self.code("priority", code)

    def decline_reason(self, code: str) -> str:
        """Why a referral is declined."""
        return self.code("decline_reason", code)

    def function(self, code: str) -> str:
        """What the law lets a member do."""
        return self.code("function", code)

    def kind(self, code: str) -> str:
        """The kind of a member."""
        return self.code("kind", code)

    def purpose(self, code: str) -> str:
        """What a person agrees to."""
        return self.code("purpose", code)

    def deadline(self, code: str) -> str:
        """What has to be done by a deadline."""
        return self.code("deadline", code)

    def role(self, code: str) -> str:
        """What an officer does at the member."""
        return self.code("role", code)

    def access(self, code: str) -> str:
        """What somebody did, as the access log tells it."""
        return self.code("access", code)

    def field(self, name: str) -> str:
        """What a field of a case sheet is called."""
        return self.code("field", name)

    def error(self, code: str) -> str:
        """The title of a refusal: its own, or that of its family."""
        if self.has("error", code):
            return self.code("error", code)
        family = code.partition(".")[0]
        return self.code("error", family if self.has("error", family) else "other")

    def refused(self, error: RelaisError) -> Refused:
        """The sentence of a refusal and what to do about it."""
        return self.refusals.told(self, error)

    @property
    def names(self) -> Names:
        """What countries and languages are called."""
        return Names(self.language.locale)

    def country(self, code: str) -> str:
        """A country by its ISO 3166-1 code (``VN``)."""
        return self.names.country(code)

    def tongue(self, code: str) -> str:
        """A language by its ISO 639 code or BCP 47 tag."""
        return self.names.tongue(code)

    def answer(self, field: str, value: str) -> str:
        """An answer of a case file: a code by its word, a text as it stands."""
        standard = htcds.fields().get(field)
        if standard is None:
            coded = CODED_FIELDS.get(field)
            return self.code(coded.words, value) if coded else value
        if standard.kind in {Kind.COUNTRY, Kind.COUNTRIES}:
            return self.country(value)
        if standard.kind is Kind.LANGUAGE:
            return self.tongue(value)
        return self.code(field, value)

    # times, numbers, lists

    def day(self, value: date) -> str:
        """A day in local habit: 26/11/2026."""
        return times.day(value, self.code("format", "day"), self.language.locale)

    def open_days(self, hours: tuple[Hours, ...]) -> tuple[OpenDays, ...]:
        """Opening hours, days with the same ones together."""
        return open_days(hours, self.language.locale)

    def city(self, zone: str) -> str:
        """The city by which a time zone is known: ``Asia/Vientiane`` is Vientiane."""
        return get_timezone_location(
            zone, locale=self.language.locale, return_city=True
        )

    def gate(self, code: str) -> str:
        """A border gate by its short code."""
        return gate(code)

    def hour(self, instant: datetime) -> str:
        """A time of day in Viet Nam: 14:05."""
        return times.hour(instant, self.code("format", "hour"), self.language.locale)

    def hour_in(self, country: str, instant: datetime) -> str:
        """A time of day in another country; empty where it has several."""
        there = local_time(country, instant)
        if there is None:
            return ""
        pattern = self.code("format", "hour")
        return times.hour_there(there, pattern, self.language.locale)

    def instant_on(self, instant: datetime, zone: str) -> str:
        """A day and its hour on the clock of a time zone; empty on Viet Nam's."""
        there = times.on_clock_of(zone, instant)
        if there is None:
            return ""
        day = times.day(there.date(), self.code("format", "day"), self.language.locale)
        pattern = self.code("format", "hour")
        hour = times.hour_there(there, pattern, self.language.locale)
        return self.said("format", "instant", day=day, hour=hour)

    def must_be_translated(self, tag: str) -> bool:
        """Whether a free text of this language (BCP 47) is not in the reader's."""
        return bool(tag) and tag.partition("-")[0] != self.lang.partition("-")[0]

    def instant(self, instant: datetime) -> str:
        """A day and its hour in Viet Nam."""
        return self.said(
            "format", "instant", day=self.day(instant), hour=self.hour(instant)
        )

    def span(self, value: int, unit: str) -> str:
        """A length of time: *3 working days*; units as deadlines have them."""
        shown = self.number(value)
        match unit:
            case "minutes":
                text = self.ngettext("%(count)s minute", "%(count)s minutes", value)
            case "hours":
                text = self.ngettext("%(count)s hour", "%(count)s hours", value)
            case "days":
                text = self.ngettext("%(count)s day", "%(count)s days", value)
            case "working_days":
                text = self.ngettext(
                    "%(count)s working day", "%(count)s working days", value
                )
            case "months":
                text = self.ngettext("%(count)s month", "%(count)s months", value)
            case _:
                return self.code("unit", unit)
        return text % {"count": shown}

    def until(self, due: datetime, now: datetime) -> str:
        """How long until a deadline, or since: *3 hours left*, *3 hours overdue*."""
        late = now > due
        found = times.wait(now - due if late else due - now)
        if found.count == 0:
            if late:
                return self.gettext("Overdue since a moment ago")
            return self.gettext("Less than a minute left")
        length = self.span(found.count, found.unit)
        text = (
            self.gettext("%(length)s overdue")
            if late
            else self.gettext("%(length)s left")
        )
        return text % {"length": length}

    def ago(self, instant: datetime, now: datetime) -> str:
        """How long ago something was: *3 hours ago*."""
        found = times.wait(now - instant)
        if found.count == 0:
            return self.gettext("Just now")
        length = self.span(found.count, found.unit)
        return self.gettext("%(length)s ago") % {"length": length}

    def within(self, seconds: int) -> str:
        """A length that was not passed, rounded up: *3 hours* of 2 h 10 min."""
        found = times.within(timedelta(seconds=seconds))
        return self.span(found.count, found.unit)

    def number(self, value: float | Decimal) -> str:
        """A number with the separators of this language."""
        return format_decimal(value, locale=self.language.locale)

    def listed(
        self,
        items: Iterable[str],
        style: Literal["standard", "or"] = "standard",
    ) -> str:
        """Items as one says them in a row: *a, b and c*, or *a, b or c*."""
        return format_list(list(items), style=style, locale=self.language.locale)


@dataclass(frozen=True, slots=True)
class Languages:
    """All languages of a gateway, by their tags and in the order of a menu."""

    all: Mapping[str, Words]

    def choose(self, setting: str = "", accept_language: str = "") -> Words:
        """The words for a reader with this setting and this browser."""
        return self.all[negotiate(setting, accept_language, self.all)]


def numbered(field: str) -> str:
    """By which name the catalogues know a field of several: ``medicine_n_what``."""
    return _NUMBERED.sub("_n_", field, count=1)


def load(root: Path = LOCALE) -> Languages:
    """Every language under ``root``; English is what the others fall back on."""
    english = _words(_SOURCE, root, None)
    found = {
        tag_of(folder): english if folder == _SOURCE else _words(folder, root, english)
        for folder in folders(root)
    }
    return Languages(MappingProxyType({tag: found[tag] for tag in in_order(found)}))


def _words(folder: str, root: Path, english: Words | None) -> Words:
    codes = Lookup(
        read_catalogue(folder, CODES, root), english.codes if english else None
    )
    sentences = Lookup(
        read_catalogue(folder, CONSOLE, root), english.sentences if english else None
    )
    said = codes.pgettext
    language = Language(
        tag_of(folder), said("language", "own_name"), locale_of(said("format", "cldr"))
    )
    refusals = Refusals(read_catalogue(folder, REFUSALS, root))
    return Words(language, sentences, codes, refusals)
