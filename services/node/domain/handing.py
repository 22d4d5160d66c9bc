"""What goes along with a person who is handed over, and what of it was received.

Promises the code lists of vehicles and papers, one name for each thing, and what the
lists must be. Medicine tells of the person's health: it goes along only where that
(D5) was released to the receiver. Source: console.md section 7, S8.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

from services.node.domain.bodies_return import Countersignature, Minutes
from services.node.domain.categories import Category
from services.node.domain.errors import InvalidInputError, NotLawfulError

MOST_THINGS = 20
"""Of papers, functions and medicines."""

MOST_ITEMS = 100
"""Of what else goes along."""

LONGEST_LINE = 120
"""Of what an item is, what a medicine is and how it is taken, in characters."""

MOST_ESCORTS = 20
"""People who accompany one handover."""

_PLATE = re.compile(r"[0-9A-Z\u4e00-\u9fff][0-9A-Z\u4e00-\u9fff .-]{1,14}")


class Vehicle(StrEnum):
    """In what they came."""

    CAR = "car"
    """A car of the member."""
    BUS = "bus"
    """A bus of the line."""
    TRAIN = "train"
    """A train."""
    BOAT = "boat"
    """A boat."""
    AMBULANCE = "ambulance"
    """An ambulance."""
    ON_FOOT = "on_foot"
    """On foot over the bridge or through the gate."""
    OTHER = "other"
    """None of these."""


class HandedPaper(StrEnum):
    """A paper that goes along."""

    TRAVEL_DOCUMENT = "travel_document"
    """What the person crosses with."""
    IDENTITY_PAPER = "identity_paper"
    """Who the person is, by an authority."""
    VICTIM_PAPER = "victim_paper"
    """The paper on the status."""
    MEDICAL_RECORD = "medical_record"
    """A sealed medical record."""
    COURT_PAPER = "court_paper"
    """Of a court or a prosecutor."""
    SCHOOL_RECORD = "school_record"
    """A report or certificate of a school."""
    MONEY_RECEIPT = "money_receipt"
    """Money of the person, counted, with its receipt."""


def things_of(minutes: Minutes) -> tuple[str, ...]:
    """What each thing is called: items.TEXT, documents.CODE, medicines.NUMBER."""
    return (
        *(f"items.{each}" for each in dict.fromkeys(minutes.items)),
        *(f"documents.{each}" for each in minutes.documents),
        *(f"medicines.{place}" for place in range(1, len(minutes.medicines) + 1)),
    )


def check_handed(body: Minutes, released: Collection[str]) -> None:
    """Raise unless what goes along is told as it can be.

    ``released`` are the categories that the receiver has of the person. Raises
    ``InvalidInputError`` ``handover.bad_list``, ``handover.bad_items``;
    ``NotLawfulError`` ``handover.health_not_released``.
    """
    if len(body.items) > MOST_ITEMS or not all(map(_is_line, body.items)):
        raise InvalidInputError(
            "handover.bad_items",
            "What goes along is told in at most 100 lines, one item a line, each of at"
            " most 120 characters.",
            where="items",
            remedy="Say each item in a few words, and put small things together.",
        )
    lists = (body.documents, body.escort, body.medicines)
    lines = [line for each in body.medicines for line in (each.what, each.dose)]
    sound = (
        all(len(each) <= MOST_THINGS and len(set(each)) == len(each) for each in lists)
        and set(body.documents) <= set(HandedPaper)
        and (not body.vehicle or body.vehicle in set(Vehicle))
        and (not body.plate or bool(body.vehicle and _PLATE.fullmatch(body.plate)))
        and body.escort_count <= MOST_ESCORTS
        and (not body.escort or body.escort_count >= 1)
        and all(map(_is_line, lines))
    )
    if not sound:
        raise InvalidInputError(
            "handover.bad_list",
            "Vehicle, papers and those who accompany are codes of their lists, each"
            " once, and a medicine has a name and a dose, each in one line.",
            where="medicines",
            remedy="Count those who accompany, and say what each medicine is and how"
            " it is taken.",
        )
    if body.medicines and Category.D5.value not in released:
        raise NotLawfulError(
            "handover.health_not_released",
            "The receiver has nothing of the health of the person, and a medicine"
            " tells of it.",
            where="medicines",
            remedy="Ask the person whether the receiver may know it and share it"
            " first, or hand the medicine to the person.",
        )


def _is_line(text: str) -> bool:
    """Whether it is a line that says something and can be printed."""
    return bool(text.strip()) and text.isprintable() and len(text) <= LONGEST_LINE


def check_confirmed(handed: Minutes, body: Countersignature) -> None:
    """Raise InvalidInputError unless each thing is told once, or none is.

    ``handover.not_confirmed``. A node of before tells of none.
    """
    told = (*body.received, *body.missing)
    if told and sorted(told) != sorted(things_of(handed)):
        raise InvalidInputError(
            "handover.not_confirmed",
            "Each thing on the minutes is either received or missing.",
            where="received",
            remedy="Go through the list of the minutes, and tick each thing once.",
        )
