"""Refusals: what a node or this gateway refuses, told in the reader's language.

Promises the sentence and the remedy of any refusal. Each is found among the
templates of its code (``refusals.po``: the context is the code, the message the
English template), its values are taken out and said in the reader's words. What
matches no template, or holds words of no list, stays English and says so: an
older node's sentence is never half translated, and nothing here ever raises.

Leaves to others: finding the templates (``raised``), saying values (``values``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog

from gateway.words.values import value
from services.node.domain.errors import RelaisError

if TYPE_CHECKING:
    from gateway.words.words import Words

ENGLISH = "en"

_PLACE = re.compile(r"\{(\w+)\}")
_NUMBERED = re.compile(r"_\d+$")

_SHAPES = {
    "articles": r"[\w(), -]+",
    "codes": r".*?",
    "day": r"\d{4}-\d\d-\d\d(?:T\S+)?|\d{1,2} \w+ \d{4}",
    "category": r"[a-z ]+ \(D\d+\)|D\d+",
    "end": r"\w+",
    "first": r".+?\.(?= What )",
    "name": r"[\w. -]+",
    "number": r"\S+",
    "table": r"\w+",
}
"""Where a place could take more than is its own: what it may hold."""

_PIECES = {"rules": "rule", "rule": "rule", "reasons": "reason_of_part", "law": "law"}
"""Places that hold several of something, parted by semicolons."""

_EVENTS = re.compile(r"(?:, | or )(?=the |a )")


@dataclass(frozen=True, slots=True)
class Told:
    """One text; ``lang`` says its language if it is not the reader's."""

    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal as a reader is told it; the remedy may be empty."""

    sentence: Told
    remedy: Told


class Refusals:
    """The templates of one language."""

    def __init__(self, catalogue: Catalog) -> None:
        found: dict[str, dict[str, str]] = {}
        for message in catalogue:
            if message.id and message.string and not message.fuzzy:
                context = found.setdefault(message.context or "", {})
                context[str(message.id)] = str(message.string)
        # The more words a template has of its own, the more it says.
        self._of: Mapping[str, Mapping[str, str]] = {
            context: {key: said[key] for key in sorted(said, key=_own, reverse=True)}
            for context, said in found.items()
        }

    def told(self, words: Words, error: RelaisError) -> Refused:
        """The refusal in the words of a reader."""
        return Refused(
            self._text(words, error.code, error.message),
            self._text(words, error.code, error.remedy),
        )

    def _text(self, words: Words, code: str, text: str) -> Told:
        if not text or words.lang == ENGLISH:
            return Told(text)
        try:
            said = self._said(words, code, text)
        except (ValueError, LookupError, RecursionError):
            # A refusal must reach its reader, whatever an older node put into it.
            said = None
        return Told(text, ENGLISH) if said is None else Told(said)

    def _said(
        self, words: Words, context: str, text: str, *, bare: bool = True
    ) -> str | None:
        """The text by the templates of a context; ``bare`` lets a mere place count."""
        for template, target in self._of.get(context, {}).items():
            found = _pattern(template).fullmatch(text)
            if found is None or not (bare or _own(template)):
                continue
            values = {
                name: self._value(words, _NUMBERED.sub("", name), each)
                for name, each in found.groupdict().items()
            }
            if None not in values.values():
                return target.format_map(values)
        return None

    def _value(self, words: Words, kind: str, text: str) -> str | None:
        if kind in _PIECES:
            return self._pieces(words, _PIECES[kind], text)
        if kind == "events":
            events = self._each(words, "event", _EVENTS.split(text))
            return None if events is None else words.listed(events, "or")
        said = self._said(words, kind, text) if kind in self._of else None
        return said or value(words, kind, text)

    def _pieces(self, words: Words, context: str, text: str) -> str | None:
        whole = self._said(words, context, text, bare=False)
        if whole is not None:
            return whole
        pieces = self._each(words, context, _parted(text))
        return None if pieces is None else words.code("format", "parted").join(pieces)

    def _each(
        self, words: Words, context: str, texts: Iterable[str]
    ) -> list[str] | None:
        """Each text by the templates of a context; None if one is of no template."""
        found = []
        for text in texts:
            said = self._said(words, context, text)
            if said is None:
                return None
            found.append(said)
        return found


def _own(template: str) -> int:
    """How much of a template is its own."""
    return len(_PLACE.sub("", template))


@cache
def _pattern(template: str) -> re.Pattern[str]:
    pieces = _PLACE.split(template)
    pattern = ""
    for number, piece in enumerate(pieces):
        if number % 2:
            shape = _SHAPES.get(_NUMBERED.sub("", piece), ".+?")
            pattern += f"(?P<{piece}>{shape})"
        else:
            pattern += re.escape(piece)
    return re.compile(pattern, re.DOTALL)


def _parted(text: str) -> Iterator[str]:
    """The pieces between semicolons that stand in no parentheses."""
    depth, begun = 0, 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if not depth and text.startswith("; ", place):
            yield text[begun:place]
            begun = place + 2
    yield text[begun:]
