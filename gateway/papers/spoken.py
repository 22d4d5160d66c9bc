"""Coded answers as a form says them: in both of its languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gateway.documents.languages import Language
from gateway.documents.values import Label
from gateway.words.words import Words

BLANK = Label("", "")
"""Left open on the paper, to be written by hand."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The words of both languages, and the members' names in them."""

    languages: tuple[Language, Language]
    words: tuple[Words, Words]
    names: Mapping[str, tuple[str, str]]

    def code(self, name: str, code: str) -> Label:
        """A code of a list; blank if there is none."""
        first, second = self.words
        return Label(first.code(name, code), second.code(name, code))

    def codes(self, name: str, codes: Iterable[str]) -> tuple[Label, ...]:
        """Codes of one list."""
        return tuple(self.code(name, each) for each in codes)

    def tongue(self, code: str) -> Label:
        """A language by its code; blank if there is none."""
        if not code:
            return BLANK
        first, second = self.words
        return Label(first.tongue(code), second.tongue(code))

    def country(self, code: str) -> Label:
        """A country by its code; blank if there is none."""
        if not code:
            return BLANK
        first, second = self.words
        return Label(first.country(code), second.country(code))

    def member(self, name: str) -> Label:
        """A member by its names; its name in the directory if it has no other."""
        return Label(*self.names.get(name, (name, name)))
