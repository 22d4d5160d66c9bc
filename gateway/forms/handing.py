"""What goes along at a handover, and what of it came: fields of both sides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.forms.fields import (
    Field,
    FieldProblem,
    FormError,
    Typed,
    Widget,
    read_fields,
    text_of,
)
from services.node.domain.bodies_return import Medicine
from services.node.domain.handing import MOST_THINGS, HandedPaper, Vehicle
from services.node.domain.return_codes import EscortCode

_FEWEST = 3
"""Rows for medicines that a form begins with, and by which it grows."""
_DIGITS = 2
ROWS_SHOWN, MORE = "medicine_rows", "more"
"""What a form says of its rows: how many it has, and that more are wanted."""

HANDED_FIELDS = (
    Field("vehicle", Widget.CHOICE, tuple(Vehicle), "vehicle", optional=True),
    Field("plate", Widget.TEXT, optional=True),
    Field("escort", Widget.CHOICES, tuple(EscortCode), "escort", optional=True),
    Field("escort_count", Widget.NUMBER, optional=True),
    Field("documents", Widget.CHOICES, tuple(HandedPaper), "handed_paper", True),
)
"""In what and with whom they came, and which papers go along."""

CONFIRMED_FIELDS = (
    Field("received", Widget.CHOICES, (), "handed", optional=True),
    Field("missing", Widget.CHOICES, (), "handed", optional=True),
)
"""What of the minutes came; the things are those of the minutes."""


def medicine_rows(form: Typed | None) -> int:
    """How many rows for medicines a form has: three, or as many as it grew to.

    One that asks for more gets three more; there are never more than 20.
    """
    if form is None:
        return _FEWEST
    said = text_of(form, ROWS_SHOWN)
    plain = said.isascii() and said.isdigit() and len(said) <= _DIGITS
    grown = (int(said) if plain else 0) + (_FEWEST if text_of(form, MORE) else 0)
    return max(_FEWEST, min(grown, MOST_THINGS))


def medicine_fields(rows: int) -> tuple[Field, ...]:
    """So many medicines: what, how it is taken, when next."""
    return tuple(
        field
        for row in range(1, rows + 1)
        for field in (
            Field(f"medicine_{row}_what", Widget.TEXT, optional=True),
            Field(f"medicine_{row}_dose", Widget.TEXT, optional=True),
            Field(f"medicine_{row}_next", Widget.INSTANT, optional=True),
        )
    )


def read_medicines(form: Typed) -> tuple[Medicine, ...]:
    """The medicines of a form; raises FormError for one that is told by half."""
    rows = medicine_rows(form)
    values: dict[str, Any] = read_fields(medicine_fields(rows), form)
    found, problems = [], []
    for row in range(1, rows + 1):
        what, dose, at = (
            values[f"medicine_{row}_{each}"] for each in ("what", "dose", "next")
        )
        if what and dose:
            found.append(Medicine(what, dose, at))
        elif what or dose or at:
            empty = "dose" if what else "what"
            problems.append(FieldProblem(f"medicine_{row}_{empty}", "missing"))
    if problems:
        raise FormError(problems)
    return tuple(found)


def check_each_once(values: Mapping[str, Any], things: tuple[str, ...]) -> None:
    """Raise FormError unless each thing is ticked as received or as missing."""
    if sorted((*values["received"], *values["missing"])) != sorted(things):
        raise FormError([FieldProblem("received", "each_once")])
