"""Values: what stands in the places of a refusal, in the reader's words.

Promises, by the name of a place, the value in the reader's language: a phrase or
code of the domain from its list, a day in local habit, what is listed in a row.
Names, numbers and codes of no list stay as they are.

Leaves to others: places that hold whole words (``composed``, ``refusals``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from services.node.domain.case_words import ACT_WORDS, PHASE_WORDS
from services.node.domain.case_words import STATE_WORDS as CASE_STATE_WORDS
from services.node.domain.plain_words import FUNCTION_WORDS
from services.node.domain.step_words import SIDE_WORDS, STATE_WORDS, STEP_WORDS

if TYPE_CHECKING:
    from gateway.words.words import Words


Coded = tuple[str, str]
"""A list and a code of it."""


def _phrases(name: str, words: Mapping[str, str]) -> dict[str, Coded]:
    return {phrase: (name, str(code)) for code, phrase in words.items()}


_MEMBERS = _phrases("function", {str(k): v for k, v in FUNCTION_WORDS.items()})
_STEPS = _phrases("step", STEP_WORDS)
_STATES = _phrases("case_state", CASE_STATE_WORDS) | _phrases("state", STATE_WORDS)
_ACTS = _phrases("act", ACT_WORDS)

_PHRASES: dict[str, dict[str, Coded]] = {
    "act": _ACTS,
    "members": _MEMBERS,
    "phase": _phrases("phase", PHASE_WORDS),
    "side": _phrases("end", SIDE_WORDS),
    "state": _STATES,
    "step": _STEPS,
}
_IN_A_ROW = {"members": "members", "phases": "phase", "states": "state"}
_BETWEEN = re.compile(r"(?:, | or | and |during )*")

_LISTS: dict[str, tuple[str, ...]] = {
    "act": ("right",),
    "answer": ("approval_answer",),
    "answerable": ("answerability",),
    "deadline": ("deadline",),
    "decision": ("risk_decision",),
    "document_type": ("document_type",),
    "event": ("answerability_event",),
    "field": ("label", "field"),
    "kind": ("approval_kind",),
    "limit": ("limit",),
    "moves_on": ("moves_on",),
    "name": ("label",),
    "outcome": ("outcome",),
    "pause_reason": ("pause",),
    "purpose": ("purpose",),
    "quantity": ("quantity",),
    "reason": ("closure_reason", "pause"),
    "referral_type": ("referral_type",),
    "role": ("role",),
    "standing": ("consent_standing",),
    "state": ("answerability", "state", "case_state"),
    "step": ("step",),
    "end": ("end",),
}
"""Lists in which the codes of a place are said; the first that has one counts."""

_LISTED: dict[str, tuple[str, ...]] = {
    "able": ("role",),
    "allowed": ("category", "result", "field"),
    "beside": ("act",),
    "codes": ("pause", "family_message", "informed_point"),
    "listed": ("function",),
}
"""The same for codes in a row: said in words if one list has them all."""

_CATEGORY = re.compile(r"[a-z ]+ \((D\d+)\)")
_NAMED = re.compile(r"\((\w+)\)(?:; |$)")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
"""As refusals write them, whatever language the machine speaks."""


def value(words: Words, kind: str, text: str) -> str | None:
    """The value of a place in the reader's words; None for words of no list."""
    if kind in _OF_KIND:
        return _OF_KIND[kind](words, text)
    if kind in _IN_A_ROW:
        return _row_of_phrases(words, _PHRASES[_IN_A_ROW[kind]], text)
    found = _PHRASES.get(kind, {}).get(text) or _PHRASES.get(kind, {}).get(
        text[:1].lower() + text[1:]
    )
    if found:
        return words.code(*found)
    if kind in _LISTS:
        return _coded(words, _LISTS[kind], text)
    if kind in _LISTED:
        return _row_of_codes(words, _LISTED[kind], text)
    return None if " " in text else text


def _coded(words: Words, lists: Iterable[str], text: str) -> str:
    code = text.replace(" ", "_")
    # A sentence may have begun with it.
    for each in (code, code[:1].lower() + code[1:]):
        for name in lists:
            if words.has(name, each):
                return words.code(name, each)
    return code


def _row_of_codes(words: Words, lists: Iterable[str], text: str) -> str:
    codes = re.split(r", | and ", text)
    for name in lists:
        if all(words.has(name, each.replace(" ", "_")) for each in codes):
            return words.listed(
                words.code(name, each.replace(" ", "_")) for each in codes
            )
    return words.listed(codes)


def _row_of_phrases(
    words: Words, phrases: Mapping[str, Coded], text: str
) -> str | None:
    """Phrases parted by commas and *or*; some hold such words themselves."""
    known = sorted(phrases, key=len, reverse=True)
    each = re.compile("|".join(map(re.escape, known)))
    text = text if each.match(text) else text[:1].lower() + text[1:]
    between = each.split(text)
    if not all(map(_BETWEEN.fullmatch, between)):
        return None
    said = [_quoted(words, *phrases[found]) for found in each.findall(text)]
    if any(" or " in part for part in between):
        return words.listed(said, "or")
    return words.listed(said)


def _quoted(words: Words, name: str, code: str) -> str:
    """Members are named; what a state is called stands in quotation marks."""
    said = words.code(name, code)
    return said if name == "function" else words.said("format", "quoted", text=said)


def _categories(words: Words, text: str) -> str | None:
    codes = _CATEGORY.findall(text) or re.findall(r"\bD\d+\b", text)
    return words.listed(f"{words.code('category', each)} ({each})" for each in codes)


def _named(words: Words, name: str, text: str) -> str:
    return words.listed(words.code(name, each) for each in _NAMED.findall(text))


def _day(words: Words, text: str) -> str | None:
    try:
        if "T" in text:
            return words.instant(datetime.fromisoformat(text))
        if "-" in text:
            return words.day(date.fromisoformat(text))
        day, month, year = text.split(" ")
        return words.day(date(int(year), _MONTHS.index(month) + 1, int(day)))
    except ValueError:
        return None


def _unit(words: Words, text: str) -> str:
    """The unit alone, in its plural: its number has a place of its own."""
    code = text.replace(" ", "_")
    return words.span(2, code).replace(words.number(2), "").strip()


def _as_it_is(_: Words, text: str) -> str:
    return text


_OF_KIND: dict[str, Callable[[Words, str], str | None]] = {
    "acts": lambda words, text: _named(words, "act", text),
    "articles": _as_it_is,
    "categories": _categories,
    "category": _categories,
    "day": _day,
    "note": _as_it_is,
    "steps": lambda words, text: _named(words, "step", text),
    "unit": _unit,
    "version": _as_it_is,
}
