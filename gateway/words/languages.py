"""Languages: what they are called, and which of them somebody reads.

Promises the languages of a folder of catalogues, each by its BCP 47 tag and its
own name, and one of them for every reader: the one that an officer set, else the
best that the browser asks for, else Vietnamese. A language is a folder under
``gateway/locale`` and nothing else. What is said in it is decided by ``words``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

DEFAULT = "vi"
"""The tag of the language of whoever says nothing."""

ORDER = ("vi", "en", "fr", "zh-Hans")
"""The tags in which languages are offered; further ones follow by their tags."""

_RANGE = re.compile(
    r"\s*(?P<tag>\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*"
    r"(?:;\s*q\s*=\s*(?P<weight>[01](?:\.\d{0,3})?)\s*)?"
)
_LONGEST_HEADER = 500


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its tag (``zh-Hans``), its own name, and its habits.

    ``locale`` says how numbers, lists, months and countries are written.
    """

    tag: str
    own_name: str
    locale: Locale


def locale_of(cldr: str) -> Locale:
    """The habits of this name of CLDR; those of English where it knows none."""
    try:
        return Locale.parse(cldr)
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def tag_of(folder: str) -> str:
    """The BCP 47 tag of a catalogue's folder: ``zh-Hans`` of ``zh_Hans``."""
    return folder.replace("_", "-")


def in_order(tags: Collection[str]) -> tuple[str, ...]:
    """Tags as a reader is offered them."""
    return tuple(
        sorted(tags, key=lambda tag: (tag not in ORDER, _place(tag), tag.casefold()))
    )


def negotiate(setting: str, accept_language: str, tags: Collection[str]) -> str:
    """The tag to answer in; ``setting`` and the header may be empty or nonsense.

    A range matches a language by the whole tag or else by its first part, so
    that somebody who reads ``zh-CN`` or ``fr-CA`` is understood (RFC 4647, 3.4,
    and the other way round as well).
    """
    for wanted in (setting, *_ranges(accept_language)):
        if found := _match(wanted, tags):
            return found
    return DEFAULT


def _place(tag: str) -> int:
    return ORDER.index(tag) if tag in ORDER else len(ORDER)


def _match(wanted: str, tags: Collection[str]) -> str:
    folded = wanted.casefold().replace("_", "-")
    by_tag = {tag.casefold(): tag for tag in in_order(tags)}
    if folded in by_tag:
        return by_tag[folded]
    first = folded.partition("-")[0]
    for candidate, tag in by_tag.items():
        if first and candidate.partition("-")[0] == first:
            return tag
    return ""


def _ranges(header: str) -> Iterator[str]:
    """The ranges of an Accept-Language header, the most wanted first."""
    weighted: list[tuple[float, str]] = []
    for part in header[:_LONGEST_HEADER].split(","):
        if found := _RANGE.fullmatch(part):
            weight = float(found["weight"] or 1)
            if 0 < weight <= 1 and found["tag"] != "*":
                weighted.append((weight, found["tag"]))
    for _, tag in sorted(weighted, key=lambda each: -each[0]):
        yield tag
