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
)
from services.node.domain.bodies_return import Medicine
from services.node.domain.handing import HandedPaper, Vehicle
from services.node.domain.return_codes import EscortCode

_ROWS = (1, 2, 3)

HANDED_FIELDS = (
    Field("vehicle", Widget.CHOICE, tuple(Vehicle), "vehicle", optional=True),
    Field("plate", Widget.TEXT, optional=True),
    Field("escort", Widget.CHOICES, tuple(EscortCode), "escort", optional=True),
    Field("escort_count", Widget.NUMBER, optional=True),
    Field("documents", Widget.CHOICES, tuple(HandedPaper), "handed_paper", True),
)
"""In what and with whom they came, and which papers go along."""

MEDICINE_FIELDS = tuple(
    field
    for row in _ROWS
    for field in (
        Field(f"medicine_{row}_what", Widget.TEXT, optional=True),
        Field(f"medicine_{row}_dose", Widget.TEXT, optional=True),
        Field(f"medicine_{row}_next", Widget.INSTANT, optional=True),
    )
)
"""Three medicines: what, how it is taken, when next."""

CONFIRMED_FIELDS = (
    Field("received", Widget.CHOICES, (), "handed", optional=True),
    Field("missing", Widget.CHOICES, (), "handed", optional=True),
)
"""What of the minutes came; the things are those of the minutes."""


def read_medicines(form: Typed) -> tuple[Medicine, ...]:
    """The medicines of a form; raises FormError for one that is told by half."""
    values: dict[str, Any] = read_fields(MEDICINE_FIELDS, form)
    found, problems = [], []
    for row in _ROWS:
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
