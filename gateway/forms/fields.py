"""Fields of a form, and the values that somebody chose or typed.

Promises: every problem of a form is found at once, each with its field and a code
whose sentence the catalogues have. An instant without an offset is Viet Nam time.
Leaves to others: whether what was said is lawful (the node decides).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from services.node.domain.tables import VIETNAM

_LONGEST_LINE = 200
_LONGEST_TEXT = 4000
_MOST = 1000


class Widget(StrEnum):
    """How a field is asked."""

    CHOICE = "choice"
    """One code of a list."""
    CHOICES = "choices"
    """Any number of codes of a list."""
    TEXT = "text"
    """One line."""
    LONG_TEXT = "long_text"
    """Several lines."""
    INSTANT = "instant"
    """A day and an hour in Viet Nam."""
    DAY = "day"
    """A day; it ends when that day ends in Viet Nam."""
    NUMBER = "number"
    """A whole number from 0 on."""
    FLAG = "flag"
    """Yes or no."""
    MEMBER = "member"
    """A member of the directory."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field; an ``optional`` one may stay empty.

    ``codes`` are what may be chosen, ``words`` the list that they are called by;
    ``clock`` is the field of the form that says on whose clock an instant is typed,
    empty where it is Viet Nam's.
    """

    name: str
    widget: Widget
    codes: tuple[str, ...] = ()
    words: str = ""
    optional: bool = False
    clock: str = ""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field; ``code`` names the sentence."""

    field: str
    code: str


class FormError(Exception):
    """A form cannot be used; every problem is in it, and nothing was sent on."""

    def __init__(self, problems: Sequence[FieldProblem]) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = tuple(problems)


class Typed(Protocol):
    """A form as it was sent."""

    def get(self, key: str, /) -> object:
        """The last value of a key."""

    def getlist(self, key: str, /) -> Sequence[object]:
        """Every value of a key."""


Value = str | int | bool | datetime | tuple[str, ...] | None
"""What a field holds; None for an instant that was left open."""


def text_of(form: Typed, name: str) -> str:
    """The text of a field without its outer spaces; empty if there is none."""
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def read_fields(fields: Iterable[Field], form: Typed) -> dict[str, Value]:
    """Name to value of every field.

    Raises:
        FormError: with every problem.
    """
    values: dict[str, Value] = {}
    problems: list[FieldProblem] = []
    for field in fields:
        try:
            values[field.name] = _READERS[field.widget](field, form)
        except ValueError as error:
            problems.append(FieldProblem(field.name, str(error)))
    if problems:
        raise FormError(problems)
    return values


def shown(form: Typed, fields: Iterable[Field]) -> Mapping[str, str | list[str]]:
    """What was typed, to show it again beside what is wrong with it."""
    return {
        field.name: [str(each) for each in form.getlist(field.name)]
        if field.widget is Widget.CHOICES
        else text_of(form, field.name)
        for field in fields
    }


def _choice(field: Field, form: Typed) -> Value:
    found = text_of(form, field.name)
    if found and found not in field.codes:
        raise ValueError("unknown")
    return _given(field, found)


def _choices(field: Field, form: Typed) -> Value:
    found = tuple(dict.fromkeys(str(each) for each in form.getlist(field.name) if each))
    if set(found) - set(field.codes):
        raise ValueError("unknown")
    if not found and not field.optional:
        raise ValueError("missing")
    return found


def _line(field: Field, form: Typed) -> Value:
    found = text_of(form, field.name)
    if len(found) > _LONGEST_LINE or "\n" in found or "\0" in found:
        raise ValueError("too_long")
    return _given(field, found)


def _lines(field: Field, form: Typed) -> Value:
    found = text_of(form, field.name)
    if len(found) > _LONGEST_TEXT or "\0" in found:
        raise ValueError("too_long")
    return _given(field, found)


def _instant(field: Field, form: Typed) -> Value:
    found = _given(field, text_of(form, field.name))
    if not found:
        return None
    try:
        instant = datetime.fromisoformat(str(found))
    except ValueError:
        raise ValueError("no_instant") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=VIETNAM)


def _day(field: Field, form: Typed) -> Value:
    found = _instant(field, form)
    if not isinstance(found, datetime):
        return None
    begins = found.replace(hour=0, minute=0, second=0, microsecond=0)
    return begins + timedelta(days=1)


def _number(field: Field, form: Typed) -> Value:
    found = text_of(form, field.name)
    if not found and field.optional:
        return 0
    if not (found.isascii() and found.isdigit()) or int(found) > _MOST:
        raise ValueError("no_number" if found else "missing")
    return int(found)


def _flag(field: Field, form: Typed) -> Value:
    return text_of(form, field.name) == "yes"


def _given(field: Field, found: str) -> str:
    if not found and not field.optional:
        raise ValueError("missing")
    return found


_READERS = {
    Widget.CHOICE: _choice,
    Widget.CHOICES: _choices,
    Widget.TEXT: _line,
    Widget.LONG_TEXT: _lines,
    Widget.INSTANT: _instant,
    Widget.DAY: _day,
    Widget.NUMBER: _number,
    Widget.FLAG: _flag,
    Widget.MEMBER: _choice,
}
